#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "gyre/core/record.h"

namespace gyre::verify {

// The recorded answer to a request.
struct RecordedAnswer {
  ChunkPtr chunk;  // null where it is lost
  GoalPtr goal;    // that it was computed for, with the subtask; null where it is lost
};

// The answers to the requests of a journal, in the order in which RequestReader gives these. A
// chunk answers the request of the same id and policy before it.
std::vector<RecordedAnswer> recorded_answers(const std::vector<std::filesystem::path>& files,
                                             std::optional<int64_t> episode);

}  // namespace gyre::verify
