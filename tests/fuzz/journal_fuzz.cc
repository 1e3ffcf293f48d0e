#include "gyre/data/journal.h"

#include <fstream>

#include "gyre/data/testing.h"
#include "tests/fuzz/fuzz.h"

using namespace gyre;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const fuzz::MemoryFile file(data, size);
  fuzz::reject([&] {
    data::JournalReader reader(file.path());
    while (reader.next()) {
    }
  });
  return 0;
}

std::vector<std::string> fuzz_seeds() {
  const data::testing::TemporaryFolder folder;
  {
    data::JournalWriter journal(folder / "seed.journal", data::testing::small_embodiment());
    const data::EpisodeRows episode = data::testing::small_episode(2, 0);
    journal.begin_episode(episode);
    for (const data::Row& step : episode.rows) journal.step(step);
    journal.end_episode(true);
  }
  std::ifstream in(folder / "seed.journal", std::ios::binary);
  return {std::string{std::istreambuf_iterator<char>(in), {}}};
}
