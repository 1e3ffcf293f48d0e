#include <fmt/format.h>

#include <map>
#include <set>

#include "gyre/console/field_infos.h"
#include "gyre/console/recorded_pictures.h"
#include "gyre/console/recording.h"
#include "gyre/core/error.h"
#include "gyre/data/dataset.h"
#include "gyre/data/dataset_info.h"
#include "gyre/io/image_file.h"
#include "gyre/io/parquet.h"

namespace gyre::console {
namespace {

constexpr int kShownQuality = 85;  // of JPEG

class DatasetRecording final : public Recording {
 public:
  DatasetRecording(const std::filesystem::path& folder, int id)
      : dataset_(folder), parquet_(io::Parquet::open()) {
    line_ = {.id = id,
             .path = folder.string(),
             .kind = "dataset",
             .embodiment = dataset_.embodiment().name,
             .fps = dataset_.fps()};
  }

  const FolderLine& folder() const override { return line_; }

  const std::vector<EpisodeLine>& episodes() override {
    if (!episodes_.empty()) return episodes_;
    const std::map<int64_t, double> shares = shares_by_hand();
    for (const data::DatasetEpisode& episode : dataset_.episodes()) {
      const auto share = shares.find(episode.index);
      episodes_.push_back({.index = episode.index,
                           .rows = episode.length,
                           .task = episode.tasks.empty() ? "" : episode.tasks[0],
                           .success = episode.success,
                           .by_hand = share == shares.end() ? -1 : share->second,
                           .missing = episode.missing});
    }
    return episodes_;
  }

  RecordedEpisode read(int64_t index) override {
    RecordedEpisode recorded{.folder = line_.id, .index = index, .fps = dataset_.fps()};
    for (const CameraSpec& camera : dataset_.embodiment().cameras) {
      recorded.cameras.push_back(camera.name);
    }
    recorded.state_fields = field_infos(dataset_.embodiment().state);
    recorded.action_fields = field_infos(dataset_.embodiment().action);
    add_rows(dataset_.read(index, {.images = false}), recorded);
    return recorded;
  }

  std::vector<std::string> pictures(int64_t index, size_t camera, int64_t from,
                                    int64_t to) override {
    if (camera >= dataset_.embodiment().cameras.size()) throw Error("camera", "there is none such");
    std::vector<std::string> files;
    read_pictures(dataset_, *parquet_, index, dataset_.embodiment().cameras[camera].name, from, to,
                  [&](int64_t, const Image& image) {
                    const std::vector<uint8_t> jpeg = io::encode_jpeg(image, kShownQuality);
                    files.emplace_back(jpeg.begin(), jpeg.end());
                  });
    return files;
  }

  std::vector<int64_t> find(const data::FilterQuery& query) override {
    return data::filter_episodes(dataset_.folder(), query);
  }

  const std::vector<data::LabelledEpisode>& labelled() override {
    if (labelled_.empty()) labelled_ = data::labelled_episodes(dataset_);
    return labelled_;
  }

 private:
  // By episode, of rows with an intervention; empty where the recording does not say.
  std::map<int64_t, double> shares_by_hand() const {
    bool known = false;
    for (const data::DatasetFeature& feature : dataset_.features()) {
      known |= feature.name == "intervention" && feature.dtype == "bool";
    }
    std::vector<std::filesystem::path> files;
    std::set<std::filesystem::path> seen;
    for (const data::DatasetEpisode& episode : dataset_.episodes()) {
      if (episode.missing.empty() && seen.insert(episode.data_file).second) {
        files.push_back(episode.data_file);
      }
    }
    if (!known || files.empty()) return {};
    const io::Table table = parquet_->query(
        fmt::format("SELECT episode_index, avg(intervention::DOUBLE) FROM {} GROUP BY 1",
                    io::Parquet::from(files)),
        line_.path);
    std::map<int64_t, double> shares;
    for (size_t i = 0; i < table.rows(); ++i) {
      shares[table.columns[0].ints[i]] = table.columns[1].doubles[i];
    }
    return shares;
  }

  data::Dataset dataset_;
  std::shared_ptr<const io::Parquet> parquet_;
  FolderLine line_;
  std::vector<EpisodeLine> episodes_;  // when they were first asked for
  std::vector<data::LabelledEpisode> labelled_;
};

}  // namespace

std::unique_ptr<Recording> open_dataset_recording(const std::filesystem::path& folder, int id) {
  return std::make_unique<DatasetRecording>(folder, id);
}

}  // namespace gyre::console
