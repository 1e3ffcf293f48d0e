#pragma once

#include <filesystem>
#include <utility>

namespace gyre::io {

// A file that one holder at a time has locked, with the number of its process in it. The system
// ends the lock with the process, however that ends.
class LockFile {
 public:
  enum class AtEnd { kKeep, kRemove };
  // The complaint about another holder: "<about>: process 17 <does>; <remedy>".
  struct Complaint {
    const char* does = "writes there";
    const char* remedy = "end it, or name another folder";
  };
  // Throws Error about `about` while another holds it, in this process or in another, and where the
  // file cannot be written.
  LockFile(std::filesystem::path file, const std::filesystem::path& about, AtEnd at_end)
      : LockFile(std::move(file), about, at_end, Complaint()) {}
  LockFile(std::filesystem::path file, const std::filesystem::path& about, AtEnd at_end,
           const Complaint& complaint);
  ~LockFile();
  LockFile(const LockFile&) = delete;
  LockFile& operator=(const LockFile&) = delete;

 private:
  std::filesystem::path file_;
  AtEnd at_end_;
  int descriptor_ = -1;
};

}  // namespace gyre::io
