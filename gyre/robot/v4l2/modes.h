#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "gyre/robot/v4l2/device.h"

// What a camera says of itself.
namespace gyre::v4l2 {

// ioctl() until no signal interrupts it; 0, or -1 with errno.
int ask(int fd, unsigned long request, void* argument);  // NOLINT(google-runtime-int): ioctl's type

bool gives_pictures(int fd);
std::string card_name(int fd);
std::vector<Mode> read_modes(int fd);
std::string modes_text(const std::vector<Mode>& modes);  // "mjpg 640x480 at 30, ..."

uint32_t four_letters(const std::string& format);
std::string format_name(uint32_t four_letters);

// Why a device could not be opened, with the remedy.
std::string open_problem(int error);

}  // namespace gyre::v4l2
