// Drives in a simulated world while random faults happen, and judges every command.
//
//   drive_faults [--faults N] [--sockets M] [--seed N] [--only DRIVE] [--json FILE|-]
//
// M of the N faults happen by the wall clock on real sockets, in a link to a server in a process of
// its own; so --sockets M --faults M makes those drives alone. The rest is simulated time and a
// function of the seed.
//
// Exits 0 when no command left the limits, no stale action was executed, every hold and stop came
// within its deadline, and driving resumed when its cause was gone; 1 otherwise. A failure names
// its drive: `--seed N --only DRIVE` makes that drive alone and tells its story.
#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <iostream>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "tests/faults/command.h"
#include "tests/faults/drive_faults_check.h"
#include "tests/faults/drive_faults_sockets.h"

namespace {

using namespace gyre::faults;

class Drives {
 public:
  Drives() {
    for (const char* robot : {"so101", "panda"}) {
      folders_[robot] = gyre::RobotFolder::load(robot);
    }
  }
  DriveFindings one(const Story& story) const {
    return check_drive(story, make_drive(story, folders_.at(story.robot)));
  }
  // So many faults in simulated time, and those left of the last drive, on every core.
  DriveFindings simulated(uint64_t seed, int64_t faults) const {
    std::vector<Story> stories;
    while (faults > 0) {
      stories.push_back(make_story(seed, std::ssize(stories)));
      faults -= std::ssize(stories.back().faults);
    }
    return all(stories, std::max(1U, std::thread::hardware_concurrency()));
  }
  // So many faults over sockets, in a few drives at once, since they mostly wait.
  DriveFindings over_sockets(uint64_t seed, int64_t faults) const {
    constexpr int64_t kAtOnce = 12;
    std::vector<Story> stories;
    for (int64_t drive = 0; drive < kAtOnce; ++drive) {
      const int64_t count = faults * (drive + 1) / kAtOnce - faults * drive / kAtOnce;
      if (count > 0) stories.push_back(make_socket_story(seed, drive, count));
    }
    return all(stories, kAtOnce);
  }

 private:
  // Findings are in the order of the drives.
  DriveFindings all(const std::vector<Story>& stories, int64_t at_once) const {
    std::vector<DriveFindings> found(stories.size());
    std::atomic<size_t> next = 0;
    std::vector<std::jthread> workers;
    for (int64_t i = 0; i < at_once; ++i) {
      workers.emplace_back([&] {
        for (size_t drive = next++; drive < stories.size(); drive = next++) {
          found[drive] = one(stories[drive]);
        }
      });
    }
    workers.clear();
    DriveFindings sum;
    for (const DriveFindings& drive : found) sum.add(drive);
    return sum;
  }

  std::map<std::string, std::shared_ptr<const gyre::RobotFolder>> folders_;
};

nlohmann::json report(const DriveFindings& found, uint64_t seed) {
  constexpr size_t kMostFailures = 50;
  nlohmann::json by_kind, failures = nlohmann::json::array();
  for (int i = 0; i < kDriveFaults; ++i) {
    by_kind[std::string(fault_name(static_cast<DriveFault>(i)))] = found.faults[i];
  }
  for (const auto& failure : found.failures) {
    if (failures.size() == kMostFailures) break;
    failures.push_back({{"drive", failure.drive},
                        {"tick", failure.tick},
                        {"what", failure.what},
                        {"over_sockets", failure.sockets}});
    if (failure.sockets) continue;
    failures.back()["again"] = fmt::format("--seed {} --only {}", seed, failure.drive);
    failures.back()["story"] = tell(make_story(seed, failure.drive));
  }
  return {{"faults", found.fault_count()},
          {"faults_by_kind", by_kind},
          {"drives", found.drives},
          {"drives_with_a_person", found.with_person},
          {"ticks", found.ticks},
          {"commands", found.commands},
          {"ticks_of_the_policy", found.policy_ticks},
          {"ticks_of_a_person", found.person_ticks},
          {"ticks_held", found.held_ticks},
          {"chunks_dropped", found.dropped},
          {"inferences_failed", found.failed},
          {"journals_on_a_full_disk", found.journals_full},
          {"faults_over_sockets", found.socket_faults},
          {"connections", found.connections},
          {"servers_killed", found.kills},
          {"recoveries", found.recoveries},
          {"commands_outside_limits", found.outside},
          {"stale_actions", found.stale},
          {"late_holds", found.late_holds},
          {"not_resumed", found.not_resumed},
          {"motion_after_stop", found.after_stop},
          {"too_early", found.too_early},
          {"not_still", found.not_still},
          {"broken", found.broken},
          {"longest_to_hold_periods", found.longest_to_hold},
          {"fastest_at_rest", found.fastest_at_rest},
          {"failures", failures}};
}

}  // namespace

int main(int argc, char** argv) {
  Command command;
  int64_t faults = 10'000, sockets = 0, only = -1;
  for (int i = 1; i < argc; i += 2) {
    const std::string flag = argv[i];
    char* end = argv[i];
    const long long number = i + 1 < argc ? std::strtoll(argv[i + 1], &end, 10) : 0;
    const bool is_number = i + 1 < argc && *end == 0 && number >= 0;
    if (flag == "--json" && i + 1 < argc) {
      command.json = argv[i + 1];
    } else if (flag == "--faults" && is_number) {
      faults = number;
    } else if (flag == "--sockets" && is_number) {
      sockets = number;
    } else if (flag == "--serve" && is_number) {  // the other process
      return serve_cheap_policy(kPixels);
    } else if (flag == "--seed" && is_number) {
      command.seed = static_cast<uint64_t>(number);
    } else if (flag == "--only" && is_number) {
      only = number;
    } else {
      std::cerr << "usage: drive_faults [--faults N] [--sockets M] [--seed N] [--only DRIVE] "
                   "[--json FILE|-]\n";
      return 2;
    }
  }
  const auto begin = std::chrono::steady_clock::now();
  DriveFindings found;
  const Drives drives;
  if (only >= 0) {
    const Story story = make_story(command.seed, only);
    std::cerr << tell(story);
    found = drives.one(story);
  } else {
    sockets = std::min(sockets, faults);
    found = drives.simulated(command.seed, faults - sockets);
    found.add(drives.over_sockets(command.seed, sockets));
  }
  nlohmann::json json = report(found, command.seed);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  json["seconds"] = took.count();
  return print_report(std::move(json), found.holds(), command);
}
