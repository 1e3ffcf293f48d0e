#pragma once

#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "gyre/data/dataset_info.h"
#include "gyre/data/notices.h"

// Which features of other people's folders are the state and the action.
namespace gyre::data {

// The features that a person named for `observation.state` and `action`, in their order.
using KeyMap = std::map<std::string, std::vector<std::string>>;

// From the texts of --key-map: "observation.state=KEY[,KEY...]", "action=KEY". Throws Error for
// anything else and for one side that is given twice.
KeyMap parse_key_map(std::span<const std::string> texts);

struct FeatureKeys {
  std::vector<std::string> state, action;  // features, joined in this order
};

// `map` where it names one; else `observation.state` and `action`; else openpi's `state` and
// `actions` when nothing else could be meant, which is told. Throws Error naming the candidates and
// the flag.
FeatureKeys choose_keys(const std::filesystem::path& info_file, const DatasetInfo& info,
                        const KeyMap& map, const Notices& tell);

// The fields of a contract that nobody stated: each number of these features by its name, or by its
// place where names are lacking; of several features with the part of the key that tells them apart
// before it ("effector.position.gripper"). Ranges are those of `stats`. Throws Error naming the
// feature when it has no numbers, or more than kMostNumbers.
std::vector<Field> recorded_fields(const std::filesystem::path& info_file, const DatasetInfo& info,
                                   const std::vector<std::string>& keys,
                                   const std::map<std::string, Stats>& stats);
inline constexpr int64_t kMostNumbers = 65536;  // of one row

}  // namespace gyre::data
