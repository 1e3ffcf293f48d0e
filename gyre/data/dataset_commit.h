#pragma once

#include <filesystem>
#include <span>

#include "gyre/io/file.h"

// How a dataset folder changes from one state to the next. A reader follows meta/ alone, so new
// files may lie beside the known ones before meta/ names them.
namespace gyre::data {

// What describes the dataset: `folder`/meta. After a crash in commit_dataset on a file system that
// cannot exchange two folders it may be the set-aside former one.
std::filesystem::path meta_folder(const std::filesystem::path& folder);

// Makes the files `added` (paths relative to both folders) and `partial`/meta, the whole new meta
// folder, part of the dataset in `folder`. A crash or loss of power at any moment leaves the
// dataset as it was or as it becomes. After an Error it is as it was.
void commit_dataset(const std::filesystem::path& folder, const std::filesystem::path& partial,
                    std::span<const std::filesystem::path> added,
                    io::FileCalls& calls = io::FileCalls::system());

// Ends a commit that a crash cut short: puts a set-aside meta/ back, or removes it when the new one
// is in place.
void recover_dataset(const std::filesystem::path& folder,
                     io::FileCalls& calls = io::FileCalls::system());

}  // namespace gyre::data
