// What recording costs the control thread in a tick of real time: two 64-pixel cameras and a Step
// go on a tape that a journal reads, at 100 ticks a second. Encoding and the disk are the sink's
// work.
//
//   build/bench/tick_cost --ticks 1000 --json -
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>
#include <vector>

#include "gyre/core/rng.h"
#include "gyre/io/file.h"
#include "gyre/robot/robot_folder.h"
#include "gyre/run/journal_sink.h"
#include "gyre/run/tape.h"

namespace {

using namespace gyre;
namespace fs = std::filesystem;
using Seconds = std::chrono::duration<double>;

struct Costs {
  std::vector<double> us;  // of each tick
  int64_t lost = 0;
};

Costs record(int64_t ticks, double period_s, const fs::path& folder) {
  const Embodiment contract = find_embodiment("so101/joint", 64);
  SteadyClock clock;
  data::JournalFolder journal(folder, data::JournalFolder::Mode::kCreate);
  run::JournalSink sink(journal, clock);
  run::Tape tape(contract, run::Tape::WhenFull::kDrop);
  tape.add(sink);
  PicturePool pool(64, 64, 256);
  Rng rng(1);
  Step step;
  step.resize(contract.state.size(), contract.action.size(), contract.cameras.size());
  for (float& v : step.state) v = static_cast<float>(rng.uniform());
  auto header = std::make_shared<Header>();
  header->contract = contract;
  header->attempt = true;
  Costs costs;
  const int64_t begin = clock.now_ns();
  for (int64_t tick = 0; tick < ticks; ++tick) {
    const int64_t now = begin + static_cast<int64_t>(static_cast<double>(tick) * period_s * 1e9);
    clock.sleep_until(now);
    PictureRef pictures[2];
    for (PictureRef& picture : pictures) {
      picture = pool.make([&](Picture& p) {
        p.id = tick;
        p.time_ns = now;
        for (uint8_t& v : p.image.rgb) v = static_cast<uint8_t>(rng.below(256));
      });
    }
    step.tick = step.index = tick;
    step.time_ns = now;
    const auto t0 = std::chrono::steady_clock::now();
    tape.begin_tick(tick, now);
    if (tick == 0) tape.put(HeaderPtr(header));
    for (int camera = 0; camera < 2; ++camera) {
      tape.put(CameraPicture{camera, std::move(pictures[camera])});
    }
    tape.put(step);
    costs.us.push_back(1e6 * Seconds(std::chrono::steady_clock::now() - t0).count());
  }
  tape.close();
  costs.lost = tape.lost(sink);
  std::sort(costs.us.begin(), costs.us.end());
  return costs;
}

}  // namespace

int main(int argc, char** argv) {
  int64_t ticks = 1000;
  double period_s = 0.01;
  std::string json_file;
  CLI::App app("cost of recording for the control thread");
  app.add_option("--ticks", ticks, "control periods")->check(CLI::PositiveNumber);
  app.add_option("--period", period_s, "control period (s)")->check(CLI::PositiveNumber);
  app.add_option("--json", json_file, "write the figures here; - is standard output");
  CLI11_PARSE(app, argc, argv);
  const fs::path folder = fs::temp_directory_path() / fmt::format("gyre_tick_cost_{}", ::getpid());
  const Costs costs = record(ticks, period_s, folder);
  fs::remove_all(folder);
  const auto share = [&](double part) {
    return costs.us[static_cast<size_t>(part * static_cast<double>(costs.us.size() - 1))];
  };
  const nlohmann::json figures = {
      {"ticks", ticks},
      {"lost", costs.lost},
      {"us", {{"median", share(0.5)}, {"p99", share(0.99)}, {"max", costs.us.back()}}}};
  if (json_file == "-") {
    std::cout << figures.dump(1) << "\n";
  } else {
    if (!json_file.empty()) io::write_atomically(json_file, figures.dump(1) + "\n");
    std::cout << fmt::format(
        "recording costs {:.1f} us a tick (median; 99 %: {:.1f}, most: {:.1f}), {} records lost\n",
        share(0.5), share(0.99), costs.us.back(), costs.lost);
  }
  return 0;
}
