#include "gyre/train/trainer.h"

#include <fmt/format.h>
#include <malloc.h>

#include <chrono>
#include <cmath>
#include <limits>
#include <numeric>

#include "gyre/core/error.h"
#include "gyre/core/hash.h"
#include "gyre/core/progress.h"
#include "gyre/core/stop_signal.h"
#include "gyre/io/config.h"
#include "gyre/model/threads.h"
#include "gyre/policy/policy_hash.h"
#include "gyre/train/batch_maker.h"
#include "gyre/train/metrics.h"
#include "gyre/train/optimizer.h"
#include "gyre/train/replica.h"
#include "gyre/train/schedule.h"
#include "gyre/train/training_state.h"
#include "gyre/train/tuning.h"
#include "gyre/train/validation.h"
#include "gyre/train/worker_pool.h"

namespace gyre::train {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

double minutes_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count() / 60;
}

// Every step frees what the next one needs again. Kept in the process instead of given back, these
// pages are not faulted in anew: 5 % of a step.
void keep_freed_memory() {
  mallopt(M_MMAP_THRESHOLD, 32 << 20);
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
}

torch::Device pick_device(const std::string& wanted) {
  const bool there = torch::cuda::is_available();
  if (wanted == "cuda" && !there) throw Error("device", "no CUDA device is there", "use cpu");
  return wanted == "cpu" || !there ? torch::kCPU : torch::kCUDA;
}

torch::Dtype pick_dtype(const std::string& wanted, torch::Device device, const ModelConfig& model) {
  // Keypoints are places in a picture: bfloat16's three digits would round them to whole pixels.
  const bool suits = device.is_cuda() && model.vision.kind == VisionKind::kSiglip;
  return wanted == "bfloat16" || (wanted == "auto" && suits) ? torch::kBFloat16 : torch::kFloat32;
}

int pick_workers(const TrainConfig& config, torch::Device device) {
  if (config.workers > 0) return config.workers;
  const int cores = device.is_cuda() ? 1 : static_cast<int>(std::thread::hardware_concurrency());
  return std::clamp(cores, 1, config.batch);
}

constexpr int kMostSkipped = 20;

// The name of an error with this many actions given, in metrics and in the policy's `about`.
std::string held_out_name(int delay) {
  return delay == 0 ? "held_out_error" : fmt::format("held_out_error_delay_{}", delay);
}

class Run {
 public:
  Run(const TrainConfig& config, Checkpoint start, std::vector<Source> sources, fs::path out,
      IfExists if_exists);
  TrainResult go();

 private:
  void settle_delay();
  bool learns_actions() const { return tuning_of(config_.tune) != Tuning::kText; }
  model::Parameters initial_parameters() const;
  void tokenise_actions(bool exists);
  [[noreturn]] void give_up(const std::string& why);
  bool done() const;
  double minutes() const { return resumed_.minutes + minutes_since(began_); }
  double total_steps() const;
  double samples_per_s() const;
  int observations() const { return action_rows_ > 0 ? action_rows_ : text_rows_; }  // of a step
  std::string note() const;
  void step();
  void log();
  void validate();
  void save();

  TrainConfig config_;
  Checkpoint checkpoint_;
  fs::path out_;
  Mixture mixture_;
  nlohmann::json data_, sources_;  // of all training; of this run

  torch::Device device_;
  torch::Dtype dtype_;
  model::TensorFilter trained_;
  std::unique_ptr<model::Parameters> average_;
  std::unique_ptr<Optimizer> optimizer_;
  std::unique_ptr<BatchMaker> maker_;
  std::unique_ptr<ActionTokens> action_tokens_;  // where the policy learns to say its actions
  std::vector<std::unique_ptr<Replica>> replicas_;
  std::unique_ptr<Replica> judge_;  // holds the average, to sample from
  std::unique_ptr<WorkerPool> pool_;
  std::unique_ptr<MetricsLog> metrics_;

  TrainingProgress resumed_;
  Clock::time_point began_, logged_at_, validated_at_, saved_at_;
  int64_t step_ = 0, logged_step_ = 0;
  int action_rows_ = 0, text_rows_ = 0;
  int skipped_in_a_row_ = 0;
  int64_t logged_skips_ = 0;
  Losses sums_;
  double gradient_norm_ = 0;
  TrainResult result_;
};

Run::Run(const TrainConfig& config, Checkpoint start, std::vector<Source> sources, fs::path out,
         IfExists if_exists)
    : config_(config),
      checkpoint_(std::move(start)),
      out_(std::move(out)),
      mixture_(sources, config.validation, config.seed),
      device_(pick_device(config.device)),
      dtype_(pick_dtype(config.precision, device_, checkpoint_.config)) {
  config_.validate();
  settle_delay();
  model::use_one_thread_each();
  keep_freed_memory();
  const bool exists = holds_run(out_);
  if (exists && if_exists == IfExists::kRefuse) {
    throw Error(out_.string(), "holds a training run already", "resume it or name another folder");
  }
  const ModelConfig& model = checkpoint_.config;
  trained_ = [tuning = tuning_of(config_.tune), model](const std::string& name) {
    return is_trained(tuning, name, model) || name.ends_with(model::kLoraA) ||
           name.ends_with(model::kLoraB);
  };
  average_ = std::make_unique<model::Parameters>(initial_parameters());
  const auto flat = average_->flatten(trained_).value;
  optimizer_ = std::make_unique<Optimizer>(flat.detach().clone(), flat.detach());
  if (exists) {
    if (!checkpoint_.processors) checkpoint_.embodiments = Checkpoint::open(out_).embodiments;
    resumed_ = load_training_state(out_, *optimizer_);
  }
  step_ = logged_step_ = resumed_.step;

  for (size_t i = 0; i < mixture_.embodiments().size(); ++i) {
    const std::string& name = mixture_.embodiments()[i].name;
    if (checkpoint_.embodiments.count(name) > 0) continue;
    if (checkpoint_.processors && checkpoint_.processors->has_normaliser()) {
      checkpoint_.adopt(mixture_.embodiments()[i]);  // its normaliser stays
      continue;
    }
    if (checkpoint_.processors && !checkpoint_.processors->joints.empty()) {
      throw Error(checkpoint_.folder.string(), "came without a normaliser for this robot's joints",
                  "pass --stats FILE");
    }
    if (checkpoint_.processors && checkpoint_.processors->relative_actions) {
      throw Error(checkpoint_.folder.string(), "came without a normaliser of relative actions",
                  "pass --stats FILE");
    }
    checkpoint_.embodiments[name] =
        mixture_.statistics(static_cast<int>(i), config_.relative_actions, model.horizon);
  }
  data_ = checkpoint_.about.value("data", nlohmann::json::array());
  add_origins(sources, data_);
  for (const Source& source : sources) {
    sources_.push_back({{"frames", source.frames->size()},
                        {"episodes", source.frames->episodes()},
                        {"weight", source.weight}});
  }
  maker_ = std::make_unique<BatchMaker>(checkpoint_, mixture_, config_);
  if (!model.has_expert() || (config_.insulate && config_.fast_weight > 0))
    tokenise_actions(exists);
  if (config_.text_weight > 0 && mixture_.has_text()) {
    text_rows_ = config_.text_rows();
  }
  action_rows_ = learns_actions() ? config_.batch : 0;
  if (action_rows_ + text_rows_ == 0) {
    throw Error("tune text", "there are no subtasks to learn",
                "give data with subtasks, and text_weight and text_fraction above 0");
  }

  for (int i = 0; i < pick_workers(config_, device_); ++i) {
    replicas_.push_back(
        std::make_unique<Replica>(model, *average_, device_, dtype_, trained_, config_.recompute));
    const torch::NoGradGuard no_gradients;
    replicas_.back()->value().copy_(optimizer_->value);
  }
  if (!mixture_.held_out().empty() || !mixture_.held_out_text().empty()) {
    judge_ = std::make_unique<Replica>(model, *average_, device_, dtype_, trained_);
  }
  pool_ =
      std::make_unique<WorkerPool>(static_cast<int>(replicas_.size()), model::use_one_thread_each);
  fs::create_directories(out_);
  metrics_ = std::make_unique<MetricsLog>(out_, step_ + 1);
}

void Run::settle_delay() {
  ModelConfig& model = checkpoint_.config;
  if (config_.continuing.max_delay >= 0) model.max_delay = config_.continuing.max_delay;
  if (model.max_delay == 0) return;
  model.validate();
  if (!checkpoint_.processors || model.type == "pi05") return;
  throw Error("continue.max_delay", "LeRobot knows it of π0.5 alone, the policy is " + model.type,
              "leave it out");
}

// Weights at the start of training, on the device. Tensors that are not trained are there once, in
// the type that they are computed in.
model::Parameters Run::initial_parameters() const {
  const ModelConfig& model = checkpoint_.config;
  auto initial = checkpoint_.folder.empty()
                     ? model::Parameters::initial(model, config_.seed)
                     : model::Parameters::load(model, *checkpoint_.tensors, dtype_, trained_);
  for (const LowRank& layer : low_rank_layers(tuning_of(config_.tune), model)) {
    initial.add_lora(layer.layer, layer.rank, layer.zero_b, config_.seed);
  }
  return initial.on(device_);
}

// π0-FAST knows its tokenizer, or one is fitted on request; insulation fits one where there is
// none.
void Run::tokenise_actions(bool exists) {
  if (exists && fs::exists(out_ / kFastFolder)) {
    checkpoint_.fast_tokenizer =
        std::make_shared<FastTokenizer>(FastTokenizer::open(out_ / kFastFolder));
  } else if ((config_.fit_fast ||
              (checkpoint_.config.has_expert() && !checkpoint_.fast_tokenizer))) {
    constexpr int kChunks = 2000, kSize = 1024;
    const FastTokenOptions options =
        checkpoint_.processors ? checkpoint_.processors->fast : FastTokenOptions{};
    const int room = checkpoint_.vocabulary().vocab_size() - options.skipped_tokens - 4;
    checkpoint_.fast_tokenizer = std::make_shared<FastTokenizer>(FastTokenizer::fit(
        maker_->chunks(kChunks), checkpoint_.config.horizon, 0, 10, std::min(kSize, room)));
    checkpoint_.about["fast_tokenizer"] = "fitted on the training data";
    if (checkpoint_.processors) checkpoint_.processors->fast.tokenizer_name = kFastFolder;
  }
  // Acting is to be as training was; openpi's acting leaves out a position that training has.
  if (checkpoint_.processors) checkpoint_.processors->fast.skipped_positions = 0;
  action_tokens_ = std::make_unique<ActionTokens>(checkpoint_);
  maker_->use_action_tokens(action_tokens_.get());
}

bool Run::done() const {
  return (config_.steps > 0 && step_ >= config_.steps) ||
         (config_.minutes > 0 && minutes() >= config_.minutes);
}

// Length of the learning rate's schedule. With a time limit it is estimated from the present pace.
double Run::total_steps() const {
  const double limit =
      config_.steps > 0 ? static_cast<double>(config_.steps) : std::numeric_limits<double>::max();
  if (config_.minutes <= 0 || step_ == 0) return limit;
  return std::min(limit, static_cast<double>(step_) * config_.minutes / minutes());
}

void Run::step() {
  const int workers = pool_->size();
  std::vector<Losses> losses(workers);
  std::vector<Batch> batches(workers);
  const auto make = [&](int worker) {
    const int first = action_rows_ * worker / workers;
    const int end = action_rows_ * (worker + 1) / workers;
    const int first_text = text_rows_ * worker / workers;
    const int end_text = text_rows_ * (worker + 1) / workers;
    batches[worker] =
        maker_->training(step_, first, end - first, first_text, end_text - first_text);
  };
  maker_->ahead(step_, text_rows_);
  maker_->ahead(step_ + 1, text_rows_);
  double words = 0;
  const auto learn = [&](int worker) {
    losses[worker] =
        replicas_[worker]->learn(batches[worker], config_, action_rows_, text_rows_, words);
  };
  if (!checkpoint_.config.has_expert() && config_.loss == "real") {
    // LeRobot's mean over all words: how many the others have must be known first.
    pool_->run(make);
    for (const Batch& batch : batches) {
      words = std::accumulate(batch.prefix.share.begin(), batch.prefix.share.end(), words);
    }
    pool_->run(learn);
    for (Losses& part : losses) part.words *= action_rows_ / std::max(words, 1.0);
  } else {
    pool_->run([&](int worker) {
      make(worker);
      learn(worker);
    });
  }

  const torch::NoGradGuard no_gradients;
  const auto gradient = replicas_[0]->gradient().to(torch::kFloat32);
  for (int i = 1; i < workers; ++i) gradient.add_(replicas_[i]->gradient());
  const bool finite = std::ranges::all_of(losses, [](const Losses& part) { return part.finite(); });
  if (!finite) gradient.fill_(NAN);  // changes nothing
  const double norm =
      optimizer_->step(config_.adam, gradient, step_,
                       learning_rate(config_.schedule, static_cast<double>(step_), total_steps()),
                       ema_decay(config_.ema, static_cast<double>(step_)));
  ++step_;
  if (!finite || !std::isfinite(norm)) {
    ++result_.skipped_steps;
    if (++skipped_in_a_row_ >= kMostSkipped) {
      give_up(fmt::format("{} steps in a row gave no finite loss or gradient", kMostSkipped));
    }
    return;
  }
  skipped_in_a_row_ = 0;
  for (auto& replica : replicas_) replica->value().copy_(optimizer_->value);
  for (const Losses& part : losses) sums_ += part;
  gradient_norm_ += norm;
}

// See train(): the last good state becomes the present one, with other rows ahead.
void Run::give_up(const std::string& why) {
  {
    const torch::NoGradGuard no_gradients;
    if (holds_run(out_)) {
      load_training_state(out_, *optimizer_);
    } else {
      auto start = initial_parameters();
      const auto flat = start.flatten(trained_).value;
      optimizer_->value.copy_(flat);
      optimizer_->average.copy_(flat);
      optimizer_->first_moment.zero_();
      optimizer_->second_moment.zero_();
    }
  }
  result_.held_out_error.reset();
  result_.continued_errors.clear();
  save();
  throw Diverged(
      "training", why,
      fmt::format("lower schedule.peak or look for broken values in the data; {} holds the "
                  "last good weights, and --resume goes on from them",
                  out_.string()));
}

void Run::log() {
  const auto skipped = static_cast<double>(result_.skipped_steps - logged_skips_);
  const double all_rows = static_cast<double>(step_ - logged_step_) * observations();
  const double steps = static_cast<double>(step_ - logged_step_) - skipped;
  const double rows = steps * action_rows_;  // of steps that counted; 0: the means are left out
  const double seconds = 60 * minutes_since(logged_at_);
  std::map<std::string, double> line = {
      {"gradient_norm", gradient_norm_ / steps},
      {"learning_rate",
       learning_rate(config_.schedule, static_cast<double>(step_ - 1), total_steps())},
      {"samples_per_s", all_rows / seconds},
      {"minutes", minutes()}};
  const bool acts = action_rows_ > 0, flows = acts && checkpoint_.config.has_expert();
  line["loss"] = flows ? sums_.flow / rows : 0;
  if (flows) line["flow"] = line["loss"];
  if (acts && action_tokens_) {
    line["words"] = sums_.words / rows;
    line["loss"] += (flows ? config_.fast_weight : 1) * line["words"];
  }
  if (sums_.grounding > 0) {
    line["grounding"] = sums_.grounding / rows;
    line["loss"] += config_.grounding_weight * line["grounding"];
  }
  if (sums_.text_rows > 0) {
    line["text"] = sums_.text / sums_.text_rows;
    line["loss"] += config_.text_weight * line["text"];
  }
  if (skipped > 0) line["skipped_steps"] = skipped;
  metrics_->write(step_, line);
  if (steps > 0) result_.loss = line[flows ? "flow" : acts ? "words" : "text"];
  sums_ = {};
  gradient_norm_ = 0;
  logged_step_ = step_;
  logged_skips_ = result_.skipped_steps;
  logged_at_ = Clock::now();
}

void Run::validate() {
  validated_at_ = Clock::now();
  const int rows = static_cast<int>(mixture_.held_out().size());
  const int thoughts = text_rows_ > 0 ? static_cast<int>(mixture_.held_out_text().size()) : 0;
  if (rows + thoughts == 0) return;
  {
    const torch::NoGradGuard no_gradients;
    judge_->value().copy_(optimizer_->average);
  }
  std::map<std::string, double> line = {{"minutes", minutes()}};
  for (const auto& [delay, error] : held_out_errors(
           *judge_, *maker_, rows, checkpoint_.config.max_delay, action_tokens_.get(), *pool_)) {
    if (!std::isfinite(error)) give_up("the held-out error is not finite");
    line[held_out_name(delay)] = error;
    if (delay > 0) result_.continued_errors[delay] = error;
    if (delay == 0) result_.held_out_error = error;
  }
  if (thoughts > 0) {
    line["held_out_thoughts"] = held_out_thoughts(*judge_, *maker_, thoughts, *pool_);
    result_.held_out_thoughts = line["held_out_thoughts"];
  }
  metrics_->write(step_, line);
}

void Run::save() {
  saved_at_ = Clock::now();
  average_->merged().save(out_ / "model.safetensors", checkpoint_.tensor_prefix());
  Checkpoint written = checkpoint_;
  for (const char* of_start : {"policy_hash", "parent", "turn"}) written.about.erase(of_start);
  if (!written.processors) {  // a later change of the folder shows (flywheel/lineage.h)
    written.weights_hash = sha256_file(out_ / "model.safetensors");
    written.about["policy_hash"] = policy_hash(written);
  }
  written.about["training"] = {{"config", dump_json(config_entries(config_))},
                               {"steps", step_},
                               {"minutes", minutes()},
                               {"parent", checkpoint_.policy_hash},
                               {"sources", sources_}};
  written.about["data"] = data_;
  if (result_.held_out_error) {
    written.about["training"][held_out_name(0)] = *result_.held_out_error;
  }
  if (result_.held_out_thoughts) {
    written.about["training"]["held_out_thoughts"] = *result_.held_out_thoughts;
  }
  for (const auto& [delay, error] : result_.continued_errors) {
    written.about["training"][held_out_name(delay)] = error;
  }
  written.write(out_);
  save_training_state(out_, *optimizer_, {.step = step_, .minutes = minutes()});
}

double Run::samples_per_s() const {
  return static_cast<double>(step_ - resumed_.step) * observations() / (60 * minutes_since(began_));
}

// Text after the progress bar.
std::string Run::note() const {
  std::string text = fmt::format("step {}, {:.0f} samples/s", step_, samples_per_s());
  if (result_.loss > 0) text += fmt::format(", loss {:.4f}", result_.loss);
  if (result_.held_out_error)
    text += fmt::format(", held-out error {:.4f}", *result_.held_out_error);
  return text;
}

TrainResult Run::go() {
  began_ = logged_at_ = validated_at_ = saved_at_ = Clock::now();
  const bool by_steps = config_.steps > 0;
  Progress progress("train",
                    by_steps ? config_.steps - resumed_.step
                             : std::lround(60 * (config_.minutes - resumed_.minutes)),
                    by_steps ? "steps" : "s");
  while (!done() || skipped_in_a_row_ > 0) {
    if (stop_requested()) {
      result_.stopped = true;
      break;
    }
    step();
    if (step_ % config_.log_every == 0) log();
    if (minutes_since(validated_at_) >= config_.validation.every_minutes) validate();
    if (minutes_since(saved_at_) >= config_.save_minutes && skipped_in_a_row_ == 0) save();
    progress.update(by_steps ? step_ - resumed_.step : std::lround(60 * minutes_since(began_)),
                    note());
  }
  if (step_ > logged_step_) log();
  result_.samples_per_s = samples_per_s();
  if (!result_.stopped) validate();
  if (skipped_in_a_row_ == 0) save();  // else the last save stands: these weights may have diverged
  result_.steps = step_;
  result_.minutes = minutes();
  return result_;
}

}  // namespace

bool holds_run(const fs::path& out) { return fs::exists(training_state_file(out)); }

TrainResult train(const TrainConfig& config, Checkpoint start, std::vector<Source> sources,
                  const fs::path& out, IfExists if_exists) {
  return Run(config, std::move(start), std::move(sources), out, if_exists).go();
}

}  // namespace gyre::train
