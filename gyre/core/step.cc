#include "gyre/core/step.h"

#include "gyre/core/error.h"

namespace gyre {
namespace {

constexpr std::array<std::string_view, kSources> kSourceNames = {"policy", "human", "expert",
                                                                 "fallback"};
constexpr std::array<std::string_view, 5> kModeNames = {"policy", "paused", "human", "fallback",
                                                        "stopped"};
constexpr std::array<std::string_view, 14> kReasonNames = {
    "non-finite", "range",         "velocity",        "acceleration", "jerk",
    "workspace",  "width",         "hold not finite", "late",         "stale state",
    "fault",      "stale picture", "soft start",      "nudge"};

}  // namespace

std::string_view source_name(Source source) { return kSourceNames[static_cast<size_t>(source)]; }

Source source_from_name(std::string_view name) {
  for (size_t i = 0; i < kSourceNames.size(); ++i) {
    if (kSourceNames[i] == name) return static_cast<Source>(i);
  }
  throw Error("source", "'" + std::string(name) + "' is unknown",
              "it is one of policy, human, expert, fallback");
}

std::string_view mode_name(Mode mode) { return kModeNames[static_cast<size_t>(mode)]; }

std::string reasons_text(Reasons reasons) {
  std::string text;
  for (size_t i = 0; i < kReasonNames.size(); ++i) {
    if ((reasons.bits() >> i & 1) == 0) continue;
    text += (text.empty() ? "" : ", ") + std::string(kReasonNames[i]);
  }
  return text;
}

void Step::resize(size_t state_fields, size_t action_fields, size_t cameras) {
  state.resize(state_fields);
  sent.resize(action_fields);
  for (Proposal& proposal : proposals) proposal.action.resize(action_fields);
  pictures.resize(cameras, -1);
  picture_age_ns.resize(cameras);
}

}  // namespace gyre
