#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "gyre/serve/policy_table.h"
#include "gyre/serve/prefix_cache.h"
#include "gyre/serve/protocol.h"
#include "gyre/serve/recorder.h"
#include "gyre/serve/scheduler.h"

namespace gyre::serve {

struct ServiceOptions {
  int workers = 1;
  int batch = 0;  // most requests in one batch; 0: what was measured to help when it started
  double long_ms = 250;
  size_t cache_bytes = size_t{256} << 20;
  uint64_t seed = 0;  // of the noise of clients that name none
};

// One robot's connection as the service knows it. Its members belong to the connection's thread.
struct Session {
  uint64_t id = 0;
  PolicyTable::Lease lease;
  int64_t asked = 0;  // requests so far
  uint64_t seed = 0;
};

struct Reply {
  Exchange::End end = Exchange::End::kFailed;
  std::string message;  // a binary message where `binary`, else one line of text
  bool binary = false;
  double total_ms = 0;
};

// Computes the requests of all sessions on worker threads. Knows nothing of sockets.
class Service {
 public:
  using Answer = std::function<void(Reply)>;

  // Measures one chunk of each policy, so that the first request is not judged by guess, and
  // whether a batch helps. `recorders` must outlive the service. Throws Error.
  Service(std::shared_ptr<PolicyTable> policies, const ServiceOptions& options,
          std::vector<Recorder*> recorders);
  ~Service();  // what waits is failed, what runs is finished

  std::shared_ptr<Session> open(const std::string& policy);
  void close(const Session& session);

  // Never waits for inference. `answer` is called once: at once for a refusal, else later on a
  // worker's thread. `previous_total_ms` is told to the client. Throws Error, and calls nothing,
  // for a request that does not fit the policy.
  void ask(Session& session, std::unique_ptr<Ask> ask, double previous_total_ms, Answer answer);

  PolicyTable& policies() { return *policies_; }
  const ServiceOptions& options() const { return options_; }  // "batch" as measured
  size_t cache_bytes() const { return cache_.bytes(); }
  // Opens the policy's folder again, measures it and puts it in the old one's place.
  HostedPtr swap(const std::string& policy);

 private:
  struct Work;
  using Works = std::vector<std::unique_ptr<Work>>;
  void measure(const Hosted& policy);
  void work();
  void compute(Works& works);
  void compute_together(Works& works);
  static std::vector<ActionChunk> sample(const infer::Engine& engine, const infer::Prefix& prefix,
                                         const Works& works);
  void answer(Work& work, ActionChunk chunk, int64_t end_ns, Exchange exchange);
  void fail(Work& work, Exchange::End end, const std::string& why);
  void record(const Work& work, Exchange exchange);

  std::shared_ptr<PolicyTable> policies_;
  ServiceOptions options_;
  std::vector<Recorder*> recorders_;
  PrefixCache cache_;
  std::atomic<uint64_t> sessions_{0};

  std::mutex mutex_;
  std::condition_variable changed_;
  Scheduler scheduler_;
  std::map<uint64_t, std::unique_ptr<Work>> waiting_;  // by job
  uint64_t jobs_ = 0;
  bool ending_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace gyre::serve
