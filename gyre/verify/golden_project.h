#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "gyre/io/safetensors.h"
#include "gyre/verify/golden_report.h"

namespace gyre::verify {

using Values = std::vector<double>;

constexpr double kExact = 0;  // a bound

// The golden arrays and texts of one project (`<name>_misc.safetensors`, `<name>_misc.json`), and
// what is said of each.
class GoldenProject {
 public:
  // Throws Error naming the file that is missing or broken.
  GoldenProject(const std::filesystem::path& folder, const std::string& name, GoldenReport& report);

  const io::SafeTensors& arrays() const { return arrays_; }
  bool has(const std::string& name) const { return arrays_.find(name) != nullptr; }
  Values values(const std::string& name) const;
  std::vector<float> floats(const std::string& name) const;
  const std::vector<int64_t>& shape(const std::string& name) const {
    return arrays_.at(name).shape;
  }
  const nlohmann::json& text(const std::string& name) const { return texts_.at(name); }

  // Marks an array or text as used.
  void input(const std::string& name) { seen_.insert(name); }

  // Reports the largest difference. `scaled`: differences are divided by what is wanted where that
  // is above 1.
  void compare(const std::string& name, const Values& ours, double bound, bool scaled = false);
  // With a bound for each entry; reported is the entry nearest to its bound or furthest beyond.
  void compare(const std::string& name, const Values& ours, const Values& bounds, bool scaled);
  // `differing` entries of a list of texts are not as wanted.
  void compare_text(const std::string& name, int differing);

  // An array that nothing above has used or compared fails.
  void finish();

 private:
  std::string file_, texts_file_;
  io::SafeTensors arrays_;
  nlohmann::json texts_;
  GoldenReport& report_;
  std::set<std::string> seen_;
};

}  // namespace gyre::verify
