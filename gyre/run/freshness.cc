#include "gyre/run/freshness.h"

#include <algorithm>
#include <cmath>

namespace gyre::run {
namespace {

constexpr int kStalePeriods = 3;           // a state older than so many control periods is stale,
constexpr int64_t kStaleNs = 200'000'000;  // but never one younger than this

int64_t freshness_ns(double seconds) { return std::llround(seconds * 1e9); }

}  // namespace

Freshness::Freshness(const LoopConfig& config, double period_s)
    : state_limit_ns_(std::max(kStaleNs, kStalePeriods * freshness_ns(period_s))),
      picture_limit_ns_(freshness_ns(config.picture_limit_s)),
      fresh_ns_(freshness_ns(config.fresh_s)) {}

void Freshness::look(int64_t now_ns, int64_t state_age_ns,
                     std::span<const int64_t> picture_ages_ns) noexcept {
  // A clock that has jumped makes ages negative: they say nothing either.
  const auto old = [](int64_t age, int64_t limit) { return age > limit || age < -limit; };
  stale_ = {};
  if (old(state_age_ns, state_limit_ns_)) stale_ |= Reason::kStaleState;
  for (const int64_t age : picture_ages_ns) {
    if (old(age, picture_limit_ns_)) stale_ |= Reason::kStalePicture;
  }
  if (!stale_.empty() || now_ns < stale_until_ns_) stale_until_ns_ = now_ns;
  may_move_ =
      stale_.empty() && (stale_until_ns_ == kNever || now_ns - stale_until_ns_ >= fresh_ns_);
}

}  // namespace gyre::run
