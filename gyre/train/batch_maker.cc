#include "gyre/train/batch_maker.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "gyre/core/error.h"
#include "gyre/policy/prompt.h"
#include "gyre/train/augment.h"

namespace gyre::train {
namespace {

void require_fits(size_t have, int room, const std::string& embodiment, const char* what) {
  if (have <= static_cast<size_t>(room)) return;
  throw Error(embodiment, fmt::format("has {} {}, the policy takes {}", have, what, room),
              "train a policy of a larger configuration");
}

// Moves the pick to an observation up to `delay` frames earlier in its episode. Returns how many:
// the actions between are those that were sent while an answer was awaited, targets or not.
int step_back(Pick& pick, int delay) {
  int frames = 0;
  while (frames < delay && pick.get().index > 0 &&
         pick.source->frames->frame(pick.frame - 1).usable) {
    --pick.frame;
    ++frames;
  }
  return frames;
}

}  // namespace

float draw_flow_time(Rng& rng) {
  return static_cast<float>(std::pow(rng.uniform(), 1 / 1.5) * 0.999 + 0.001);
}

BatchMaker::BatchMaker(const Checkpoint& checkpoint, const Mixture& mixture,
                       const TrainConfig& config)
    : checkpoint_(checkpoint), model_(checkpoint.config), mixture_(mixture), config_(config) {
  for (const Embodiment& contract : mixture.embodiments()) {
    require_fits(contract.state.size(), model_.max_state_dim, contract.name, "state fields");
    require_fits(contract.action.size(), model_.max_action_dim, contract.name, "action fields");
    if (!checkpoint.processors) {  // else cameras go by name
      require_fits(contract.cameras.size(), model_.cameras, contract.name, "cameras");
    }
    Embodied embodied{.adapter = make_adapter(checkpoint, checkpoint.trained_on(contract)),
                      .holds_position = {}};
    for (const Field& field : contract.action) {
      embodied.holds_position.push_back(field.kind == FieldKind::kPosition);
    }
    embodied_.push_back(std::move(embodied));
  }
}

PrefixRows BatchMaker::make_prefix(int rows) const {
  const size_t side = model_.vision.image_size, cameras = model_.cameras;
  PrefixRows prefix;
  prefix.rows = rows;
  prefix.images.assign(rows * cameras * 3 * side * side, -1);
  prefix.image_mask.assign(rows * cameras, 0);
  prefix.grounding.assign(rows * cameras * model_.vision.grounding * 3, 0);
  prefix.grounded.assign(rows, 0);
  return prefix;
}

void BatchMaker::set_pictures(PrefixRows& rows, int row, const Pick& pick, Rng* augment) const {
  const data::Sample frame = pick.get();
  const int side = model_.vision.image_size, things = model_.vision.grounding;
  const size_t pixels = static_cast<size_t>(3) * side * side;
  const Adapter& adapter = *embodied_[pick.embodiment].adapter;
  const bool grounded = things > 0 && !frame.grounding.empty();
  rows.grounded[row] = grounded ? 1 : 0;
  for (int slot = 0; slot < model_.cameras; ++slot) {
    const int c = adapter.camera(slot);
    const size_t at = static_cast<size_t>(row) * model_.cameras + slot;
    if (c < 0 && adapter.sees_missing()) rows.image_mask[at] = 1;
    if (c < 0) continue;
    const Augmentation change =
        augment == nullptr ? Augmentation{} : Augmentation::draw(config_.augment, *augment);
    augmented_planes(pick.source->frames->pixels(pick.frame, c).rgb, change, side,
                     {&rows.images[at * pixels], pixels});
    rows.image_mask[at] = 1;
    for (int thing = 0; grounded && thing < things; ++thing) {
      const float* from = &frame.grounding[(c * 2 + thing) * 3];
      float* to = &rows.grounding[(at * things + thing) * 3];
      const float x = from[0] + 2.f * change.shift_x / side;
      const float y = from[1] + 2.f * change.shift_y / side;
      if (from[2] <= 0 || std::max(std::abs(x), std::abs(y)) > 1) continue;
      to[0] = x;
      to[1] = y;
      to[2] = 1;
    }
  }
}

void BatchMaker::set_words(PrefixRows& rows, const std::vector<Words>& words) const {
  size_t length = 0;
  for (const Words& each : words)
    length = std::max(length, each.prompt.size() + each.answer.size());
  rows.length = static_cast<int>(length);
  rows.tokens.assign(words.size() * length, checkpoint_.vocabulary().pad_id());
  rows.token_mask.assign(words.size() * length, 0);
  const bool asked = std::any_of(words.begin(), words.end(),
                                 [](const Words& each) { return !each.answer.empty(); });
  rows.answer.assign(asked ? words.size() * length : 0, 0);
  rows.share.assign(rows.answer.size(), 0);
  for (size_t row = 0; row < words.size(); ++row) {
    size_t at = row * length;
    for (int token : words[row].prompt) {
      rows.tokens[at] = token;
      rows.token_mask[at++] = 1;
    }
    for (size_t i = 0; i < words[row].answer.size(); ++i) {
      rows.tokens[at] = words[row].answer[i];
      rows.answer[at] = 1;
      rows.share[at] = words[row].share[i];
      rows.token_mask[at++] = 1;
    }
  }
}

// A text and EOS, each token counting the same, in the prompt's room.
BatchMaker::Words BatchMaker::text_of(std::vector<int> prompt, const std::string& answer) const {
  const Tokenizer& tokenizer = checkpoint_.vocabulary();
  Words words{.prompt = std::move(prompt), .answer = tokenizer.encode(answer), .share = {}};
  words.answer.push_back(tokenizer.eos_id());
  words.share.assign(words.answer.size(), 1.F / static_cast<float>(words.answer.size()));
  const size_t size = words.prompt.size() + words.answer.size();
  if (size > static_cast<size_t>(model_.max_prompt_tokens)) {
    throw Error(fmt::format("'{}'", tokenizer.decode(words.prompt)),
                fmt::format("has {} tokens, the policy takes {}", size, model_.max_prompt_tokens),
                "use fewer words");
  }
  return words;
}

// The question for the subtask, and the answer.
BatchMaker::Words BatchMaker::subtask_words(const Pick& pick) const {
  const data::Sample frame = pick.get();
  return text_of(
      encode_prompt(*checkpoint_.tokenizer, subtask_prompt(frame.task), model_.max_prompt_tokens),
      std::string(frame.subtask));
}

// The row's actions after its prompt. What counts: of π0-FAST every token but BOS, each the same in
// the whole batch (LeRobot) or in its row (openpi); beside an expert the actions' own words, in
// their row. A chunk that is known in part is not said.
void BatchMaker::tokenise_actions(const Batch& batch, int row, Words& words) const {
  const int horizon = model_.horizon, width = model_.max_action_dim, dim = batch.action_dim[row];
  const size_t first = static_cast<size_t>(row) * horizon * width;
  if (batch.given[row] > 0 || batch.weight[first + static_cast<size_t>(horizon - 1) * width] == 0) {
    return;
  }
  std::vector<double> chunk;
  for (int h = 0; h < horizon; ++h) {
    const auto from = batch.actions.begin() + static_cast<std::ptrdiff_t>(first) + h * width;
    chunk.insert(chunk.end(), from, from + dim);
  }
  ActionTokens::Answer answer = action_tokens_->answer(chunk, horizon, dim, words.prompt.size());
  const std::vector<uint8_t>& counts = model_.has_expert() ? answer.is_action : answer.is_target;
  const auto targets = static_cast<float>(std::ranges::count(counts, uint8_t{1}));
  const bool by_batch = !model_.has_expert() && config_.loss == "real";
  for (const uint8_t counted : counts) {
    words.share.push_back(counted == 0 ? 0 : by_batch ? 1 : 1 / targets);
  }
  words.answer = std::move(answer.tokens);
}

// The prompt of a row whose state is set already.
BatchMaker::Words BatchMaker::words_of(const Batch& batch, int row, const Pick& pick,
                                       const std::string& words) const {
  const size_t first = static_cast<size_t>(row) * model_.max_state_dim;
  const auto state = std::span(batch.state).subspan(first, pick.get().state.size());
  Words row_words{embodied_[pick.embodiment].adapter->tokens(words, state), {}, {}};
  if (row_words.prompt.size() > static_cast<size_t>(model_.max_prompt_tokens)) {
    throw Error("'" + words + "'",
                fmt::format("has {} tokens with all that belongs to the prompt, "
                            "the policy takes {}",
                            row_words.prompt.size(), model_.max_prompt_tokens),
                "use fewer words");
  }
  return row_words;
}

void BatchMaker::set_state(Batch& batch, int row, const Pick& pick, Rng* noise) const {
  const std::vector<float> normal = embodied_[pick.embodiment].adapter->state(pick.get().state);
  const std::span<float> state{&batch.state[static_cast<size_t>(row) * model_.max_state_dim],
                               normal.size()};
  std::ranges::copy(normal, state.begin());
  if (noise == nullptr || config_.state_noise == 0) return;
  for (float& value : state) value += static_cast<float>(config_.state_noise * noise->normal());
}

// [H, D], of which the actions from `given` to `known` are to be learnt.
std::vector<float> BatchMaker::chunk_of(const Pick& pick, int given, int& known) const {
  const Embodied& embodied = embodied_[pick.embodiment];
  const int dim = static_cast<int>(embodied.holds_position.size()), horizon = model_.horizon;
  std::vector<float> chunk(static_cast<size_t>(horizon) * dim);
  std::vector<uint8_t> is_pad(horizon);
  pick.source->frames->action_chunk(pick.frame, horizon, chunk, is_pad);

  // Beyond the end: no motion, and what is a position (the gripper) stays. That is a target too,
  // for a policy shall rest when it has done its work. An action that nobody should learn from is
  // none, nor are those that follow it.
  const std::vector<float>& targets = pick.source->targets;
  known = horizon;
  for (int h = 0; h < horizon; ++h) {
    if (is_pad[h]) {
      for (int d = 0; d < dim; ++d) {
        if (!embodied.holds_position[d]) chunk[h * dim + d] = 0;
      }
    } else if (h >= given && !targets.empty() &&
               (pick.frame + h >= targets.size() || targets[pick.frame + h] <= 0)) {
      known = h;
      break;
    }
  }
  embodied.adapter->targets(pick.get().state, chunk);
  return chunk;
}

std::vector<std::vector<double>> BatchMaker::chunks(int count) const {
  std::vector<std::vector<double>> chunks;
  for (int i = 0; i < count; ++i) {
    int known = 0;
    const std::vector<float> chunk = chunk_of(mixture_.draw(i), 0, known);
    if (known == model_.horizon) chunks.emplace_back(chunk.begin(), chunk.end());
  }
  return chunks;
}

// 0 more often than any other, so that answers in time stay as good as without this.
int BatchMaker::draw_delay(Rng& rng) const {
  if (model_.max_delay == 0 || rng.chance(config_.continuing.undelayed)) return 0;
  return 1 + static_cast<int>(rng.below(model_.max_delay));
}

void BatchMaker::set_actions(Batch& batch, int row, const Pick& pick, Rng* noise) const {
  const int dim = static_cast<int>(embodied_[pick.embodiment].holds_position.size());
  const int horizon = model_.horizon, width = model_.max_action_dim;
  const int given = static_cast<int>(batch.given[row]);
  int known = 0;
  const std::vector<float> chunk = chunk_of(pick, given, known);
  batch.action_dim[row] = dim;
  const size_t first = static_cast<size_t>(row) * horizon * width;
  const int learnt = config_.loss == "padded" ? width : dim;  // padding's target is zero
  for (int h = 0; h < known; ++h) {
    for (int d = 0; d < learnt; ++d) {
      if (d < dim) batch.actions[first + h * width + d] = chunk[h * dim + d];
      if (h < given) continue;
      batch.weight[first + h * width + d] = 1.f / static_cast<float>((known - given) * learnt);
    }
  }
  if (noise == nullptr || config_.continuing.noise == 0) return;
  for (int h = 0; h < given; ++h) {
    for (int d = 0; d < dim; ++d) {
      batch.actions[first + h * width + d] +=
          static_cast<float>(config_.continuing.noise * noise->normal());
    }
  }
}

Batch BatchMaker::make_batch(int rows, int samples) const {
  const size_t chunk = static_cast<size_t>(model_.horizon) * model_.max_action_dim;
  Batch batch;
  batch.prefix = make_prefix(rows);
  batch.state.assign(static_cast<size_t>(rows) * model_.max_state_dim, 0);
  batch.actions.assign(rows * chunk, 0);
  batch.given.assign(rows, 0);
  batch.weight.assign(rows * chunk, 0);
  batch.noise.resize(rows * samples * chunk);
  batch.action_dim.assign(rows, 0);
  batch.time.resize(static_cast<size_t>(rows) * samples);
  return batch;
}

BatchMaker::Drawn BatchMaker::draw(int64_t step, int row) const {
  Drawn drawn{.pick = mixture_.draw(step * config_.batch + row),
              .rng = Rng::stream(config_.seed, fmt::format("step {} given {}", step, row))};
  drawn.given = step_back(drawn.pick, draw_delay(drawn.rng));
  return drawn;
}

Pick BatchMaker::draw_text(int64_t step, int row) const {
  return mixture_.draw_text(step * config_.text_rows() + row);
}

void BatchMaker::ahead(int64_t step, int text_rows) const {
  std::map<const data::FrameSource*, std::vector<data::PictureAsked>> asked;
  const auto ask = [&](const Pick& pick) {
    for (int slot = 0; slot < model_.cameras; ++slot) {
      const int camera = embodied_[pick.embodiment].adapter->camera(slot);
      if (camera >= 0) asked[pick.source->frames].push_back({pick.frame, camera});
    }
  };
  for (int row = 0; row < config_.batch; ++row) ask(draw(step, row).pick);
  for (int row = 0; row < text_rows; ++row) ask(draw_text(step, row));
  for (const auto& [frames, pictures] : asked) frames->ahead(pictures);
}

Batch BatchMaker::training(int64_t step, int first, int rows, int first_text, int text_rows) const {
  const int samples = config_.flow_samples;
  Batch batch = make_batch(rows, samples);
  std::vector<Words> words;
  for (int row = 0; row < rows; ++row) {
    Rng rng = Rng::stream(config_.seed, fmt::format("step {} row {}", step, first + row));
    Drawn drawn = draw(step, first + row);
    const Pick& pick = drawn.pick;
    batch.given[row] = drawn.given;
    const data::Sample frame = pick.get();
    const bool subtask =
        !frame.subtask.empty() && (pick.long_task || !rng.chance(config_.instruction_chance));
    set_pictures(batch.prefix, row, pick, &rng);
    if (!rng.chance(config_.state_dropout)) set_state(batch, row, pick, &rng);
    words.push_back(words_of(batch, row, pick, std::string(subtask ? frame.subtask : frame.task)));
    set_actions(batch, row, pick, &drawn.rng);
    if (action_tokens_ != nullptr) tokenise_actions(batch, row, words.back());

    const size_t chunk = batch.noise.size() / rows;
    for (size_t i = 0; i < chunk; ++i) {
      batch.noise[row * chunk + i] = static_cast<float>(rng.normal());
    }
    for (int i = 0; i < samples; ++i) batch.time[row * samples + i] = draw_flow_time(rng);
  }
  if (rows > 0) set_words(batch.prefix, words);

  batch.text = make_prefix(text_rows);
  words.clear();
  for (int row = 0; row < text_rows; ++row) {
    Rng rng = Rng::stream(config_.seed, fmt::format("step {} text {}", step, first_text + row));
    const Pick pick = draw_text(step, first_text + row);
    words.push_back(subtask_words(pick));
    set_pictures(batch.text, row, pick, &rng);
  }
  if (text_rows > 0) set_words(batch.text, words);
  return batch;
}

Batch BatchMaker::held_out(int first, int rows, int delay) const {
  Batch batch = make_batch(rows, 1);
  std::vector<Words> words;
  for (int row = 0; row < rows; ++row) {
    Pick pick = mixture_.held_out()[first + row];
    batch.given[row] = step_back(pick, delay);
    const data::Sample frame = pick.get();
    set_pictures(batch.prefix, row, pick, nullptr);
    set_state(batch, row, pick, nullptr);
    words.push_back(words_of(batch, row, pick,
                             std::string(frame.subtask.empty() ? frame.task : frame.subtask)));
    if (!model_.has_expert() && action_tokens_ != nullptr) {
      for (const int id : action_tokens_->opening()) words.back().prompt.push_back(id);
    }
    set_actions(batch, row, pick, nullptr);
    Rng rng = Rng::stream(0, fmt::format("held out {}", first + row));
    const size_t chunk = batch.noise.size() / rows;
    for (size_t i = 0; i < chunk; ++i) {
      batch.noise[row * chunk + i] = static_cast<float>(rng.normal());
    }
  }
  if (rows > 0) set_words(batch.prefix, words);
  return batch;
}

PrefixRows BatchMaker::held_out_text(int first, int rows) const {
  PrefixRows text = make_prefix(rows);
  std::vector<Words> words;
  for (int row = 0; row < rows; ++row) {
    const Pick& pick = mixture_.held_out_text()[first + row];
    words.push_back(subtask_words(pick));
    set_pictures(text, row, pick, nullptr);
  }
  if (rows > 0) set_words(text, words);
  return text;
}

}  // namespace gyre::train
