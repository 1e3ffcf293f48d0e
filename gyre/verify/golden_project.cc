#include "gyre/verify/golden_project.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <limits>
#include <span>

#include "gyre/policy/json_file.h"

namespace gyre::verify {
namespace {

template <class T>
void widen(std::span<const std::byte> bytes, Values& out) {
  for (size_t at = 0; at < bytes.size(); at += sizeof(T)) {
    T value;
    std::memcpy(&value, &bytes[at], sizeof(T));
    out.push_back(static_cast<double>(value));
  }
}

Values values_of(const io::TensorView& view) {
  Values values;
  switch (view.dtype) {
    case io::Dtype::kF64:
      widen<double>(view.bytes, values);
      break;
    case io::Dtype::kI64:
      widen<int64_t>(view.bytes, values);
      break;
    case io::Dtype::kI32:
      widen<int32_t>(view.bytes, values);
      break;
    case io::Dtype::kU8:
    case io::Dtype::kBool:
      widen<uint8_t>(view.bytes, values);
      break;
    default:
      for (const float value : view.to_floats()) values.push_back(value);
  }
  return values;
}

}  // namespace

GoldenProject::GoldenProject(const std::filesystem::path& folder, const std::string& name,
                             GoldenReport& report)
    : file_(name + "_misc.safetensors"),
      texts_file_(name + "_misc.json"),
      arrays_(io::SafeTensors::open(folder / file_)),
      texts_(read_json_object(folder / texts_file_)),
      report_(report) {}

Values GoldenProject::values(const std::string& name) const { return values_of(arrays_.at(name)); }

std::vector<float> GoldenProject::floats(const std::string& name) const {
  const Values wide = values(name);
  return {wide.begin(), wide.end()};
}

void GoldenProject::compare(const std::string& name, const Values& ours, double bound,
                            bool scaled) {
  compare(name, ours, Values(values(name).size(), bound), scaled);
}

void GoldenProject::compare(const std::string& name, const Values& ours, const Values& bounds,
                            bool scaled) {
  const Values theirs = values(name);
  GoldenArray array{.file = file_, .name = name};
  if (theirs.size() == ours.size()) {
    array.ok = true;
    for (size_t i = 0; i < theirs.size(); ++i) {
      double off = std::abs(ours[i] - theirs[i]);
      if (scaled) off /= std::max(1.0, std::abs(theirs[i]));
      if (i == 0 || off - bounds[i] > array.max_abs - array.bound || std::isnan(off)) {
        array.max_abs = off;
        array.bound = bounds[i];
      }
      array.ok = array.ok && off <= bounds[i];
    }
  } else {
    array.max_abs = std::numeric_limits<double>::infinity();
    array.note = "of another size here";
  }
  report_.arrays.push_back(array);
  seen_.insert(name);
}

void GoldenProject::compare_text(const std::string& name, int differing) {
  report_.arrays.push_back({.file = texts_file_,
                            .name = name,
                            .max_abs = static_cast<double>(differing),
                            .bound = kExact,
                            .ok = differing == 0});
  seen_.insert(name);
}

void GoldenProject::finish() {
  const auto unknown = [&](const std::string& file, const std::string& name) {
    if (seen_.contains(name)) return;
    report_.arrays.push_back({.file = file,
                              .name = name,
                              .max_abs = std::numeric_limits<double>::infinity(),
                              .note = "no rule bounds it"});
  };
  for (const auto& [name, view] : arrays_.tensors()) unknown(file_, name);
  for (const auto& [name, value] : texts_.items()) unknown(texts_file_, name);
}

}  // namespace gyre::verify
