#pragma once

#include <filesystem>
#include <string>

#include "gyre/data/record_query.h"

namespace gyre::flywheel {

// Adds the views policies, evaluations, scope, promotions, orders and datasets of a ledger to a
// question; of no ledger ("") they are empty. Only reads the file. Throws Error naming it when it
// is no ledger.
void add_ledger(const std::filesystem::path& ledger, data::RecordQuery& query);

// The rows of one of these views, its texts first. Throws Error as add_ledger does.
io::Table ledger_table(const std::filesystem::path& ledger, const std::string& view);

}  // namespace gyre::flywheel
