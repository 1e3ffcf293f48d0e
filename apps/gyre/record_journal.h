#pragma once

#include <filesystem>
#include <string>

#include "gyre/core/embodiment.h"
#include "gyre/data/journal_dataset.h"

// Shared by the two ways of `gyre record`: the journal on the way to a dataset.
namespace gyre::apps {

struct RecordPlace {
  std::string out;      // dataset folder
  std::string journal;  // to keep; "": in OUT.journal until the dataset is complete

  bool keeps() const { return !journal.empty(); }
  std::filesystem::path folder() const { return journal.empty() ? out + ".journal" : journal; }
  std::string rescue() const;  // the command that makes a dataset of a journal that is left
  // True where the journal holds an attempt to its end.
  bool holds_episodes() const;
  // Throws Error where a recording that broke off has left its journal, and is not to be kept.
  void refuse_left_journal() const;
};

// Prints what was stored. Throws Error where that is nothing of the `attempts` that were made.
void tell_recorded(const RecordPlace& place, const Embodiment& contract,
                   const data::Converted& converted, int64_t attempts, const std::string& json);

}  // namespace gyre::apps
