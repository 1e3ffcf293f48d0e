#include "gyre/policy/model_config.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <type_traits>

#include "gyre/core/error.h"

namespace gyre {

NLOHMANN_JSON_SERIALIZE_ENUM(VisionKind, {{VisionKind::kSiglip, "siglip"},
                                          {VisionKind::kKeypoints, "keypoints"}})
NLOHMANN_JSON_SERIALIZE_ENUM(StateInput, {{StateInput::kSuffixToken, "suffix_token"},
                                          {StateInput::kPrompt, "prompt"}})
NLOHMANN_JSON_SERIALIZE_ENUM(TimeInput, {{TimeInput::kConcatMlp, "concat_mlp"},
                                         {TimeInput::kAdaRms, "adarms"}})
NLOHMANN_JSON_SERIALIZE_ENUM(ActionOutput,
                             {{ActionOutput::kFlow, "flow"}, {ActionOutput::kTokens, "words"}})

namespace {

// One list of fields serves writing and reading.
template <class Visitor>
void visit(GemmaConfig& c, Visitor& v) {
  v("width", c.width);
  v("depth", c.depth);
  v("mlp_dim", c.mlp_dim);
  v("heads", c.heads);
  v("kv_heads", c.kv_heads);
  v("head_dim", c.head_dim);
}

template <class Visitor>
void visit(VisionConfig& c, Visitor& v) {
  v("kind", c.kind);
  v("image_size", c.image_size);
  v("width", c.width);
  v("depth", c.depth);
  v("heads", c.heads);
  v("mlp_dim", c.mlp_dim);
  v("patch", c.patch);
  v("channels", c.channels);
  v("keypoints", c.keypoints);
  v("tokens", c.tokens);
  v("grounding", c.grounding);
}

template <class Visitor>
void visit(ModelConfig& c, Visitor& v) {
  v("type", c.type);
  v("vision", c.vision);
  v("language", c.language);
  v("expert", c.expert);
  v("vocab_size", c.vocab_size);
  v("max_prompt_tokens", c.max_prompt_tokens);
  v("max_state_dim", c.max_state_dim);
  v("max_action_dim", c.max_action_dim);
  v("horizon", c.horizon);
  v("flow_steps", c.flow_steps);
  v("cameras", c.cameras);
  v("state_input", c.state_input);
  v("time_input", c.time_input);
  v("action_output", c.action_output);
  v("time_min_period", c.time_min_period);
  v("time_max_period", c.time_max_period);
  v("max_delay", c.max_delay);
  v("tied_embedding", c.tied_embedding);
}

struct Write {
  nlohmann::json& json;
  template <class T>
  void operator()(const char* name, T& field) {
    if constexpr (requires(Write& w) { visit(field, w); }) {
      Write nested{json[name]};
      visit(field, nested);
    } else {
      json[name] = field;
    }
  }
};

struct Read {
  const nlohmann::json& json;
  std::string where;
  std::vector<std::string> known = {};

  template <class T>
  void operator()(const char* name, T& field) {
    known.emplace_back(name);
    const auto found = json.find(name);
    if (found == json.end()) return;  // the default stands
    const std::string place = where.empty() ? name : where + "." + name;
    if constexpr (requires(Read& r) { visit(field, r); }) {
      Read nested{*found, place};
      visit(field, nested);
      nested.refuse_unknown();
    } else {
      try {
        found->get_to(field);
      } catch (const nlohmann::json::exception&) {
        throw Error("model configuration", "'" + place + "' has a value of another type");
      }
      if (std::is_enum_v<T> && nlohmann::json(field) != *found) {  // a word that is none of its own
        throw Error("model configuration", "'" + place + "' has no choice " + found->dump());
      }
    }
  }
  void refuse_unknown() const {
    if (!json.is_object()) throw Error("model configuration", "'" + where + "' is not a table");
    for (const auto& [name, value] : json.items()) {
      if (std::find(known.begin(), known.end(), name) != known.end()) continue;
      const std::string nearest = nearest_name(name, known);
      throw Error("model configuration",
                  fmt::format("unknown key '{}{}{}'", where, where.empty() ? "" : ".", name),
                  nearest.empty() ? "" : "did you mean '" + nearest + "'?");
    }
  }
};

void require(bool holds, const std::string& field, const std::string& wanted) {
  if (!holds) throw Error("model configuration", "'" + field + "' " + wanted);
}

void validate_stream(const GemmaConfig& c, const std::string& name) {
  for (auto [field, value] : {std::pair("width", c.width),
                              {"depth", c.depth},
                              {"mlp_dim", c.mlp_dim},
                              {"heads", c.heads},
                              {"kv_heads", c.kv_heads},
                              {"head_dim", c.head_dim}}) {
    require(value > 0, name + "." + field, "is not positive");
  }
  require(c.heads % c.kv_heads == 0, name + ".heads", "is no multiple of kv_heads");
  require(c.head_dim % 2 == 0, name + ".head_dim", "is odd; rotary positions need pairs");
}

}  // namespace

ModelConfig ModelConfig::pi0() {
  ModelConfig c;
  c.type = "pi0";
  c.max_prompt_tokens = 48;
  c.state_input = StateInput::kSuffixToken;
  c.time_input = TimeInput::kConcatMlp;
  return c;
}

ModelConfig ModelConfig::pi05() { return {}; }

ModelConfig ModelConfig::pi0_fast() {
  ModelConfig c;
  c.type = "pi0_fast";
  c.action_output = ActionOutput::kTokens;
  return c;
}

ModelConfig ModelConfig::nano() {
  const GemmaConfig stream{
      .width = 128, .depth = 3, .mlp_dim = 256, .heads = 4, .kv_heads = 1, .head_dim = 32};
  ModelConfig c;
  c.type = "nano";
  c.vision = {.kind = VisionKind::kKeypoints,
              .image_size = 64,
              .channels = {32, 48, 64},
              .keypoints = 64,
              .tokens = 4,
              .grounding = 2};
  c.language = stream;
  c.expert = stream;
  c.vocab_size = 512;
  c.max_prompt_tokens = 48;
  c.max_state_dim = 10;
  c.max_action_dim = 8;
  c.horizon = 10;
  c.flow_steps = 5;
  c.cameras = 2;
  c.state_input = StateInput::kSuffixToken;
  c.time_input = TimeInput::kAdaRms;
  return c;
}

void ModelConfig::validate() const {
  validate_stream(language, "language");
  if (has_expert()) validate_stream(expert, "expert");
  require(!has_expert() ||
              (language.depth == expert.depth && language.heads == expert.heads &&
               language.kv_heads == expert.kv_heads && language.head_dim == expert.head_dim),
          "expert",
          "differs from language in depth, heads, kv_heads or head_dim: they share attention");
  for (auto [field, value] : {std::pair("vocab_size", vocab_size),
                              {"max_prompt_tokens", max_prompt_tokens},
                              {"max_state_dim", max_state_dim},
                              {"max_action_dim", max_action_dim},
                              {"horizon", horizon},
                              {"flow_steps", flow_steps},
                              {"cameras", cameras},
                              {"vision.image_size", vision.image_size}}) {
    require(value > 0, field, "is not positive");
  }
  require(time_min_period > 0 && time_max_period > time_min_period, "time_min_period",
          "is not between 0 and time_max_period");
  require(max_delay >= 0 && max_delay < horizon, "max_delay", "is not between 0 and the horizon");
  require(max_delay == 0 || has_expert(), "max_delay", "needs an action expert");
  if (vision.kind == VisionKind::kSiglip) {
    require(vision.patch > 0 && vision.image_size % vision.patch == 0, "vision.patch",
            "does not divide image_size");
    require(vision.heads > 0 && vision.width % vision.heads == 0, "vision.heads",
            "does not divide width");
    require(vision.depth > 0 && vision.mlp_dim > 0, "vision.depth", "is not positive");
  } else {
    require(!vision.channels.empty(), "vision.channels", "is empty");
    for (int channels : vision.channels)
      require(channels > 0, "vision.channels", "is not positive");
    require(vision.keypoints > 0 && vision.tokens > 0, "vision.keypoints", "is not positive");
    require(vision.grounding >= 0 && vision.grounding <= 2, "vision.grounding", "is not 0, 1 or 2");
  }
}

void to_json(nlohmann::json& json, const ModelConfig& config) {
  ModelConfig copy = config;  // one visitor serves both ways and takes it mutable
  json = nlohmann::json::object();
  Write write{json};
  visit(copy, write);
  if (config.max_delay == 0) json.erase("max_delay");  // older hashes stay right
}

void from_json(const nlohmann::json& json, ModelConfig& config) {
  config = ModelConfig{};
  Read read{json, ""};
  visit(config, read);
  read.refuse_unknown();
  config.validate();
}

}  // namespace gyre
