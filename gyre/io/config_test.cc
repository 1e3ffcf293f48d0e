#include "gyre/io/config.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "gyre/core/error.h"
#include "gyre/core/testing.h"

namespace gyre {
namespace {

struct Optimizer {
  double rate = 1e-3;
  template <class V>
  void visit(V& v) {
    v("rate", rate, "learning rate");
  }
};

struct Example {
  int steps = 10;
  uint64_t seed = 1;
  bool loud = false;
  std::string name = "a \"quoted\" name";
  std::vector<std::string> tasks = {"push", "stack"};
  Optimizer optimizer;
  template <class V>
  void visit(V& v) {
    v("steps", steps, "optimiser steps");
    v("seed", seed, "seed");
    v("loud", loud, "say more");
    v("name", name, "a name");
    v("tasks", tasks, "task families");
    v("optimizer", optimizer, "the optimiser");
  }
};

class Config : public testing::Test {
 protected:
  std::filesystem::path file_ = std::filesystem::temp_directory_path() /
                                ("gyre_config_" + std::to_string(getpid()) + ".toml");
  void TearDown() override { std::filesystem::remove(file_); }

  std::string error_of(const std::string& toml) {
    std::ofstream(file_) << toml;
    Example example;
    return message_of([&] { load_toml(config_entries(example), file_); });
  }
};

TEST_F(Config, DumpLoadsBackTheSame) {
  Example saved;
  saved.steps = 7;
  saved.loud = true;
  saved.tasks = {"one, two"};
  saved.optimizer.rate = 0.25;
  std::ofstream(file_) << dump_toml(config_entries(saved));
  Example loaded;
  load_toml(config_entries(loaded), file_);
  EXPECT_EQ(dump_json(config_entries(loaded)), dump_json(config_entries(saved)));
}

TEST_F(Config, OverridesReachNestedFields) {
  Example example;
  const auto entries = config_entries(example);
  set_entry(entries, "optimizer.rate", "0.5");
  set_entry(entries, "tasks", "push,press_button");
  EXPECT_EQ(example.optimizer.rate, 0.5);
  EXPECT_EQ(example.tasks, (std::vector<std::string>{"push", "press_button"}));
  EXPECT_THROW(set_entry(entries, "steps", "12x"), Error);
  EXPECT_THROW(set_entry(entries, "steps", "99999999999"), Error);
  EXPECT_THROW(set_entry(entries, "loud", "yes"), Error);
}

TEST_F(Config, RefusesUnknownKeysWithTheNearest) {
  const std::string message = error_of("steps = 3\n[optimizer]\nratte = 1\n");
  EXPECT_NE(message.find(":3"), std::string::npos) << message;
  EXPECT_NE(message.find("'optimizer.ratte'"), std::string::npos) << message;
  EXPECT_NE(message.find("did you mean 'optimizer.rate'"), std::string::npos) << message;
}

TEST_F(Config, RefusesOtherTypesAndBrokenFiles) {
  EXPECT_NE(error_of("steps = \"many\"\n").find("steps"), std::string::npos);
  EXPECT_NE(error_of("steps = 1.5\n"), "");
  EXPECT_NE(error_of("seed = -1\n"), "");
  EXPECT_NE(error_of("tasks = [1, 2]\n"), "");
  EXPECT_NE(error_of("steps = = 3\n").find(":1"), std::string::npos);
  Example example;
  EXPECT_THROW(load_toml(config_entries(example), "/nowhere/at/all.toml"), Error);
}

}  // namespace
}  // namespace gyre
