#pragma once

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace gyre::train {

// CRC-32C (Castagnoli), rotated and offset as TFRecord files want it.
uint32_t masked_crc32c(std::string_view bytes);

// Writes scalars as TensorBoard reads them: a file of TFRecords, each an Event message in
// protobuf's wire format.
class EventFile {
 public:
  // A new file "events.out.tfevents.<time>.<first step>" in `folder`. Throws Error.
  EventFile(const std::filesystem::path& folder, int64_t first_step);

  // Throws Error when the disk is full.
  void write(int64_t step, const std::map<std::string, double>& scalars);

 private:
  void write_record(const std::string& message);

  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  std::filesystem::path path_;
  std::unique_ptr<std::FILE, Close> file_;
};

}  // namespace gyre::train
