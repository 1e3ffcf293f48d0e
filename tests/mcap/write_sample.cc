// Writes sample MCAP files into a folder and prints what an outside reader must find in each, as
// tests/mcap/read_mcap.mjs prints it.
//
//   write_sample DIR
#include <fmt/format.h>

#include <filesystem>
#include <string>
#include <vector>

#include "gyre/io/mcap_repair.h"
#include "gyre/io/mcap_write.h"

namespace {

namespace fs = std::filesystem;
using gyre::io::McapWriter;
using Counts = std::map<std::string, uint64_t>;

void print(const std::string& file, bool complete, const Counts& counts) {
  std::string messages;
  for (const auto& [topic, count] : counts) {
    messages += fmt::format("{}\"{}\":{}", messages.empty() ? "" : ",", topic, count);
  }
  fmt::print("{{\"file\":\"{}\",\"complete\":{},\"messages\":{{{}}},\"error\":null}}\n", file,
             complete, messages);
}

// Topics come in the order of their names, as in the counts.
Counts write(const fs::path& file, McapWriter::Compression compression, bool whole) {
  McapWriter writer(file, compression);
  const std::string schema = R"({"type": "object"})";
  const uint16_t id = writer.add_schema(
      "Note", "jsonschema", {reinterpret_cast<const uint8_t*>(schema.data()), schema.size()});
  const uint16_t a = writer.add_channel("a/note", "json", id, {{"author", "operator"}});
  const uint16_t b = writer.add_channel("b/raw", "", 0);
  const std::vector<uint8_t> json = {'{', '}'}, raw(3000, 42);
  for (uint32_t i = 0; i < 1000; ++i) {
    const uint64_t time = 1'700'000'000'000'000'000 + i * uint64_t{20'000'000};
    if (i % 10 == 0) writer.message(a, i / 10, time, time, json);
    writer.message(b, i, time, time, raw);
    if (writer.chunk_bytes() > 200'000) writer.end_chunk();
    if (i == 500) writer.attachment(time, time, "robot.toml", "text/plain", json);
  }
  if (whole) writer.close();
  return writer.message_counts();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const fs::path folder = argv[1];
  fs::create_directories(folder);
  using enum McapWriter::Compression;
  print("1_zstd.mcap", true, write(folder / "1_zstd.mcap", kZstd, true));
  print("2_plain.mcap", true, write(folder / "2_plain.mcap", kNone, true));
  print("3_unclosed.mcap", false, write(folder / "3_unclosed.mcap", kZstd, false));
  // Cut within the last chunk.
  const Counts torn = write(folder / "4_torn.mcap", kNone, false);
  fs::resize_file(folder / "4_torn.mcap", fs::file_size(folder / "4_torn.mcap") - 100'000);
  const auto repair = gyre::io::repair_mcap(folder / "4_torn.mcap", folder / "5_repaired.mcap");
  print("4_torn.mcap", false, repair.messages);
  print("5_repaired.mcap", true, repair.messages);
  return torn == repair.messages ? 1 : 0;  // the cut must have cost something
}
