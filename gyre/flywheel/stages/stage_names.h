#pragma once

#include <string>

// The names of a turn's stages, in state.json, progress.json and the report.
namespace gyre::flywheel::stage {

inline constexpr const char* kFirstLook = "first look";
inline constexpr const char* kChoose = "choose what to collect";
inline constexpr const char* kCollect = "collect with help";
inline constexpr const char* kStore = "store and label";
inline constexpr const char* kLearn = "learn by ";  // the beginning
inline constexpr const char* kGate = "gate";
inline constexpr const char* kFilm = "film";
inline constexpr const char* kPromote = "promote";

// who: "before" or "after"; tasks: "trained" or "frontier".
inline std::string evaluate(const std::string& who, const std::string& tasks) {
  return "evaluate " + who + ": " + tasks;
}
inline std::string learn(const std::string& recipe) { return kLearn + recipe; }

}  // namespace gyre::flywheel::stage
