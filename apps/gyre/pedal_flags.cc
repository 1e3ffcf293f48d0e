#include "pedal_flags.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "gyre/core/error.h"

namespace gyre::apps {
namespace {

constexpr std::array<std::pair<std::string_view, char>, 9> kOrders = {{{"start", '\n'},
                                                                       {"success", 's'},
                                                                       {"failure", 'f'},
                                                                       {"discard", 'x'},
                                                                       {"again", 'b'},
                                                                       {"pause", 'p'},
                                                                       {"resume", 'r'},
                                                                       {"stop", ' '},
                                                                       {"clear", 'c'}}};

char order_key(const std::string& name) {
  const auto* const found =
      std::ranges::find(kOrders, name, &std::pair<std::string_view, char>::first);
  if (found != kOrders.end()) return found->second;
  std::vector<std::string> names;
  for (const auto& [known, key] : kOrders) names.emplace_back(known);
  const std::string nearest = nearest_name(name, names);
  throw Error("order '" + name + "'", "is unknown",
              nearest.empty() ? "give start, success, failure, discard, again, pause, resume, stop "
                                "or clear"
                              : "did you mean '" + nearest + "'?");
}

}  // namespace

void add_pedal_flags(CLI::App& verb, PedalFlags& flags) {
  verb.add_option("--pedal", flags.device, "a foot pedal's evdev device, which gives orders")
      ->type_name("/dev/input/by-id/...");
  verb.add_option("--pedal-keys", flags.keys,
                  "orders of its keys: start, success, failure, discard, again, pause, resume, "
                  "stop, clear; without: a=start,b=success,c=discard")
      ->delimiter(',')
      ->type_name("KEY=ORDER,...");
}

Pedals::Pedals(const PedalFlags& flags) : pedal_(flags.device), path_(flags.device) {
  std::vector<std::string> pairs = flags.keys;
  if (pairs.empty()) pairs = {"a=start", "b=success", "c=discard"};
  for (const std::string& pair : pairs) {
    const size_t equals = pair.find('=');
    if (equals == std::string::npos) {
      throw Error("--pedal-keys " + pair, "names no order", "give KEY=ORDER, such as a=start");
    }
    keys_[evdev::key_code(pair.substr(0, equals))] = order_key(pair.substr(equals + 1));
  }
}

void Pedals::look(const std::function<void(char key)>& press) {
  while (const int code = pedal_.pressed()) {
    if (const auto found = keys_.find(code); found != keys_.end()) press(found->second);
  }
  if (!pedal_.here() && !std::exchange(told_, true)) {
    fmt::print(stderr, "\nthe pedal at {} is lost\n", path_);
  }
}

}  // namespace gyre::apps
