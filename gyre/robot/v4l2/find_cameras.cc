#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <map>
#include <string>
#include <vector>

#include "gyre/robot/v4l2/device.h"
#include "gyre/robot/v4l2/modes.h"

namespace gyre::v4l2 {
namespace {

std::vector<std::string> names_in(const std::string& folder) {
  std::vector<std::string> names;
  DIR* open = ::opendir(folder.c_str());
  if (open == nullptr) return names;
  while (const dirent* entry = ::readdir(open)) names.emplace_back(entry->d_name);
  ::closedir(open);
  std::ranges::sort(names);
  return names;
}

// "/dev/video0" for a link to "../../video0".
std::string node_of(const std::string& link) {
  std::array<char, 256> target{};
  const ssize_t length = ::readlink(link.c_str(), target.data(), target.size());
  if (length <= 0) return "";
  const std::string text(target.data(), static_cast<size_t>(length));
  return "/dev/" + text.substr(text.rfind('/') + 1);
}

}  // namespace

std::vector<FoundCamera> find_cameras() {
  std::map<std::string, std::string> lasting;  // node -> path by id
  const std::string by_id = "/dev/v4l/by-id/";
  for (const std::string& name : names_in(by_id)) {
    const std::string node = node_of(by_id + name);
    if (!node.empty()) lasting.emplace(node, by_id + name);
  }
  std::vector<FoundCamera> found;
  for (const std::string& name : names_in("/dev")) {
    if (!name.starts_with("video")) continue;
    const std::string node = "/dev/" + name;
    const auto by_name = lasting.find(node);
    FoundCamera camera{.path = by_name == lasting.end() ? node : by_name->second};
    const int fd = ::open(node.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) {
      camera.problem = open_problem(errno);
      found.push_back(std::move(camera));
      continue;
    }
    if (gives_pictures(fd)) {
      camera.name = card_name(fd);
      camera.modes = read_modes(fd);
      found.push_back(std::move(camera));
    }
    ::close(fd);
  }
  return found;
}

}  // namespace gyre::v4l2
