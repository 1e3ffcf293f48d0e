#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "gyre/data/dataset.h"
#include "gyre/io/parquet.h"

namespace gyre::console {

// Calls `use(row, image)` for rows [from, to) of one camera of an episode, at the recorded size.
// Reads no more of the episode than these rows. Throws Error as Dataset::read() does, and when the
// contract has no such camera.
void read_pictures(const data::Dataset& dataset, const io::Parquet& parquet, int64_t episode,
                   const std::string& camera, int64_t from, int64_t to,
                   const std::function<void(int64_t row, const Image& image)>& use);

}  // namespace gyre::console
