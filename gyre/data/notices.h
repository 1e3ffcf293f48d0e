#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>

namespace gyre::data {

// Lines for the person who reads a dataset: a guess, a repair, what was passed over. Each line is
// told once. Copies share what was told; threads may share a copy.
class Notices {
 public:
  using Tell = std::function<void(const std::string&)>;
  Notices() = default;  // tells nobody
  explicit Notices(Tell tell) : tell_(std::move(tell)), told_(std::make_shared<Told>()) {}

  void operator()(const std::string& line) const {
    if (!tell_) return;
    const std::lock_guard lock(told_->mutex);
    if (told_->lines.insert(about_ + line).second) tell_(about_ + line);
  }
  // The same with "<place>: " before each line.
  Notices about(const std::string& place) const {
    Notices named = *this;
    named.about_ += place + ": ";
    return named;
  }

 private:
  struct Told {
    std::mutex mutex;
    std::set<std::string> lines;
  };
  Tell tell_;
  std::shared_ptr<Told> told_;
  std::string about_;
};

}  // namespace gyre::data
