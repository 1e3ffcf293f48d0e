#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "gyre/io/lock_file.h"

// Real robots that are driven on this machine. A driver holds the lock of its robot for as long as
// it runs: the file gyre-robot-NAME.lock in a folder of the machine's, with the number of its
// process.
namespace gyre::run {

// /run/lock where this user may write there, else /tmp: the same for all users.
std::filesystem::path robot_lock_folder();

// A robot's name as a part of a file's: "so101-ee".
std::string robot_file_name(const std::string& robot);

// Throws Error naming the robot and the process that drives it.
io::LockFile lock_robot(const std::string& robot,
                        const std::filesystem::path& folder = robot_lock_folder());

// Names, as parts of files', of the robots whose locks are held. Disturbs none of them.
std::vector<std::string> driven_robots(const std::filesystem::path& folder = robot_lock_folder());

}  // namespace gyre::run
