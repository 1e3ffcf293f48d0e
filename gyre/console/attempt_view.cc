#include "gyre/console/attempt_view.h"

#include <algorithm>

namespace gyre::console {
namespace {

constexpr auto kStepEvery = std::chrono::milliseconds(20);
constexpr auto kPictureEvery = std::chrono::milliseconds(80);

}  // namespace

// One attempt's tape.
class AttemptView::Watched final : public run::TapeSink {
 public:
  explicit Watched(AttemptView& view) : view_(view) {}
  ~Watched() override { view_.shown_.store(false, std::memory_order_release); }

  std::string_view name() const override { return "console"; }
  bool wants(RecordKind kind) const override {
    return view_.status_.wants(kind) || view_.feed_->wants(kind);
  }
  void take(const Record& record) override {
    if (!begun_) shift_ns_ = view_.now_ns_ - record.time_ns;
    begun_ = true;
    if (view_.status_.wants(record.kind)) view_.status_.take(record);
    if (!view_.feed_->wants(record.kind) || !view_.due(record)) return;
    Record shown = record;
    shown.time_ns += shift_ns_;
    if (shown.kind == RecordKind::kStep) shown.step.time_ns += shift_ns_;
    if (shown.kind == RecordKind::kEvent) shown.event.time_ns += shift_ns_;
    view_.now_ns_ = std::max(view_.now_ns_, shown.time_ns);
    view_.feed_->take(shown);
  }

 private:
  AttemptView& view_;
  bool begun_ = false;
  int64_t shift_ns_ = 0;  // from the attempt's clock to the shown robot's
};

std::unique_ptr<run::TapeSink> AttemptView::watch() {
  if (feed_ == nullptr || shown_.exchange(true, std::memory_order_acquire)) return nullptr;
  return std::make_unique<Watched>(*this);
}

bool AttemptView::due(const Record& record) {
  const auto now = Clock::now();
  const auto take = [&](Clock::time_point& last, auto period) {
    if (now - last < period) return false;
    last = now;
    return true;
  };
  if (record.kind == RecordKind::kStep) return take(step_at_, kStepEvery);
  if (record.kind != RecordKind::kPicture) return true;
  const auto camera = static_cast<size_t>(record.picture.camera);
  if (picture_at_.size() <= camera) picture_at_.resize(camera + 1);
  return take(picture_at_[camera], kPictureEvery);
}

}  // namespace gyre::console
