#include "gyre/io/lock_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "gyre/core/error.h"
#include "gyre/io/file.h"

namespace gyre::io {
namespace {

// Whether the open file is still the one with this name: its last holder may have removed it.
bool has_name(int descriptor, const std::filesystem::path& file) {
  struct stat open {};
  struct stat named {};
  return ::fstat(descriptor, &open) == 0 && ::stat(file.c_str(), &named) == 0 &&
         open.st_dev == named.st_dev && open.st_ino == named.st_ino;
}

std::string holder(int descriptor) {
  char text[32] = {};
  const ssize_t size = ::pread(descriptor, text, sizeof text - 1, 0);
  return size > 0 ? text : "unknown";
}

}  // namespace

LockFile::LockFile(std::filesystem::path file, const std::filesystem::path& about, AtEnd at_end,
                   const Complaint& complaint)
    : file_(std::move(file)), at_end_(at_end) {
  while (true) {
    descriptor_ = ::open(file_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (descriptor_ < 0) throw_file_error(about, "write", errno);
    if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
      const std::string process = holder(descriptor_);
      ::close(descriptor_);
      throw Error(about.string(), fmt::format("process {} {}", process, complaint.does),
                  complaint.remedy);
    }
    if (has_name(descriptor_, file_)) break;
    ::close(descriptor_);
  }
  const std::string pid = std::to_string(::getpid());
  if (::ftruncate(descriptor_, 0) != 0 ||
      ::pwrite(descriptor_, pid.data(), pid.size(), 0) != static_cast<ssize_t>(pid.size())) {
    const int error_number = errno;
    ::close(descriptor_);
    throw_file_error(about, "write", error_number);
  }
}

LockFile::~LockFile() {
  if (at_end_ == AtEnd::kRemove) ::unlink(file_.c_str());
  ::close(descriptor_);
}

}  // namespace gyre::io
