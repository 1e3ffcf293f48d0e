#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <set>

#include "gyre/io/file.h"
#include "gyre/io/lock_file.h"

namespace gyre::data {

// The next state of a dataset folder, made in a folder beside it: "data/cups" is written as
// "data/.cups.next", and "data/.cups.lock" keeps other writers away meanwhile. publish() adds hard
// links of the known files and lets the two folders change places, so that a reader sees the
// dataset before or after, and a kill or a loss of power at any moment leaves one of the two.
//
// Where the file system cannot exchange folders, new files are moved into the dataset and
// meta/info.json last: a reader goes by the numbers in it. What is in data/ and videos/ should then
// have new names.
class DatasetStage {
 public:
  // Throws Error naming the process that writes there, and where the folder cannot be written.
  // Removes what a writer that was killed has left.
  explicit DatasetStage(const std::filesystem::path& dataset,
                        io::FileCalls& calls = io::FileCalls::system());
  // Without publish() the dataset stays as it was.
  ~DatasetStage();
  DatasetStage(const DatasetStage&) = delete;
  DatasetStage& operator=(const DatasetStage&) = delete;

  const std::filesystem::path& dataset() const { return dataset_; }  // absolute, links followed
  // New files go here, by the names that they have in the dataset.
  const std::filesystem::path& path() const { return stage_; }
  bool exchanges() const { return exchanges_; }  // else files are moved in, info.json last

  // `keep` answers whether a known file stays ("data/chunk-000/file-000.parquet"); one that is new
  // in the stage too is replaced. Once; after an Error the dataset is as it was to its readers.
  void publish(const std::function<bool(const std::filesystem::path&)>& keep);

 private:
  std::filesystem::path dataset_, stage_;
  io::FileCalls& calls_;
  std::unique_ptr<io::LockFile> lock_;
  std::set<std::filesystem::path> linked_;  // names of known files in the stage
  bool inside_ = false;                     // the stage is a folder of the dataset
  bool exchanges_ = false;

  void choose_place();
  void link_known(const std::function<bool(const std::filesystem::path&)>& keep);
  void link(const std::filesystem::path& name);
  void sync_stage();
  bool exchange();
  void move_in(const std::function<bool(const std::filesystem::path&)>& keep);
};

// Calls `read` until no writer has published while it read: several files are of one state then.
void read_published(const std::filesystem::path& dataset, const std::function<void()>& read);

}  // namespace gyre::data
