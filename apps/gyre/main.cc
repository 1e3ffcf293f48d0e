// The command line: one file per verb.
#include <array>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

#include "gyre/core/error.h"
#include "gyre/core/stop_signal.h"
#include "gyre/io/file.h"
#include "verbs.h"

namespace {

using namespace gyre::apps;
constexpr std::array kVerbs = {add_demo,    add_sim,    add_drive, add_teleoperate, add_record,
                               add_replay,  add_eval,   add_train, add_turn,        add_learn,
                               add_data,    add_policy, add_robot, add_scope,       add_serve,
                               add_console, add_bench,  add_doctor};

constexpr int kUserError = 2;
constexpr int kSignalled = 128;  // plus the signal's number

void print_error(std::string message) {
  for (char& c : message) {
    if (c == '\n') c = ' ';
  }
  std::cerr << "gyre: " << message << '\n';
}

const CLI::App& innermost(const CLI::App& app) {
  const auto chosen = app.get_subcommands();
  return chosen.empty() ? app : innermost(*chosen.front());
}

// "unknown option '--sedd'; did you mean '--seed'?"
std::string explain_unknown(const CLI::App& app) {
  const CLI::App& verb = innermost(app);
  std::vector<std::string> known;
  for (const CLI::Option* option : verb.get_options()) {
    for (const std::string& name : option->get_lnames()) known.push_back("--" + name);
  }
  for (const CLI::App* sub : verb.get_subcommands({})) known.push_back(sub->get_name());
  const std::vector<std::string> rest = app.remaining(true);
  const std::string word = rest.empty() ? "" : rest.front();
  const std::string nearest = gyre::nearest_name(word.substr(0, word.find('=')), known);
  return "unknown " + std::string(word.starts_with("-") ? "option" : "word") + " '" + word + "'; " +
         (nearest.empty() ? "`" + verb.get_name() + " --help` lists what there is"
                          : "did you mean '" + nearest + "'?");
}

}  // namespace

int main(int argc, char** argv) {
  gyre::install_stop_signal();
  gyre::io::ignore_file_size_signal();
  ::setenv("SVT_LOG", "1", 0);  // FFmpeg's AV1 encoder: errors alone
  CLI::App app("Gyre: serves, trains and improves vision-language-action robot policies", "gyre");
  app.option_defaults()->always_capture_default();
  app.require_subcommand(1);
  for (const auto& add : kVerbs) add(app);
  try {
    app.parse(argc, argv);
    return gyre::stop_requested() ? kSignalled + gyre::stop_signal() : 0;
  } catch (const CLI::Success& help) {
    return app.exit(help);
  } catch (const CLI::RuntimeError& failed) {
    return failed.get_exit_code();
  } catch (const CLI::ParseError& error) {
    print_error(app.remaining(true).empty() ? std::string(error.what()) + "; see --help"
                                            : explain_unknown(app));
  } catch (const gyre::Error& error) {
    print_error(error.what());
  } catch (const std::filesystem::filesystem_error& error) {
    print_error(error.path1().string() + ": " + error.code().message());
  } catch (const std::exception& error) {
    print_error(std::string("internal error: ") + error.what());
    return 1;
  }
  return gyre::stop_requested() ? kSignalled + gyre::stop_signal() : kUserError;
}
