#pragma once

#include <memory>
#include <string>
#include <vector>

#include "gyre/core/request.h"
#include "gyre/infer/engine.h"

// Shared by the tests of this folder.
namespace gyre::infer {

// A request of random pictures (ids 0 ..) and states inside their limits, the same for equal seeds.
inline Request some_request(const Embodiment& contract, int seed) {
  Request request;
  request.id = 100 + seed;
  request.embodiment = contract.name;
  request.frame.time_ns = 1000 + seed;
  Rng rng(seed);
  for (const CameraSpec& camera : contract.cameras) {
    Picture picture{.image = Image::black(camera.width, camera.height), .id = seed};
    for (auto& value : picture.image.rgb) value = static_cast<uint8_t>(rng.below(256));
    request.frame.pictures.emplace_back(std::move(picture));
  }
  for (const Field& field : contract.state) {
    const double middle = (field.min + field.max) / 2, width = field.max - field.min;
    request.frame.state.push_back(static_cast<float>(middle + 0.2 * width * rng.uniform(-1, 1)));
  }
  Goal goal;
  goal.task = seed % 2 ? "put the red cup into the sink" : "open the drawer";
  request.goal = std::make_shared<const Goal>(goal);
  return request;
}

// The same camera a moment later: another picture, `change` of its first byte.
inline void replace_picture(Request& request, int camera, int64_t id, uint8_t change) {
  Picture picture = *request.frame.pictures[camera];
  picture.id = id;
  picture.image.rgb[100] ^= change;
  request.frame.pictures[camera] = PictureRef(std::move(picture));
}

inline std::vector<const Request*> pointers(std::span<const Request> requests) {
  std::vector<const Request*> list;
  for (const Request& request : requests) list.push_back(&request);
  return list;
}

inline std::unique_ptr<Prefix> encode(const Engine& engine, const Request& request, Ask ask,
                                      const Prefix* last = nullptr) {
  const Request* one = &request;
  return engine.encode({&one, 1}, ask, last);
}

inline std::string think(const Engine& engine, const Request& request) {
  return engine.think(*encode(engine, request, Ask::kSubtask)).front();
}

inline ActionChunk sample(const Engine& engine, const Prefix& prefix, uint64_t seed,
                          const SampleOptions& options = {}) {
  std::vector<Rng> rngs{Rng(seed)};
  return engine.sample(prefix, rngs, options).front();
}

inline ActionChunk chunk_of(const Engine& engine, const Request& request, uint64_t seed,
                            const SampleOptions& options = {}) {
  return sample(engine, *encode(engine, request, Ask::kActions), seed, options);
}

// `chunk` from action `sent` on.
inline ActionChunk rest_of(ActionChunk chunk, int sent) {
  chunk.actions.erase(chunk.actions.begin(),
                      chunk.actions.begin() + static_cast<std::ptrdiff_t>(sent) * chunk.dim);
  return chunk;
}

}  // namespace gyre::infer
