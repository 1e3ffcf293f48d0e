#include <cstdlib>

#include "gyre/io/pickle.h"
#include "gyre/serve/lerobot.h"
#include "tests/fuzz/fuzz.h"

// LeRobot's gRPC messages: the protocol buffers, and the pickles in them.
using namespace gyre;

namespace {

void observation_begins(io::pickle::Writer& writer) {
  writer.global("lerobot.async_inference.helpers", "TimedObservation");
  writer.new_object();
  writer.begin_dict();
  writer.text("timestamp");
  writer.number(1.5);
  writer.text("timestep");
  writer.integer(3);
  writer.text("observation");
}

// A picture of 1 x 2 pixels as numpy writes it.
std::string picture() {
  const auto text = [](const std::string& word) {
    return "\x8c" + std::string(1, static_cast<char>(word.size())) + word;
  };
  const auto name = [&](const char* module, const char* what) {
    return text(module) + text(what) + "\x93";
  };
  return name("numpy.core.multiarray", "_reconstruct") + name("numpy", "ndarray") +
         std::string("K\x00\x85", 3) + "C\x01" + "b" + "\x87R" + "(K\x01" + "K\x01K\x02K\x03\x87" +
         name("numpy", "dtype") + text("u1") + "\x89\x88\x87R" + "(K\x03" + text("|") +
         std::string("NNNK\x00K\x00K\x00tb", 12) + "\x89" + "C\x06" + "abcdef" + "tb";
}

std::string observation() {
  io::pickle::Writer writer;
  observation_begins(writer);
  writer.begin_dict();
  writer.text("joint.pos");
  writer.number(0.5);
  writer.text("task");
  writer.text("open the drawer");
  writer.text("front");
  std::string message = writer.take();
  message.pop_back();
  return message + picture() + "u" + "ub.";
}

std::string setup() {
  io::pickle::Writer writer;
  writer.global("lerobot.async_inference.helpers", "RemotePolicyConfig");
  writer.new_object();
  writer.begin_dict();
  for (const char* key : {"policy_type", "pretrained_name_or_path"}) {
    writer.text(key);
    writer.text("pi05");
  }
  writer.text("actions_per_chunk");
  writer.integer(10);
  writer.text("lerobot_features");
  writer.begin_dict();
  writer.text("observation.state");
  writer.begin_dict();
  writer.text("names");
  writer.begin_list();
  writer.text("joint.pos");
  writer.end_list();
  writer.end_dict();
  writer.text("observation.images.front");
  writer.none();
  writer.end_dict();
  writer.end_dict();
  writer.end_object();
  return writer.take();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::span<const uint8_t> message(data, size);
  const auto read = [](std::span<const uint8_t> payload) {
    fuzz::reject([&] { serve::lerobot::read_policy_setup(payload); });
    fuzz::reject([&] {
      const auto observation = serve::lerobot::read_observation(payload);
      if (observation.numbers.size() > 64 || observation.images.size() > 8) std::abort();
    });
  };
  read(message);
  for (const int field : {1, 2}) {
    fuzz::reject([&] { read(serve::lerobot::read_payload(message, field).data); });
  }
  return 0;
}

std::vector<std::string> fuzz_seeds() {
  const std::string seen = observation();
  return {seen, setup(), serve::lerobot::write_payload(setup()),
          "\x08\x03\x12" + serve::lerobot::write_payload(seen).substr(1)};
}
