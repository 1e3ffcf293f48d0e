#pragma once

#include <map>
#include <string>

#include "gyre/data/dataset_edit_source.h"
#include "gyre/data/dataset_verify.h"

// The parts of verify_dataset().
namespace gyre::data {

// Where findings go.
class Findings {
 public:
  Findings(VerifyReport& report, size_t most) : report_(report), most_(most) {}
  // `unusable`: an episode that training or an edit cannot read.
  void add(Finding finding, bool unusable = false);

 private:
  VerifyReport& report_;
  size_t most_;
};

// Counts, numbers and places that meta/ states, the contract, which features have statistics.
void verify_meta(const EditSource& source, Findings& findings);
// Every row: numbers, times, finite values, doubles, and the statistics of the whole.
void verify_rows(const EditSource& source, const VerifyOptions& options, Findings& findings,
                 VerifyReport& report);
// Every frame of every video.
void verify_videos(const EditSource& source, const VerifyOptions& options, Findings& findings,
                   VerifyReport& report);

}  // namespace gyre::data
