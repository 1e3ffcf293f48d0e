#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "gyre/data/dataset_edit.h"
#include "gyre/data/dataset_verify.h"

namespace gyre::data {

struct RepairOptions {
  bool drop_non_finite = false;  // leave out episodes with a value that is not finite
  bool drop_duplicates = false;  // leave out episodes whose content another has
  bool decode = false;           // decode every picture to find broken ones
};

struct RepairReport {
  VerifyReport before;
  EditReport edit;
  std::vector<std::string> done;  // one line each: what was mended, and what was left out and why
};

// Writes a dataset anew without what cannot be used: episodes whose files are missing or broken, or
// whose rows and pictures do not fit. Numbers, places and statistics are made anew. Throws Error as
// edit_dataset does.
RepairReport repair_dataset(const std::filesystem::path& folder, const RepairOptions& repair,
                            const EditOptions& options);

}  // namespace gyre::data
