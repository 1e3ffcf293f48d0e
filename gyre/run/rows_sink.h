#pragma once

#include <functional>
#include <utility>

#include "gyre/data/journal_rows.h"
#include "gyre/run/tape.h"

namespace gyre::run {

// Builds dataset rows of a tape in memory, as reading its journal would.
class RowsSink : public TapeSink {
 public:
  // `give` is called for each attempt of the tape, on the sink's thread.
  explicit RowsSink(std::function<void(data::BuiltEpisode&&)> give) : give_(std::move(give)) {}

  std::string_view name() const override { return "rows"; }
  bool wants(RecordKind kind) const override { return kind != RecordKind::kScene; }
  void take(const Record& record) override {
    if (auto built = builder_.take(record)) give_(std::move(*built));
  }
  void end() override {
    if (auto built = builder_.finish()) give_(std::move(*built));
  }

 private:
  data::RowBuilder builder_;
  std::function<void(data::BuiltEpisode&&)> give_;
};

}  // namespace gyre::run
