// Names and keys as other people write them: which features are state and action, and what their
// numbers are called.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gyre/core/testing.h"
#include "gyre/data/dataset.h"
#include "gyre/data/dataset_info.h"
#include "gyre/data/feature_keys.h"
#include "gyre/data/feature_names.h"
#include "gyre/data/foreign_testing.h"

namespace gyre::data {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using testing::ForeignFolder;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using testing::TemporaryFolder;
using testing::Told;

std::vector<std::string> names(const char* json) {
  return feature_names(nlohmann::ordered_json::parse(json));
}

TEST(FeatureNames, EveryFormGivesTheNamesInOrder) {
  EXPECT_THAT(names(R"(["b", "a"])"), ElementsAre("b", "a"));
  EXPECT_THAT(names(R"([["b", "a"]])"), ElementsAre("b", "a"));
  EXPECT_THAT(names(R"({"motors": ["b", "a"]})"), ElementsAre("b", "a"));
  EXPECT_THAT(names(R"({"b": 1, "a": 2, "c": 0})"), ElementsAre("c", "b", "a"));
  EXPECT_THAT(names(R"({"1": "b", "0": "c", "2": "a"})"), ElementsAre("c", "b", "a"));
  EXPECT_THAT(names(R"({"motors": {"b": 1, "a": 0}})"), ElementsAre("a", "b"));
  // Groups in the file's order, not in that of the alphabet.
  EXPECT_THAT(names(R"({"right": ["b"], "left": ["a"]})"), ElementsAre("b", "a"));
  EXPECT_THAT(names(R"({"right": ["x", "y"], "left": ["x", "y"]})"),
              ElementsAre("right.x", "right.y", "left.x", "left.y"));
  EXPECT_THAT(names("null"), IsEmpty());
  EXPECT_THAT(names("7.5"), IsEmpty());
}

std::vector<std::string> state_names(const ForeignFolder& foreign,
                                     const OpenOptions& options = {}) {
  TemporaryFolder folder;
  const Dataset dataset(foreign.write(folder / "d"), options);
  std::vector<std::string> result;
  for (const Field& field : dataset.embodiment().state) result.push_back(field.name);
  return result;
}

TEST(DatasetNames, PlacesStandForNamesThatAreLacking) {
  ForeignFolder foreign;
  nlohmann::ordered_json& state = foreign.info["features"]["observation.state"];
  state["names"] = nullptr;
  EXPECT_THAT(state_names(foreign), ElementsAre("0", "1", "2"));
  state["names"] = {"state"};  // openpi's name of the whole
  EXPECT_THAT(state_names(foreign), ElementsAre("0", "1", "2"));
  Told told;
  state["names"] = {"waist", "elbow"};
  EXPECT_THAT(state_names(foreign, {.tell = told.tell()}), ElementsAre("0", "1", "2"));
  EXPECT_THAT(told.text(), HasSubstr("'observation.state' has 2 names for 3 numbers"));
  state["names"] = {{"grip", 2}, {"waist", 0}, {"elbow", 1}};
  EXPECT_THAT(state_names(foreign), ElementsAre("waist", "elbow", "grip"));
  state["names"] = {"arm/waist", "arm/elbow", "arm/elbow"};
  EXPECT_THAT(state_names(foreign), ElementsAre("arm_waist", "arm_elbow", "arm_elbow_2"));
}

TEST(DatasetKeys, ThoseOfOpenpiAreTakenAndTold) {
  ForeignFolder foreign;
  foreign.rename("observation.state", "state");
  foreign.rename("action", "actions");
  foreign.rename("observation.images.top", "wrist_image");
  TemporaryFolder folder;
  Told told;
  const Dataset dataset(foreign.write(folder / "d"), {.tell = told.tell()});
  EXPECT_THAT(told.text(), AllOf(HasSubstr("'state' is taken for 'observation.state'"),
                                 HasSubstr("'actions' is taken for 'action'"),
                                 HasSubstr("--key-map action=KEY")));
  const EpisodeRows episode = dataset.read(1);
  EXPECT_EQ(episode.rows[2].state, ForeignFolder::state(1, 2));
  EXPECT_EQ(episode.rows[2].action, ForeignFolder::action(1, 2));
  EXPECT_EQ(episode.rows[2].images[0], ForeignFolder::picture(1, 2));
  EXPECT_EQ(dataset.embodiment().cameras[0].name, "wrist_image");
  EXPECT_EQ(dataset.embodiment().state[0].max, 9);
  EXPECT_EQ(dataset.stats("action")->mean, (std::vector<double>{1, 2}));
}

TEST(DatasetKeys, AGuessThatIsNotTheOnlyOneIsRefused) {
  ForeignFolder foreign;
  foreign.rename("observation.state", "state");
  foreign.info["features"]["observation.environment_state"] = foreign.info["features"]["state"];
  TemporaryFolder folder;
  const std::string message = message_of([&] { Dataset(foreign.write(folder / "d")); });
  EXPECT_THAT(message,
              AllOf(HasSubstr("no feature 'observation.state'"), HasSubstr("state float32[3]"),
                    HasSubstr("observation.environment_state float32[3]"),
                    HasSubstr("--key-map observation.state=KEY[,KEY...]")));
}

// Two arms whose features have names of their own: told with the flag, then joined by it.
class TwoArms : public ::testing::Test {
 protected:
  TwoArms() {
    foreign_.rename("observation.state", "observation.states.left.position");
    const nlohmann::ordered_json grip = {{"dtype", "float64"}, {"shape", {1}}, {"names", nullptr}};
    foreign_.info["features"]["observation.states.right.effector"] = grip;
    for (io::Table& table : foreign_.data) {
      std::vector<double> values(table.rows());
      for (size_t i = 0; i < values.size(); ++i) values[i] = 0.25 * static_cast<double>(i);
      table.columns.push_back(io::double_column("observation.states.right.effector", values));
    }
  }
  ForeignFolder foreign_;
  TemporaryFolder folder_;
};

TEST_F(TwoArms, ArePointedToAndJoined) {
  const auto path = foreign_.write(folder_ / "d");
  EXPECT_THAT(message_of([&] { Dataset{path}; }),
              AllOf(HasSubstr("observation.states.left.position float32[3]"),
                    HasSubstr("observation.states.right.effector float64[1]")));
  const Dataset seen(path, {.inspect = true});
  EXPECT_THAT(seen.obstacle(), HasSubstr("--key-map observation.state=KEY"));
  EXPECT_EQ(seen.features().size(), 9u);
  EXPECT_EQ(seen.episodes().size(), 2u);
  EXPECT_EQ(seen.fps(), 10);
  EXPECT_THAT(message_of([&] { (void)seen.embodiment(); }), HasSubstr("--key-map"));
  EXPECT_THAT(message_of([&] { seen.read(0); }), HasSubstr("--key-map"));

  const std::string text =
      "observation.state=observation.states.right.effector,observation.states.left.position";
  const Dataset dataset(path, {.keys = parse_key_map(std::array{text})});
  std::vector<std::string> joined;
  for (const Field& field : dataset.embodiment().state) joined.push_back(field.name);
  EXPECT_THAT(joined, ElementsAre("right.effector", "left.position.waist", "left.position.elbow",
                                  "left.position.grip"));
  const Row row = dataset.read(1).rows[2];
  const std::vector<float> left = ForeignFolder::state(1, 2);
  EXPECT_EQ(row.state, (std::vector<float>{0.5f, left[0], left[1], left[2]}));
  EXPECT_FALSE(dataset.stats("observation.state").has_value());  // one part states none
}

TEST_F(TwoArms, AMapIsCheckedBeforeAnythingIsRead) {
  const auto path = foreign_.write(folder_ / "d");
  const auto open = [&](const std::string& text) {
    return message_of([&] { Dataset(path, {.keys = parse_key_map(std::array{text})}); });
  };
  EXPECT_THAT(open("observation.state=observation.states.middle"),
              AllOf(HasSubstr("there is no feature 'observation.states.middle'"),
                    HasSubstr("observation.states.left.position")));
  EXPECT_THAT(open("observation.state=observation.images.top"), HasSubstr("no numbers are in"));
  EXPECT_THAT(open("state=observation.states.left.position"),
              HasSubstr("neither observation.state nor action"));
  EXPECT_THAT(open("action"), HasSubstr("neither"));
  EXPECT_THAT(open("action=a,,b"), HasSubstr("empty key"));
  EXPECT_THAT(open("action=a,a"), HasSubstr("twice"));
  const std::vector<std::string> twice = {"action=a", "action=b"};
  EXPECT_THAT(message_of([&] { parse_key_map(twice); }), HasSubstr("said twice"));
}

TEST(DatasetKeys, AMapWinsOverTheExactName) {
  ForeignFolder foreign;
  TemporaryFolder folder;
  const std::string text = "action=observation.state";
  const Dataset dataset(foreign.write(folder / "d"), {.keys = parse_key_map(std::array{text})});
  EXPECT_EQ(dataset.read(0).rows[1].action, ForeignFolder::state(0, 1));
}

TEST(DatasetKeys, AShapeBeyondAllReasonIsRefusedBeforeMemoryIsTaken) {
  for (const char* shape : {"[9000000000000]", "[9e12]", "[3000000000, 3000000000]", "[-3]", "[0]",
                            "[4000000000, 4000000000, 4000000000]"}) {
    ForeignFolder foreign;
    foreign.info["features"]["observation.state"]["shape"] = nlohmann::ordered_json::parse(shape);
    TemporaryFolder folder;
    const auto path = foreign.write(folder / "d");
    EXPECT_THAT(message_of([&] { Dataset{path}; }), HasSubstr("'observation.state' of shape"))
        << shape;
    EXPECT_THAT(Dataset(path, {.inspect = true}).obstacle(), HasSubstr("shape")) << shape;
  }
}

}  // namespace
}  // namespace gyre::data
