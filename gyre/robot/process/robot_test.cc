// A robot behind a driver that the test itself plays.
#include "gyre/robot/process/robot.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <thread>

#include "gyre/core/testing.h"
#include "gyre/io/scratch_folder.h"
#include "gyre/robot/testing.h"

namespace gyre::process {
namespace {

using Json = nlohmann::json;

int64_t now() { return std::chrono::steady_clock::now().time_since_epoch().count(); }

bool eventually(const std::function<bool()>& holds) {
  for (int i = 0; i < 2000; ++i) {
    if (holds()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return false;
}

// A driver that says what it is told to.
class PlayedDriver {
 public:
  explicit PlayedDriver(const std::string& path) : path_(path) { listen(); }
  ~PlayedDriver() { end(); }

  void listen() {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path_.copy(address.sun_path, sizeof address.sun_path - 1);
    ::unlink(path_.c_str());
    listener_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ASSERT_EQ(::bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    ASSERT_EQ(::listen(listener_, 1), 0);
  }
  // Says `lines` to the next who connects; for a link whose constructor waits for them.
  std::thread greet(std::vector<Json> lines) {
    return std::thread([this, lines = std::move(lines)] {
      accept();
      for (const Json& line : lines) say(line);
    });
  }
  void accept() { connection_ = ::accept(listener_, nullptr, nullptr); }
  void say(const Json& line) {
    const std::string text = line.dump() + "\n";
    ::send(connection_, text.data(), text.size(), MSG_NOSIGNAL);
  }
  void say_state(std::vector<float> values, int64_t time_ns = 0) {
    say({{"state", values}, {"time_ns", time_ns == 0 ? now() : time_ns}});
  }
  // The next line that has `key`; null where none comes.
  Json hear(const std::string& key) {
    for (;;) {
      const size_t end = heard_.find('\n');
      if (end != std::string::npos) {
        Json line = Json::parse(heard_.substr(0, end));
        heard_.erase(0, end + 1);
        if (line.contains(key)) return line;
        continue;
      }
      char bytes[4096];
      const ssize_t size = ::recv(connection_, bytes, sizeof bytes, 0);
      if (size <= 0) return {};
      heard_.append(bytes, static_cast<size_t>(size));
    }
  }
  void end() {
    ::close(connection_);
    ::close(listener_);
    heard_.clear();
  }

 private:
  std::string path_, heard_;
  int listener_ = -1, connection_ = -1;
};

class DriverProcess : public testing::Test {
 protected:
  Json hello() const {
    Json joints = Json::array();
    for (const ArmJoint& joint : folder_->joints) joints.push_back(joint.name);
    joints.push_back("gripper");
    return {{"hello", 1}, {"robot", "so101"}, {"joints", joints}, {"cameras", {{"front", {2, 2}}}}};
  }
  Json state(std::vector<float> values) const {
    return {{"state", std::move(values)}, {"time_ns", now()}};
  }
  // Connects to a driver that says these lines.
  std::shared_ptr<Link> connect(std::vector<Json> lines) {
    std::thread greets = driver_.greet(std::move(lines));
    std::shared_ptr<Link> link;
    try {
      link = std::make_shared<Link>(folder_, Link::Options{.socket = path_, .image_size = 16});
    } catch (...) {
      greets.join();
      throw;
    }
    greets.join();
    return link;
  }
  std::string complaint(std::vector<Json> lines) {
    return message_of([&] { connect(std::move(lines)); });
  }

  const std::vector<float> home_ = {0, 0, 0.3F, 1.2F, 0, 0.5F};
  std::shared_ptr<const RobotFolder> folder_ = RobotFolder::load("so101");
  io::ScratchFolder scratch_;
  std::string path_ = (scratch_.path() / "arm.sock").string();
  PlayedDriver driver_{path_};
};

TEST_F(DriverProcess, StatesComeAndCommandsGo) {
  ProcessRobot robot(connect({hello(), state(home_)}), {});
  EXPECT_EQ(robot.embodiment().name, "so101/joint");
  EXPECT_TRUE(robot.embodiment().cameras.empty());
  RobotState seen;
  seen.values.resize(6);
  EXPECT_EQ(robot.read(seen), RobotStatus::kOk);
  EXPECT_EQ(seen.values, home_);
  EXPECT_EQ(robot.read(seen), RobotStatus::kStale);
  const int64_t time_ns = now();
  driver_.say_state({0.1F, 0, 0.3F, 1.2F, 0, 0.5F}, time_ns);
  EXPECT_TRUE(eventually([&] { return robot.read(seen) == RobotStatus::kOk; }));
  EXPECT_EQ(seen.time_ns, time_ns);
  EXPECT_EQ(seen.values[0], 0.1F);
  EXPECT_EQ(write_command(robot, home_).status, RobotStatus::kOk);
  EXPECT_EQ(driver_.hear("command")["command"].get<std::vector<float>>(), home_);
  robot.stop();
  EXPECT_EQ(driver_.hear("stop")["stop"], true);
}

TEST_F(DriverProcess, AnotherRobotsDriverIsRefused) {
  Json other = hello();
  other["robot"] = "so102";
  EXPECT_NE(complaint({other}).find("drives so102"), std::string::npos);
  other = hello();
  std::swap(other["joints"][0], other["joints"][1]);
  EXPECT_NE(complaint({other}).find("names and order"), std::string::npos);
  other = hello();
  other["hello"] = 2;
  EXPECT_NE(complaint({other}).find("version 2"), std::string::npos);
  EXPECT_NE(complaint({state(home_)}).find("hello"), std::string::npos);
}

TEST_F(DriverProcess, AFirstStateThatCannotBeIsRefused) {
  EXPECT_NE(complaint({hello(), state({0, 0, 17.2F, 1.2F, 0, 0.5F})}).find("elbow_flex at 17.2"),
            std::string::npos);
  EXPECT_NE(complaint({hello(), state({0, 0})}).find("2 values, not 6"), std::string::npos);
  EXPECT_NE(complaint({hello(), {{"state", home_}, {"time_ns", now() + 3'600'000'000'000}}})
                .find("has not come"),
            std::string::npos);
  EXPECT_NE(complaint({hello(), {{"state", home_}, {"time_ns", 12}}}).find("old"),
            std::string::npos);
}

TEST_F(DriverProcess, AValueOutsideItsRangeLatchesUntilAPersonClears) {
  ProcessRobot robot(connect({hello(), state(home_)}), {});
  RobotState seen;
  seen.values.resize(6);
  robot.read(seen);
  driver_.say_state({0, 0, 17.2F, 1.2F, 0, 0.5F});
  ASSERT_TRUE(eventually([&] { return robot.read(seen) == RobotStatus::kFault; }));
  EXPECT_EQ(seen.values, home_) << "the wrong state was taken";
  EXPECT_NE(robot.fault().find("elbow_flex at 17.2"), std::string::npos) << robot.fault();
  EXPECT_EQ(driver_.hear("stop")["stop"], true);
  EXPECT_EQ(write_command(robot, home_).status, RobotStatus::kFault);
  robot.clear();  // the value is still the last that was told
  EXPECT_EQ(robot.read(seen), RobotStatus::kFault);
  driver_.say_state(home_);
  EXPECT_TRUE(eventually([&] {
    robot.clear();
    return robot.read(seen) != RobotStatus::kFault;
  }));
  EXPECT_EQ(robot.fault(), "");
}

TEST_F(DriverProcess, ADriverThatEndsIsLatchedAndTakenBackByAClear) {
  ProcessRobot robot(connect({hello(), state(home_)}), {});
  RobotState seen;
  seen.values.resize(6);
  driver_.end();
  ASSERT_TRUE(eventually([&] { return robot.read(seen) == RobotStatus::kFault; }));
  robot.clear();
  EXPECT_EQ(robot.read(seen), RobotStatus::kFault) << "cleared without a driver";
  driver_.listen();
  driver_.accept();
  driver_.say(hello());
  driver_.say_state(home_);
  EXPECT_TRUE(eventually([&] {
    robot.clear();
    return robot.read(seen) != RobotStatus::kFault;
  }));
  EXPECT_EQ(write_command(robot, home_).status, RobotStatus::kOk);
  EXPECT_FALSE(driver_.hear("command").is_null());
}

TEST_F(DriverProcess, BytesThatAreNoMessageLatch) {
  ProcessRobot robot(connect({hello(), state(home_)}), {});
  driver_.say("nonsense");
  RobotState seen;
  seen.values.resize(6);
  EXPECT_TRUE(eventually([&] { return robot.read(seen) == RobotStatus::kFault; }));
  EXPECT_NE(robot.fault().find("JSON"), std::string::npos) << robot.fault();
}

TEST_F(DriverProcess, PicturesReachTheirCameraInTheContractsSize) {
  const auto link = connect({hello(), state(home_)});
  EXPECT_EQ(link->camera("wrist"), nullptr);
  const auto camera = link->camera("front");
  ASSERT_NE(camera, nullptr);
  EXPECT_FALSE(camera->newest());
  const int64_t time_ns = now();
  driver_.say({{"picture", "front"},
               {"time_ns", time_ns},
               {"width", 2},
               {"height", 2},
               {"format", "rgb"},
               {"bytes", 12}});
  // The JSON text of these twelve bytes with its quotes and its end of line: all count as pixels.
  driver_.say("123456789");
  ASSERT_TRUE(eventually([&] { return bool(camera->newest()); }));
  const PictureRef picture = camera->newest();
  EXPECT_EQ(picture->time_ns, time_ns);
  EXPECT_EQ(picture->image.width, 16);
  EXPECT_EQ(link->trouble(), Trouble::kNone) << link->fault();
}

}  // namespace
}  // namespace gyre::process
