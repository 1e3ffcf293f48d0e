#include "gyre/data/episode_rows.h"

#include "gyre/core/episode.h"

namespace gyre::data {

std::string EpisodeRows::hash() const {
  EpisodeHash hash;
  for (const Row& row : rows) hash.add(row.state, row.action);
  return hash.hex();
}

}  // namespace gyre::data
