#include "gyre/policy/stats_json.h"

namespace gyre {

nlohmann::json stats_json(const Stats& s) {
  return {{"min", s.min}, {"max", s.max}, {"mean", s.mean}, {"std", s.std}, {"q01", s.q01},
          {"q10", s.q10}, {"q50", s.q50}, {"q90", s.q90},   {"q99", s.q99}, {"count", s.count}};
}

Stats stats_from_json(const nlohmann::json& json) {
  Stats s;
  json.at("min").get_to(s.min);
  json.at("max").get_to(s.max);
  json.at("mean").get_to(s.mean);
  json.at("std").get_to(s.std);
  json.at("q01").get_to(s.q01);
  json.at("q10").get_to(s.q10);
  json.at("q50").get_to(s.q50);
  json.at("q90").get_to(s.q90);
  json.at("q99").get_to(s.q99);
  json.at("count").get_to(s.count);
  return s;
}

}  // namespace gyre
