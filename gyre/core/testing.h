#pragma once

#include <string>

#include "gyre/core/error.h"

// Shared by the tests of every folder.
namespace gyre {

// The message of the Error that `action` throws; "" when it throws none.
std::string message_of(auto&& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace gyre
