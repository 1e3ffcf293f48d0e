#pragma once

#include "gyre/data/dataset_edit_source.h"

namespace gyre::data {

// Throws Error that names both folders and the first feature (or the rate, or the contract) in
// which they differ: their episodes cannot stand in one dataset.
void require_same_features(const EditSource& left, const EditSource& right);

}  // namespace gyre::data
