#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gyre/robot/feetech/packet.h"
#include "gyre/robot/feetech/registers.h"
#include "gyre/robot/feetech/wire.h"

namespace gyre::feetech {

inline constexpr size_t kMostServos = 12;  // on one bus, in one sync read

enum class BusResult : uint8_t {
  kOk,
  kSilent,   // nothing came, or too little, in the time there was
  kCorrupt,  // what came was not the answer
  kLost,     // the port is gone
};
std::string_view name_of(BusResult result);

// Counts since the start. Each failed attempt counts under the first reason that was found.
struct BusStatistics {
  int64_t exchanges = 0;  // questions with an answer that was awaited
  int64_t attempts = 0;   // with the retries
  int64_t silent = 0;     // attempts without any answer
  int64_t short_ = 0;     // with too few bytes
  int64_t header = 0, id = 0, length = 0, error_byte = 0, checksum = 0;
  int64_t long_ = 0;         // a whole answer with bytes behind it
  int64_t stray_bytes = 0;   // thrown away between questions
  int64_t failed = 0;        // exchanges that no attempt answered
  int64_t over_budget = 0;   // exchanges that ended more than kGraceNs behind their deadline
  int64_t servo_errors = 0;  // answers whose ERR was not 0
  static constexpr int64_t kGraceNs = 1'000'000;
};

// The master of one servo bus. Every question has a deadline; within it a failed attempt is made
// again at once, as long as the time that an answer takes is left. After a failed attempt the input
// is drained. Only the constructor allocates. For one thread at a time.
class Bus {
 public:
  // `wire` must outlive the bus. `latency_ns`: to wait for an answer beyond its bytes' own time:
  // USB turns and the servos' delay.
  Bus(Wire& wire, int baud, int64_t latency_ns = 10'000'000);

  // Questions that are not bound to a cycle, with `attempts` tries.
  BusResult ping(uint8_t id, uint8_t* error_byte = nullptr, int attempts = 3) noexcept;
  BusResult read(uint8_t id, Reg reg, int& value, int attempts = 3) noexcept;
  BusResult read_bytes(uint8_t id, uint8_t address, std::span<uint8_t> out,
                       int attempts = 3) noexcept;
  // Writes and waits for the servo's answer.
  BusResult write(uint8_t id, Reg reg, int value, int attempts = 3) noexcept;
  // Sends what has no answer: a broadcast, a reboot.
  bool send(uint8_t id, Instruction instruction, std::span<const uint8_t> parameters = {}) noexcept;
  // Every id that answers a broadcast ping, ascending.
  std::vector<uint8_t> scan();

  // Puts a sync write on the way: it goes out with the next sync read, or with flush().
  void queue_sync_write(Reg reg, std::span<const uint8_t> ids,
                        std::span<const int> values) noexcept;
  bool flush() noexcept;

  // `count` bytes from `address` of every servo: out [ids, count], errors [ids]. The answers must
  // come in the order of `ids`, with the exact length and nothing behind them: one odd byte
  // discards all of them.
  BusResult sync_read(std::span<const uint8_t> ids, uint8_t address, uint8_t count,
                      std::span<uint8_t> out, std::span<uint8_t> errors,
                      int64_t deadline_ns) noexcept;

  const BusStatistics& statistics() const noexcept { return statistics_; }
  int64_t now_ns() const noexcept { return wire_.now_ns(); }
  int64_t byte_ns() const noexcept { return byte_ns_; }
  void set_baud(int baud) noexcept { byte_ns_ = 10'000'000'000 / baud; }  // 10 bits a byte
  // Throws away what has come. Waits until the bus has been silent for a moment.
  bool drain(int64_t deadline_ns) noexcept;

 private:
  template <class Check>
  BusResult ask(size_t answer_bytes, int64_t deadline_ns, int attempts,
                const Check& check) noexcept;
  BusResult attempt(size_t answer_bytes, int64_t deadline_ns) noexcept;
  BusResult ask_one(uint8_t id, Instruction instruction, std::span<const uint8_t> parameters,
                    size_t count, int attempts, PacketView& status) noexcept;
  void count(Fault fault) noexcept;

  Wire& wire_;
  int64_t byte_ns_, latency_ns_;
  int64_t usual_ns_ = 0;  // that a whole exchange takes
  BusStatistics statistics_;
  std::array<uint8_t, 2 * kMostPacket> queued_{};
  size_t queued_size_ = 0;
  std::array<uint8_t, 3 * kMostPacket> out_{};
  size_t out_size_ = 0;
  std::array<uint8_t, kMostServos * 64> in_{};
  size_t in_size_ = 0;
};

}  // namespace gyre::feetech
