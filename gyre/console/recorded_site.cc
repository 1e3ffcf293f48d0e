#include "gyre/console/recorded_site.h"

#include <charconv>
#include <exception>
#include <functional>
#include <optional>
#include <string_view>
#include <utility>

#include "gyre/console/wire_json.h"
#include "gyre/core/error.h"

namespace gyre::console {
namespace {

constexpr std::string_view kRecorded = "/recorded/";

serve::HttpAnswer answer_of(std::string body, std::string type) {
  return {
      .body = std::move(body), .type = std::move(type), .headers = {{"Cache-Control", "no-store"}}};
}

serve::HttpAnswer json_answer(std::string body) {
  return answer_of(std::move(body), "application/json");
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Text of a query string: %20 and + are spaces.
std::string unescape(std::string_view text) {
  std::string plain;
  for (size_t i = 0; i < text.size(); ++i) {
    const int high = text[i] == '%' && i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
    const int low = high >= 0 ? hex_digit(text[i + 2]) : -1;
    if (low >= 0) {
      plain += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      plain += text[i] == '+' ? ' ' : text[i];
    }
  }
  return plain;
}

std::string query_value(std::string_view target, std::string_view name) {
  size_t at = target.find('?');
  while (at != std::string_view::npos) {
    std::string_view pair = target.substr(at + 1);
    at = target.find('&', at + 1);
    pair = pair.substr(0, pair.find('&'));
    const size_t equals = pair.find('=');
    if (equals != std::string_view::npos && pair.substr(0, equals) == name) {
      return unescape(pair.substr(equals + 1));
    }
  }
  return "";
}

// Takes a number and the text that must follow it from the front of a path.
std::optional<int64_t> take_number(std::string_view& path, std::string_view then) {
  int64_t number = 0;
  const auto [end, error] = std::from_chars(path.data(), path.data() + path.size(), number);
  if (error != std::errc() || number < 0) return {};
  std::string_view rest = path.substr(static_cast<size_t>(end - path.data()));
  if (!rest.starts_with(then)) return {};
  path = rest.substr(then.size());
  return number;
}

}  // namespace

RecordedSite::RecordedSite(const std::vector<std::filesystem::path>& folders)
    : recordings_(folders) {}

bool RecordedSite::owns(const serve::HttpRequest& request) const {
  return !request.head.upgrade && request.path().starts_with(kRecorded);
}

serve::SiteAnswer RecordedSite::answer(const serve::HttpRequest& request) {
  if (request.head.method == "POST" && request.path() == "/recorded/judge") return judge(request);
  if (request.head.method != "GET") {
    return {.http = serve::http_line(405, "episodes are read by GET")};
  }
  const bool may_ask = may_help(request.role);
  return {.http = {}, .later = [this, may_ask, target = std::string(request.head.target)] {
            const std::lock_guard lock(mutex_);
            try {
              const std::string path = target.substr(0, target.find('?'));
              if (path != "/recorded/found.json") return get(path);
              if (!may_ask) return serve::http_line(403, "a watcher may not ask in SQL");
              return find(target);
            } catch (const std::exception& error) {
              return serve::http_line(400, error.what());
            }
          }};
}

serve::SiteAnswer RecordedSite::judge(const serve::HttpRequest& request) {
  if (!may_help(request.role)) {
    return {.http = serve::http_line(403, "a watcher may not judge")};
  }
  return {.http = {}, .later = [this, name = request.name, body = std::string(request.body)] {
            const std::lock_guard lock(mutex_);
            try {
              auto judgement = read_frame<Judgement>(body);
              if (!name.empty()) judgement.author = name;  // a token's name cannot be another's
              return json_answer(json_of(recordings_.judge(judgement)));
            } catch (const std::exception& error) {
              return serve::http_line(400, error.what());
            }
          }};
}

serve::HttpAnswer RecordedSite::find(const std::string& target) {
  return json_answer(json_of(recordings_.find({.where = query_value(target, "where"),
                                               .having = query_value(target, "having"),
                                               .trusted = false})));
}

serve::HttpAnswer RecordedSite::get(const std::string& path) {
  if (path == "/recorded/list.json") return json_answer(json_of(recordings_.list()));
  std::string_view rest = std::string_view(path).substr(kRecorded.size());
  const auto folder = take_number(rest, "/");
  if (folder) {
    std::string_view file = rest;
    const auto whole = take_number(file, ".json");
    if (whole && file.empty()) {
      return json_answer(json_of(recordings_.read(static_cast<int>(*folder), *whole)));
    }
    file = rest;
    const auto labelled = take_number(file, "/labels.json");
    if (labelled && file.empty()) {
      return json_answer(json_of(recordings_.labels(static_cast<int>(*folder), *labelled)));
    }
    const auto episode = take_number(rest, "/pictures/");
    const auto camera = episode ? take_number(rest, "/") : std::nullopt;
    const auto batch = camera ? take_number(rest, "") : std::nullopt;
    if (batch && rest.empty()) {
      return answer_of(recordings_.pictures(static_cast<int>(*folder), *episode,
                                            static_cast<size_t>(*camera), *batch),
                       "application/octet-stream");
    }
  }
  return serve::http_line(404, "there is nothing here");
}

}  // namespace gyre::console
