#pragma once

#include <memory>
#include <string>

#include "gyre/serve/recorder.h"

namespace gyre::serve {

// Counts and times for /metrics, in Prometheus' text format. Safe from several threads.
class Metrics : public Recorder {
 public:
  Metrics();
  ~Metrics() override;

  void record(const Exchange& exchange) noexcept override;
  void set_sessions(size_t open);
  void set_cache_bytes(size_t bytes);
  void count_refused_connection(const char* reason);  // of a fixed set of words
  std::string text() const;

 private:
  struct Families;
  std::unique_ptr<Families> families_;
};

}  // namespace gyre::serve
