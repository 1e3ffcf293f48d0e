#include "gyre/flywheel/feedback.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

#include "gyre/flywheel/feedback_phrases.h"
#include "gyre/run/nudge.h"

namespace gyre::flywheel {
namespace {

constexpr size_t kRun = 4;         // letters of a run
constexpr int kSteps = 400;        // of gradient descent over all phrases
constexpr float kRate = 8;         // of a step
constexpr float kDecay = 0.0005F;  // of the weights, a step

bool letter(char c) { return (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80; }

// Lower-case words; "don't" is "dont", "?" is a word.
std::vector<std::string> words_of(std::string_view sentence) {
  std::vector<std::string> words(1);
  for (char c : sentence) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (letter(c)) {
      words.back() += c;
    } else if (c != '\'') {
      if (!words.back().empty()) words.emplace_back();
      if (c == '?') {
        words.back() = "?";
        words.emplace_back();
      }
    }
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

// Words, pairs of neighbours with the sentence's ends, and runs of letters, each once.
std::vector<std::string> parts_of(std::string_view sentence) {
  std::vector<std::string> words = words_of(sentence);
  std::vector<std::string> parts;
  std::string before = "^";
  for (const std::string& word : words) {
    parts.push_back(word);
    parts.push_back(before + ' ' + word);
    const std::string padded = '_' + word + '_';
    for (size_t i = 0; i + kRun <= padded.size(); ++i)
      parts.push_back('~' + padded.substr(i, kRun));
    before = word;
  }
  parts.push_back(before + " $");
  std::ranges::sort(parts);
  parts.erase(std::ranges::unique(parts).begin(), parts.end());
  return parts;
}

float weight_of(Feedback meaning) {
  switch (meaning) {
    case Feedback::kPraise:
      return 2;
    case Feedback::kBlame:
    case Feedback::kOtherObject:
    case Feedback::kOtherPlace:
      return 0;
    case Feedback::kNone:
    case Feedback::kTooFast:
    case Feedback::kTooSlow:
      break;
  }
  return 1;
}

}  // namespace

std::string_view feedback_word(Feedback feedback) {
  constexpr std::array<std::string_view, kFeedbackCount> kWords = {
      "none", "praise", "blame", "other_object", "other_place", "too_fast", "too_slow"};
  return kWords[static_cast<size_t>(feedback)];
}

FeedbackReader::FeedbackReader() {
  std::vector<std::vector<Feature>> features;
  for (const FeedbackPhrase& phrase : kFeedbackPhrases) {
    const std::vector<std::string> parts = parts_of(phrase.sentence);
    for (const std::string& part : parts) {
      parts_.try_emplace(part, static_cast<int>(parts_.size()));
    }
    features.push_back(features_of(parts));
  }
  weights_.assign(parts_.size(), Weights{});
  const float share = kRate / static_cast<float>(features.size());
  for (int step = 0; step < kSteps; ++step) {
    std::vector<Weights> errors;
    for (size_t i = 0; i < features.size(); ++i) {
      Weights error = probabilities(features[i]);
      error[static_cast<size_t>(kFeedbackPhrases[i].meaning)] -= 1;
      errors.push_back(error);
    }
    for (Weights& weights : weights_) {
      for (float& weight : weights) weight -= kDecay * weight;
    }
    for (size_t i = 0; i < features.size(); ++i) {
      for (size_t c = 0; c < kFeedbackCount; ++c) {
        const float by = share * errors[i][c];
        bias_[c] -= by;
        for (const Feature& feature : features[i]) {
          weights_[static_cast<size_t>(feature.place)][c] -= by * feature.value;
        }
      }
    }
  }
}

// The known ones, of length 1 together with the unknown ones: a sentence of unknown words says
// little.
std::vector<FeedbackReader::Feature> FeedbackReader::features_of(
    const std::vector<std::string>& parts) const {
  std::vector<Feature> features;
  const float value = 1 / std::sqrt(static_cast<float>(parts.size()));
  for (const std::string& part : parts) {
    const auto found = parts_.find(part);
    if (found != parts_.end()) features.push_back({found->second, value});
  }
  return features;
}

FeedbackReader::Weights FeedbackReader::probabilities(const std::vector<Feature>& features) const {
  Weights scores = bias_;
  for (const Feature& feature : features) {
    const Weights& weights = weights_[static_cast<size_t>(feature.place)];
    for (size_t c = 0; c < kFeedbackCount; ++c) scores[c] += feature.value * weights[c];
  }
  const float most = *std::ranges::max_element(scores);
  float sum = 0;
  for (float& score : scores) sum += score = std::exp(score - most);
  for (float& score : scores) score /= sum;
  return scores;
}

FeedbackReader::Understood FeedbackReader::read(std::string_view sentence) const {
  if (run::nudge_of(sentence)) return {};
  const Weights probable = probabilities(features_of(parts_of(sentence)));
  const auto best = std::ranges::max_element(probable);
  if (*best < kSure) return {};
  return {.meaning = static_cast<Feedback>(std::distance(probable.begin(), best)),
          .probability = *best};
}

const FeedbackReader& FeedbackReader::shared() {
  static const FeedbackReader reader;
  return reader;
}

std::vector<Remark> remarks_of(const data::EpisodeRows& episode) {
  std::vector<Remark> remarks;
  size_t spoken = 0;  // the row of the last words
  const auto& rows = episode.rows;
  for (size_t i = 0; i < rows.size(); ++i) {
    for (const std::string& words : rows[i].said) {
      const Feedback meaning = FeedbackReader::shared().read(words).meaning;
      if (meaning == Feedback::kNone) continue;
      const int64_t least_ns = rows[i].time_ns - std::llround(kRemarkSeconds * 1e9);
      size_t begin = i;
      while (begin > spoken && rows[begin - 1].time_ns >= least_ns) --begin;
      if (begin < i) {
        remarks.push_back({static_cast<int64_t>(begin), static_cast<int64_t>(i), meaning, words});
      }
    }
    if (!rows[i].said.empty()) spoken = i;
  }
  return remarks;
}

void heed_remarks(const std::vector<Remark>& remarks, const data::EpisodeRows& episode,
                  std::vector<float>& target) {
  for (const Remark& remark : remarks) {
    const float weight = weight_of(remark.meaning);
    for (auto i = static_cast<size_t>(remark.begin); i < static_cast<size_t>(remark.end); ++i) {
      if (episode.rows[i].source == Source::kPolicy) target[i] *= weight;
    }
  }
}

}  // namespace gyre::flywheel
