#include "gyre/serve/protocol.h"
#include "tests/fuzz/fuzz.h"

using namespace gyre;

namespace {

Embodiment some_contract() {
  Embodiment contract;
  contract.name = "arm/joint";
  contract.state = {{.name = "joint", .unit = "rad", .min = -1, .max = 1}};
  contract.action = contract.state;
  contract.cameras = {{"front", 4, 4, "fixed"}};
  return contract;
}

Request some_request(bool continues) {
  Request request;
  request.id = 3;
  request.frame.state = {0.5f};
  request.frame.pictures.emplace_back(Picture{.image = Image::black(4, 4)});
  Goal goal;
  goal.task = "open the drawer";
  goal.subtask = "grasp the handle";
  request.goal = std::make_shared<const Goal>(goal);
  if (continues) {
    request.chunking = Chunking::kGuided;
    ActionChunk chunk;
    chunk.dim = 1;
    chunk.horizon = 2;
    chunk.actions = {1, 2};
    request.previous = std::make_shared<const ActionChunk>(chunk);
  }
  return request;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const Embodiment contract = some_contract();
  static const Checkpoint checkpoint = [] {
    Checkpoint made;
    made.config.vision.image_size = 4;
    return made;
  }();
  fuzz::reject([&] {
    const auto ask = serve::read_ask({data, data + size});
    serve::previous_of(*ask, contract);
    serve::frame_of(*ask, contract, checkpoint, 0);
  });
  fuzz::reject([&] { serve::read_answer({data, size}); });
  return 0;
}

std::vector<std::string> fuzz_seeds() {
  const Embodiment contract = some_contract();
  ActionChunk chunk;
  chunk.dim = 1;
  chunk.horizon = 2;
  chunk.actions = {1, 2};
  return {serve::write_request(some_request(false), contract, 0, false),
          serve::write_request(some_request(true), contract, 50, true,
                               {.contract_hash = contract.contract_hash()}),
          serve::write_answer(chunk, {.id = 3}), serve::write_failure(3, "busy", true)};
}
