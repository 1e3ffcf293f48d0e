// gyre console: pages to watch and help, without a robot of its own.
#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "console_flags.h"
#include "gyre/console/recorded_site.h"
#include "gyre/console/wire_types.h"
#include "gyre/core/stop_signal.h"
#include "verbs.h"

namespace gyre::apps {

void add_console(CLI::App& app) {
  struct Options {
    ConsoleFlags console{.port = 8080};
    std::vector<std::string> recorded;
    bool types = false;
  };
  const auto options = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand("console", "pages to watch and help; see docs/console.md");
  verb->add_option("--port", options->console.port, "0: a free one")
      ->check(CLI::Range(0, 65535))
      ->type_name("N");
  verb->add_option("--data,--journals", options->recorded,
                   "show the episodes of a dataset or journal folder, or of those in a folder; may "
                   "be given again")
      ->allow_extra_args(false)
      ->type_name("DIR");
  verb->add_flag("--types", options->types, "print console/src/wire.ts, and end");
  verb->callback([options] {
    if (options->types) {
      fmt::print("{}", console::wire_types());
      return;
    }
    std::vector<std::filesystem::path> folders;
    for (const std::string& folder : options->recorded) {
      for (auto& found : console::recorded_folders(folder)) folders.push_back(std::move(found));
    }
    console::RecordedSite recorded(folders);
    ConsoleServer server(options->console);
    server.add(recorded);
    fmt::print("console at {}; Ctrl-C ends it\n", server.begin());
    std::fflush(stdout);
    while (!stop_requested()) std::this_thread::sleep_for(std::chrono::milliseconds(100));
  });
}

}  // namespace gyre::apps
