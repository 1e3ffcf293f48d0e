#pragma once

#include <optional>
#include <string>

#include "gyre/infer/engine.h"
#include "gyre/run/attempt.h"

namespace gyre::run {

// Header::setup: the options of an attempt, or the loop of a session, as one line of JSON with the
// members "loop", "bench", "help" (their fields by dotted name), "driver" and "engine". `engine`
// may be null.
std::string setup_text(const AttemptOptions& options, const infer::Engine* engine);
std::string setup_text(const LoopConfig& loop);

struct AttemptSetup {
  AttemptOptions options;
  std::optional<infer::EngineDescription> engine;  // none where an expert drove
};
// The other way. Throws Error for text that says no bench and driver, as that of a session, and for
// a field that this program does not know.
AttemptSetup read_setup(const std::string& text);
// The speed of an attempt or a session; 1 where the text does not say.
double speed_of_setup(const std::string& text);

}  // namespace gyre::run
