#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <map>
#include <string>

// What an outside reader must find in a file, as tests/mcap/read_mcap.mjs prints it.
inline void print_expected(const std::string& file, bool complete,
                           const std::map<std::string, uint64_t>& counts) {
  std::string messages;
  for (const auto& [topic, count] : counts) {
    messages += fmt::format("{}\"{}\":{}", messages.empty() ? "" : ",", topic, count);
  }
  fmt::print("{{\"file\":\"{}\",\"complete\":{},\"messages\":{{{}}},\"error\":null}}\n", file,
             complete, messages);
}
