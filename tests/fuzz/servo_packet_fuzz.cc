// A stream of bytes as a servo bus may show them: the search for packets, and the exact reading of
// one.
#include <cstdlib>
#include <string>

#include "gyre/robot/feetech/packet.h"
#include "gyre/robot/feetech/registers.h"
#include "tests/fuzz/fuzz.h"

using namespace gyre::feetech;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::span<const uint8_t> bytes(data, size);
  for (const PacketKind kind : {PacketKind::kStatus, PacketKind::kInstruction}) {
    for (std::span<const uint8_t> rest = bytes; !rest.empty();) {
      const Search search = find_packet(rest, kind);
      if (search.used > rest.size() || search.skipped > search.used) std::abort();
      if (!search.found) break;
      // A packet that was found is one: encoded again it is the same bytes.
      std::vector<uint8_t> again(kMostPacket);
      again.resize(
          encode_packet(again, search.packet.id, search.packet.code, search.packet.parameters));
      const auto found = rest.subspan(search.skipped, search.used - search.skipped);
      if (again.size() != found.size() || !std::equal(again.begin(), again.end(), found.begin())) {
        std::abort();
      }
      rest = rest.subspan(search.used);
    }
  }
  for (const size_t count : {size_t{0}, size_t{2}, size_t{kFeedbackBytes}}) {
    PacketView status;
    if (read_status(bytes, size > 2 ? data[2] : 1, count, status) != Fault::kNone) continue;
    if (status.parameters.size() != count) std::abort();
    if (count == kFeedbackBytes) (void)decode_feedback(status.parameters, status.code);
  }
  return 0;
}

std::vector<std::string> fuzz_seeds() {
  using std::string_literals::operator""s;
  return {"\xFF\xFF\x01\x02\x00\xFC"s, "\xFF\xFF\x01\x04\x00\x18\x05\xDD"s,
          "\xFF\xFF\xFE\x0A\x82\x38\x02\x01\x02\x03\x04\x05\x06\x26"s,
          "\xFF\xFF\x01\x09\x03\x2A\x00\x08\x00\x00\xE8\x03\xD5"s};
}
