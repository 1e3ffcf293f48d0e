#pragma once

#include <termios.h>

#include <functional>
#include <string>
#include <string_view>

#include "gyre/run/operator.h"

namespace gyre::apps {

// Keys of the person at the terminal, one at a time, as orders.
class DriveKeys {
 public:
  explicit DriveKeys(run::Operator& op) : operator_(op) {}

  void press(char key);
  bool quits() const { return quits_; }
  // The words that are being typed, with a cursor; "" when none are.
  std::string typing() const { return types_ ? words_ + '_' : ""; }

  static constexpr std::string_view kHelp =
      "p pause, r resume, space stop, c clear, s success, f failure, w new words, q quit";

 private:
  void type(char key);
  run::Operator& operator_;
  bool quits_ = false;
  bool types_ = false;
  std::string words_;
};

// While it lives, the terminal gives each key at once and does not show it. Nothing happens where
// standard input is no terminal.
class KeyTerminal {
 public:
  KeyTerminal();
  ~KeyTerminal();
  KeyTerminal(const KeyTerminal&) = delete;
  KeyTerminal& operator=(const KeyTerminal&) = delete;

  // Waits for keys, `milliseconds` at most, and presses those that came. Ends early too where
  // `beside`, a descriptor or -1, has something to read.
  void wait(int milliseconds, const std::function<void(char key)>& press, int beside = -1);

 private:
  termios before_{};  // of the terminal
  bool is_terminal_;  // its initialiser fills before_, so it stands behind it
};

}  // namespace gyre::apps
