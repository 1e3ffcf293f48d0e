#include "gyre/run/attempt_setup.h"

#include <array>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "gyre/core/error.h"
#include "gyre/io/config.h"

namespace gyre::run {
namespace {

constexpr std::array<std::pair<Driver, std::string_view>, 3> kDrivers = {{
    {Driver::kPolicy, "policy"},
    {Driver::kHelped, "helped"},
    {Driver::kExpert, "expert"},
}};

// `config` is only read: config_entries() points into it.
template <class Config>
nlohmann::json fields_of(Config config) {
  return dump_json(config_entries(config));
}

template <class Config>
void read_fields(const nlohmann::json& fields, Config& config) {
  const std::vector<ConfigEntry> entries = config_entries(config);
  for (auto field = fields.begin(); field != fields.end(); ++field) {
    set_entry(entries, field.key(),
              field->is_string() ? field->template get<std::string>() : field->dump());
  }
}

Driver driver_of(const std::string& name) {
  for (const auto& [driver, known] : kDrivers) {
    if (known == name) return driver;
  }
  throw Error("setup.driver", "'" + name + "' is not known here", "use the program that recorded");
}

infer::EngineDescription engine_of(const nlohmann::json& engine) {
  return {.engine = engine.at("engine"),
          .precision = engine.at("precision"),
          .target = engine.at("target"),
          .threads = engine.at("threads"),
          .reuse_pictures = engine.at("reuse_pictures")};
}

}  // namespace

std::string setup_text(const AttemptOptions& options, const infer::Engine* engine) {
  nlohmann::json setup = {{"loop", fields_of(options.loop)},
                          {"bench", fields_of(options.bench)},
                          {"help", fields_of(options.help)}};
  for (const auto& [driver, name] : kDrivers) {
    if (driver == options.driver) setup["driver"] = name;
  }
  if (engine != nullptr) {
    const infer::EngineDescription is = engine->description();
    setup["engine"] = {{"engine", is.engine},
                       {"precision", is.precision},
                       {"target", is.target},
                       {"threads", is.threads},
                       {"reuse_pictures", is.reuse_pictures}};
  }
  return setup.dump();
}

std::string setup_text(const LoopConfig& loop) {
  return nlohmann::json{{"loop", fields_of(loop)}}.dump();
}

AttemptSetup read_setup(const std::string& text) try {
  const nlohmann::json setup = nlohmann::json::parse(text, nullptr, false);
  if (!setup.is_object() || !setup.contains("loop") || !setup.contains("bench") ||
      !setup.contains("help") || !setup.contains("driver")) {
    throw Error("setup", "the journal does not say how the attempt was run",
                "only attempts in simulation that say so can be run again");
  }
  AttemptSetup read;
  read_fields(setup["loop"], read.options.loop);
  read_fields(setup["bench"], read.options.bench);
  read_fields(setup["help"], read.options.help);
  read.options.driver = driver_of(setup["driver"].get<std::string>());
  if (setup.contains("engine")) read.engine = engine_of(setup["engine"]);
  return read;
} catch (const nlohmann::json::exception&) {
  throw Error("setup", "is malformed", "use the program that recorded");
}

double speed_of_setup(const std::string& text) {
  const nlohmann::json setup = nlohmann::json::parse(text, nullptr, false);
  if (!setup.is_object() || !setup.contains("loop")) return 1;
  const nlohmann::json& speed = setup["loop"].value("speed", nlohmann::json(1));
  return speed.is_number() ? speed.get<double>() : 1;
}

}  // namespace gyre::run
