#include "gyre/robot/evdev/pedal.h"

#include <fcntl.h>
#include <linux/input.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string_view>
#include <utility>
#include <vector>

#include "gyre/core/error.h"
#include "gyre/robot/evdev/device.h"

namespace gyre::evdev {
namespace {

constexpr std::array<std::pair<std::string_view, int>, 68> kKeyNames = {
    {{"a", KEY_A},           {"b", KEY_B},
     {"c", KEY_C},           {"d", KEY_D},
     {"e", KEY_E},           {"f", KEY_F},
     {"g", KEY_G},           {"h", KEY_H},
     {"i", KEY_I},           {"j", KEY_J},
     {"k", KEY_K},           {"l", KEY_L},
     {"m", KEY_M},           {"n", KEY_N},
     {"o", KEY_O},           {"p", KEY_P},
     {"q", KEY_Q},           {"r", KEY_R},
     {"s", KEY_S},           {"t", KEY_T},
     {"u", KEY_U},           {"v", KEY_V},
     {"w", KEY_W},           {"x", KEY_X},
     {"y", KEY_Y},           {"z", KEY_Z},
     {"0", KEY_0},           {"1", KEY_1},
     {"2", KEY_2},           {"3", KEY_3},
     {"4", KEY_4},           {"5", KEY_5},
     {"6", KEY_6},           {"7", KEY_7},
     {"8", KEY_8},           {"9", KEY_9},
     {"f1", KEY_F1},         {"f2", KEY_F2},
     {"f3", KEY_F3},         {"f4", KEY_F4},
     {"f5", KEY_F5},         {"f6", KEY_F6},
     {"f7", KEY_F7},         {"f8", KEY_F8},
     {"f9", KEY_F9},         {"f10", KEY_F10},
     {"f11", KEY_F11},       {"f12", KEY_F12},
     {"f13", KEY_F13},       {"f14", KEY_F14},
     {"f15", KEY_F15},       {"f16", KEY_F16},
     {"f17", KEY_F17},       {"f18", KEY_F18},
     {"f19", KEY_F19},       {"f20", KEY_F20},
     {"f21", KEY_F21},       {"f22", KEY_F22},
     {"f23", KEY_F23},       {"f24", KEY_F24},
     {"enter", KEY_ENTER},   {"space", KEY_SPACE},
     {"left", KEY_LEFT},     {"right", KEY_RIGHT},
     {"up", KEY_UP},         {"down", KEY_DOWN},
     {"pageup", KEY_PAGEUP}, {"pagedown", KEY_PAGEDOWN}}};

bool has_keys(int fd) {
  std::array<uint8_t, KEY_MAX / 8 + 1> keys{};
  return ::ioctl(fd, EVIOCGBIT(EV_KEY, keys.size()), keys.data()) >= 0 &&
         std::ranges::any_of(keys, [](uint8_t byte) { return byte != 0; });
}

}  // namespace

Pedal::Pedal(const std::string& path)
    : fd_(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC)) {
  if (fd_ < 0) throw Error(path, problem_of(errno));
  if (!has_keys(fd_)) {
    ::close(fd_);
    throw Error(path, "has no key", "give a pedal's or a keyboard's device");
  }
  ::ioctl(fd_, EVIOCGRAB, 1);  // refused: what it types goes to the terminal too
}

Pedal::~Pedal() { ::close(fd_); }

int Pedal::pressed() noexcept {
  while (here_) {
    input_event event{};
    const ssize_t got = ::read(fd_, &event, sizeof event);
    if (got < 0 && errno == EAGAIN) return 0;
    if (got < 0 && errno == EINTR) continue;
    here_ = got == sizeof event;
    constexpr int kDown = 1;  // 2 is a repeat
    if (here_ && event.type == EV_KEY && event.value == kDown) return event.code;
  }
  return 0;
}

int key_code(const std::string& name) {
  const auto* const found =
      std::ranges::find(kKeyNames, name, &std::pair<std::string_view, int>::first);
  if (found != kKeyNames.end()) return found->second;
  std::vector<std::string> names;
  for (const auto& [known, code] : kKeyNames) names.emplace_back(known);
  const std::string nearest = nearest_name(name, names);
  throw Error("key '" + name + "'", "is unknown",
              nearest.empty() ? "give a letter, a digit, f1 .. f24 or enter"
                              : "did you mean '" + nearest + "'?");
}

}  // namespace gyre::evdev
