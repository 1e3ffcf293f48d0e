// A library to load before libc (LD_PRELOAD) that plays cameras, gamepads and keyboards, so that a
// program runs unchanged on a machine that has none. The folder $GYRE_FAKE_DEVICES stands in for
// /dev:
//
//   video0            a camera, described line by line:
//                       name Fake front camera
//                       mode mjpg 640 480 30      (any number of them)
//                       gives 320 240             another size than was asked for
//                       frozen                    the same picture again and again
//                       broken 3                  every third picture ends early
//                       lacks 10094850            it has not the control of this id
//                       busy                      another program streams
//   v4l/by-id/NAME    a symbolic link to ../../video0
//   input/event0      a gamepad or keyboard: lines "kind gamepad" or "kind keyboard", and "name
//   NAME" input/out.event0  a FIFO with its events, as the kernel's input_event
//
// The description is read again for each picture; a device whose file is removed is unplugged. Each
// picture shows its time of capture: 64 bits of nanoseconds as black and white blocks, 8 x 8 of 16
// x 12 pixels each, the highest first.
#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <linux/input.h>
#include <linux/videodev2.h>
#include <stdarg.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <fstream>
#include <map>
#include <memory>
#include <mutex>
#include <sstream>
#include <string>
#include <vector>
// jpeglib.h needs FILE and size_t declared before it.
#include <jpeglib.h>

namespace {

constexpr int kBlock = 16, kBlockHeight = 12, kSide = 8;
constexpr uint32_t kMostBuffers = 8;

template <class Function>
Function* libc(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

struct FakeMode {
  uint32_t format = 0, width = 0, height = 0, fps = 0;
};

struct Description {
  std::string name;
  std::vector<FakeMode> modes;
  uint32_t given_width = 0, given_height = 0;
  int broken = 0;
  uint32_t lacks = 0;
  bool frozen = false, busy = false;
};

bool read_description(const std::string& file, Description& description) {
  std::ifstream in(file);
  if (!in) return false;
  std::string line;
  while (std::getline(in, line)) {
    std::istringstream words(line);
    std::string key;
    words >> key;
    if (key == "name") {
      description.name = line.substr(std::min<size_t>(5, line.size()));
    } else if (key == "mode") {
      FakeMode mode;
      std::string format;
      words >> format >> mode.width >> mode.height >> mode.fps;
      mode.format = format == "mjpg" ? V4L2_PIX_FMT_MJPEG : V4L2_PIX_FMT_YUYV;
      description.modes.push_back(mode);
    } else if (key == "gives") {
      words >> description.given_width >> description.given_height;
    } else if (key == "broken") {
      words >> description.broken;
    } else if (key == "lacks") {
      words >> description.lacks;
    } else if (key == "frozen") {
      description.frozen = true;
    } else if (key == "busy") {
      description.busy = true;
    }
  }
  return true;
}

int64_t now_ns() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

// Grey, a slow ramp, with the time code in the upper left corner.
std::vector<uint8_t> draw(uint32_t width, uint32_t height, int64_t time_ns) {
  std::vector<uint8_t> luma(size_t{width} * height);
  for (uint32_t y = 0; y < height; ++y) {
    for (uint32_t x = 0; x < width; ++x) {
      const uint32_t column = x / kBlock, row = y / kBlockHeight;
      uint8_t value = static_cast<uint8_t>(64 + 96 * x / width);
      if (column < kSide && row < kSide) {
        const uint32_t bit = 63 - (row * kSide + column);
        value = ((static_cast<uint64_t>(time_ns) >> bit) & 1) != 0 ? 235 : 16;
      }
      luma[size_t{y} * width + x] = value;
    }
  }
  return luma;
}

std::vector<uint8_t> as_jpeg(const std::vector<uint8_t>& luma, uint32_t width, uint32_t height) {
  jpeg_compress_struct info{};
  jpeg_error_mgr errors{};
  info.err = jpeg_std_error(&errors);
  jpeg_create_compress(&info);
  unsigned char* bytes = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&info, &bytes, &size);
  info.image_width = width;
  info.image_height = height;
  info.input_components = 1;
  info.in_color_space = JCS_GRAYSCALE;
  jpeg_set_defaults(&info);
  jpeg_start_compress(&info, TRUE);
  while (info.next_scanline < height) {
    auto* row = const_cast<uint8_t*>(luma.data()) + size_t{info.next_scanline} * width;
    jpeg_write_scanlines(&info, &row, 1);
  }
  jpeg_finish_compress(&info);
  jpeg_destroy_compress(&info);
  std::vector<uint8_t> packed(bytes, bytes + size);
  free(bytes);
  packed.resize(packed.size() + 64);  // cameras pad
  return packed;
}

std::vector<uint8_t> as_yuyv(const std::vector<uint8_t>& luma) {
  std::vector<uint8_t> packed;
  packed.reserve(2 * luma.size());
  for (const uint8_t value : luma) {
    packed.push_back(value);
    packed.push_back(128);
  }
  return packed;
}

class FakeCamera {
 public:
  FakeCamera(std::string file, int timer) : file_(std::move(file)), timer_(timer) {}

  int control(unsigned long request, void* argument) {
    Description now;
    if (!read_description(file_, now)) return fail(ENODEV);
    described_ = now;
    switch (request) {
      case VIDIOC_QUERYCAP:
        return capability(*static_cast<v4l2_capability*>(argument));
      case VIDIOC_ENUM_FMT:
        return format(*static_cast<v4l2_fmtdesc*>(argument));
      case VIDIOC_ENUM_FRAMESIZES:
        return size(*static_cast<v4l2_frmsizeenum*>(argument));
      case VIDIOC_ENUM_FRAMEINTERVALS:
        return interval(*static_cast<v4l2_frmivalenum*>(argument));
      case VIDIOC_S_FMT:
        return set_format(*static_cast<v4l2_format*>(argument));
      case VIDIOC_S_PARM:
        return set_rate(*static_cast<v4l2_streamparm*>(argument));
      case VIDIOC_S_CTRL:
        return static_cast<v4l2_control*>(argument)->id == described_.lacks ? fail(EINVAL) : 0;
      case VIDIOC_REQBUFS:
        return make_buffers(*static_cast<v4l2_requestbuffers*>(argument));
      case VIDIOC_QUERYBUF:
        return describe_buffer(*static_cast<v4l2_buffer*>(argument));
      case VIDIOC_QBUF:
        waiting_.push_back(static_cast<v4l2_buffer*>(argument)->index);
        return 0;
      case VIDIOC_DQBUF:
        return picture(*static_cast<v4l2_buffer*>(argument));
      case VIDIOC_STREAMON:
        return set_timer(1'000'000'000 / mode_.fps);
      case VIDIOC_STREAMOFF:
        return set_timer(0);
      default:
        return fail(ENOTTY);
    }
  }

  void* memory(off_t offset) const {
    const auto index = static_cast<size_t>(offset) / kPage;
    return index < memory_.size() ? memory_[index] : MAP_FAILED;
  }

 private:
  static constexpr size_t kPage = 4096;  // offsets are the index in pages

  static int fail(int error) {
    errno = error;
    return -1;
  }
  int capability(v4l2_capability& able) const {
    std::strncpy(reinterpret_cast<char*>(able.card), described_.name.c_str(), sizeof able.card - 1);
    able.capabilities = V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_STREAMING | V4L2_CAP_DEVICE_CAPS;
    able.device_caps =
        described_.modes.empty() ? uint32_t{V4L2_CAP_META_CAPTURE} : able.capabilities;
    return 0;
  }
  std::vector<uint32_t> formats() const {
    std::vector<uint32_t> found;
    for (const FakeMode& mode : described_.modes) {
      if (found.empty() || found.back() != mode.format) found.push_back(mode.format);
    }
    return found;
  }
  int format(v4l2_fmtdesc& asked) const {
    if (asked.index >= formats().size()) return fail(EINVAL);
    asked.pixelformat = formats()[asked.index];
    return 0;
  }
  int size(v4l2_frmsizeenum& asked) const {
    uint32_t index = 0;
    for (const FakeMode& mode : described_.modes) {
      if (mode.format != asked.pixel_format || index++ != asked.index) continue;
      asked.type = V4L2_FRMSIZE_TYPE_DISCRETE;
      asked.discrete = {mode.width, mode.height};
      return 0;
    }
    return fail(EINVAL);
  }
  int interval(v4l2_frmivalenum& asked) const {
    for (const FakeMode& mode : described_.modes) {
      if (asked.index != 0 || mode.format != asked.pixel_format || mode.width != asked.width ||
          mode.height != asked.height) {
        continue;
      }
      asked.type = V4L2_FRMIVAL_TYPE_DISCRETE;
      asked.discrete = {1, mode.fps};
      return 0;
    }
    return fail(EINVAL);
  }
  int set_format(v4l2_format& asked) {
    if (described_.busy) return fail(EBUSY);
    v4l2_pix_format& pixels = asked.fmt.pix;
    for (const FakeMode& mode : described_.modes) {
      if (mode.format == pixels.pixelformat && mode.width == pixels.width &&
          mode.height == pixels.height) {
        mode_ = mode;
      }
    }
    if (described_.given_width != 0) {
      mode_.width = described_.given_width;
      mode_.height = described_.given_height;
    }
    pixels.pixelformat = mode_.format;
    pixels.width = mode_.width;
    pixels.height = mode_.height;
    bytes_ = size_t{mode_.width} * mode_.height * 2 + 4096;
    return 0;
  }
  int set_rate(v4l2_streamparm& asked) {
    v4l2_fract& period = asked.parm.capture.timeperframe;
    const uint32_t wanted = period.denominator / std::max(1U, period.numerator);
    mode_.fps = std::min(mode_.fps, std::max(1U, wanted));
    period = {1, mode_.fps};
    return 0;
  }
  int make_buffers(v4l2_requestbuffers& asked) {
    asked.count = std::min(asked.count, kMostBuffers);
    while (memory_.size() < asked.count) {
      memory_.push_back(
          mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
    }
    return 0;
  }
  int describe_buffer(v4l2_buffer& asked) const {
    if (asked.index >= memory_.size()) return fail(EINVAL);
    asked.length = static_cast<uint32_t>(bytes_);
    asked.m.offset = static_cast<uint32_t>(asked.index * kPage);
    return 0;
  }
  int set_timer(int64_t period_ns) const {
    itimerspec times{};
    times.it_interval = {period_ns / 1'000'000'000, period_ns % 1'000'000'000};
    times.it_value = times.it_interval;
    return timerfd_settime(timer_, 0, &times, nullptr);
  }
  int picture(v4l2_buffer& buffer) {
    uint64_t due = 0;
    if (::read(timer_, &due, sizeof due) != sizeof due || waiting_.empty()) return fail(EAGAIN);
    const int64_t time_ns = now_ns();
    const int64_t shown_ns = described_.frozen && shown_ns_ != 0 ? shown_ns_ : time_ns;
    shown_ns_ = shown_ns;
    const std::vector<uint8_t> luma = draw(mode_.width, mode_.height, shown_ns);
    std::vector<uint8_t> bytes = mode_.format == V4L2_PIX_FMT_MJPEG
                                     ? as_jpeg(luma, mode_.width, mode_.height)
                                     : as_yuyv(luma);
    if (described_.broken > 0 && ++drawn_ % described_.broken == 0) bytes.resize(bytes.size() / 2);
    buffer.index = waiting_.front();
    waiting_.pop_front();
    std::memcpy(memory_[buffer.index], bytes.data(), std::min(bytes.size(), bytes_));
    buffer.bytesused = static_cast<uint32_t>(bytes.size());
    buffer.flags = V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC;
    buffer.timestamp = {time_ns / 1'000'000'000, time_ns % 1'000'000'000 / 1000};
    return 0;
  }

  std::string file_;
  int timer_;
  Description described_;
  FakeMode mode_;
  size_t bytes_ = 0;
  std::vector<void*> memory_;  // the program unmaps it
  std::deque<uint32_t> waiting_;
  int64_t shown_ns_ = 0;
  int drawn_ = 0;
};

class FakeInput {
 public:
  explicit FakeInput(std::string file) : file_(std::move(file)) {}

  bool is_there() const { return access(file_.c_str(), F_OK) == 0; }

  int control(unsigned long request, void* argument) const {
    std::string name, kind;
    std::ifstream in(file_);
    for (std::string line; std::getline(in, line);) {
      if (line.starts_with("name ")) name = line.substr(5);
      if (line.starts_with("kind ")) kind = line.substr(5);
    }
    const bool gamepad = kind == "gamepad";
    auto* bytes = static_cast<uint8_t*>(argument);
    const size_t size = _IOC_SIZE(request);
    const auto number = _IOC_NR(request);
    if (number == _IOC_NR(EVIOCGNAME(0))) {
      std::strncpy(static_cast<char*>(argument), name.c_str(), size);
    } else if (number == _IOC_NR(EVIOCGKEY(0))) {
      std::memset(argument, 0, size);
    } else if (number == _IOC_NR(EVIOCGBIT(EV_KEY, 0))) {
      std::memset(argument, 0, size);
      for (const int key : gamepad ? std::vector<int>{BTN_GAMEPAD, BTN_TL}
                                   : std::vector<int>{KEY_SPACE, KEY_A, KEY_W}) {
        if (!kind.empty()) bytes[key / 8] |= static_cast<uint8_t>(1U << key % 8);
      }
    } else if (number >= _IOC_NR(EVIOCGABS(0)) && number <= _IOC_NR(EVIOCGABS(ABS_MAX))) {
      const unsigned axis = number - _IOC_NR(EVIOCGABS(0));
      const bool trigger = axis == ABS_Z || axis == ABS_RZ;
      const bool cross = axis == ABS_HAT0X || axis == ABS_HAT0Y;
      auto* info = static_cast<input_absinfo*>(argument);
      *info = {};
      if (!gamepad || axis > ABS_HAT0Y) {
        errno = EINVAL;
        return -1;
      }
      info->maximum = cross ? 1 : trigger ? 255 : 32767;
      info->minimum = trigger ? 0 : -info->maximum - (cross ? 0 : 1);
    } else {
      errno = EINVAL;
      return -1;
    }
    return static_cast<int>(size);
  }

 private:
  std::string file_;
};

std::mutex mutex;
std::map<int, std::shared_ptr<FakeCamera>>& cameras() {
  static auto* open = new std::map<int, std::shared_ptr<FakeCamera>>;  // outlives all destructors
  return *open;
}

std::map<int, std::shared_ptr<FakeInput>>& inputs() {
  static auto* open = new std::map<int, std::shared_ptr<FakeInput>>;
  return *open;
}

std::shared_ptr<FakeInput> input_of(int fd) {
  const std::lock_guard lock(mutex);
  const auto found = inputs().find(fd);
  return found == inputs().end() ? nullptr : found->second;
}

std::shared_ptr<FakeCamera> camera_of(int fd) {
  const std::lock_guard lock(mutex);
  const auto found = cameras().find(fd);
  return found == cameras().end() ? nullptr : found->second;
}

// "/dev/video0" in the folder that stands in for /dev; "" for what is not played.
std::string stand_in(const char* path) {
  const char* folder = getenv("GYRE_FAKE_DEVICES");
  if (folder == nullptr || path == nullptr) return "";
  const bool played = std::strncmp(path, "/dev/video", 10) == 0 ||
                      std::strncmp(path, "/dev/v4l", 8) == 0 ||
                      std::strncmp(path, "/dev/input", 10) == 0 || std::strcmp(path, "/dev") == 0;
  return played ? folder + std::string(path + 4) : "";
}

int open_camera(const std::string& file) {
  if (access(file.c_str(), F_OK) != 0) {
    errno = ENOENT;
    return -1;
  }
  if (access(file.c_str(), R_OK) != 0 || std::ifstream(file).peek() == EOF) {
    errno = EACCES;
    return -1;
  }
  const int timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
  const std::lock_guard lock(mutex);
  cameras()[timer] = std::make_shared<FakeCamera>(file, timer);
  return timer;
}

int open_input(const std::string& file) {
  if (access(file.c_str(), F_OK) != 0) {
    errno = ENOENT;
    return -1;
  }
  char* real = realpath(file.c_str(), nullptr);
  const std::string described = real;
  free(real);
  const size_t name = described.rfind('/') + 1;
  const std::string events = described.substr(0, name) + "out." + described.substr(name);
  const int fd = static_cast<int>(
      syscall(SYS_openat, AT_FDCWD, events.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC, 0));
  if (fd < 0) return -1;
  const std::lock_guard lock(mutex);
  inputs()[fd] = std::make_shared<FakeInput>(described);
  return fd;
}

int open_any(const char* path, int flags, mode_t mode) {
  const std::string file = stand_in(path);
  if (!file.empty() && file.find("/input/") != std::string::npos) return open_input(file);
  const bool camera = !file.empty() && (file.find("video") != std::string::npos ||
                                        file.find("/by-id/") != std::string::npos);
  if (camera) return open_camera(file);
  return static_cast<int>(syscall(SYS_openat, AT_FDCWD, path, flags, mode));
}

}  // namespace

extern "C" {

int open(const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const mode_t mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  return open_any(path, flags, mode);
}
int open64(const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const mode_t mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  return open_any(path, flags, mode);
}
ssize_t read(int fd, void* bytes, size_t count) {
  if (const auto input = input_of(fd); input && !input->is_there()) {
    errno = ENODEV;
    return -1;
  }
  return syscall(SYS_read, fd, bytes, count);
}
DIR* opendir(const char* path) {
  const std::string folder = stand_in(path);
  return libc<DIR*(const char*)>("opendir")(folder.empty() ? path : folder.c_str());
}
ssize_t readlink(const char* path, char* target, size_t size) noexcept {
  const std::string file = stand_in(path);
  return libc<ssize_t(const char*, char*, size_t)>("readlink")(file.empty() ? path : file.c_str(),
                                                               target, size);
}
int ioctl(int fd, unsigned long request, ...) noexcept {
  va_list rest;
  va_start(rest, request);
  void* argument = va_arg(rest, void*);
  va_end(rest);
  if (const auto camera = camera_of(fd)) return camera->control(request, argument);
  if (const auto input = input_of(fd)) return input->control(request, argument);
  return libc<int(int, unsigned long, ...)>("ioctl")(fd, request, argument);
}
void* mmap(void* at, size_t bytes, int protection, int flags, int fd, off_t offset) noexcept {
  if (fd >= 0 && (flags & MAP_ANONYMOUS) == 0) {
    if (const auto camera = camera_of(fd)) return camera->memory(offset);
  }
  return libc<void*(void*, size_t, int, int, int, off_t)>("mmap")(at, bytes, protection, flags, fd,
                                                                  offset);
}
int close(int fd) {
  {
    const std::lock_guard lock(mutex);
    cameras().erase(fd);
    inputs().erase(fd);
  }
  return libc<int(int)>("close")(fd);
}

}  // extern "C"
