#include "gyre/train/training_state.h"

#include <torch/serialize/archive.h>

#include "gyre/core/error.h"
#include "gyre/io/file.h"

namespace gyre::train {

namespace fs = std::filesystem;

fs::path training_state_file(const fs::path& out) { return out / "training" / "optimizer.pt"; }

void save_training_state(const fs::path& out, const Optimizer& optimizer,
                         const TrainingProgress& progressed) {
  const fs::path file = training_state_file(out);
  fs::create_directories(file.parent_path());
  io::write_atomically(file, [&](const fs::path& partial) {
    try {
      torch::serialize::OutputArchive archive;
      archive.write("value", optimizer.value);
      archive.write("average", optimizer.average);
      archive.write("first_moment", optimizer.first_moment);
      archive.write("second_moment", optimizer.second_moment);
      archive.write("step", torch::tensor(progressed.step));
      archive.write("minutes", torch::tensor(progressed.minutes, torch::kFloat64));
      archive.save_to(partial.string());
    } catch (const c10::Error&) {
      throw Error(file.string(), "cannot be written", "is the disk full?");
    }
  });
}

TrainingProgress load_training_state(const fs::path& out, Optimizer& optimizer) {
  const fs::path file = training_state_file(out);
  const torch::NoGradGuard no_gradients;
  torch::Tensor step, minutes;
  try {
    torch::serialize::InputArchive archive;
    archive.load_from(file.string());
    const auto read = [&](const char* name, torch::Tensor& into) {
      torch::Tensor tensor;
      archive.read(name, tensor);
      into.copy_(tensor);
    };
    read("value", optimizer.value);
    read("average", optimizer.average);
    read("first_moment", optimizer.first_moment);
    read("second_moment", optimizer.second_moment);
    archive.read("step", step);
    archive.read("minutes", minutes);
  } catch (const std::exception&) {
    throw Error(file.string(), "is damaged or of another network",
                "remove its folder to train anew from the weights");
  }
  if (!optimizer.value.isfinite().all().item<bool>()) {
    throw Error(file.string(), "holds weights that are not finite",
                "remove its folder to train anew from the weights");
  }
  return {.step = step.item<int64_t>(), .minutes = minutes.item<double>()};
}

}  // namespace gyre::train
