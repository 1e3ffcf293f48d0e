#pragma once

#include <optional>

#include "gyre/serve/gate.h"
#include "gyre/serve/listener.h"

// How a browser gets a session, over HTTP.
namespace gyre::serve {

// POST /login with {"token": TOKEN} gives the session's cookie, POST /logout ends the session.
// Other requests get no answer here. On the listener's thread.
std::optional<HttpAnswer> answer_login(Gate& gate, const HttpRequest& request, bool tls,
                                       GateTime now);

// A browser opens the first page and has no session: it may be shown login_page() instead.
bool wants_login_page(const HttpRequest& request);
// A field for the token. Also takes it from the address, HOST/#token=TOKEN, and removes it there.
HttpAnswer login_page();

}  // namespace gyre::serve
