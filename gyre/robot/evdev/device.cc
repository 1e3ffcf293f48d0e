#include "gyre/robot/evdev/device.h"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <map>
#include <optional>

#include "gyre/core/error.h"

namespace gyre::evdev {
namespace {

using Bits = std::array<uint8_t, KEY_MAX / 8 + 1>;

bool bit(const Bits& bits, int number) {
  return (bits[static_cast<size_t>(number) / 8] >> (number % 8) & 1) != 0;
}

std::optional<Kind> kind_of(int fd) {
  Bits keys{};
  if (::ioctl(fd, EVIOCGBIT(EV_KEY, keys.size()), keys.data()) < 0) return std::nullopt;
  if (bit(keys, BTN_GAMEPAD)) return Kind::kGamepad;
  if (bit(keys, KEY_SPACE) && bit(keys, KEY_A) && bit(keys, KEY_W)) return Kind::kKeyboard;
  return std::nullopt;
}

std::string device_name(int fd) {
  std::array<char, 256> name{};
  if (::ioctl(fd, EVIOCGNAME(name.size() - 1), name.data()) < 0) return "";
  return name.data();
}

std::vector<std::string> entries(const std::string& folder) {
  std::vector<std::string> names;
  DIR* open = ::opendir(folder.c_str());
  if (open == nullptr) return names;
  while (const dirent* entry = ::readdir(open)) names.emplace_back(entry->d_name);
  ::closedir(open);
  std::ranges::sort(names);
  return names;
}

}  // namespace

std::string problem_of(int error) {
  if (error == ENOENT) return "there is no such device";
  if (error == EACCES) {
    return "may not be opened; add yourself to its group (`sudo usermod -aG input $USER`) and log "
           "in again";
  }
  return std::strerror(error);
}

std::vector<FoundDevice> find_devices() {
  const std::string by_id = "/dev/input/by-id/";
  std::map<std::string, std::string> lasting;  // "event3" -> path by id
  for (const std::string& name : entries(by_id)) {
    std::array<char, 256> target{};
    const ssize_t length = ::readlink((by_id + name).c_str(), target.data(), target.size());
    if (length <= 0) continue;
    const std::string text(target.data(), static_cast<size_t>(length));
    lasting.emplace(text.substr(text.rfind('/') + 1), by_id + name);
  }
  std::vector<FoundDevice> found;
  for (const std::string& name : entries("/dev/input")) {
    if (!name.starts_with("event")) continue;
    const std::string node = "/dev/input/" + name;
    const auto by_name = lasting.find(name);
    FoundDevice device{.path = by_name == lasting.end() ? node : by_name->second};
    const int fd = ::open(node.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) {
      device.problem = problem_of(errno);
      found.push_back(std::move(device));
      continue;
    }
    if (const auto kind = kind_of(fd)) {
      device.kind = *kind;
      device.name = device_name(fd);
      found.push_back(std::move(device));
    }
    ::close(fd);
  }
  return found;
}

Device::Device(const std::string& path)
    : fd_(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC)) {
  if (fd_ < 0) throw Error(path, problem_of(errno));
  const std::optional<Kind> kind = kind_of(fd_);
  if (!kind || !read_all()) {
    ::close(fd_);
    throw Error(path, "is neither a gamepad nor a keyboard");
  }
  kind_ = *kind;
  name_ = device_name(fd_);
}

Device::~Device() { ::close(fd_); }

bool Device::read_all() noexcept {
  if (::ioctl(fd_, EVIOCGKEY(keys_.size()), keys_.data()) < 0) return false;
  for (size_t i = 0; i < axes_.size(); ++i) {
    input_absinfo info{};
    if (::ioctl(fd_, EVIOCGABS(i), &info) < 0) continue;  // it has no such axis
    axes_[i] = {info.value, info.minimum, info.maximum};
  }
  return true;
}

bool Device::update() noexcept {
  for (;;) {
    input_event event{};
    const ssize_t got = ::read(fd_, &event, sizeof event);
    if (got < 0 && errno == EAGAIN) return true;
    if (got < 0 && errno == EINTR) continue;
    if (got != sizeof event) return false;
    if (event.type == EV_SYN && event.code == SYN_DROPPED) {
      dropped_ = true;
    } else if (event.type == EV_SYN && dropped_) {
      dropped_ = false;
      if (!read_all()) return false;
    } else if (dropped_) {
      continue;
    } else if (event.type == EV_KEY && event.code <= KEY_MAX) {
      uint8_t& byte = keys_[event.code / 8];
      const auto mask = static_cast<uint8_t>(1U << event.code % 8);
      byte = static_cast<uint8_t>(event.value != 0 ? byte | mask : byte & ~mask);
    } else if (event.type == EV_ABS && event.code <= ABS_MAX) {
      axes_[event.code].value = event.value;
    }
  }
}

bool Device::down(int key) const noexcept {
  return (keys_[static_cast<size_t>(key) / 8] >> (key % 8) & 1) != 0;
}

double Device::axis(int axis) const noexcept { return 2 * trigger(axis) - 1; }

double Device::trigger(int axis) const noexcept {
  const Axis& at = axes_[static_cast<size_t>(axis)];
  if (at.max <= at.min) return 0.5;  // it has no such axis
  return std::clamp(static_cast<double>(at.value - at.min) / (at.max - at.min), 0.0, 1.0);
}

}  // namespace gyre::evdev
