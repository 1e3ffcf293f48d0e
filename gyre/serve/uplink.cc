#include "gyre/serve/uplink.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <deque>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>

#include "gyre/serve/link.h"

namespace gyre::serve {
namespace {

namespace up_net = boost::asio;
using internal::Link;
using UpError = boost::system::error_code;
using UpTime = std::chrono::steady_clock::time_point;

constexpr auto kUpSweep = std::chrono::milliseconds(50);  // between two looks at the clock

double up_seconds_since(UpTime begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

}  // namespace

struct Uplink::Impl {
  Impl(const RemoteOptions& given, UplinkTalk& side)
      : options(given),
        url(parse_remote_url(given.url)),
        talk(side),
        tls(internal::tls_for(options, url)),
        pause_s(options.retry_least_s) {
    internal::require_private_token(options, url);
  }

  ~Impl() {
    if (!thread.joinable()) return;
    up_net::post(context, [this] {
      if (link) link->drop();
      context.stop();
    });
    thread.join();
  }

  void run() {
    sweep();
    connect();
    while (!context.stopped()) {
      try {
        context.run();
      } catch (const std::exception& error) {  // out of memory, for example
        end(error.what(), false);
      }
    }
  }

  // --- the connection ---

  void connect() {
    began = std::chrono::steady_clock::now();
    phase = Phase::kConnecting;
    internal::LinkEvents events{
        .connected =
            [this] {
              phase = Phase::kGreeting;
              began = std::chrono::steady_clock::now();
            },
        .opened = [this] { open(); },
        .heard = [this] { heard(); },
        .received = [this](std::span<const uint8_t> message, bool) { receive(message); },
        .written =
            [this] {
              writing = false;
              pump();
            },
        .ended = [this](const std::string& why, bool refused) { end(why, refused); }};
    link = internal::dial(context, options, url, tls.get(), std::move(events));
  }

  void open() {
    phase = Phase::kOpen;
    heard();
    {
      const std::lock_guard lock(mutex);
      connected = true;
      queue.push_front({talk.greeting(), false});
      queued_bytes += queue.front().text.size();
    }
    pump();
  }

  void heard() {
    last_heard = std::chrono::steady_clock::now();
    pinged = false;
  }

  void receive(std::span<const uint8_t> message) {
    try {
      talk.take({reinterpret_cast<const char*>(message.data()), message.size()});
      pause_s = options.retry_least_s;
    } catch (const std::exception& error) {
      end(error.what(), true);
    }
  }

  // Ends what there is of a connection, and connects again after a pause.
  void end(const std::string& why, bool refused) {
    if (phase == Phase::kWaiting) return;
    phase = Phase::kWaiting;
    if (link) link->drop();
    link = nullptr;
    writing = false;
    {
      const std::lock_guard lock(mutex);
      connected = false;
      queue.clear();
      queued_bytes = 0;
    }
    talk.lost(internal::one_line(why), refused);
    const double pause = refused ? options.retry_most_s : pause_s;
    pause_s = std::min(2 * pause_s, options.retry_most_s);
    retry.expires_after(std::chrono::nanoseconds(static_cast<int64_t>(1e9 * pause)));
    retry.async_wait([this](UpError aborted) {
      if (!aborted) connect();
    });
  }

  // --- messages ---

  void send(std::string message, bool binary, bool may_drop) {
    {
      const std::lock_guard lock(mutex);
      if (!connected || queued_bytes > (may_drop ? kBehindBytes : kMostBytes)) return;
      queued_bytes += message.size();
      queue.push_back({std::move(message), binary});
      if (std::exchange(called, true)) return;
    }
    up_net::post(context, [this] { pump(); });
  }

  void pump() {
    Message next;
    {
      const std::lock_guard lock(mutex);
      called = false;
      if (phase != Phase::kOpen || writing || queue.empty()) return;
      next = std::move(queue.front());
      queue.pop_front();
      queued_bytes -= next.text.size();
    }
    writing = true;
    written_at = std::chrono::steady_clock::now();
    link->send(std::move(next.text), next.binary);
  }

  void sweep() {
    timer.expires_after(kUpSweep);
    timer.async_wait([this](UpError aborted) {
      if (aborted) return;
      sweep();
      look();
    });
  }

  // Ends a connection that has taken too long for something.
  void look() {
    const auto late = [this](const char* what, double limit) {
      end(fmt::format("{} within {:g} s", what, limit), false);
    };
    const double since = up_seconds_since(began);
    if (phase == Phase::kConnecting && since > options.connect_s) {
      return late("no connection", options.connect_s);
    }
    if (phase == Phase::kGreeting && since > options.handshake_s) {
      return late("no websocket", options.handshake_s);
    }
    if (phase != Phase::kOpen) return;
    if (writing && up_seconds_since(written_at) > options.idle_s) {
      return late("nothing was taken", options.idle_s);
    }
    const double silent = up_seconds_since(last_heard);
    if (silent > options.idle_s) return late("no sign of life", options.idle_s);
    if (silent > options.idle_s / 2 && !std::exchange(pinged, true)) link->ping();
  }

  struct Message {
    std::string text;
    bool binary = false;
  };

  const RemoteOptions options;
  const RemoteUrl url;
  UplinkTalk& talk;
  std::unique_ptr<up_net::ssl::context> tls;
  up_net::io_context context{1};
  up_net::steady_timer timer{context}, retry{context};
  std::shared_ptr<Link> link;
  enum class Phase : uint8_t { kConnecting, kGreeting, kOpen, kWaiting } phase = Phase::kConnecting;
  UpTime began{}, last_heard{}, written_at{};
  bool pinged = false, writing = false;
  double pause_s;

  std::mutex mutex;  // of the rest
  bool connected = false, called = false;
  std::deque<Message> queue;
  size_t queued_bytes = 0;
  std::thread thread;
};

Uplink::Uplink(const RemoteOptions& options, UplinkTalk& talk)
    : impl_(std::make_unique<Impl>(options, talk)) {}
Uplink::~Uplink() = default;

void Uplink::begin() {
  impl_->thread = std::thread([this] { impl_->run(); });
}

void Uplink::send(std::string message, bool binary, bool may_drop) {
  impl_->send(std::move(message), binary, may_drop);
}

}  // namespace gyre::serve
