#pragma once

#include <string>

namespace gyre::evdev {

// Foot pedals, or any other few keys that a person presses beside their hands. The device is
// grabbed: what it types reaches no other program.
class Pedal {
 public:
  // Throws Error naming the path: it is not there, may not be opened (names the group), or has no
  // key.
  explicit Pedal(const std::string& path);
  ~Pedal();
  Pedal(const Pedal&) = delete;
  Pedal& operator=(const Pedal&) = delete;

  // The next key that went down since the last call (KEY_... of linux/input.h); 0: none.
  int pressed() noexcept;
  int descriptor() const noexcept { return here_ ? fd_ : -1; }  // to wait for a press
  bool here() const noexcept { return here_; }                  // false once the device is gone

 private:
  int fd_;
  bool here_ = true;
};

// The code of a key by its name: "a" .. "z", "0" .. "9", "f1" .. "f24", "enter", "space", "left",
// "right", "up", "down", "pageup", "pagedown". Throws Error for another one.
int key_code(const std::string& name);

}  // namespace gyre::evdev
