#include "gyre/flywheel/collect.h"

#include <gtest/gtest.h>

#include <fstream>

#include "gyre/core/testing.h"
#include "gyre/data/journal.h"
#include "gyre/data/journal_reader.h"
#include "gyre/flywheel/testing.h"
#include "gyre/io/file.h"

namespace gyre::flywheel {
namespace {

namespace fs = std::filesystem;
using testing::ToyArena;

class CollectTest : public ::testing::Test {
 protected:
  CollectTest() {
    testing::write_toy_policy(folder_ / "policy", {0, 0});
    engine_ = infer::open_engine((folder_ / "policy").string());
  }
  bool collect_into(const fs::path& journal, int workers) {
    return collect(arena_, *engine_, arena_.deal("new", {"toy/joint"}, 6, 1), {}, {}, workers,
                   journal);
  }
  // Name and content of each journal file.
  static std::vector<std::pair<std::string, std::vector<uint8_t>>> contents(
      const fs::path& journal) {
    std::vector<std::pair<std::string, std::vector<uint8_t>>> all;
    for (const fs::path& file : data::journal_files(journal)) {
      all.emplace_back(file.filename().string(), io::read_bytes(file));
    }
    return all;
  }

  testing::TemporaryFolder folder_;
  std::unique_ptr<infer::Engine> engine_;
  ToyArena arena_;
};

TEST_F(CollectTest, TheNumberOfWorkersChangesNoByte) {
  EXPECT_TRUE(collect_into(folder_ / "one", 1));
  EXPECT_TRUE(collect_into(folder_ / "two", 2));
  const auto files = contents(folder_ / "one");
  EXPECT_EQ(files.size(), 6U);
  EXPECT_TRUE(contents(folder_ / "two") == files);
  EXPECT_EQ(journal_hash(folder_ / "two"), journal_hash(folder_ / "one"));
}

TEST_F(CollectTest, AnInterruptedOneMakesOnlyWhatIsMissingAndEndsTheSame) {
  EXPECT_TRUE(collect_into(folder_ / "whole", 1));
  {
    const testing::StopRequest stop;
    arena_.opening = [&](int number) {
      if (number == 6 + 4) stop.send();
    };
    EXPECT_FALSE(collect_into(folder_ / "parts", 1));
  }
  const auto recorded = recorded_attempts(folder_ / "parts");
  EXPECT_EQ(recorded.size(), 3U);
  EXPECT_NE(journal_hash(folder_ / "parts"), journal_hash(folder_ / "whole"));
  arena_.opened = 0;
  arena_.opening = nullptr;
  EXPECT_TRUE(collect_into(folder_ / "parts", 2));
  EXPECT_EQ(arena_.opened, 3);
  EXPECT_TRUE(contents(folder_ / "parts") == contents(folder_ / "whole"));
  EXPECT_TRUE(collect_into(folder_ / "parts", 2)) << "there is nothing left to do";
  EXPECT_EQ(arena_.opened, 3);
}

TEST_F(CollectTest, TellsWhatAJournalHolds) {
  EXPECT_TRUE(collect_into(folder_ / "journal", 2));
  const auto recorded = recorded_attempts(folder_ / "journal");
  const auto attempts = arena_.deal("new", {"toy/joint"}, 6, 1);
  ASSERT_EQ(recorded.size(), 6U);
  for (size_t i = 0; i < 6; ++i) {
    EXPECT_EQ(recorded[i].seed, attempts[i].seed);
    EXPECT_EQ(recorded[i].task, "raise/second");
    EXPECT_TRUE(recorded[i].whole);
    EXPECT_TRUE(same_contract(recorded[i].contract, testing::toy_contract("toy/joint")));
  }
  EXPECT_THROW(recorded_attempts(folder_ / "nothing"), Error);
}

TEST_F(CollectTest, TheHashIsOverNamesAndContents) {
  EXPECT_TRUE(collect_into(folder_ / "journal", 2));
  const std::string hash = journal_hash(folder_ / "journal");
  const auto files = data::journal_files(folder_ / "journal");
  fs::rename(files.back(), files.back().parent_path() / "000099.mcap");
  EXPECT_NE(journal_hash(folder_ / "journal"), hash);
  fs::rename(files.back().parent_path() / "000099.mcap", files.back());
  EXPECT_EQ(journal_hash(folder_ / "journal"), hash);
  std::fstream(files[0], std::ios::in | std::ios::out | std::ios::binary).seekp(200).put('x');
  EXPECT_NE(journal_hash(folder_ / "journal"), hash);
  fs::create_directory(folder_ / "nothing");
  EXPECT_NE(message_of([&] { journal_hash(folder_ / "nothing"); }).find("holds no journal"),
            std::string::npos);
}

TEST_F(CollectTest, RefusesAFolderThatAnotherRunWrites) {
  const data::JournalFolder held(folder_ / "journal", data::JournalFolder::Mode::kCreate);
  EXPECT_THROW(collect_into(folder_ / "journal", 1), Error);
}

}  // namespace
}  // namespace gyre::flywheel
