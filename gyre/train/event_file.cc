#include "gyre/train/event_file.h"

#include <fmt/format.h>

#include <array>
#include <bit>
#include <chrono>

#include "gyre/core/error.h"

namespace gyre::train {
namespace {

constexpr std::array<uint32_t, 256> crc_table() {
  std::array<uint32_t, 256> table{};
  for (uint32_t i = 0; i < 256; ++i) {
    uint32_t crc = i;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) ? 0x82f63b78u : 0);
    table[i] = crc;
  }
  return table;
}

template <class T>
std::string little_endian(T value) {
  std::string bytes;
  for (size_t i = 0; i < sizeof(T); ++i) bytes += static_cast<char>(value >> (8 * i));
  return bytes;
}

std::string varint(uint64_t value) {
  std::string bytes;
  for (; value >= 0x80; value >>= 7) bytes += static_cast<char>(value | 0x80);
  return bytes + static_cast<char>(value);
}

// Protobuf fields: the number and how the value is laid out, then the value.
std::string number_field(int field, uint64_t value) { return varint(field << 3) + varint(value); }
std::string double_field(int field, double value) {
  return varint(field << 3 | 1) + little_endian(std::bit_cast<uint64_t>(value));
}
std::string float_field(int field, float value) {
  return varint(field << 3 | 5) + little_endian(std::bit_cast<uint32_t>(value));
}
std::string bytes_field(int field, const std::string& value) {
  return varint(field << 3 | 2) + varint(value.size()) + value;
}

double wall_time_s() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

}  // namespace

uint32_t masked_crc32c(std::string_view bytes) {
  static constexpr std::array<uint32_t, 256> kTable = crc_table();
  uint32_t crc = ~0u;
  for (unsigned char byte : bytes) crc = kTable[(crc ^ byte) & 0xff] ^ (crc >> 8);
  return std::rotr(~crc, 15) + 0xa282ead8u;
}

EventFile::EventFile(const std::filesystem::path& folder, int64_t first_step) {
  std::filesystem::create_directories(folder);
  path_ = folder / fmt::format("events.out.tfevents.{:.0f}.{}", wall_time_s(), first_step);
  file_.reset(std::fopen(path_.c_str(), "wb"));
  if (!file_) throw Error(path_.string(), "cannot be written", "check the folder and its rights");
  write_record(double_field(1, wall_time_s()) + bytes_field(3, "brain.Event:2"));
}

void EventFile::write(int64_t step, const std::map<std::string, double>& scalars) {
  std::string summary;
  for (const auto& [tag, value] : scalars) {
    summary += bytes_field(1, bytes_field(1, tag) + float_field(2, static_cast<float>(value)));
  }
  write_record(double_field(1, wall_time_s()) + number_field(2, step) + bytes_field(5, summary));
}

void EventFile::write_record(const std::string& message) {
  const std::string length = little_endian<uint64_t>(message.size());
  const std::string record = length + little_endian(masked_crc32c(length)) + message +
                             little_endian(masked_crc32c(message));
  if (std::fwrite(record.data(), 1, record.size(), file_.get()) != record.size() ||
      std::fflush(file_.get()) != 0) {
    throw Error(path_.string(), "cannot be written", "is the disk full?");
  }
}

}  // namespace gyre::train
