#include "gyre/data/dataset_commit.h"

#include <cerrno>
#include <set>

namespace gyre::data {
namespace {

namespace fs = std::filesystem;

constexpr const char* kSetAside = ".meta.old";

void move(const fs::path& from, const fs::path& to, io::FileCalls& calls) {
  std::error_code failed;
  fs::create_directories(to.parent_path(), failed);
  if (failed) io::throw_file_error(to.parent_path(), "create", failed.value());
  if (calls.rename(from.c_str(), to.c_str()) != 0) io::throw_file_error(to, "write", errno);
}

// Files and folders of `meta`, then `meta` itself.
void sync_tree(const fs::path& meta, io::FileCalls& calls) {
  for (const auto& entry : fs::recursive_directory_iterator(meta)) {
    if (entry.is_directory()) io::sync_folder(entry.path(), calls);
    if (entry.is_regular_file()) io::sync_file(entry.path(), calls);
  }
  io::sync_folder(meta, calls);
}

void add_files(const fs::path& folder, const fs::path& partial, std::span<const fs::path> added,
               io::FileCalls& calls) {
  std::set<fs::path> changed;  // folders with new entries
  for (const fs::path& name : added) {
    move(partial / name, folder / name, calls);
    for (fs::path at = name; !at.empty(); at = at.parent_path()) changed.insert(at.parent_path());
  }
  for (const fs::path& name : changed) io::sync_folder(folder / name, calls);
}

void replace_meta(const fs::path& folder, const fs::path& partial, io::FileCalls& calls) {
  const fs::path meta = folder / "meta";
  if (!fs::exists(meta)) {
    move(partial / "meta", meta, calls);
  } else if (calls.exchange((partial / "meta").c_str(), meta.c_str()) != 0) {
    // Network file systems cannot: meta_folder() finds the former one in between.
    if (errno != EINVAL && errno != ENOSYS && errno != EOPNOTSUPP) {
      io::throw_file_error(meta, "write", errno);
    }
    move(meta, folder / kSetAside, calls);
    io::sync_folder(folder, calls);
    move(partial / "meta", meta, calls);
  }
  io::sync_folder(folder, calls);
}

}  // namespace

fs::path meta_folder(const fs::path& folder) {
  const fs::path meta = folder / "meta", old = folder / kSetAside;
  return !fs::exists(meta) && fs::exists(old) ? old : meta;
}

void commit_dataset(const fs::path& folder, const fs::path& partial,
                    std::span<const fs::path> added, io::FileCalls& calls) try {
  for (const fs::path& name : added) io::sync_file(partial / name, calls);
  sync_tree(partial / "meta", calls);
  add_files(folder, partial, added, calls);
  replace_meta(folder, partial, calls);
  recover_dataset(folder, calls);
} catch (...) {
  recover_dataset(folder, calls);
  std::error_code ignored;
  for (const fs::path& name : added) fs::remove(folder / name, ignored);
  throw;
}

void recover_dataset(const fs::path& folder, io::FileCalls& calls) {
  const fs::path meta = folder / "meta", old = folder / kSetAside;
  if (!fs::exists(old)) return;
  std::error_code ignored;
  if (fs::exists(meta)) {
    fs::remove_all(old, ignored);
  } else {
    move(old, meta, calls);
    io::sync_folder(folder, calls);
  }
}

}  // namespace gyre::data
