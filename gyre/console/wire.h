#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// The messages between a console's server and its pages. console/src/wire.ts is made of them
// (wire_types.h), so that both sides have one source.
//
// Text frames are JSON objects with a `type`, the struct's name in lower case. Binary frames are
// pictures: PictureHead, then a JPEG.
namespace gyre::console {

// --- from the server ---

struct FieldInfo {
  std::string name, unit, kind;  // kind: "position", "velocity" or "delta"
  double min = 0, max = 0;
  bool gripper = false;
  static void fields(auto& visit, auto& m) {
    visit("name", m.name);
    visit("unit", m.unit);
    visit("kind", m.kind);
    visit("min", m.min);
    visit("max", m.max);
    visit("gripper", m.gripper);
  }
};

struct RobotInfo {
  int id = 0;  // index into Hello::robots
  std::string name, embodiment, policy;
  double control_period_s = 0, action_period_s = 0;
  std::vector<FieldInfo> state, action;
  std::vector<std::string> cameras;
  // Horizontal directions (x, y; base frame) to the right in each camera's picture; empty where
  // the camera's place is not known.
  std::vector<std::vector<double>> camera_right;
  std::vector<std::string> nudges;      // words that move it by 1 cm beside the policy
  std::vector<std::string> vocabulary;  // words that the policy knows; empty: any
  bool recorded = false;                // a recording plays: it takes no orders
  bool gone = false;                    // its program, another than the console's, has left
  static void fields(auto& visit, auto& m) {
    visit("id", m.id);
    visit("name", m.name);
    visit("embodiment", m.embodiment);
    visit("policy", m.policy);
    visit("control_period_s", m.control_period_s);
    visit("action_period_s", m.action_period_s);
    visit("state", m.state);
    visit("action", m.action);
    visit("cameras", m.cameras);
    visit("camera_right", m.camera_right);
    visit("nudges", m.nudges);
    visit("vocabulary", m.vocabulary);
    visit("recorded", m.recorded);
    visit("gone", m.gone);
  }
};

// The first message of a connection, and again when a robot has come or gone.
struct Hello {
  static constexpr const char* kType = "hello";
  int viewer = 0;        // the page's number, for Status::holder
  std::string role;      // serve::role_name(): "help" and "admin" may command
  std::string author;    // of what the page does, on the tape: a token's name, or "console 3"
  bool named = false;    // it is a token's name
  bool session = false;  // of a browser that logged in, and may log out
  std::vector<RobotInfo> robots;
  static void fields(auto& visit, auto& m) {
    visit("viewer", m.viewer);
    visit("role", m.role);
    visit("author", m.author);
    visit("named", m.named);
    visit("session", m.session);
    visit("robots", m.robots);
  }
};

// A robot's state of affairs: ten times a second to pages that watch it, five times to a wall.
struct Status {
  static constexpr const char* kType = "status";
  int robot = 0;
  double time_s = 0;         // robot clock
  std::string mode, source;  // mode_name(), source_name()
  std::string reasons;       // reasons_text(), of the newest control period
  std::string goal;          // the words that the policy acts on
  std::string task;          // the instruction
  double coached_s = 0;      // so long words for a subtask still hold; 0: there are none
  int64_t episode = 0;
  int rung = 0;  // of the link ladder
  double state_age_s = 0, picture_age_s = 0, chunk_age_s = 0, inference_ms = 0;
  // Parts of the newest chunk's inference, as ActionChunk::Times.
  double queue_ms = 0, prefix_ms = 0, sample_ms = 0, network_ms = 0;
  int64_t held_ticks = 0, dropped_chunks = 0, verdicts = 0, successes = 0;
  std::string alarm;  // the last one
  double alarm_age_s = 0;
  std::string help;  // why it asks for help; "" when it does not
  int holder = 0;    // the viewer that has control by hand; 0: nobody
  int asking = 0;    // the viewer that asks the holder for it; 0: nobody
  static void fields(auto& visit, auto& m) {
    visit("robot", m.robot);
    visit("time_s", m.time_s);
    visit("mode", m.mode);
    visit("source", m.source);
    visit("reasons", m.reasons);
    visit("goal", m.goal);
    visit("task", m.task);
    visit("coached_s", m.coached_s);
    visit("episode", m.episode);
    visit("rung", m.rung);
    visit("state_age_s", m.state_age_s);
    visit("picture_age_s", m.picture_age_s);
    visit("chunk_age_s", m.chunk_age_s);
    visit("inference_ms", m.inference_ms);
    visit("queue_ms", m.queue_ms);
    visit("prefix_ms", m.prefix_ms);
    visit("sample_ms", m.sample_ms);
    visit("network_ms", m.network_ms);
    visit("held_ticks", m.held_ticks);
    visit("dropped_chunks", m.dropped_chunks);
    visit("verdicts", m.verdicts);
    visit("successes", m.successes);
    visit("alarm", m.alarm);
    visit("alarm_age_s", m.alarm_age_s);
    visit("help", m.help);
    visit("holder", m.holder);
    visit("asking", m.asking);
  }
};

// Control periods since the last Samples, at most 50 a second.
struct Samples {
  static constexpr const char* kType = "samples";
  int robot = 0;
  std::vector<double> time_s;              // [n], robot clock
  std::vector<std::vector<float>> state;   // [n, S]
  std::vector<std::vector<float>> sent;    // [n, D]
  std::vector<std::vector<float>> wanted;  // [n, D], the policy's proposal; empty: it had none
  std::vector<std::string> source;         // [n]
  static void fields(auto& visit, auto& m) {
    visit("robot", m.robot);
    visit("time_s", m.time_s);
    visit("state", m.state);
    visit("sent", m.sent);
    visit("wanted", m.wanted);
    visit("source", m.source);
  }
};

struct EventLine {
  static constexpr const char* kType = "eventline";
  int robot = 0;
  double time_s = 0;  // robot clock
  std::string author;
  std::string what;  // "mode", "alarm", ...
  std::string text;
  static void fields(auto& visit, auto& m) {
    visit("robot", m.robot);
    visit("time_s", m.time_s);
    visit("author", m.author);
    visit("what", m.what);
    visit("text", m.text);
  }
};

// One body of a scene. Lengths in metres, rotations w, x, y, z.
struct ShapeInfo {
  int link = 0;                  // index into SceneShapes::links
  std::string kind;              // "box", "sphere", "cylinder", "capsule", "ellipsoid" or "mesh"
  std::vector<double> size;      // [3], half sizes, or radius and half length
  std::vector<double> position;  // [3], in the link's frame
  std::vector<double> rotation;  // [4], in the link's frame
  std::vector<float> rgba;       // [4]
  static void fields(auto& visit, auto& m) {
    visit("link", m.link);
    visit("kind", m.kind);
    visit("size", m.size);
    visit("position", m.position);
    visit("rotation", m.rotation);
    visit("rgba", m.rgba);
  }
};

// The shapes of a scene: when a page opens its 3-D view, and for each new scene.
struct SceneShapes {
  static constexpr const char* kType = "sceneshapes";
  int robot = 0;
  std::vector<std::string> links;
  std::vector<ShapeInfo> shapes;
  static void fields(auto& visit, auto& m) {
    visit("robot", m.robot);
    visit("links", m.links);
    visit("shapes", m.shapes);
  }
};

// Places of the links, at most ten times a second, to pages with a 3-D view.
struct ScenePoses {
  static constexpr const char* kType = "sceneposes";
  int robot = 0;
  double time_s = 0;         // robot clock
  std::vector<float> poses;  // [links, 7], position (base frame, metres) and rotation (w, x, y, z)
  static void fields(auto& visit, auto& m) {
    visit("robot", m.robot);
    visit("time_s", m.time_s);
    visit("poses", m.poses);
  }
};

// The way that a new chunk would take the gripper, to pages with a 3-D view.
struct GripperPath {
  static constexpr const char* kType = "gripperpath";
  int robot = 0;
  double time_s = 0;          // of the chunk's observation, robot clock
  std::vector<float> points;  // [horizon + 1, 3], base frame, metres
  static void fields(auto& visit, auto& m) {
    visit("robot", m.robot);
    visit("time_s", m.time_s);
    visit("points", m.points);
  }
};

// A command that was not carried out.
struct Refused {
  static constexpr const char* kType = "refused";
  std::string text;
  static void fields(auto& visit, auto& m) { visit("text", m.text); }
};

// The begin of a binary frame, little-endian, without gaps.
struct PictureHead {
  static constexpr size_t kBytes = 16;
  uint32_t robot = 0;
  uint32_t camera = 0;  // index into RobotInfo::cameras
  double time_s = 0;    // of capture, robot clock
};

// --- from a page ---

struct Command {
  int robot = 0;
  // "order": order is one of pause, resume, stop, clear. "take": control by hand, until "give" or
  // silence. "beat": the holder is there, and `action` is what they do (empty: hold still); at
  // least one in 200 ms. "ask": the holder is asked for control. "pass": they hand it to the one
  // who asks, and the robot is paused; "keep": they do not. "say": words to act on. "coach": words
  // for the next subtask alone, until "release" or 20 s. In both a word of RobotInfo::nudges is a
  // nudge, in directions of the picture of `camera`. "judge": outcome is success, partial or
  // failure, `words` the reason. "discard": breaks the episode off; with `again` its scene comes
  // again. "watch": send everything about this robot and nothing of the others, with its scene
  // where `scene` says so; robot -1: the wall, which is the status and a small picture of every
  // robot. A page begins with the one robot that there is, or with the wall.
  std::string verb;
  std::string order, words, outcome;
  std::vector<float> action;  // [D], the contract's units
  int camera = -1;            // index into RobotInfo::cameras; -1: the robot's own directions
  bool again = false;
  int64_t sequence = 0;  // counts the beats of one take; an older one is dropped
  bool scene = false;
  static void fields(auto& visit, auto& m) {
    visit("robot", m.robot);
    visit("verb", m.verb);
    visit("order", m.order);
    visit("words", m.words);
    visit("outcome", m.outcome);
    visit("action", m.action);
    visit("camera", m.camera);
    visit("again", m.again);
    visit("sequence", m.sequence);
    visit("scene", m.scene);
  }
};

}  // namespace gyre::console
