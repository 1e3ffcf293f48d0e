// gyre data view: recorded episodes in a browser.
#include <fmt/format.h>

#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>

#include "console_flags.h"
#include "data_verbs.h"
#include "gyre/console/recorded_page.h"
#include "gyre/console/recorded_site.h"
#include "gyre/core/stop_signal.h"
#include "options.h"

namespace gyre::apps {
namespace {

struct ViewOptions {
  std::string folder, html, json;
  data::FilterQuery query;
  ConsoleFlags console;
};

void write_page(const ViewOptions& options) {
  console::Recordings recordings(console::recorded_folders(options.folder));
  const console::WrittenPage page = console::write_recorded_page(
      options.html, recordings, options.query, progress_of("writing", "episodes"));
  print_result(fmt::format("{}: {} episodes, {:.1f} MB\n", options.html, page.episodes,
                           static_cast<double>(page.bytes) * 1e-6),
               {{"file", options.html}, {"episodes", page.episodes}, {"bytes", page.bytes}},
               options.json);
}

void show(const ViewOptions& options) {
  console::RecordedSite recorded(console::recorded_folders(options.folder));
  ConsoleServer server(options.console);
  server.add(recorded);
  fmt::print("console at {}/#/episodes; Ctrl-C ends it\n", server.begin_quietly());
  std::fflush(stdout);
  fmt::print(stderr, "{}", server.invitation());
  while (!stop_requested()) std::this_thread::sleep_for(std::chrono::milliseconds(100));
}

}  // namespace

void add_data_view(CLI::App& data) {
  const auto options = std::make_shared<ViewOptions>();
  CLI::App* verb = data.add_subcommand("view", "look at recorded episodes in a browser");
  verb->add_option("folder", options->folder,
                   "dataset or journal folder, or a folder with some of them")
      ->required()
      ->type_name("DIR");
  add_console_server_flags(*verb, options->console);
  CLI::Option* html =
      verb->add_option("--html", options->html,
                       "write the page and all that it shows as one file instead, and end")
          ->check(in_a_folder())
          ->type_name("FILE");
  verb->add_option("--where", options->query.where, "SQL: the episodes that go into the file")
      ->needs(html)
      ->type_name("SQL");
  verb->add_option("--having", options->query.having, "SQL over an episode's steps")
      ->needs(html)
      ->type_name("SQL");
  add_json_option(*verb, options->json);
  verb->callback([options] { options->html.empty() ? show(*options) : write_page(*options); });
}

}  // namespace gyre::apps
