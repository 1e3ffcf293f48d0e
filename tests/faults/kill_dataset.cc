// Kills processes that save, extend, convert, merge and repair datasets, and says what is left each
// time.
//
//   kill_dataset [--kills N] [--seed N] [--json FILE|-]
//
// Half of the kills come at a random moment, half in a system call that changes a file, also those
// of DuckDB and FFmpeg. Exits 0 when every dataset opens, can be written on, has every episode that
// was saved, and every row and frame is the right one; 1 otherwise.
#include <dlfcn.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>

#include "gyre/core/clock.h"
#include "gyre/core/progress.h"
#include "gyre/core/rng.h"
#include "gyre/io/parquet.h"
#include "tests/faults/command.h"
#include "tests/faults/dataset_operations.h"
#include "tests/faults/kill_plan.h"
#include "tests/faults/libc_calls.h"

namespace {

namespace fs = std::filesystem;
using namespace gyre;
using namespace gyre::faults;

// An operation, with what it begins with and how long it takes undisturbed.
struct Rehearsed {
  Operation operation;
  fs::path prepared;
  double seconds = 0;
  int64_t calls = 0;
};

void begin_with(const fs::path& prepared, const fs::path& work) {
  fs::remove_all(work);
  fs::create_directories(work);
  fs::copy(prepared, work, fs::copy_options::recursive);
}

void run(const Operation& operation, const fs::path& work, KillingCalls& calls, Saves& saves) {
  route_calls(calls, operation.exchanges);
  operation.run(work, saves);
  saves.calls = calls.count();
}

// Children do all the work: this process must not have DuckDB's threads when it forks.
Rehearsed rehearse(Operation operation, const fs::path& prepared, const fs::path& work) {
  Rehearsed rehearsed{.operation = std::move(operation), .prepared = prepared};
  fs::create_directories(prepared);
  const Operation& it = rehearsed.operation;
  if (!run_apart([&] { it.prepare(prepared); })) throw Error(it.name, "cannot be prepared");
  begin_with(prepared, work);
  const Shared<Saves> saves;
  const SteadyClock clock;
  const int64_t begin_ns = clock.now_ns();
  const bool done = run_apart([&] {
    KillingCalls calls(0, KillingCalls::Moment::kBefore, false);
    run(it, work, calls, *saves);
  });
  if (!done) throw Error(it.name, "fails without a kill");
  rehearsed.seconds = static_cast<double>(clock.now_ns() - begin_ns) * 1e-9;
  rehearsed.calls = saves->calls;
  return rehearsed;
}

Found kill_one(const Rehearsed& rehearsed, const KillPlan& plan, const fs::path& work,
               int64_t& in_calls) {
  begin_with(rehearsed.prepared, work);
  const Shared<Saves> saves;
  saves->begun = saves->saved = rehearsed.operation.known;  // it may be killed before it begins
  const Death death = run_and_kill(
      plan, [&](KillingCalls& calls) { run(rehearsed.operation, work, calls, *saves); });
  in_calls += death == Death::kInCall ? 1 : 0;
  const Shared<Found> found;
  if (!run_apart([&] { *found = rehearsed.operation.inspect(work, *saves); })) {
    found->unreadable += 1;
  }
  return *found;
}

// Children find it there, and need not load it each for itself. Loading alone starts no thread.
void load_duckdb() {
  for (const fs::path& library : io::Parquet::default_libraries()) {
    if (::dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL) != nullptr) return;
  }
}

nlohmann::json kill_all(const Command& command, const fs::path& folder, bool& holds) {
  const fs::path work = folder / "work";
  std::vector<Rehearsed> operations;
  for (Operation& operation : dataset_operations()) {
    const fs::path prepared = folder / std::to_string(operations.size());
    operations.push_back(rehearse(std::move(operation), prepared, work));
  }
  nlohmann::json json = {{"kills", command.kills}};
  for (const char* count : {"misaligned", "unreadable", "unopened", "lost"}) json[count] = 0;
  Rng rng = Rng::stream(command.seed, "dataset kills");
  int64_t in_calls = 0;
  Progress progress("killing", command.kills, "processes");
  for (int64_t kill = 0; kill < command.kills; ++kill) {
    progress.update(kill, holds ? "" : "with faults");
    const auto which = static_cast<size_t>(kill / 2) % operations.size();
    const Rehearsed& rehearsed = operations[which];
    KillPlan plan = draw_plan(kill, 0.001, rehearsed.seconds, rehearsed.calls, false, rng);
    if (plan.call > 0) plan.at_s = 10 + 5 * rehearsed.seconds;  // on a busy machine too
    const Found found = kill_one(rehearsed, plan, work, in_calls);
    json["misaligned"] = json["misaligned"].get<int64_t>() + found.misaligned;
    json["unreadable"] = json["unreadable"].get<int64_t>() + found.unreadable;
    json["unopened"] = json["unopened"].get<int64_t>() + found.unopened;
    json["lost"] = json["lost"].get<int64_t>() + found.lost;
    nlohmann::json& own = json["operations"][rehearsed.operation.name];
    if (own.is_null()) own = {{"kills", 0}, {"calls", rehearsed.calls}};
    own["kills"] = own["kills"].get<int64_t>() + 1;
    const bool good = found.misaligned + found.unreadable + found.unopened + found.lost == 0;
    if (good) continue;
    holds = false;
    if (!json.contains("first_fault")) {
      json["first_fault"] = {{"kill", kill},
                             {"operation", rehearsed.operation.name},
                             {"call", plan.call},
                             {"at_s", plan.at_s},
                             {"what", found.what}};
    }
  }
  json["kills_in_calls"] = in_calls;
  return json;
}

}  // namespace

int main(int argc, char** argv) {
  Command command;
  if (!parse(argc, argv, false, command)) {
    std::cerr << "usage: kill_dataset [--kills N] [--seed N] [--json FILE|-]\n";
    return 2;
  }
  load_duckdb();
  const WorkFolder folder("kill_dataset");
  nlohmann::json json;
  bool holds = true;
  try {
    json = kill_all(command, folder.path(), holds);
  } catch (const std::exception& error) {
    std::cerr << "kill_dataset: " << error.what() << '\n';
    holds = false;
  }
  return print_report(std::move(json), holds, command);
}
