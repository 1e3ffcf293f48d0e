#include "drive_keys.h"

#include <poll.h>
#include <unistd.h>

#include <iterator>

namespace gyre::apps {
namespace {

constexpr std::string_view kAuthor = "keyboard";
constexpr size_t kMostWords = 400;  // bytes
constexpr char kEscape = 0x1b, kBackspace = 0x7f;

}  // namespace

void DriveKeys::press(char key) {
  if (types_) return type(key);
  switch (key) {
    case 'p':
      operator_.order(event::Order::kPause, kAuthor);
      break;
    case 'r':
      operator_.order(event::Order::kResume, kAuthor);
      break;
    case ' ':
      operator_.order(event::Order::kStop, kAuthor);
      break;
    case 'c':
      operator_.order(event::Order::kClear, kAuthor);
      break;
    case 's':
      operator_.judge(event::Outcome::kSuccess, "", kAuthor);
      break;
    case 'f':
      operator_.judge(event::Outcome::kFailure, "", kAuthor);
      break;
    case 'w':
      types_ = true;
      words_.clear();
      break;
    case 'q':
      quits_ = true;
      break;
    default:
      break;
  }
}

void DriveKeys::type(char key) {
  if (key == '\n' || key == '\r' || key == kEscape) {
    types_ = false;
    if (key != kEscape && !words_.empty()) operator_.say(words_, kAuthor);
  } else if (key == kBackspace || key == '\b') {
    // A character of UTF-8 goes as a whole.
    while (!words_.empty() && (words_.back() & 0xc0) == 0x80) words_.pop_back();
    if (!words_.empty()) words_.pop_back();
  } else if (static_cast<unsigned char>(key) >= ' ' && words_.size() < kMostWords) {
    words_.push_back(key);
  }
}

KeyTerminal::KeyTerminal()
    : is_terminal_(isatty(STDIN_FILENO) != 0 && tcgetattr(STDIN_FILENO, &before_) == 0) {
  if (!is_terminal_) return;
  termios keys = before_;
  keys.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
  tcsetattr(STDIN_FILENO, TCSANOW, &keys);
}

KeyTerminal::~KeyTerminal() {
  if (is_terminal_) tcsetattr(STDIN_FILENO, TCSANOW, &before_);
}

void KeyTerminal::wait(int milliseconds, const std::function<void(char key)>& press, int beside) {
  pollfd inputs[] = {{is_terminal_ ? STDIN_FILENO : -1, POLLIN, 0}, {beside, POLLIN, 0}};
  if (::poll(inputs, std::size(inputs), milliseconds) <= 0 || inputs[0].revents == 0) return;
  char pressed[64];
  const ssize_t count = ::read(STDIN_FILENO, pressed, sizeof pressed);
  for (ssize_t i = 0; i < count; ++i) press(pressed[i]);
}

}  // namespace gyre::apps
