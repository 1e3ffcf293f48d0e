#include "gyre/data/dataset_commit.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <vector>

#include "gyre/core/error.h"

namespace gyre::data {
namespace {

namespace fs = std::filesystem;

constexpr const char* kInside = ".next";  // a stage in the dataset itself
const fs::path kInfo = "meta/info.json";

void make_folder(const fs::path& folder) {
  std::error_code failed;
  fs::create_directories(folder, failed);
  if (failed) io::throw_file_error(folder, "make", failed.value());
}

void remove_tree(const fs::path& folder) {
  std::error_code ignored;
  fs::remove_all(folder, ignored);
}

dev_t device_of(const fs::path& path) {
  struct stat about {};
  return ::stat(path.c_str(), &about) == 0 ? about.st_dev : dev_t{};
}

// Files and links below a folder by their names in it, in order.
std::vector<fs::path> names_below(const fs::path& folder) {
  std::vector<fs::path> names;
  std::error_code failed;
  fs::recursive_directory_iterator entries(folder, failed);
  for (; !failed && entries != fs::recursive_directory_iterator(); entries.increment(failed)) {
    if (entries->is_symlink() || !entries->is_directory()) {
      names.push_back(entries->path().lexically_relative(folder));
    }
  }
  if (failed) io::throw_file_error(folder, "read", failed.value());
  std::sort(names.begin(), names.end());
  return names;
}

// Which dataset lies there: another one after each publishing. Zeros for none.
std::array<int64_t, 4> state_of(const fs::path& dataset) {
  struct stat about {};
  if (::stat((dataset / kInfo).c_str(), &about) != 0) return {};
  return {static_cast<int64_t>(about.st_dev), static_cast<int64_t>(about.st_ino),
          about.st_mtim.tv_sec, about.st_mtim.tv_nsec};
}

}  // namespace

DatasetStage::DatasetStage(const fs::path& dataset, io::FileCalls& calls) : calls_(calls) {
  dataset_ = fs::weakly_canonical(fs::absolute(dataset));
  if (!dataset_.has_filename()) dataset_ = dataset_.parent_path();
  if (fs::exists(dataset_) && ::access(dataset_.c_str(), W_OK) != 0) {
    io::throw_file_error(dataset_, "write", errno);
  }
  choose_place();
  remove_tree(stage_);
  make_folder(stage_);
  exchanges_ = !inside_ && io::can_exchange(stage_, calls_);
}

DatasetStage::~DatasetStage() { remove_tree(stage_); }

// Beside the dataset; in it where it is a mounted disk, or the folder above it is not ours.
void DatasetStage::choose_place() {
  const fs::path above = dataset_.parent_path();
  const std::string name = "." + dataset_.filename().string();
  make_folder(above);
  inside_ = fs::exists(dataset_) &&
            (device_of(dataset_) != device_of(above) || ::access(above.c_str(), W_OK) != 0);
  stage_ = inside_ ? dataset_ / kInside : above / (name + ".next");
  lock_ = std::make_unique<io::LockFile>(inside_ ? dataset_ / ".lock" : above / (name + ".lock"),
                                         dataset_, io::LockFile::AtEnd::kRemove);
}

void DatasetStage::publish(const std::function<bool(const fs::path&)>& keep) {
  const bool first = !fs::exists(dataset_);
  if (exchanges_) link_known(keep);
  sync_stage();
  if ((!exchanges_ && !first) || !exchange()) return move_in(keep);
  io::sync_folder_of(dataset_, calls_);
  remove_tree(stage_);  // it is the dataset as it was
}

void DatasetStage::link_known(const std::function<bool(const fs::path&)>& keep) {
  if (!fs::exists(dataset_)) return;
  for (const fs::path& name : names_below(dataset_)) {
    if (fs::exists(fs::symlink_status(stage_ / name)) || !keep(name)) continue;
    link(name);
    linked_.insert(name);
  }
  std::error_code ignored;
  fs::permissions(stage_, fs::status(dataset_).permissions(), ignored);
}

// Some file systems have no hard links.
void DatasetStage::link(const fs::path& name) {
  const fs::path from = dataset_ / name, to = stage_ / name;
  make_folder(to.parent_path());
  if (calls_.link(from.c_str(), to.c_str()) == 0) return;
  std::error_code failed;
  fs::copy(from, to, fs::copy_options::copy_symlinks, failed);
  if (failed) io::throw_file_error(to, "write", failed.value());
  if (fs::is_regular_file(fs::symlink_status(to))) io::sync_file(to, calls_);
}

void DatasetStage::sync_stage() {
  for (const auto& entry : fs::recursive_directory_iterator(stage_)) {
    if (entry.is_symlink()) continue;
    if (entry.is_directory()) io::sync_folder(entry.path(), calls_);
    const bool is_new = !linked_.contains(entry.path().lexically_relative(stage_));
    if (entry.is_regular_file() && is_new) io::sync_file(entry.path(), calls_);
  }
  io::sync_folder(stage_, calls_);
}

// False where the file system cannot.
bool DatasetStage::exchange() {
  std::error_code ignored;
  const bool first = !fs::exists(dataset_) || fs::is_empty(dataset_, ignored);
  const int code = first ? calls_.rename(stage_.c_str(), dataset_.c_str())
                         : calls_.exchange(stage_.c_str(), dataset_.c_str());
  if (code == 0) return true;
  if (first || (errno != EINVAL && errno != ENOSYS && errno != EOPNOTSUPP && errno != EXDEV &&
                errno != EBUSY)) {
    io::throw_file_error(dataset_, "write", errno);
  }
  return false;
}

void DatasetStage::move_in(const std::function<bool(const fs::path&)>& keep) {
  std::set<fs::path> added, folders;
  const auto move = [&](const fs::path& name) {
    make_folder((dataset_ / name).parent_path());
    if (calls_.rename((stage_ / name).c_str(), (dataset_ / name).c_str()) != 0) {
      io::throw_file_error(dataset_ / name, "write", errno);
    }
    added.insert(name);
    for (fs::path at = name; !at.empty(); at = at.parent_path()) folders.insert(at.parent_path());
  };
  for (const fs::path& name : names_below(stage_)) {
    if (!linked_.contains(name) && name != kInfo) move(name);
  }
  for (const fs::path& name : folders) io::sync_folder(dataset_ / name, calls_);
  if (fs::exists(stage_ / kInfo)) move(kInfo);
  io::sync_folder(dataset_ / kInfo.parent_path(), calls_);
  std::error_code ignored;
  for (const fs::path& name : names_below(dataset_)) {
    const bool ours = name == ".lock" || name.begin()->string() == kInside;
    if (!ours && !added.contains(name) && !keep(name)) fs::remove(dataset_ / name, ignored);
  }
  remove_tree(stage_);
}

void read_published(const fs::path& dataset, const std::function<void()>& read) {
  constexpr int kMost = 100;  // writers do not publish that often
  for (int attempt = 0; attempt < kMost; ++attempt) {
    const auto before = state_of(dataset);
    try {
      read();
    } catch (const Error&) {
      if (state_of(dataset) == before) throw;
      continue;
    }
    if (state_of(dataset) == before) return;
  }
  throw Error(dataset.string(), "changes faster than it can be read", "try again");
}

}  // namespace gyre::data
