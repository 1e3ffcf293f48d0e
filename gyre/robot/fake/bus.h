#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "gyre/core/rng.h"
#include "gyre/robot/fake/servo.h"
#include "gyre/robot/feetech/packet.h"
#include "gyre/robot/feetech/wire.h"

namespace gyre::fake {

// A fault in one answer.
enum class ReplyFault : uint8_t {
  kNone,
  kCorrupt,       // one byte is another
  kLost,          // one to three bytes are missing
  kDoubled,       // one byte comes twice
  kForeign,       // a whole answer of another id
  kDropped,       // no answer
  kLate,          // a whole answer, after the question was given up
  kRepeated,      // the whole answer twice
  kNoise,         // other bytes before it
  kCompensating,  // two bytes are wrong and their sum is right
};
inline constexpr size_t kReplyFaults = 10;
std::string_view name_of(ReplyFault fault);

// The bus's own time. A question takes usb_ns to the wire, an answer usb_ns back.
struct Timing {
  int64_t usb_ns = 0;
  int64_t byte_ns = 0;
  int64_t servo_ns = 0;  // from a question to an answer, and between two answers
  // 1 Mbaud behind an adapter with USB frames of 1 ms.
  static Timing real() { return {.usb_ns = 1'000'000, .byte_ns = 10'000, .servo_ns = 20'000}; }
};

// Several servos on one wire.
class Bus {
 public:
  struct Options {
    Timing timing;
    double fault_rate = 0;           // share of the answers that have a fault
    std::vector<ReplyFault> faults;  // drawn with equal chances; empty: all kinds
    uint64_t seed = 1;
  };
  explicit Bus(Options options) : options_(std::move(options)), rng_(options_.seed) {}

  std::vector<Servo> servos;
  int baud = 0;  // of the line; servos of another rate hear nothing. 0: all hear

  // Told of each answer before its fault, and of each write that a servo took.
  std::function<void(const Servo&, std::span<const uint8_t> parameters, ReplyFault)> on_answer;
  std::function<void(const Servo&, uint8_t address, std::span<const uint8_t> bytes)> on_write;

  // Bytes of the master arrive.
  void receive(std::span<const uint8_t> bytes, int64_t now_ns);
  // When the next bytes are due at the master; INT64_MAX: none are on the way.
  int64_t next_due_ns() const noexcept;
  // Takes the bytes that are due at this moment, in order.
  std::vector<uint8_t> take(int64_t now_ns);
  void forget() noexcept;  // what is on the way is lost
  void advance(int64_t now_ns) noexcept;

  Servo& servo(uint8_t id);  // throws Error where there is none
  int64_t faults(ReplyFault kind) const { return fault_counts_[static_cast<size_t>(kind)]; }
  void set_fault_rate(double rate) noexcept { options_.fault_rate = rate; }

 private:
  struct OnTheWay {
    int64_t due_ns = 0;
    std::vector<uint8_t> bytes;
  };
  void obey(const feetech::PacketView& packet);
  void obey_sync_write(std::span<const uint8_t> parameters);
  void reply(uint8_t id, std::span<const uint8_t> parameters, bool may_fail = true);
  void write(Servo& servo, uint8_t address, std::span<const uint8_t> bytes);
  std::vector<uint8_t> collide(const std::vector<std::vector<uint8_t>>& packets);
  ReplyFault draw_fault();
  void spoil(std::vector<uint8_t>& bytes, ReplyFault fault, size_t parameters);
  bool hears(const Servo& servo, uint8_t id) const;

  Options options_;
  Rng rng_;
  std::array<int64_t, kReplyFaults> fault_counts_{};
  std::vector<uint8_t> heard_;
  std::vector<OnTheWay> replies_;  // by due_ns
  int64_t now_ns_ = 0;
  int64_t line_free_ns_ = 0;  // the wire is busy until then
};

// A bus without a port: time passes only while its master waits.
class SimulatedWire : public feetech::Wire {
 public:
  explicit SimulatedWire(Bus& bus) : bus_(bus) {}
  bool write(std::span<const uint8_t> bytes) noexcept override;
  ssize_t read(std::span<uint8_t> bytes, int64_t deadline_ns) noexcept override;
  bool reopen() noexcept override { return plugged; }
  int64_t now_ns() const noexcept override { return now_ns_; }
  void sleep_until(int64_t time_ns) noexcept;
  bool plugged = true;

 private:
  Bus& bus_;
  int64_t now_ns_ = 1'000'000'000;
  std::vector<uint8_t> here_;  // arrived and not read
};

// Six servos of an SO-101 as the factory ships them after setup: ids 1 .. 6, near the middle.
std::vector<Servo> so101_servos();

}  // namespace gyre::fake
