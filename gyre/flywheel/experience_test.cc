#include "gyre/flywheel/experience.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "gyre/core/error.h"
#include "gyre/sim/arm.h"

namespace gyre::flywheel {
namespace {

namespace fs = std::filesystem;

class ExperienceTest : public ::testing::Test {
 protected:
  ExperienceTest()
      : folder_(fs::temp_directory_path() / ("gyre_experience_" + std::to_string(::getpid()))) {}
  ~ExperienceTest() override { fs::remove_all(folder_); }

  data::EpisodeRows attempt(uint64_t seed) const {
    data::EpisodeRows episode{.embodiment = contract_.name, .seed = seed, .success = seed % 2 == 0};
    for (int i = 0; i < 3; ++i) {
      data::Row& step = episode.rows.emplace_back();
      step.index = i;
      step.source = i == 1 ? Source::kExpert : Source::kPolicy;
      step.state.assign(contract_.state.size(), static_cast<float>(seed));
      step.action.assign(contract_.action.size(), 0);
      for (const CameraSpec& camera : contract_.cameras) {
        step.images.push_back(Image::black(camera.width, camera.height));
      }
    }
    return episode;
  }

  fs::path folder_;
  Embodiment contract_ = sim::find_embodiment("panda/ee", 8);
};

TEST_F(ExperienceTest, GoesOnWhereItWasLeft) {
  {
    Experience experience(folder_, {contract_});
    experience.add(attempt(7));
    experience.add(attempt(4));
  }
  Experience experience(folder_, {contract_});
  EXPECT_EQ(experience.episodes(), 2);
  EXPECT_TRUE(experience.has(7));
  EXPECT_FALSE(experience.has(5));
  experience.add(attempt(5));

  std::vector<uint64_t> seeds;
  experience.read("panda/ee", [&](const data::EpisodeRows& episode) {
    seeds.push_back(episode.seed);
    EXPECT_EQ(episode.hash(), attempt(episode.seed).hash());
    EXPECT_EQ(episode.success, episode.seed % 2 == 0);
    EXPECT_EQ(episode.rows.at(1).source, Source::kExpert);
  });
  EXPECT_EQ(seeds, (std::vector<uint64_t>{4, 5, 7}));
}

TEST_F(ExperienceTest, AnEpisodeThatBrokeOffIsMadeAgain) {
  {
    Experience experience(folder_, {contract_});
    experience.add(attempt(7));
  }
  const fs::path journal = folder_ / "panda_ee.journal";
  fs::resize_file(journal, fs::file_size(journal) - 20);
  Experience experience(folder_, {contract_});
  EXPECT_FALSE(experience.has(7));
  experience.add(attempt(7));
  int read = 0;
  experience.read("panda/ee", [&](const data::EpisodeRows&) { ++read; });
  EXPECT_EQ(read, 1);
}

TEST_F(ExperienceTest, RefusesAnotherContract) {
  Experience experience(folder_, {contract_});
  data::EpisodeRows other = attempt(1);
  other.embodiment = "so101/ee";
  EXPECT_THROW(experience.add(other), Error);
}

}  // namespace
}  // namespace gyre::flywheel
