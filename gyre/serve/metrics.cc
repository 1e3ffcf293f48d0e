#include "gyre/serve/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

namespace gyre::serve {
namespace {

const prometheus::Histogram::BucketBoundaries kSeconds{0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1,
                                                       0.2,   0.5,   1,     2,    5,    10};
const prometheus::Histogram::BucketBoundaries kBatches{1, 2, 4, 8, 16, 32};

const char* end_name(Exchange::End end) {
  switch (end) {
    case Exchange::End::kAnswered:
      return "answered";
    case Exchange::End::kRefused:
      return "refused";
    case Exchange::End::kMissed:
      return "missed";
    case Exchange::End::kFailed:
      break;
  }
  return "failed";
}

double seconds(int64_t begin_ns, int64_t end_ns) {
  return static_cast<double>(end_ns - begin_ns) / 1e9;
}

}  // namespace

struct Metrics::Families {
  prometheus::Registry registry;
  prometheus::Family<prometheus::Counter>& requests =
      prometheus::BuildCounter()
          .Name("gyre_requests_total")
          .Help("Requests by policy and end: answered, refused, missed, failed")
          .Register(registry);
  prometheus::Family<prometheus::Counter>& late =
      prometheus::BuildCounter()
          .Name("gyre_late_total")
          .Help("Answers that left after their deadline, by policy")
          .Register(registry);
  prometheus::Family<prometheus::Histogram>& total =
      prometheus::BuildHistogram()
          .Name("gyre_request_seconds")
          .Help("From a request's arrival to its answer, by policy and end")
          .Register(registry);
  prometheus::Family<prometheus::Histogram>& queue =
      prometheus::BuildHistogram()
          .Name("gyre_queue_seconds")
          .Help("From a request's arrival to the worker that took it, by policy")
          .Register(registry);
  prometheus::Family<prometheus::Histogram>& batch =
      prometheus::BuildHistogram()
          .Name("gyre_batch_size")
          .Help("Requests that were computed together, by policy")
          .Register(registry);
  prometheus::Family<prometheus::Counter>& connections =
      prometheus::BuildCounter()
          .Name("gyre_connections_refused_total")
          .Help("Connections that were refused or ended by the server, by reason")
          .Register(registry);
  prometheus::Gauge& sessions = prometheus::BuildGauge()
                                    .Name("gyre_sessions")
                                    .Help("Websockets that are open")
                                    .Register(registry)
                                    .Add({});
  prometheus::Gauge& cache = prometheus::BuildGauge()
                                 .Name("gyre_prefix_cache_bytes")
                                 .Help("Memory of the sessions' encoded prefixes")
                                 .Register(registry)
                                 .Add({});
};

Metrics::Metrics() : families_(std::make_unique<Families>()) {}
Metrics::~Metrics() = default;

void Metrics::record(const Exchange& exchange) noexcept {
  using Labels = std::map<std::string, std::string>;
  const Labels policy{{"policy", exchange.policy}};
  const Labels both{{"policy", exchange.policy}, {"end", end_name(exchange.end)}};
  families_->requests.Add(both).Increment();
  families_->total.Add(both, kSeconds).Observe(seconds(exchange.arrival_ns, exchange.end_ns));
  if (exchange.end != Exchange::End::kAnswered) return;
  families_->queue.Add(policy, kSeconds).Observe(seconds(exchange.arrival_ns, exchange.start_ns));
  families_->batch.Add(policy, kBatches).Observe(static_cast<double>(exchange.batch));
  if (exchange.deadline_ns > 0 && exchange.end_ns > exchange.deadline_ns) {
    families_->late.Add(policy).Increment();
  }
}

void Metrics::set_sessions(size_t open) { families_->sessions.Set(static_cast<double>(open)); }

void Metrics::set_cache_bytes(size_t bytes) { families_->cache.Set(static_cast<double>(bytes)); }

void Metrics::count_refused_connection(const char* reason) {
  families_->connections.Add({{"reason", reason}}).Increment();
}

std::string Metrics::text() const {
  return prometheus::TextSerializer().Serialize(families_->registry.Collect());
}

}  // namespace gyre::serve
