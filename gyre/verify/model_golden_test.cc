#include <gtest/gtest.h>

#include "gyre/core/error.h"
#include "gyre/verify/golden_arrays.h"
#include "gyre/verify/model_golden.h"
#include "tests/source_dir.h"

// The tiny π0 and π0.5 of tests/golden, computed by the reference implementations (its README says
// which): every array that the graph produces, within the bounds that the design sets.
namespace gyre::verify {

using namespace model;

namespace {

using torch::Tensor;

struct Golden {
  Checkpoint checkpoint;
  Parameters parameters;
  Arrays in, out;
};

Golden read_golden(const std::string& type);

class ModelGolden : public testing::TestWithParam<std::string> {
 protected:
  ModelGolden()
      : golden_(read_golden(GetParam())), policy_(golden_.checkpoint.config, golden_.parameters) {}

  const Tensor& in(const std::string& name) const { return golden_.in.at(name); }
  const Tensor& out(const std::string& name) const { return golden_.out.at(name); }
  PrefixInput input() const {
    return {in("images"), in("image_masks"), in("tokens"), in("token_mask"), {}};
  }
  model::KvCache cache() const { return policy_.encode(policy_.embed_prefix(input())).cache; }
  Tensor train_x_t() const {
    const auto t = in("time").view({-1, 1, 1});
    return t * in("noise") + (1 - t) * in("actions");
  }

  Golden golden_;
  Policy policy_;
};

TEST_P(ModelGolden, EveryArrayWithinItsBound) {
  const GoldenReport report = compare_graph(golden_.checkpoint, golden_.checkpoint.folder);
  EXPECT_GT(report.arrays.size(), 180);
  for (const GoldenArray& array : report.arrays) {
    EXPECT_TRUE(array.ok) << array.file << " " << array.name << ": " << array.max_abs << " against "
                          << array.bound << " " << array.note;
  }
}

TEST_P(ModelGolden, AWrongWeightIsSeen) {
  const auto folder = std::filesystem::path(testing::TempDir()) / ("gyre_golden_" + GetParam());
  std::filesystem::remove_all(folder);
  std::filesystem::copy(golden_.checkpoint.folder, folder);
  EXPECT_THROW(compare_graph(golden_.checkpoint, folder.parent_path()), Error);
  auto changed = golden_.parameters.clone();
  changed.all().front().second.mul_(1.01);
  changed.save(folder / "model.safetensors");
  EXPECT_FALSE(compare_graph(Checkpoint::open(folder), folder).ok());
  std::filesystem::remove_all(folder);
}

// Several samples of one prefix are the same as each alone; a time for each action is that of
// trained real-time chunking.
TEST_P(ModelGolden, SamplesShareAPrefix) {
  const auto prefix = cache();
  const auto both =
      policy_.velocity(prefix, in("state"), torch::stack({in("x_t_fixed"), train_x_t()}, 1),
                       torch::stack({in("t_fixed"), in("time")}, 1));
  EXPECT_LT(largest_difference(both.select(1, 0), out("v_t_fixed")), 5e-5);
  EXPECT_LT(largest_difference(both.select(1, 1), out("train_v_t")), 5e-5);
}

INSTANTIATE_TEST_SUITE_P(All, ModelGolden, testing::Values("pi0", "pi05"),
                         [](const auto& info) { return info.param; });

Golden read_golden(const std::string& type) {
  const auto folder = source_dir() / "tests/golden" / type;
  Golden golden;
  golden.checkpoint = Checkpoint::open(folder);
  golden.parameters = Parameters::load(golden.checkpoint.config, *golden.checkpoint.tensors);
  golden.in = read_arrays(folder / "inputs.safetensors");
  golden.out = read_arrays(folder / "outputs.safetensors");
  return golden;
}

}  // namespace
}  // namespace gyre::verify
