#pragma once

#include <string>

#include "gyre/serve/remote.h"

namespace gyre::serve {

struct PostReply {
  int status = 0;
  std::string body;  // at most 64 KiB
};

// One POST without a body to a server that a Remote also speaks to, plain or TLS, with its token.
// Blocks for at most `seconds` once the name is looked up. Throws Error where no reply came.
PostReply http_post(const RemoteOptions& options, const std::string& target, double seconds);

}  // namespace gyre::serve
