#include "gyre/robot/feetech/bus.h"

#include <algorithm>
#include <limits>

namespace gyre::feetech {
namespace {

constexpr int64_t kQuietNs = 300'000;  // a bus that is silent for so long has nothing more
constexpr int64_t kLongestDrainNs = 20'000'000;
constexpr int kQuietBytes = 2;              // bytes' time to wait for one too many
constexpr int64_t kLeastRetryNs = 500'000;  // an attempt gets at least this beyond its bytes
constexpr int kNoLimit = std::numeric_limits<int>::max();

}  // namespace

std::string_view name_of(BusResult result) {
  switch (result) {
    case BusResult::kOk:
      return "ok";
    case BusResult::kSilent:
      return "no answer";
    case BusResult::kCorrupt:
      return "garbled answer";
    case BusResult::kLost:
      return "the port is gone";
  }
  return "";
}

Bus::Bus(Wire& wire, int baud, int64_t latency_ns) : wire_(wire), latency_ns_(latency_ns) {
  set_baud(baud);
}

bool Bus::drain(int64_t deadline_ns) noexcept {
  const int64_t limit = std::min(deadline_ns, wire_.now_ns() + kLongestDrainNs);
  std::array<uint8_t, 256> waste;
  for (;;) {
    const ssize_t got = wire_.read(waste, std::min(limit, wire_.now_ns() + kQuietNs));
    if (got < 0) return false;
    if (got == 0) return true;
    statistics_.stray_bytes += got;
    if (wire_.now_ns() >= limit) return true;
  }
}

void Bus::count(Fault fault) noexcept {
  switch (fault) {
    case Fault::kNone:
      break;
    case Fault::kShort:
      ++statistics_.short_;
      break;
    case Fault::kHeader:
      ++statistics_.header;
      break;
    case Fault::kId:
      ++statistics_.id;
      break;
    case Fault::kLength:
      ++statistics_.length;
      break;
    case Fault::kErrorByte:
      ++statistics_.error_byte;
      break;
    case Fault::kChecksum:
      ++statistics_.checksum;
      break;
  }
}

// Sends out_ and takes exactly `answer_bytes` into in_.
BusResult Bus::attempt(size_t answer_bytes, int64_t deadline_ns) noexcept {
  ++statistics_.attempts;
  // What came since the last answer belongs to no question.
  std::array<uint8_t, 256> waste;
  for (ssize_t got = 0; (got = wire_.read(waste, 0)) != 0;) {
    if (got < 0) return BusResult::kLost;
    statistics_.stray_bytes += got;
  }
  if (!wire_.write(std::span(out_).first(out_size_))) return BusResult::kLost;
  in_size_ = 0;
  while (in_size_ < answer_bytes) {
    const ssize_t got =
        wire_.read(std::span(in_).subspan(in_size_, answer_bytes - in_size_), deadline_ns);
    if (got < 0) return BusResult::kLost;
    if (got == 0) {
      ++(in_size_ == 0 ? statistics_.silent : statistics_.short_);
      return BusResult::kSilent;
    }
    in_size_ += static_cast<size_t>(got);
  }
  const ssize_t more = wire_.read(waste, wire_.now_ns() + kQuietBytes * byte_ns_);
  if (more < 0) return BusResult::kLost;
  if (more == 0) return BusResult::kOk;
  statistics_.stray_bytes += more;
  ++statistics_.long_;
  return BusResult::kCorrupt;
}

// `check` says if in_ is the answer.
template <class Check>
BusResult Bus::ask(size_t answer_bytes, int64_t deadline_ns, int attempts,
                   const Check& check) noexcept {
  ++statistics_.exchanges;
  BusResult result = BusResult::kSilent;
  const size_t queued = out_size_;
  for (int tried = 0; tried < attempts; ++tried) {
    const int64_t begin = wire_.now_ns();
    const auto bytes = static_cast<int64_t>(answer_bytes + out_size_);
    const int64_t patience = bytes * byte_ns_ + latency_ns_;
    const int64_t least = std::max(usual_ns_, bytes * byte_ns_);
    if (tried > 0 && begin + least > deadline_ns) break;
    // A first attempt that nothing answers leaves time for a second one where that can be.
    int64_t until = std::min(deadline_ns, begin + patience);
    if (usual_ns_ > 0 && begin + 2 * usual_ns_ + kLeastRetryNs + kQuietNs < deadline_ns) {
      until = std::min(until, begin + usual_ns_ + std::max(usual_ns_ / 2, kLeastRetryNs));
    }
    result = attempt(answer_bytes, until);
    if (result == BusResult::kOk) {
      const Fault fault = check();
      count(fault);
      if (fault != Fault::kNone) result = BusResult::kCorrupt;
    }
    if (result == BusResult::kOk) {
      const int64_t took = wire_.now_ns() - begin;
      usual_ns_ = usual_ns_ == 0 ? took : (7 * usual_ns_ + took) / 8;
      break;
    }
    if (result == BusResult::kLost) break;
    if (!drain(deadline_ns)) result = BusResult::kLost;
    // Goals that went with the question are not sent again.
    if (queued_size_ > 0) {
      std::copy(out_.begin() + static_cast<std::ptrdiff_t>(queued_size_),
                out_.begin() + static_cast<std::ptrdiff_t>(queued), out_.begin());
      out_size_ = queued - queued_size_;
      queued_size_ = 0;
    }
  }
  queued_size_ = 0;
  if (result != BusResult::kOk) ++statistics_.failed;
  if (wire_.now_ns() > deadline_ns + BusStatistics::kGraceNs) ++statistics_.over_budget;
  return result;
}

BusResult Bus::ask_one(uint8_t id, Instruction instruction, std::span<const uint8_t> parameters,
                       size_t count, int attempts, PacketView& status) noexcept {
  queued_size_ = 0;
  out_size_ = encode_packet(out_, id, instruction, parameters);
  const size_t answer = count + kOverhead;
  const int64_t patience =
      static_cast<int64_t>(out_size_ + answer) * byte_ns_ + latency_ns_ + kLongestDrainNs;
  usual_ns_ = 0;  // a cycle's own exchange is another one
  const BusResult result = ask(answer, wire_.now_ns() + attempts * patience, attempts, [&] {
    return read_status(std::span(in_).first(in_size_), id, count, status);
  });
  usual_ns_ = 0;
  if (result == BusResult::kOk && status.code != 0) ++statistics_.servo_errors;
  return result;
}

BusResult Bus::ping(uint8_t id, uint8_t* error_byte, int attempts) noexcept {
  PacketView status;
  const BusResult result = ask_one(id, Instruction::kPing, {}, 0, attempts, status);
  if (result == BusResult::kOk && error_byte != nullptr) *error_byte = status.code;
  return result;
}

BusResult Bus::read_bytes(uint8_t id, uint8_t address, std::span<uint8_t> out,
                          int attempts) noexcept {
  const uint8_t parameters[] = {address, static_cast<uint8_t>(out.size())};
  PacketView status;
  const BusResult result =
      ask_one(id, Instruction::kRead, parameters, out.size(), attempts, status);
  if (result == BusResult::kOk) std::ranges::copy(status.parameters, out.begin());
  return result;
}

BusResult Bus::read(uint8_t id, Reg reg, int& value, int attempts) noexcept {
  uint8_t bytes[2] = {};
  const Register& about = info(reg);
  const BusResult result =
      read_bytes(id, about.address, std::span(bytes).first(about.size), attempts);
  if (result == BusResult::kOk) value = decode(about, bytes);
  return result;
}

BusResult Bus::write(uint8_t id, Reg reg, int value, int attempts) noexcept {
  const Register& about = info(reg);
  uint8_t parameters[3] = {about.address};
  encode(about, value, std::span(parameters).subspan(1));
  PacketView status;
  return ask_one(id, Instruction::kWrite, std::span(parameters).first(1 + about.size), 0, attempts,
                 status);
}

bool Bus::send(uint8_t id, Instruction instruction, std::span<const uint8_t> parameters) noexcept {
  out_size_ = encode_packet(out_, id, instruction, parameters);
  return wire_.write(std::span(out_).first(out_size_));
}

std::vector<uint8_t> Bus::scan() {
  // LeRobot listens for as long: bytes of all ids, 3 ms an id and 16 ms.
  constexpr int64_t kListenNs = 3'000'000LL * 254 + 16'000'000;
  constexpr int64_t kSilenceNs = 100'000'000;
  drain(std::numeric_limits<int64_t>::max());
  std::vector<uint8_t> ids;
  if (!send(kBroadcast, Instruction::kPing)) return ids;
  std::vector<uint8_t> heard;
  const int64_t end = wire_.now_ns() + kListenNs + static_cast<int64_t>(254 * kOverhead) * byte_ns_;
  std::array<uint8_t, 256> bytes;
  while (wire_.now_ns() < end) {
    const ssize_t got = wire_.read(bytes, std::min(end, wire_.now_ns() + kSilenceNs));
    if (got <= 0) break;
    heard.insert(heard.end(), bytes.begin(), bytes.begin() + got);
  }
  for (std::span<const uint8_t> rest = heard; !rest.empty();) {
    const Search search = find_packet(rest, PacketKind::kStatus);
    if (!search.found) break;
    ids.push_back(search.packet.id);
    rest = rest.subspan(search.used);
  }
  std::ranges::sort(ids);
  ids.erase(std::ranges::unique(ids).begin(), ids.end());
  return ids;
}

void Bus::queue_sync_write(Reg reg, std::span<const uint8_t> ids,
                           std::span<const int> values) noexcept {
  const Register& about = info(reg);
  std::array<uint8_t, kMostPacket> parameters;
  size_t size = 0;
  parameters[size++] = about.address;
  parameters[size++] = about.size;
  for (size_t i = 0; i < ids.size(); ++i) {
    parameters[size++] = ids[i];
    encode(about, values[i], std::span(parameters).subspan(size));
    size += about.size;
  }
  queued_size_ += encode_packet(std::span(queued_).subspan(queued_size_), kBroadcast,
                                Instruction::kSyncWrite, std::span(parameters).first(size));
}

bool Bus::flush() noexcept {
  const size_t size = queued_size_;
  queued_size_ = 0;
  return size == 0 || wire_.write(std::span(queued_).first(size));
}

BusResult Bus::sync_read(std::span<const uint8_t> ids, uint8_t address, uint8_t count,
                         std::span<uint8_t> out, std::span<uint8_t> errors,
                         int64_t deadline_ns) noexcept {
  std::array<uint8_t, kMostServos + 2> parameters;
  parameters[0] = address;
  parameters[1] = count;
  std::ranges::copy(ids, parameters.begin() + 2);
  std::copy_n(queued_.begin(), queued_size_, out_.begin());
  out_size_ = queued_size_;
  out_size_ += encode_packet(std::span(out_).subspan(out_size_), kBroadcast, Instruction::kSyncRead,
                             std::span(parameters).first(ids.size() + 2));
  const size_t packet = count + kOverhead;
  PacketView status;
  const auto whole = [&] {
    for (size_t i = 0; i < ids.size(); ++i) {
      const Fault fault =
          read_status(std::span(in_).subspan(i * packet, packet), ids[i], count, status);
      if (fault != Fault::kNone) return fault;
    }
    return Fault::kNone;
  };
  const BusResult result = ask(packet * ids.size(), deadline_ns, kNoLimit, whole);
  if (result != BusResult::kOk) return result;
  for (size_t i = 0; i < ids.size(); ++i) {
    read_status(std::span(in_).subspan(i * packet, packet), ids[i], count, status);
    std::ranges::copy(status.parameters, out.begin() + static_cast<std::ptrdiff_t>(i * count));
    errors[i] = status.code;
    if (status.code != 0) ++statistics_.servo_errors;
  }
  return result;
}

}  // namespace gyre::feetech
