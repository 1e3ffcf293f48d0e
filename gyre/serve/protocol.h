#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gyre/core/action_chunk.h"
#include "gyre/core/embodiment.h"
#include "gyre/core/request.h"
#include "gyre/io/msgpack.h"
#include "gyre/policy/checkpoint.h"

// The messages of openpi's websocket protocol, and the keys that Gyre adds to them. Every key of
// Gyre's own lies in one map under "gyre", which other clients ignore. docs/serving.md has the
// table.
namespace gyre::serve {

inline constexpr int kMostFlowSteps = 100;          // that a client may ask for
inline constexpr int kMostDraws = 64;               // likewise
inline constexpr size_t kMostPrompt = 4096;         // bytes
inline constexpr uint64_t kMostPixels = 2'500'000;  // of one picture

// A client's request, read but not yet compared with a policy.
struct Ask {
  std::vector<uint8_t> message;  // `value` points into it
  io::msgpack::Value value;      // the whole map
  std::string task;              // "prompt", or the goal's task
  // From "gyre":
  bool ours = false;                                   // the map is there
  int64_t id = -1;                                     // the client's, told in the answer; -1: none
  std::string embodiment, contract_hash, policy_hash;  // "": not named
  std::string subtask;
  int64_t goal_id = 0, generation = 0;
  bool think = false;            // the policy names the subtask first
  std::optional<uint64_t> seed;  // noise seed; without one the server draws it
  Chunking chunking = Chunking::kIndependent;
  int delay = 0, flow_steps = 0, draws = 1;
  const io::msgpack::Array* previous = nullptr;  // [h, D], into `value`
  double deadline_ms = 0;                        // milliseconds left when it was sent; 0: none
};

// Reads one binary message. Throws Error that says in one line what is wrong; it quotes no more
// than a name of the message.
std::unique_ptr<Ask> read_ask(std::vector<uint8_t> message);

// The frame that `ask` shows, in the contract's order and units. Pictures are uint8 [H, W, 3] or
// [3, H, W] under "images"; they are resized with black bands to the side that the policy sees,
// unless its own transforms resize. `picture_id` numbers the pictures. Throws Error naming the
// camera or field.
Frame frame_of(const Ask& ask, const Embodiment& contract, const Checkpoint& checkpoint,
               int64_t picture_id);
// The previous chunk that the new one has to agree with; null where it has none. Throws Error.
ChunkPtr previous_of(const Ask& ask, const Embodiment& contract);

// An answer's facts beside its chunk.
struct AnswerFacts {
  int64_t id = -1;  // the client's; left out where it is -1
  int64_t goal_id = 0, generation = 0;
  int64_t noise_id = 0;  // with `seed` it names the noise: Request::id and Request::noise_seed
  uint64_t seed = 0;
  std::string subtask, embodiment;
  double infer_ms = 0;
  double total_ms = 0;            // from the request's arrival
  double previous_total_ms = -1;  // of the connection's last request; -1: this is the first
};

std::string write_answer(const ActionChunk& chunk, const AnswerFacts& facts);
// Tells a client of Gyre's own that request `id` gets no chunk. `refused`: the request was sound
// and came at a busy time.
std::string write_failure(int64_t id, std::string_view reason, bool refused);

// The first message of a connection.
std::string write_metadata(const std::string& policy, const Checkpoint& checkpoint,
                           const std::string& embodiment);

// The other side, for clients.

// Further keys under "gyre".
struct OwnKeys {
  int64_t generation = 0;          // comes back with the answer
  bool think = false;              // the policy names the subtask first
  std::string contract_hash = {};  // the robot's, which the server compares; "": not told
};
// `ours`: with the keys under "gyre". `deadline_ms` 0: none. Throws Error naming a camera that has
// shown nothing yet.
std::string write_request(const Request& request, const Embodiment& contract, double deadline_ms,
                          bool ours, const OwnKeys& keys = {});

struct ReadAnswer {
  ActionChunk chunk;  // its only time is queue_ms; empty when `failure` is not
  AnswerFacts facts;
  std::string failure;
  bool refused = false;
};
// An answer of Gyre's own server or of openpi's. Throws Error for a message that is none.
ReadAnswer read_answer(std::span<const uint8_t> message);
// A message's actions as [horizon, fields]. Throws Error naming `key` where they are anything else.
ActionChunk read_actions(const io::msgpack::Value* value, const std::string& key);

// The times that openpi's servers tell, into `facts`.
void read_times(const io::msgpack::Value& answer, AnswerFacts& facts);

// The first message of a connection, as a client reads it.
struct ReadMetadata {
  std::string policy, policy_hash;  // "" for a server that is not Gyre's
  int64_t horizon = 0;              // actions of a chunk; 0: not told
  int64_t max_delay = 0;            // leading actions that the policy is trained to be given
  std::map<std::string, std::string> contract_hashes;  // by embodiment; only Gyre's server tells
  std::optional<std::vector<float>> reset_pose;        // openpi's, in the server's order and units
};
// Throws Error for what is no map, or whose keys have other types than they should.
ReadMetadata read_metadata(std::span<const uint8_t> message);
// Throws Error that names both sides unless the server is Gyre's and its policy was trained on this
// very contract.
void require_same_contract(const ReadMetadata& server, const Embodiment& robot);

}  // namespace gyre::serve
