// The actions that a policy answers to one request of the websocket protocol, computed alone in
// this process, as float32 on standard output.
//   lone_answer POLICY REQUEST EMBODIMENT NOISE_ID SEED
#include <cstdio>
#include <cstdlib>
#include <exception>

#include "gyre/infer/engine.h"
#include "gyre/io/file.h"
#include "gyre/serve/protocol.h"

int main(int count, char** words) {
  if (count != 6) return 2;
  try {
    const auto engine = gyre::infer::open_engine(words[1]);
    const auto ask = gyre::serve::read_ask(gyre::io::read_bytes(words[2]));
    const gyre::Checkpoint& checkpoint = engine->checkpoint();
    gyre::Request request;
    request.embodiment = words[3];
    request.id = std::strtoll(words[4], nullptr, 10);
    request.noise_seed = std::strtoull(words[5], nullptr, 10);
    request.frame = gyre::serve::frame_of(
        *ask, checkpoint.embodiments.at(request.embodiment).contract, checkpoint, 0);
    gyre::Goal goal;
    goal.task = ask->task;
    request.goal = std::make_shared<const gyre::Goal>(goal);
    const gyre::Request* one = &request;
    const auto prefix = engine->encode({&one, 1}, gyre::infer::Ask::kActions);
    gyre::Rng noise = request.noise();
    const auto chunk = engine->sample(*prefix, {&noise, 1}).front();
    std::fwrite(chunk.actions.data(), sizeof(float), chunk.actions.size(), stdout);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "lone_answer: %s\n", error.what());
    return 2;
  }
  return 0;
}
