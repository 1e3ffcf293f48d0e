#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace gyre {

// A failure in one line for a person: the place, the failure and the remedy. Thrown at the edges of
// work (loading, parsing, opening), never on the control thread. Programs print what() without a
// trace and exit with code 2.
class Error : public std::runtime_error {
 public:
  // "<on_what>: <what>; <what_to_do>". `on_what` is the file, key or field; either end may be
  // empty.
  Error(std::string_view on_what, std::string_view what, std::string_view what_to_do = "");
};

// The candidate nearest to `word` by edit distance, or "" when none is near (over half its length).
// For "unknown key 'sedd'; did you mean 'seed'?".
std::string nearest_name(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace gyre
