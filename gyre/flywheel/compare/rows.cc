#include "gyre/flywheel/compare/rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <ranges>
#include <utility>

#include "gyre/core/error.h"
#include "gyre/io/file.h"

namespace gyre::flywheel {
namespace {

using nlohmann::json;

void require_sound(const CompareRow& row, const std::string& where) {
  const auto require = [&](bool holds, const char* what) {
    if (!holds) throw Error(where, what, "take the line out, or name another file with --out");
  };
  require(!row.task.empty() && !row.recipe.empty() && !row.key.empty(),
          "lacks task, recipe or key");
  require(row.outcomes.find_first_not_of("01") == std::string::npos,
          "holds outcomes other than 0 and 1");
  require(row.outcomes.empty() != row.refused.empty(),
          "holds neither outcomes nor a reason for there being none");
  const bool counted = row.helped >= 0 && row.steps >= 0 && std::isfinite(row.seconds) &&
                       row.seconds >= 0 && std::isfinite(row.critic_seconds) &&
                       row.critic_seconds >= 0;
  require(counted, "holds a number below 0");
}

}  // namespace

std::string row_line(const CompareRow& row) {
  const json line = {{"task", row.task},
                     {"recipe", row.recipe},
                     {"helped", row.helped},
                     {"seed", row.seed},
                     {"key", row.key},
                     {"collection", row.collection},
                     {"policy", row.policy},
                     {"outcomes", row.outcomes},
                     {"successes", std::ranges::count(row.outcomes, '1')},
                     {"pairs", row.outcomes.size()},
                     {"refused", row.refused},
                     {"seconds", row.seconds},
                     {"critic_seconds", row.critic_seconds},
                     {"steps", row.steps},
                     {"diverged", row.diverged}};
  return line.dump(-1, ' ', false, json::error_handler_t::replace);
}

CompareRow parse_row(std::string_view line, const std::string& where) {
  CompareRow row;
  const auto complain = [&] {
    throw Error(where, "is no row of a comparison",
                "take the line out, or name another file with --out");
  };
  try {
    const json read = json::parse(line);
    for (const char* whole : {"helped", "seed", "steps"}) {
      if (!read.at(whole).is_number_integer()) complain();
    }
    read.at("task").get_to(row.task);
    read.at("recipe").get_to(row.recipe);
    read.at("helped").get_to(row.helped);
    read.at("seed").get_to(row.seed);
    read.at("key").get_to(row.key);
    read.at("collection").get_to(row.collection);
    read.at("policy").get_to(row.policy);
    read.at("outcomes").get_to(row.outcomes);
    read.at("refused").get_to(row.refused);
    read.at("seconds").get_to(row.seconds);
    read.at("critic_seconds").get_to(row.critic_seconds);
    read.at("steps").get_to(row.steps);
    read.at("diverged").get_to(row.diverged);
  } catch (const json::exception&) {
    complain();
  }
  require_sound(row, where);
  return row;
}

CompareRows::CompareRows(std::filesystem::path file) : file_(std::move(file)) {
  if (!std::filesystem::exists(file_)) return;
  const std::string text = io::read_text(file_);
  size_t begin = 0, number = 1;
  for (size_t end; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1, ++number) {
    const std::string_view line = std::string_view(text).substr(begin, end - begin);
    if (!line.empty()) {
      rows_.push_back(parse_row(line, fmt::format("{}: line {}", file_.string(), number)));
    }
  }
  torn_ = begin < text.size();
}

const CompareRow* CompareRows::find(const std::string& key) const {
  for (const CompareRow& row : rows_ | std::views::reverse) {
    if (row.key == key) return &row;
  }
  return nullptr;
}

void CompareRows::add(const CompareRow& row) {
  if (file_.has_parent_path()) std::filesystem::create_directories(file_.parent_path());
  if (torn_) {  // what a kill left of a line
    const std::string text = io::read_text(file_);
    io::write_atomically(file_, text.substr(0, text.rfind('\n') + 1));
    torn_ = false;
  }
  io::OutputFile out(file_, io::OutputFile::Mode::kAppend);
  out.write(row_line(row) + "\n");
  out.close();
  rows_.push_back(row);
}

void CompareRows::require_collection(const std::string& task, int helped,
                                     const std::string& collection) const {
  for (const CompareRow& row : rows_) {
    const bool comparable = row.task == task && row.helped == helped && !row.collection.empty();
    if (!comparable || row.collection == collection) continue;
    throw Error(file_.string(),
                fmt::format("holds rows of another collection of {}, {}; the present one is {}",
                            task, row.collection, collection),
                "name another file with --out");
  }
}

}  // namespace gyre::flywheel
