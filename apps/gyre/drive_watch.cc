#include "drive_watch.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cctype>
#include <chrono>
#include <vector>

#include "drive_keys.h"
#include "gyre/core/stop_signal.h"
#include "gyre/run/status_sink.h"

namespace gyre::apps {
namespace {

constexpr int kGlanceMs = 100;

std::string line_of(const Watched& watched, const std::string& desk_words, const DriveKeys& keys) {
  if (!keys.typing().empty()) return "words: " + keys.typing();
  std::string line = watched.hands != nullptr ? watched.hands->words() : "";
  if (!line.empty()) line += "  ";
  if (!desk_words.empty()) line += desk_words + "  ";
  line += run::status_line(watched.operations.status());
  if (watched.complaint) line += watched.complaint();
  return line;
}

}  // namespace

void watch(const Watched& watched) {
  const bool shows = isatty(STDERR_FILENO) != 0;
  Hands* const hands = watched.hands;
  Pedals* const pedals = watched.pedals;
  KeyDesk* const desk = watched.desk;
  KeyTerminal terminal;
  DriveKeys keys(watched.operations);
  const auto order = [&](char key) {
    if (desk == nullptr || !desk->press(key)) keys.press(key);
  };
  const auto press = [&](char key) {
    if (!keys.typing().empty()) return keys.press(key);
    if (hands != nullptr && hands->press(key)) return;
    // Letters that move the robot are orders with Shift.
    const bool shifted = hands != nullptr && hands->takes_letters();
    order(shifted ? static_cast<char>(std::tolower(static_cast<unsigned char>(key))) : key);
  };
  auto next_line = std::chrono::steady_clock::now();
  while (watched.running() && !stop_requested() && !keys.quits()) {
    terminal.wait(kGlanceMs, press, pedals != nullptr ? pedals->descriptor() : -1);
    if (pedals != nullptr) pedals->look(order);
    const std::string desk_words = desk != nullptr ? desk->look() : "";
    if (desk != nullptr && desk->done()) break;
    if (!shows && std::chrono::steady_clock::now() < next_line) continue;
    next_line = std::chrono::steady_clock::now() + std::chrono::seconds(1);
    const std::string line = line_of(watched, desk_words, keys);
    if (shows) {
      fmt::print(stderr, "\r\033[K{}", line);
    } else {
      fmt::print(stderr, "{}\n", line);
    }
  }
  if (shows) fmt::print(stderr, "\n");
}

}  // namespace gyre::apps
