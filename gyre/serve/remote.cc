#include "gyre/serve/remote.h"

#include <fmt/format.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <charconv>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "gyre/core/error.h"
#include "gyre/serve/link.h"

namespace gyre::serve {
namespace {

namespace remote_net = boost::asio;
using internal::Link;
using WaitError = boost::system::error_code;
using RemoteTime = std::chrono::steady_clock::time_point;

constexpr auto kSweep = std::chrono::milliseconds(50);  // between two looks at the clock

double seconds_since(RemoteTime begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

}  // namespace

RemoteUrl parse_remote_url(const std::string& text) {
  const auto refuse = [&](const char* what) {
    throw Error("--remote " + internal::one_line(text), what,
                "write ws://HOST:PORT or wss://HOST:PORT");
  };
  RemoteUrl url;
  std::string_view rest = text;
  if (rest.starts_with("wss://")) {
    url.tls = true;
    rest.remove_prefix(6);
  } else if (rest.starts_with("ws://")) {
    rest.remove_prefix(5);
  } else {
    refuse("is no address of a websocket");
  }
  const bool printable =
      std::ranges::all_of(rest, [](char c) { return c > ' ' && c < 0x7f && c != '#'; });
  if (!printable) refuse("has a character that no address has");
  const size_t path = std::min(rest.find('/'), rest.find('?'));
  if (path != std::string_view::npos) {
    url.target = std::string(rest.substr(path));
    if (url.target.front() == '?') url.target.insert(0, "/");
    rest = rest.substr(0, path);
  }
  const bool bracketed = rest.starts_with('[');
  const size_t host_end = bracketed ? rest.find(']') : rest.rfind(':');
  if (bracketed && host_end == std::string_view::npos) refuse("has a bracket that does not end");
  std::string_view port;
  if (bracketed) {
    url.host = std::string(rest.substr(1, host_end - 1));
    port = rest.substr(host_end + 1);
    if (!port.empty() && !port.starts_with(':')) refuse("has no ':' before its port");
  } else {
    url.host = std::string(rest.substr(0, host_end));
    port = host_end == std::string_view::npos ? "" : rest.substr(host_end);
  }
  if (url.host.empty() || url.host.find('@') != std::string::npos) refuse("names no host");
  if (port.empty()) return url;
  port.remove_prefix(1);
  const auto [end, error] = std::from_chars(port.begin(), port.end(), url.port);
  if (error != std::errc() || end != port.end() || url.port == 0) refuse("has no port in 1..65535");
  return url;
}

struct Remote::Impl {
  Impl(const RemoteOptions& given, RemoteTalk& side)
      : options(given),
        url(parse_remote_url(given.url)),
        talk(side),
        tls(internal::tls_for(options, url)),
        pause_s(options.retry_least_s) {
    internal::require_private_token(options, url);
    bell_descriptor = ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (bell_descriptor < 0) throw Error(options.url, "the system gives no more descriptors");
    bell.assign(bell_descriptor);
    thread = std::thread([this] { run(); });
  }

  ~Impl() {
    remote_net::post(context, [this] {
      if (link) link->drop();
      context.stop();
    });
    thread.join();
  }

  void run() {
    listen_to_bell();
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
        .opened = [] {},
        .heard = [this] { heard(); },
        .received = [this](std::span<const uint8_t> message,
                           bool binary) { receive(message, binary); },
        .written =
            [this] {
              writing = false;
              pump();
            },
        .ended = [this](const std::string& why, bool refused) { end(why, refused); }};
    link = internal::dial(context, options, url, tls.get(), std::move(events));
  }

  void heard() {
    last_heard = std::chrono::steady_clock::now();
    pinged = false;
  }

  void receive(std::span<const uint8_t> message, bool binary) {
    if (!binary) {  // openpi's servers send the traceback of an error, and close
      const std::string_view text(reinterpret_cast<const char*>(message.data()), message.size());
      return end("the server says: " + internal::one_line(text), false);
    }
    try {
      if (phase == Phase::kGreeting) return greet(message);
      const int question = talk.answer(message);
      std::erase_if(sent, [&](const Sent& one) { return one.question == question; });
      answered = true;
      pause_s = options.retry_least_s;
    } catch (const std::exception& error) {
      return end(error.what(), phase == Phase::kGreeting);
    }
    pump();
  }

  void greet(std::span<const uint8_t> metadata) {
    talk.greet(metadata);
    phase = Phase::kOpen;
    answered = false;
    heard();
    open.store(true, std::memory_order_release);
    opened.fetch_add(1, std::memory_order_relaxed);
    {
      const std::lock_guard lock(mutex);
      refused_client = false;
    }
    changed.notify_all();
    pump();
  }

  // Ends what there is of a connection, fails all questions, and connects again after a pause.
  void end(const std::string& why, bool refused) {
    if (phase == Phase::kWaiting) return;
    phase = Phase::kWaiting;
    open.store(false, std::memory_order_release);
    if (link) link->drop();
    link = nullptr;
    writing = false;
    {
      const std::lock_guard lock(mutex);
      error_words = internal::one_line(why);
      refused_client = refused;
    }
    changed.notify_all();
    for (const Sent& one : std::exchange(sent, {})) talk.fail(one.question, why);
    fail_waiting();
    const double pause = refused ? options.retry_most_s : pause_s;
    pause_s = std::min(2 * pause_s, options.retry_most_s);
    retry.expires_after(std::chrono::nanoseconds(static_cast<int64_t>(1e9 * pause)));
    retry.async_wait([this](WaitError aborted) {
      if (!aborted) connect();
    });
  }

  void fail_waiting() {
    for (int question = talk.take(); question >= 0; question = talk.take()) {
      talk.fail(question,
                error_words.empty() ? "not connected yet" : "not connected: " + error_words);
    }
  }

  // Sends what may be sent.
  void pump() {
    if (phase != Phase::kOpen) return fail_waiting();
    while (!writing && sent.size() < options.most_in_flight) {
      const int question = talk.take();
      if (question < 0) return;
      try {
        std::string message = talk.message(question);
        sent.push_back({question, std::chrono::steady_clock::now()});
        writing = true;
        link->send(std::move(message), true);
      } catch (const std::exception& error) {
        talk.fail(question, error.what());
      }
    }
  }

  void listen_to_bell() {
    bell.async_wait(remote_net::posix::stream_descriptor::wait_read, [this](WaitError error) {
      if (error) return;
      uint64_t rings = 0;
      [[maybe_unused]] const ssize_t got = ::read(bell_descriptor, &rings, sizeof(rings));
      listen_to_bell();
      pump();
    });
  }

  void sweep() {
    timer.expires_after(kSweep);
    timer.async_wait([this](WaitError aborted) {
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
    const double since = seconds_since(began);
    if (phase == Phase::kConnecting && since > options.connect_s) {
      return late("no connection", options.connect_s);
    }
    if (phase == Phase::kGreeting && since > options.handshake_s) {
      return late("no metadata", options.handshake_s);
    }
    if (phase != Phase::kOpen) return;
    const double most = answered ? options.answer_s : options.first_answer_s;
    if (!sent.empty() && seconds_since(sent.front().at) > most) return late("no answer", most);
    if (!sent.empty() && !options.busy_answers_pings) return heard();
    const double silent = seconds_since(last_heard);
    if (silent > options.idle_s) return late("no sign of life", options.idle_s);
    if (silent > options.idle_s / 2 && !std::exchange(pinged, true)) link->ping();
  }

  const RemoteOptions options;
  const RemoteUrl url;
  RemoteTalk& talk;
  std::unique_ptr<remote_net::ssl::context> tls;
  remote_net::io_context context{1};
  remote_net::posix::stream_descriptor bell{context};
  int bell_descriptor = -1;
  remote_net::steady_timer timer{context}, retry{context};
  std::shared_ptr<Link> link;
  enum class Phase : uint8_t { kConnecting, kGreeting, kOpen, kWaiting } phase = Phase::kConnecting;
  RemoteTime began{}, last_heard{};
  bool pinged = false, answered = false, writing = false;
  double pause_s;
  struct Sent {
    int question;
    RemoteTime at;
  };
  std::vector<Sent> sent;  // without an answer, oldest first

  std::atomic<bool> open{false};
  std::atomic<int64_t> opened{0};
  mutable std::mutex mutex;
  mutable std::condition_variable changed;
  std::string error_words;      // written by the thread alone
  bool refused_client = false;  // by the last connection
  std::thread thread;
};

Remote::Remote(const RemoteOptions& options, RemoteTalk& talk)
    : impl_(std::make_unique<Impl>(options, talk)) {}
Remote::~Remote() = default;

void Remote::wake() noexcept {
  const uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = ::write(impl_->bell_descriptor, &one, sizeof(one));
}

bool Remote::connected() const noexcept { return impl_->open.load(std::memory_order_acquire); }

int64_t Remote::connections() const noexcept {
  return impl_->opened.load(std::memory_order_relaxed);
}

std::string Remote::last_error() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->error_words;
}

bool Remote::wait_connected(double seconds) const {
  std::unique_lock lock(impl_->mutex);
  impl_->changed.wait_for(lock, std::chrono::duration<double>(seconds),
                          [this] { return connected() || impl_->refused_client; });
  return connected();
}

}  // namespace gyre::serve
