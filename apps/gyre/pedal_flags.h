#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "gyre/robot/evdev/pedal.h"

namespace gyre::apps {

// Foot pedals, as flags: their keys stand for the terminal's.
struct PedalFlags {
  std::string device;             // "": none
  std::vector<std::string> keys;  // "a=start"
};
void add_pedal_flags(CLI::App& verb, PedalFlags& flags);

// Foot pedals that give orders.
class Pedals {
 public:
  // Throws Error for a device that is none, an unknown key and an unknown order.
  explicit Pedals(const PedalFlags& flags);
  // Calls `press` with the terminal's key for each pedal that went down.
  int descriptor() const { return pedal_.descriptor(); }  // readable when one went down
  void look(const std::function<void(char key)>& press);

 private:
  evdev::Pedal pedal_;
  std::string path_;
  std::map<int, char> keys_;  // by the pedal's key code
  bool told_ = false;
};

}  // namespace gyre::apps
