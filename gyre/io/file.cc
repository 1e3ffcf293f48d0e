#include "gyre/io/file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

#include "gyre/core/error.h"

namespace gyre::io {
namespace {

template <class Bytes>
Bytes read_whole(const std::filesystem::path& file) {
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) throw_file_error(file, "read", errno);
  Bytes bytes;
  std::error_code ignored;
  const auto size = std::filesystem::file_size(file, ignored);
  size_t used = 0;
  bytes.resize(ignored ? 4096 : size + 1);
  while (true) {
    if (used == bytes.size()) bytes.resize(2 * bytes.size());
    const ssize_t n = ::read(descriptor, bytes.data() + used, bytes.size() - used);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) {
      const int error_number = errno;
      ::close(descriptor);
      throw_file_error(file, "read", error_number);
    }
    if (n == 0) break;
    used += static_cast<size_t>(n);
  }
  ::close(descriptor);
  bytes.resize(used);
  return bytes;
}

}  // namespace

int FileCalls::open(const char* path, int flags, unsigned mode) {
  return ::open(path, flags, mode);
}
ssize_t FileCalls::write(int descriptor, const void* bytes, size_t count) {
  return ::write(descriptor, bytes, count);
}
int FileCalls::ftruncate(int descriptor, off_t size) { return ::ftruncate(descriptor, size); }
int FileCalls::fdatasync(int descriptor) { return ::fdatasync(descriptor); }
int FileCalls::fsync(int descriptor) { return ::fsync(descriptor); }
int FileCalls::rename(const char* from, const char* to) { return ::rename(from, to); }
int FileCalls::exchange(const char* a, const char* b) {
  return ::renameat2(AT_FDCWD, a, AT_FDCWD, b, RENAME_EXCHANGE);
}

int FileCalls::link(const char* from, const char* to) { return ::link(from, to); }

FileCalls& FileCalls::system() {
  static FileCalls calls;
  return calls;
}

void sync_file(const std::filesystem::path& file, FileCalls& calls) {
  const int descriptor = calls.open(file.c_str(), O_RDONLY | O_CLOEXEC, 0);
  if (descriptor < 0) throw_file_error(file, "write", errno);
  const bool synced = calls.fsync(descriptor) == 0;
  const int error_number = errno;
  ::close(descriptor);
  if (!synced) throw_file_error(file, "write", error_number);
}

bool can_exchange(const std::filesystem::path& folder, FileCalls& calls) {
  const std::filesystem::path a = folder / ".a", b = folder / ".b";
  std::error_code failed;
  std::filesystem::create_directory(a, failed);
  if (!failed) std::filesystem::create_directory(b, failed);
  if (failed) throw_file_error(folder, "write", failed.value());
  const bool can = calls.exchange(a.c_str(), b.c_str()) == 0;
  std::filesystem::remove(a, failed);
  std::filesystem::remove(b, failed);
  return can;
}

void sync_folder_of(const std::filesystem::path& file, FileCalls& calls) {
  sync_folder(file.has_parent_path() ? file.parent_path() : ".", calls);
}

void sync_folder(const std::filesystem::path& folder, FileCalls& calls) {
  const int descriptor = calls.open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
  if (descriptor < 0) return;
  calls.fsync(descriptor);
  ::close(descriptor);
}

void throw_file_error(const std::filesystem::path& file, std::string_view doing, int error_number) {
  std::string_view advice;
  switch (error_number) {
    case ENOSPC:
    case EDQUOT:
      advice = "make room on this disk or name another place";
      break;
    case EFBIG:
      advice = "raise the limit on file size (ulimit -f)";
      break;
    case ENOENT:
    case ENOTDIR:
      advice = "check the path";
      break;
    case EACCES:
    case EPERM:
    case EROFS:
      advice = "check the permissions";
      break;
    default:
      break;
  }
  throw Error(file.string(), fmt::format("cannot {}: {}", doing, std::strerror(error_number)),
              advice);
}

std::string read_text(const std::filesystem::path& file) { return read_whole<std::string>(file); }

std::vector<uint8_t> read_bytes(const std::filesystem::path& file) {
  return read_whole<std::vector<uint8_t>>(file);
}

OutputFile::OutputFile(std::filesystem::path file, Mode mode, FileCalls& calls)
    : path_(std::move(file)), calls_(&calls) {
  ignore_file_size_signal();
  const int flags = mode == Mode::kAppend ? O_APPEND : O_TRUNC;
  descriptor_ = calls.open(path_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | flags, 0666);
  if (descriptor_ < 0) throw_file_error(path_, "write", errno);
}

OutputFile::~OutputFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

OutputFile::OutputFile(OutputFile&& other) noexcept
    : path_(std::move(other.path_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      calls_(other.calls_) {}

OutputFile& OutputFile::operator=(OutputFile&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(descriptor_, other.descriptor_);
  std::swap(calls_, other.calls_);
  return *this;
}

void OutputFile::write(std::span<const uint8_t> bytes) {
  while (!bytes.empty()) {
    const ssize_t n = calls_->write(descriptor_, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) throw_file_error(path_, "write", errno);
    bytes = bytes.subspan(static_cast<size_t>(n));
  }
}

void OutputFile::write(std::string_view text) {
  write({reinterpret_cast<const uint8_t*>(text.data()), text.size()});
}

void OutputFile::truncate(uint64_t size) {
  if (calls_->ftruncate(descriptor_, static_cast<off_t>(size)) != 0 ||
      ::lseek(descriptor_, static_cast<off_t>(size), SEEK_SET) < 0) {
    throw_file_error(path_, "shorten", errno);
  }
}

// EINVAL: a pipe or device, which has nothing to sync.
void OutputFile::sync() {
  if (calls_->fsync(descriptor_) != 0 && errno != EINVAL) throw_file_error(path_, "write", errno);
}

void OutputFile::sync_data() {
  if (calls_->fdatasync(descriptor_) != 0 && errno != EINVAL) {
    throw_file_error(path_, "write", errno);
  }
}

void OutputFile::close() {
  sync();
  if (::close(std::exchange(descriptor_, -1)) != 0) throw_file_error(path_, "write", errno);
}

void write_atomically(const std::filesystem::path& file, std::string_view text, FileCalls& calls) {
  const auto write = [&](const std::filesystem::path& temporary) {
    OutputFile out(temporary, OutputFile::Mode::kTruncate, calls);
    out.write(text);
    out.close();
  };
  write_atomically(file, write, calls);
}

void write_atomically(const std::filesystem::path& file,
                      const std::function<void(const std::filesystem::path&)>& write,
                      FileCalls& calls) {
  ignore_file_size_signal();
  const std::filesystem::path folder = file.parent_path();
  if (!folder.empty() && !std::filesystem::exists(folder)) throw_file_error(file, "write", ENOENT);
  // A device or pipe cannot be renamed over.
  if (std::filesystem::exists(file) && !std::filesystem::is_regular_file(file)) return write(file);
  // The extension stays last: libraries choose the format by it.
  const std::filesystem::path temporary =
      folder /
      fmt::format(".{}.{}.tmp{}", file.stem().string(), ::getpid(), file.extension().string());
  try {
    write(temporary);
    sync_file(temporary, calls);
    if (calls.rename(temporary.c_str(), file.c_str()) != 0) throw_file_error(file, "write", errno);
  } catch (...) {
    std::error_code ignored;
    std::filesystem::remove(temporary, ignored);
    throw;
  }
  sync_folder_of(file, calls);
}

void ignore_file_size_signal() { std::signal(SIGXFSZ, SIG_IGN); }

}  // namespace gyre::io
