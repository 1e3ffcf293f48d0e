#include "gyre/run/attempt_setup.h"

#include <gmock/gmock.h>

#include "gyre/core/testing.h"
#include "gyre/run/testing.h"

namespace gyre::run {
namespace {

using ::testing::HasSubstr;

TEST(AttemptSetup, ComesBackAsItWasWritten) {
  AttemptOptions options;
  options.loop = {.execute = 3, .method = "guided", .delay_ticks = 1.7, .local = true};
  options.loop.ladder.late_s = 0.1 + 0.2;  // no short decimal
  options.bench = {.image_size = 96, .more_time = 1.5, .settle = 4, .disturb = true};
  options.help.patience_s = 2.25;
  options.driver = Driver::kHelped;
  const std::string text = setup_text(options, nullptr);
  const AttemptOptions back = read_setup(text).options;
  EXPECT_EQ(setup_text(back, nullptr), text);
  EXPECT_EQ(back.loop.method, "guided");
  EXPECT_EQ(back.loop.ladder.late_s, 0.1 + 0.2);
  EXPECT_EQ(back.bench.image_size, 96);
  EXPECT_TRUE(back.bench.disturb);
  EXPECT_EQ(back.help.patience_s, 2.25);
  EXPECT_EQ(back.driver, Driver::kHelped);
}

TEST(AttemptSetup, NamesTheEngine) {
  const SmallEngine engine(small_arm());
  const auto back = read_setup(setup_text({}, &engine)).engine;
  ASSERT_TRUE(back.has_value());
  EXPECT_EQ(back->engine, "small");
  EXPECT_EQ(back->precision, "f32");
  EXPECT_EQ(back->target, "none");
  EXPECT_EQ(back->threads, 1);
  EXPECT_FALSE(read_setup(setup_text({}, nullptr)).engine.has_value());
}

TEST(AttemptSetup, RefusesWhatSaysNoAttempt) {
  const auto refusal = [](const std::string& text) {
    return message_of([&] { read_setup(text); });
  };
  for (const std::string& text : {std::string(), std::string("{"), setup_text(LoopConfig{})}) {
    EXPECT_THAT(refusal(text), HasSubstr("does not say how the attempt was run"));
  }
  std::string newer = setup_text(AttemptOptions{}, nullptr);
  newer.replace(newer.find("\"execute\""), 9, "\"exceute\"");
  EXPECT_THAT(refusal(newer), HasSubstr("exceute"));
  std::string driver = setup_text(AttemptOptions{}, nullptr);
  driver.replace(driver.find("\"policy\""), 8, "\"parrot\"");
  EXPECT_THAT(refusal(driver), HasSubstr("parrot"));
}

}  // namespace
}  // namespace gyre::run
