// gyre record --operator: a person shows a robot what to do.
#include "record_person.h"

#include <fmt/format.h>
#include <unistd.h>

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "gyre/core/error.h"
#include "gyre/core/progress.h"
#include "gyre/data/journal.h"
#include "gyre/data/journal_dataset.h"
#include "gyre/run/demonstrations.h"
#include "options.h"

namespace gyre::apps {
namespace {

// The person's keys, and the episodes that they keep.
class PersonDesk : public DriveDesk {
 public:
  explicit PersonDesk(const PersonOptions& options) : options_(options) {}

  // Before the arm is touched: a dataset of another contract is refused.
  void prepare(const Embodiment& contract) override {
    contract_ = contract;
    converter_.emplace(options_.place.out, contract,
                       data::ConvertOptions{.keep_failures = options_.failures});
  }
  void begin(run::Session& session) override {
    shown_.emplace(session, clock_,
                   run::Demonstrations::Options{.episodes = options_.episodes,
                                                .reset_s = options_.reset_s,
                                                .count_failures = options_.failures});
    if (isatty(STDIN_FILENO) != 0) fmt::print(stderr, "recording: {}\n", kHelp);
  }
  bool press(char key) override {
    switch (key) {
      case '\n':
      case '\r':
        return shown_->start() || shown_->end(event::Outcome::kSuccess);
      case 's':
        shown_->end(event::Outcome::kSuccess);
        return true;  // a verdict on a reset is none
      case 'f':
        shown_->end(event::Outcome::kFailure);
        return true;
      case 'x':
        return shown_->discard(false);
      case 'b':
        return shown_->discard(true);
      default:
        return false;
    }
  }
  std::string look() override {
    if (shown_->look() && isatty(STDERR_FILENO) != 0) fmt::print(stderr, "\a");
    return shown_->words();
  }
  bool done() const override { return shown_->done(); }

  std::vector<int64_t> kept() const { return shown_ ? shown_->kept() : std::vector<int64_t>(); }
  data::JournalConverter& converter() { return *converter_; }
  const Embodiment& contract() const { return contract_; }

 private:
  static constexpr const char* kHelp =
      "Enter begins an episode and ends it with success, s success, f failure, x discard, "
      "b back: the same one again";
  const PersonOptions& options_;
  Embodiment contract_;
  SteadyClock clock_;
  std::optional<data::JournalConverter> converter_;
  std::optional<run::Demonstrations> shown_;
};

data::Converted convert_kept(PersonDesk& desk, const data::JournalFolder& journal) {
  const std::vector<int64_t> kept = desk.kept();
  Progress progress("dataset", std::ssize(kept), "episodes");
  for (int64_t i = 0; i < std::ssize(kept); ++i) {
    desk.converter().add(journal.attempt_files(kept[static_cast<size_t>(i)]));
    progress.update(i + 1);
  }
  return desk.converter().finish();
}

}  // namespace

std::function<void()> add_person_flags(CLI::App& verb, PersonOptions& options) {
  add_hand_flags(verb, options.drive.hands, "--operator", "|console");
  verb.add_option("--reset-s", options.reset_s,
                  "by a person: after an episode the next one begins by itself after so long; 0: "
                  "when the person says so")
      ->check(at_least(0))
      ->type_name("S");
  options.drive.rate = kHandRate;
  return add_driving_flags(verb, options.drive);
}

void record_person(PersonOptions options) {
  const RecordPlace place = options.place;
  place.refuse_left_journal();
  DriveOptions& drive = options.drive;
  if (!is_simulated(drive.robot) && drive.scene.words.empty()) {
    throw Error("--prompt", "is missing", "say what you show, as a policy will be told it");
  }
  const std::string json = std::exchange(drive.json, "");
  drive.journal = place.folder();
  drive.naming = data::JournalOptions::Naming::kByEpisode;
  drive.by_hand = true;
  if (drive.hands.device == "console") {
    if (!drive.console.given()) {
      throw Error("--operator console", "has no console", "give --console too");
    }
    if (options.reset_s > 0) {
      throw Error("--reset-s", "is for hands at this terminal",
                  "the page has a countdown of its own");
    }
    drive.hands.device = "";
  }
  drive.robot = robot_for_hands(drive.robot, drive.hands);
  PersonDesk desk(options);
  data::Converted converted;
  try {
    run_drive(drive, &desk);
    converted = convert_kept(desk, {place.folder(), data::JournalFolder::Mode::kContinue});
  } catch (const Error& error) {
    if (desk.kept().empty()) throw;
    throw Error("", error.what(), "what was recorded is safe; to " + place.rescue());
  }
  if (!place.keeps()) {
    data::JournalFolder(place.folder(), data::JournalFolder::Mode::kContinue).remove();
  }
  tell_recorded(place, desk.contract(), converted, std::ssize(desk.kept()), json);
}

}  // namespace gyre::apps
