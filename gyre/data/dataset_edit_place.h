#pragma once

#include <filesystem>
#include <memory>

#include "gyre/io/file.h"
#include "gyre/io/lock_file.h"

// Where the result of an edit is made and how it appears: whole or not at all.
namespace gyre::data {

// A folder of its own beside its place. What a run that was killed left there is removed by the
// next one.
class NewDataset {
 public:
  // `place`: a folder that is not there yet, or is empty; with `replace` one that is, and that is
  // kept as <place>.backup (.backup-2 ...), which takes a file system that exchanges folders at
  // once. Throws Error naming it, or the process that writes there.
  NewDataset(std::filesystem::path place, bool replace,
             io::FileCalls& calls = io::FileCalls::system());
  ~NewDataset();  // removes what was not published
  NewDataset(const NewDataset&) = delete;
  NewDataset& operator=(const NewDataset&) = delete;

  const std::filesystem::path& folder() const { return folder_; }  // where it is written
  // All is on the disk and at its place. Returns the former folder's new name, or "".
  std::filesystem::path publish();

 private:
  std::filesystem::path place_, folder_;
  bool replace_;
  io::FileCalls& calls_;
  std::unique_ptr<io::LockFile> lock_;
};

}  // namespace gyre::data
