#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "gyre/console/recorded_wire.h"
#include "gyre/data/labels.h"
#include "gyre/data/labels_episodes.h"

namespace gyre::console {

// The newest word of each kind about one episode.
struct JudgedEpisode {
  std::string outcome;  // "success", "failure", or "" where nobody said or took it back
  int quality = 0;      // 0: nobody said
  bool excluded = false;
  bool disputed = false;  // authors differ about the outcome
};

// Reads the labels of one folder, and writes what people say about its episodes on a page into
// label streams of their own. Each judgement is on the disk when judge() returns.
//
// A page's stream of one name grows while it is the newest of that name: a new file with all its
// labels takes the place of the one before. Once another author is newer, a new stream begins, so
// that the order in which people spoke stays true.
class LabelDesk {
 public:
  explicit LabelDesk(std::filesystem::path folder) : folder_(std::move(folder)) {}

  bool any() const { return !data::label_files(folder_).empty(); }
  // One for each of `episodes`, in order.
  std::vector<JudgedEpisode> judged(const std::vector<data::LabelledEpisode>& episodes) const;
  std::vector<LabelLine> of(const data::LabelledEpisode& episode) const;

  // Throws Error for a judgement that is none, and where the folder cannot be written.
  void judge(const data::LabelledEpisode& episode, const Judgement& judgement);
  // Takes back the author's last judgement that this desk wrote; false when there is none.
  bool undo(const std::string& author);

 private:
  struct Stream {
    data::LabelHead head;
    std::vector<data::Label> labels;
    std::filesystem::path file;  // "" while it holds nothing
  };
  struct Done {  // for undo
    std::string key;
    Stream before;
  };
  void write(Stream& stream);
  void add(const data::LabelHead& head, const data::Label& label, std::vector<Done>& done);
  bool is_newest(const Stream& stream) const;

  std::filesystem::path folder_;
  std::map<std::string, Stream> streams_;                       // by author, name and contract
  std::map<std::string, std::vector<std::vector<Done>>> done_;  // by author, newest last
};

}  // namespace gyre::console
