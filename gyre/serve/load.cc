#include "gyre/serve/load.h"

#include <sys/resource.h>

#include <array>
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/websocket.hpp>
#include <chrono>
#include <cmath>
#include <deque>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <thread>
#include <utility>

#include "gyre/core/error.h"
#include "gyre/core/rng.h"
#include "gyre/serve/client.h"
#include "gyre/serve/protocol.h"

namespace gyre::serve {
namespace {

namespace load_ws = boost::beast::websocket;
using LoadTcp = boost::asio::ip::tcp;
using LoadClock = std::chrono::steady_clock;
using LoadTime = LoadClock::time_point;

const boost::asio::ip::address kHere = boost::asio::ip::address_v4::loopback();

LoadClock::duration load_seconds(double count) {
  return std::chrono::duration_cast<LoadClock::duration>(std::chrono::duration<double>(count));
}

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto of = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
  };
  return of(usage.ru_utime) + of(usage.ru_stime);
}

// Frames that a robot sends in turns: a camera never shows the same picture twice running.
constexpr size_t kFrames = 4;

// A request of noise pictures and a state inside its ranges.
Request load_request(const Embodiment& contract, Rng& rng) {
  Request request;
  request.embodiment = contract.name;
  for (const CameraSpec& camera : contract.cameras) {
    Picture picture{.image = Image::black(camera.width, camera.height)};
    for (uint8_t& value : picture.image.rgb) value = static_cast<uint8_t>(rng.below(256));
    request.frame.pictures.emplace_back(std::move(picture));
  }
  for (const Field& field : contract.state) {
    request.frame.state.push_back(
        static_cast<float>(field.min + (field.max - field.min) * rng.uniform(0.3, 0.7)));
  }
  Goal goal;
  goal.task = "put the red cup into the sink";
  request.goal = std::make_shared<const Goal>(std::move(goal));
  return request;
}

class LoadRobot {
 public:
  LoadRobot(boost::asio::io_context& context, const LoadPlan& plan, const Embodiment& contract,
            int index, LoadTime begin, std::vector<double>& latencies)
      : plan_(plan),
        contract_(contract),
        contract_hash_(contract.contract_hash()),
        rng_(Rng::stream(plan.seed, "robot " + std::to_string(index))),
        random_(index < plan.poisson * plan.robots),
        count_from_(begin + load_seconds(plan.warm_up_s)),
        end_(count_from_ + load_seconds(plan.seconds)),
        latencies_(latencies),
        socket_(context),
        timer_(context) {
    for (Request& request : requests_) request = load_request(contract, rng_);
    socket_.next_layer().connect({kHere, plan.port});
    socket_.next_layer().set_option(LoadTcp::no_delay(true));
    socket_.auto_fragment(false);
    socket_.handshake("127.0.0.1:" + std::to_string(plan.port), "/");
    socket_.binary(true);
    read();
    if (plan_.rate_hz > 0) {
      due_ = begin + load_seconds(rng_.uniform() / plan_.rate_hz);
      wait();
    } else {
      ask(begin);
    }
  }

  LoadReport::Robot report() {
    for (const auto& [id, due] : waiting_) {
      if (!counted(due)) continue;
      if (plan_.rate_hz > 0) {
        ++report_.missed;
      } else {
        --report_.asked;  // the last one, which the end cut off
      }
    }
    waiting_.clear();
    return report_;
  }

 private:
  bool counted(LoadTime due) const { return due >= count_from_ && due < end_; }

  void wait() {
    timer_.expires_at(due_);
    timer_.async_wait([this](const boost::system::error_code& error) {
      if (error || due_ >= end_) return;
      ask(due_);
      const double step = random_ ? -std::log(1 - rng_.uniform()) : 1;
      due_ += load_seconds(step / plan_.rate_hz);
      wait();
    });
  }

  void ask(LoadTime due) {
    Request& request = requests_[static_cast<size_t>(next_) % kFrames];
    request.id = next_++;
    waiting_.emplace(request.id, due);
    if (counted(due)) ++report_.asked;
    // The robot counts from the time that the request was due, and so does its deadline.
    double left = plan_.deadline_ms;
    if (left > 0) {
      left -= std::chrono::duration<double, std::milli>(LoadClock::now() - due).count();
      left = std::max(left, 0.001);
    }
    outgoing_.push_back(
        write_request(request, contract_, left, true, {.contract_hash = contract_hash_}));
    if (outgoing_.size() == 1) write();
  }

  void write() {
    socket_.async_write(boost::asio::buffer(outgoing_.front()),
                        [this](const boost::system::error_code& error, size_t) {
                          if (error) return;
                          outgoing_.pop_front();
                          if (!outgoing_.empty()) write();
                        });
  }

  void read() {
    socket_.async_read(buffer_, [this](const boost::system::error_code& error, size_t) {
      if (error) return;
      take();
      buffer_.consume(buffer_.size());
      read();
    });
  }

  void take() {
    if (!welcomed_) {
      welcomed_ = true;
      return;
    }
    const auto* bytes = static_cast<const uint8_t*>(buffer_.data().data());
    if (!socket_.got_binary()) {
      throw Error("server", std::string(reinterpret_cast<const char*>(bytes), buffer_.size()));
    }
    const ReadAnswer answer = read_answer({bytes, buffer_.size()});
    const auto found = waiting_.find(answer.facts.id);
    if (found == waiting_.end()) throw Error("server", "answered what was not asked");
    const LoadTime due = found->second, now = LoadClock::now();
    waiting_.erase(found);
    if (counted(due)) {
      const double ms = std::chrono::duration<double, std::milli>(now - due).count();
      if (!answer.failure.empty()) {
        ++report_.refused;
      } else {
        ++report_.answered;
        if (plan_.deadline_ms > 0 && ms > plan_.deadline_ms) ++report_.missed;
        latencies_.push_back(ms);
      }
    }
    if (plan_.rate_hz <= 0 && now < end_) ask(now);
  }

  const LoadPlan& plan_;
  const Embodiment& contract_;
  const std::string contract_hash_;
  Rng rng_;
  std::array<Request, kFrames> requests_;
  bool random_;
  LoadTime count_from_, end_, due_;
  std::vector<double>& latencies_;
  load_ws::stream<LoadTcp::socket> socket_;
  boost::asio::steady_timer timer_;
  boost::beast::flat_buffer buffer_;
  std::deque<std::string> outgoing_;
  std::map<int64_t, LoadTime> waiting_;
  int64_t next_ = 0;
  bool welcomed_ = false;
  LoadReport::Robot report_;
};

// Clients that break the rules, each until `end`: one sends half a message and never reads, one a
// HTTP head byte by byte, one connects again and again to send garbage and a false length.
class Nuisance {
 public:
  Nuisance(uint16_t port, LoadTime end)
      : stuck_([=] { stuck(port, end); }),
        slow_([=] { slow(port, end); }),
        malicious_([=] { malicious(port, end); }) {}
  ~Nuisance() {
    for (std::thread* thread : {&stuck_, &slow_, &malicious_}) thread->join();
  }

 private:
  // A masked binary frame's head for `size` bytes.
  static std::string frame_head(uint64_t size) {
    std::string head = "\x82\xff";
    for (int shift = 56; shift >= 0; shift -= 8) head.push_back(static_cast<char>(size >> shift));
    return head + std::string(4, '\0');
  }

  static std::string upgrade() {
    return "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
           "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
  }

  template <class Act>
  static void with_socket(uint16_t port, const Act& act) {
    boost::asio::io_context context;
    LoadTcp::socket socket(context);
    boost::system::error_code error;
    socket.connect({kHere, port}, error);
    if (!error) act(socket);
  }

  static void nap(double seconds) { std::this_thread::sleep_for(load_seconds(seconds)); }

  static void stuck(uint16_t port, LoadTime end) {
    while (LoadClock::now() < end) {
      with_socket(port, [&](LoadTcp::socket& socket) {
        boost::system::error_code error;
        const std::string text = upgrade() + frame_head(1 << 20) + std::string(1 << 16, 'x');
        boost::asio::write(socket, boost::asio::buffer(text), error);
        while (!error && LoadClock::now() < end) nap(0.05);
      });
    }
  }

  static void slow(uint16_t port, LoadTime end) {
    while (LoadClock::now() < end) {
      with_socket(port, [&](LoadTcp::socket& socket) {
        const std::string text = upgrade();
        boost::system::error_code error;
        for (size_t i = 0; i < text.size() && !error && LoadClock::now() < end; ++i) {
          boost::asio::write(socket, boost::asio::buffer(&text[i], 1), error);
          nap(0.1);
        }
      });
      nap(0.01);
    }
  }

  static void malicious(uint16_t port, LoadTime end) {
    while (LoadClock::now() < end) {
      with_socket(port, [&](LoadTcp::socket& socket) {
        boost::system::error_code error;
        const std::string garbage(4096, '\x91');  // nested 4,096 deep
        const std::string text =
            upgrade() + frame_head(garbage.size()) + garbage + frame_head(uint64_t{1} << 62);
        boost::asio::write(socket, boost::asio::buffer(text), error);
        nap(0.01);
      });
    }
  }

  std::thread stuck_, slow_, malicious_;
};

}  // namespace

LoadReport run_load(const LoadPlan& plan, std::span<const Embodiment> contracts) {
  LoadReport report;
  boost::asio::io_context context(1);
  const LoadTime begin = LoadClock::now() + load_seconds(0.05);
  const LoadTime end = begin + load_seconds(plan.warm_up_s + plan.seconds);
  std::vector<std::unique_ptr<LoadRobot>> robots;
  for (int i = 0; i < plan.robots; ++i) {
    robots.push_back(std::make_unique<LoadRobot>(
        context, plan, contracts[static_cast<size_t>(i) % contracts.size()], i, begin,
        report.latencies_ms));
  }
  std::unique_ptr<Nuisance> nuisance;
  if (plan.nuisance) nuisance = std::make_unique<Nuisance>(plan.port, end);
  const double cpu = cpu_seconds();
  context.run_until(end + load_seconds(0.2));  // the last answers
  report.cpu_s = cpu_seconds() - cpu;
  report.seconds = plan.seconds;
  for (const auto& robot : robots) report.robots.push_back(robot->report());
  return report;
}

void to_json(nlohmann::json& json, const LoadPlan& plan) {
  json = {
      {"port", plan.port},           {"robots", plan.robots},     {"seconds", plan.seconds},
      {"warm_up_s", plan.warm_up_s}, {"rate_hz", plan.rate_hz},   {"deadline_ms", plan.deadline_ms},
      {"poisson", plan.poisson},     {"nuisance", plan.nuisance}, {"seed", plan.seed}};
}

void from_json(const nlohmann::json& json, LoadPlan& plan) {
  json.at("port").get_to(plan.port);
  json.at("robots").get_to(plan.robots);
  json.at("seconds").get_to(plan.seconds);
  json.at("warm_up_s").get_to(plan.warm_up_s);
  json.at("rate_hz").get_to(plan.rate_hz);
  json.at("deadline_ms").get_to(plan.deadline_ms);
  json.at("poisson").get_to(plan.poisson);
  json.at("nuisance").get_to(plan.nuisance);
  json.at("seed").get_to(plan.seed);
}

void to_json(nlohmann::json& json, const LoadReport& report) {
  json = {{"latencies_ms", report.latencies_ms},
          {"seconds", report.seconds},
          {"cpu_s", report.cpu_s},
          {"robots", nlohmann::json::array()}};
  for (const LoadReport::Robot& robot : report.robots) {
    json["robots"].push_back({robot.asked, robot.answered, robot.refused, robot.missed});
  }
}

void from_json(const nlohmann::json& json, LoadReport& report) {
  json.at("latencies_ms").get_to(report.latencies_ms);
  json.at("seconds").get_to(report.seconds);
  json.at("cpu_s").get_to(report.cpu_s);
  for (const nlohmann::json& robot : json.at("robots")) {
    report.robots.push_back({robot.at(0), robot.at(1), robot.at(2), robot.at(3)});
  }
}

}  // namespace gyre::serve
