// Gamepads and keyboards of the machine, played by fake_devices.cc, which stands in this program
// before libc.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <linux/input.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "gyre/core/error.h"
#include "gyre/io/scratch_folder.h"
#include "gyre/robot/evdev/device.h"
#include "gyre/robot/evdev/pedal.h"

namespace gyre::evdev {
namespace {

namespace fs = std::filesystem;

class Hands : public testing::Test {
 protected:
  Hands() {
    fs::create_directories(input() / "by-id");
    ::setenv("GYRE_FAKE_DEVICES", folder_.path().c_str(), 1);
    describe("event0", "name Fake keyboard\nkind keyboard\n");
    describe("event1", "name Fake gamepad\nkind gamepad\n");
    describe("event2", "name Power button\n");
    fs::create_symlink("../event1", input() / "by-id/usb-Fake_gamepad-event-joystick");
  }
  fs::path input() const { return folder_.path() / "input"; }
  void describe(const std::string& node, const std::string& text) const {
    std::ofstream(input() / node) << text;
    ::mkfifo((input() / ("out." + node)).c_str(), 0600);
  }
  void event(const std::string& node, int type, int code, int value) const {
    const int fd = ::open((input() / ("out." + node)).c_str(), O_WRONLY | O_NONBLOCK);
    input_event one{};
    one.type = static_cast<uint16_t>(type);
    one.code = static_cast<uint16_t>(code);
    one.value = value;
    EXPECT_EQ(::write(fd, &one, sizeof one), static_cast<ssize_t>(sizeof one));
    ::close(fd);
  }
  static HandInput read(HandDevice& device) {
    HandInput input;
    EXPECT_TRUE(device.read(input));
    return input;
  }
  io::ScratchFolder folder_;
};

TEST_F(Hands, AreFoundByANameThatLasts) {
  const std::vector<FoundDevice> found = find_devices();
  ASSERT_EQ(found.size(), 2U);  // a power button is neither
  EXPECT_EQ(found[0].path, "/dev/input/event0");
  EXPECT_EQ(found[0].kind, Kind::kKeyboard);
  EXPECT_EQ(found[1].path, "/dev/input/by-id/usb-Fake_gamepad-event-joystick");
  EXPECT_EQ(found[1].name, "Fake gamepad");
}

TEST_F(Hands, AGamepadsSticksRightAndUpArePositive) {
  const auto gamepad = open_hands(Kind::kGamepad, "");
  EXPECT_EQ(read(*gamepad), HandInput());
  event("event1", EV_KEY, BTN_TL, 1);
  event("event1", EV_ABS, ABS_X, 32767);
  event("event1", EV_ABS, ABS_Y, -32768);
  event("event1", EV_ABS, ABS_HAT0Y, -1);
  event("event1", EV_ABS, ABS_RZ, 255);
  const HandInput input = read(*gamepad);
  EXPECT_TRUE(input.held);
  EXPECT_DOUBLE_EQ(input.left_x, 1);
  EXPECT_DOUBLE_EQ(input.left_y, 1);
  EXPECT_DOUBLE_EQ(input.tilt_y, 1);
  EXPECT_DOUBLE_EQ(input.gripper, -1);
  event("event1", EV_KEY, BTN_TL, 0);
  EXPECT_FALSE(read(*gamepad).held);
}

TEST_F(Hands, AStickThatRestsMovesNothing) {
  const auto gamepad = open_hands(Kind::kGamepad, "");
  event("event1", EV_ABS, ABS_RX, 4000);
  EXPECT_EQ(read(*gamepad).right_x, 0);
  event("event1", EV_ABS, ABS_RX, 18000);
  EXPECT_NEAR(read(*gamepad).right_x, (18000.5 / 32767.5 - 0.15) / 0.85, 1e-3);
}

TEST_F(Hands, AKeyboardsKeysAreThoseOfThePage) {
  const auto keyboard = open_hands(Kind::kKeyboard, "/dev/input/event0");
  event("event0", EV_KEY, KEY_SPACE, 1);
  event("event0", EV_KEY, KEY_D, 1);
  event("event0", EV_KEY, KEY_V, 1);
  HandInput input = read(*keyboard);
  EXPECT_TRUE(input.held);
  EXPECT_EQ(input.left_x, 1);
  EXPECT_EQ(input.gripper, 1);
  event("event0", EV_KEY, KEY_D, 2);  // the system repeats it
  EXPECT_EQ(read(*keyboard).left_x, 1);
  event("event0", EV_KEY, KEY_D, 0);
  input = read(*keyboard);
  EXPECT_EQ(input.left_x, 0);
  EXPECT_TRUE(input.held);
}

TEST_F(Hands, LostEventsAreNoKeysThatStayDown) {
  const auto keyboard = open_hands(Kind::kKeyboard, "");
  event("event0", EV_KEY, KEY_SPACE, 1);
  event("event0", EV_SYN, SYN_DROPPED, 0);
  event("event0", EV_KEY, KEY_D, 1);
  event("event0", EV_SYN, SYN_REPORT, 0);
  EXPECT_EQ(read(*keyboard), HandInput());  // as the keyboard says now: nothing is down
}

TEST_F(Hands, AnUnpluggedDeviceIsTold) {
  const auto gamepad = open_hands(Kind::kGamepad, "");
  event("event1", EV_KEY, BTN_TR, 1);
  EXPECT_TRUE(read(*gamepad).held);
  fs::remove(input() / "event1");
  HandInput input;
  EXPECT_FALSE(gamepad->read(input));
  EXPECT_FALSE(input.held);
}

TEST_F(Hands, APedalTellsEachPressOnce) {
  Pedal pedal("/dev/input/event0");
  EXPECT_EQ(pedal.pressed(), 0);
  event("event0", EV_KEY, KEY_A, 1);
  event("event0", EV_KEY, KEY_A, 2);  // the system repeats it
  event("event0", EV_KEY, KEY_A, 0);
  event("event0", EV_KEY, KEY_C, 1);
  EXPECT_EQ(pedal.pressed(), key_code("a"));
  EXPECT_EQ(pedal.pressed(), key_code("c"));
  EXPECT_EQ(pedal.pressed(), 0);
  fs::remove(input() / "event0");
  EXPECT_EQ(pedal.pressed(), 0);
  EXPECT_FALSE(pedal.here());
}

TEST_F(Hands, APedalIsRefusedInOneLine) {
  EXPECT_THROW(Pedal("/dev/input/event9"), Error);
  EXPECT_THROW(Pedal("/dev/input/event2"), Error);  // it has no key
  EXPECT_THROW(key_code("f25"), Error);
  EXPECT_EQ(key_code("f13"), KEY_F13);
}

TEST_F(Hands, AreRefusedInOneLine) {
  EXPECT_THROW(open_hands(Kind::kGamepad, "/dev/input/event9"), Error);
  EXPECT_THROW(open_hands(Kind::kGamepad, "/dev/input/event2"), Error);
  EXPECT_THROW(open_hands(Kind::kGamepad, "/dev/input/event0"), Error);
  fs::remove(input() / "event1");
  fs::remove(input() / "by-id/usb-Fake_gamepad-event-joystick");
  EXPECT_THROW(open_hands(Kind::kGamepad, ""), Error);
}

}  // namespace
}  // namespace gyre::evdev
