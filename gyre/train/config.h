#pragma once

#include <cstdint>
#include <string>

namespace gyre::train {

// Schedule of the learning rate; see schedule.h.
struct ScheduleConfig {
  std::string kind = "openpi";
  double peak = 1e-3;
  double final = 2e-5;
  int warmup_steps = 100;

  template <class Visitor>
  void visit(Visitor& v) {
    v("kind", kind, "openpi or lerobot (two forms of warm-up and cosine), or constant");
    v("peak", peak, "highest learning rate");
    v("final", final, "learning rate at the end");
    v("warmup_steps", warmup_steps, "steps of linear warm-up");
  }
};

// AdamW (Loshchilov and Hutter, 2019).
struct AdamConfig {
  double beta1 = 0.9;
  double beta2 = 0.95;
  double epsilon = 1e-8;
  double weight_decay = 0.01;
  double clip = 1;

  template <class Visitor>
  void visit(Visitor& v) {
    v("beta1", beta1, "decay of the gradient's mean");
    v("beta2", beta2, "decay of the gradient's square");
    v("epsilon", epsilon, "added to the root of the mean square");
    v("weight_decay", weight_decay, "decoupled decay of all weights, per unit of learning rate");
    v("clip", clip, "largest norm of the whole gradient");
  }
};

// Random changes of pictures, drawn for each camera of each sample; see augment.h.
struct AugmentConfig {
  int shift = 1;
  double brightness = 0.15;
  double contrast = 0.2;
  double saturation = 0.3;

  template <class Visitor>
  void visit(Visitor& v) {
    v("shift", shift, "largest shift, pixels");
    v("brightness", brightness, "largest change of brightness, of the whole range");
    v("contrast", contrast, "largest relative change of contrast");
    v("saturation", saturation, "largest relative change of saturation");
  }
};

// The error of sampled chunks on episodes that are held out of training.
struct ValidationConfig {
  double fraction = 0.02;
  int frames = 192;
  double every_minutes = 5;

  template <class Visitor>
  void visit(Visitor& v) {
    v("fraction", fraction, "of the episodes, held out of training");
    v("frames", frames, "observations that are sampled from");
    v("every_minutes", every_minutes, "minutes between two validations");
  }
};

// The first actions of a chunk are given to the network as they are, because they will have been
// sent when its answer arrives; it learns to go on from them (training-time real-time chunking,
// arXiv 2512.05964). How many, is drawn for each observation.
struct ContinueConfig {
  int max_delay = -1;
  double undelayed = 0.4;
  double noise = 0;

  template <class Visitor>
  void visit(Visitor& v) {
    v("max_delay", max_delay,
      "most actions that are given, 0: none, -1: as the policy was trained before");
    v("undelayed", undelayed, "share of the observations with no action given");
    v("noise", noise, "deviation of noise on the given actions, normalised");
  }
};

struct TrainConfig {
  uint64_t seed = 1;
  int64_t steps = 0;
  double minutes = 0;
  int batch = 64;
  int workers = 0;
  std::string device = "auto";
  std::string precision = "auto";

  int flow_samples = 4;
  double grounding_weight = 1;
  double text_weight = 0.1;
  double text_fraction = 0.1;
  double instruction_chance = 0.5;
  double state_dropout = 0;
  double state_noise = 0;
  bool relative_actions = false;

  std::string tune = "full";
  std::string loss = "real";
  bool insulate = false;
  double fast_weight = 0.1;
  bool fit_fast = false;
  bool recompute = false;

  ScheduleConfig schedule;
  AdamConfig adam;
  double ema = 0.999;
  AugmentConfig augment;
  ContinueConfig continuing;
  ValidationConfig validation;

  int log_every = 20;
  double save_minutes = 5;

  template <class Visitor>
  void visit(Visitor& v) {
    // The rows and noise of a step follow from seed and step alone, whatever the number of workers;
    // their gradients are summed in another order. A time limit makes the learning rate depend on
    // the machine's speed.
    v("seed", seed,
      "of weights, rows and noise; same seed, steps, data and workers: same bits (cpu, no "
      "minutes)");
    v("steps", steps, "optimiser steps, 0: until the minutes are over");
    v("minutes", minutes, "time limit over all resumed runs, 0: until the steps are done");
    v("batch", batch, "observations in a step, over all workers");
    v("workers", workers, "data-parallel single-threaded workers, 0: one a core (one on a GPU)");
    v("device", device, "cpu, cuda, or auto: cuda where there is one");
    v("precision", precision, "float32, bfloat16, or auto: bfloat16 for SigLIP networks on cuda");
    v("flow_samples", flow_samples, "pairs of noise and flow time for each observation");
    v("grounding_weight", grounding_weight, "weight of the loss of named things' places, 0: off");
    v("text_weight", text_weight, "weight of the subtask text's loss, 0: off");
    v("text_fraction", text_fraction, "further observations for the text loss, in batches");
    v("instruction_chance", instruction_chance,
      "chance that a short task is prompted by its given words, else by the canonical ones");
    v("state_dropout", state_dropout, "chance that a sample's state is zeroed");
    v("state_noise", state_noise,
      "deviation of noise on the normalised state; reduces overfitting to few episodes");
    v("relative_actions", relative_actions,
      "predict positions relative to the observed state (contracts new to the policy)");
    v("tune", tune,
      "trained weights: full, frozen-vision, expert, lora (openpi's ranks), lora-expert "
      "(LeRobot's), or text (the subtask's words alone: no action changes)");
    v("loss", loss,
      "real: flow loss over the robot's real action fields, or mean over all tokens of a batch "
      "(LeRobot); padded: over all of the policy's fields, or mean of each chunk's tokens "
      "(openpi)");
    v("insulate", insulate,
      "knowledge insulation: the flow loss trains the action expert alone, the backbone learns to "
      "predict FAST tokens of the actions");
    v("fast_weight", fast_weight, "weight of the FAST tokens' loss, with insulate, 0: off");
    v("fit_fast", fit_fast,
      "fit a new FAST tokenizer on the data, also where the policy has one (insulation does where "
      "it has none)");
    v("recompute", recompute, "layers run again in the backward pass: less memory, more time");
    v("schedule", schedule, "the learning rate");
    v("adam", adam, "the optimiser");
    v("ema", ema, "largest decay of the weights' moving average, which is what is saved");
    v("augment", augment, "changes of the pictures");
    v("continue", continuing, "learning to go on from actions that are being sent");
    v("validation", validation, "held-out episodes");
    v("log_every", log_every, "steps between two lines of metrics");
    v("save_minutes", save_minutes, "minutes between two checkpoints");
  }

  // Further observations of a step for the text loss.
  int text_rows() const;
  // Throws Error naming the field.
  void validate() const;
};

}  // namespace gyre::train
