#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "gyre/data/episode_rows.h"

// A person's remarks about what the robot has just done ("no, the other one", "good", "too fast")
// as labels of it.
namespace gyre::flywheel {

enum class Feedback : uint8_t {
  kNone,  // an order, a question, small talk
  kPraise,
  kBlame,
  kOtherObject,
  kOtherPlace,
  kTooFast,
  kTooSlow,
};
inline constexpr int kFeedbackCount = 7;
std::string_view feedback_word(Feedback feedback);  // "praise", "other_object", ...

// Understands a sentence by its words, their pairs and their letters: a linear softmax classifier,
// learnt from kFeedbackPhrases when it is made (some 50 ms), the same each time.
class FeedbackReader {
 public:
  FeedbackReader();

  struct Understood {
    Feedback meaning = Feedback::kNone;
    double probability = 0;  // of that meaning
  };
  // kNone also for the fixed words of run/nudge.h, and where no meaning has a probability of kSure.
  Understood read(std::string_view sentence) const;

  static constexpr double kSure = 0.5;
  // From here on words are no order to the robot, although their speaker did not say so: an order
  // that is lost costs more than a remark that is followed.
  static constexpr double kCertain = 0.75;

  // The one of this process, made when it is first asked for.
  static const FeedbackReader& shared();

 private:
  using Weights = std::array<float, kFeedbackCount>;

  std::unordered_map<std::string, int> parts_;  // place of a word, pair or run of letters
  std::vector<Weights> weights_;                // [parts]
  Weights bias_{};

  struct Feature {
    int place;
    float value;
  };
  std::vector<Feature> features_of(const std::vector<std::string>& parts) const;
  Weights probabilities(const std::vector<Feature>& features) const;
};

// Rows [begin, end) of which a remark speaks: those after the last words of anybody, at most
// kRemarkSeconds before it.
struct Remark {
  int64_t begin = 0, end = 0;
  Feedback meaning = Feedback::kNone;
  std::string words;
};
inline constexpr double kRemarkSeconds = 5;
// In the order of time; sentences that are no feedback are left out.
std::vector<Remark> remarks_of(const data::EpisodeRows& episode);

// Multiplies the weights in learning [rows] of the policy's own actions that remarks speak of: by 2
// where they were praised, by 0 where they were blamed or went to a wrong object or place. What a
// person did stays as it is.
void heed_remarks(const std::vector<Remark>& remarks, const data::EpisodeRows& episode,
                  std::vector<float>& target);

}  // namespace gyre::flywheel
