#pragma once

#include "gyre/data/dataset_index.h"

namespace gyre::data {

// The files of v2.0 and v2.1 that hold one JSON value a line: episodes, tasks and, where they are
// there, the episodes' statistics. Lines of white space are passed over. Throws Error naming file
// and line.
DatasetIndex read_jsonl_index(const std::filesystem::path& folder, const DatasetInfo& info,
                              const Notices& tell);

}  // namespace gyre::data
