#include "gyre/train/config.h"

#include <fmt/format.h>

#include <cmath>
#include <vector>

#include "gyre/core/error.h"

namespace gyre::train {
namespace {

void require_one_of(const char* key, const std::string& value,
                    const std::vector<std::string>& known) {
  for (const std::string& name : known) {
    if (value == name) return;
  }
  const std::string nearest = nearest_name(value, known);
  throw Error(key, fmt::format("'{}' is not known", value),
              fmt::format("did you mean '{}'?", nearest.empty() ? known.front() : nearest));
}

void require(bool good, const char* key, const char* wanted) {
  if (!good) throw Error(key, fmt::format("must be {}", wanted));
}

}  // namespace

int TrainConfig::text_rows() const { return static_cast<int>(std::lround(text_fraction * batch)); }

void TrainConfig::validate() const {
  require(steps >= 0, "steps", "0 or more");
  require(minutes >= 0, "minutes", "0 or more");
  if (steps == 0 && minutes == 0) {
    throw Error("steps and minutes", "are both 0", "set one of them: when shall training end?");
  }
  require(batch > 0, "batch", "above 0");
  require(workers >= 0 && workers <= batch, "workers", "between 0 and the batch");
  require(flow_samples > 0, "flow_samples", "above 0");
  require(grounding_weight >= 0, "grounding_weight", "0 or more");
  require(text_weight >= 0, "text_weight", "0 or more");
  require(fast_weight >= 0, "fast_weight", "0 or more");
  require(text_fraction >= 0 && text_fraction <= 1, "text_fraction", "between 0 and 1");
  require(instruction_chance >= 0 && instruction_chance <= 1, "instruction_chance",
          "between 0 and 1");
  require(state_dropout >= 0 && state_dropout <= 1, "state_dropout", "between 0 and 1");
  require(state_noise >= 0, "state_noise", "0 or more");
  require(schedule.peak > 0 && schedule.final >= 0, "schedule", "positive rates");
  require(schedule.warmup_steps >= 0, "schedule.warmup_steps", "0 or more");
  require(adam.clip > 0, "adam.clip", "above 0");
  require(ema >= 0 && ema < 1, "ema", "in [0, 1)");
  require(augment.shift >= 0, "augment.shift", "0 or more");
  require(continuing.max_delay >= -1, "continue.max_delay", "0 or more, or -1");
  require(continuing.undelayed >= 0 && continuing.undelayed <= 1, "continue.undelayed",
          "between 0 and 1");
  require(continuing.noise >= 0, "continue.noise", "0 or more");
  require(validation.fraction >= 0 && validation.fraction < 1, "validation.fraction", "in [0, 1)");
  require(log_every > 0, "log_every", "above 0");
  require_one_of("schedule.kind", schedule.kind, {"openpi", "lerobot", "constant"});
  require_one_of("tune", tune, {"full", "frozen-vision", "expert", "lora", "lora-expert", "text"});
  require_one_of("loss", loss, {"real", "padded"});
  require_one_of("device", device, {"auto", "cpu", "cuda"});
  require_one_of("precision", precision, {"auto", "float32", "bfloat16"});
}

}  // namespace gyre::train
