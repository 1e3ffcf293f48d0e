#pragma once

#include <string>

#include "gyre/core/error.h"

// What the tests of every folder share.
namespace gyre {

// What the Error says that `action` throws; nothing when it throws none.
std::string message_of(auto&& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace gyre
