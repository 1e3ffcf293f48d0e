#include "gyre/console/event_text.h"

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <variant>

#include "gyre/flywheel/feedback.h"

namespace gyre::console {
namespace {

std::string text_of(const auto&) { return ""; }
std::string text_of(const event::ModeChanged& e) {
  return fmt::format("{} to {}: {}", mode_name(e.from), mode_name(e.to), e.cause.view());
}
std::string text_of(const event::LinkRung& e) { return fmt::format("{} to {}", e.from, e.to); }
std::string text_of(const event::Alarm& e) {
  return fmt::format("{}: {}", e.monitor.view(), e.what.view());
}
std::string text_of(const event::Said& e) {
  const auto read = flywheel::FeedbackReader::shared().read(e.words.view());
  if (read.meaning == flywheel::Feedback::kNone) return std::string(e.words.view());
  return fmt::format("{} ({})", e.words.view(), flywheel::feedback_word(read.meaning));
}
std::string text_of(const event::Verdict& e) {
  constexpr std::string_view kOutcomes[] = {"unknown", "success", "failure", "partial"};
  const std::string outcome(kOutcomes[static_cast<size_t>(e.outcome)]);
  const std::string_view reason = e.reason.view();
  return reason.empty() ? outcome : fmt::format("{}: {}", outcome, reason);
}
std::string text_of(const event::ChunkDropped& e) { return std::string(e.why.view()); }
std::string text_of(const event::InferenceFailed& e) { return std::string(e.why.view()); }
std::string text_of(const event::HelpAsked& e) { return std::string(e.why.view()); }
std::string text_of(const event::ScopeOverridden& e) {
  return fmt::format("{}: {}", e.words.view(), e.why.view());
}
std::string text_of(const event::Fault& e) { return std::string(e.what.view()); }

}  // namespace

std::string event_text(const Event& event) {
  return std::visit([](const auto& body) { return text_of(body); }, event.body);
}

bool is_routine(const Event& event) {
  return std::holds_alternative<event::ChunkArrived>(event.body) ||
         std::holds_alternative<event::GoalSet>(event.body);
}

}  // namespace gyre::console
