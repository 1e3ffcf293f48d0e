#include "gyre/serve/login.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>

namespace gyre::serve {
namespace {

constexpr std::string_view kLoginStyle =
    ":root{color-scheme:light dark;font:16px/1.4 system-ui,sans-serif}"
    "body{display:grid;place-content:center;min-height:90vh;margin:0;padding:1rem}"
    "form{display:grid;gap:.8rem;width:min(20rem,90vw)}h1{margin:0;font-size:1.6rem}"
    "input,button{font:inherit;padding:.5rem .8rem}p{margin:0;min-height:1.4em}";

constexpr std::string_view kLoginScript = R"(
const form = document.forms[0], field = form.elements[0], said = document.querySelector("p");
async function enter(token) {
  said.textContent = "";
  const answer = await fetch("/login", {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ token }),
  }).catch(() => undefined);
  if (answer?.ok) return location.reload();
  said.textContent = answer ? (await answer.text()).trim() : "the server does not answer";
  field.select();
}
form.addEventListener("submit", (event) => { event.preventDefault(); void enter(field.value.trim()); });
const given = /^#token=(.+)$/.exec(location.hash);
if (given) {
  history.replaceState(null, "", location.pathname);
  void enter(decodeURIComponent(given[1]));
}
)";

constexpr std::string_view kLoginBody =
    "<form><h1>Gyre</h1><label for=token>Token</label>"
    "<input id=token type=password autocomplete=current-password required autofocus>"
    "<button>Log in</button><p role=alert></p></form>";

// 'sha256-...', by which a content security policy lets one inline text in.
std::string source_hash(std::string_view text) {
  const Digest digest = digest_of(text);
  std::array<uint8_t, 4 * ((sizeof(Digest) + 2) / 3) + 1> base64{};
  EVP_EncodeBlock(base64.data(), digest.data(), static_cast<int>(digest.size()));
  return fmt::format("'sha256-{}'", reinterpret_cast<const char*>(base64.data()));
}

HttpAnswer with_cookie(const Gate& gate, bool tls, std::string_view value, int64_t seconds) {
  HttpAnswer answer = http_line(200, value.empty() ? "logged out" : "logged in");
  answer.headers = {
      {"Set-Cookie", fmt::format("{}={}; Path=/; Max-Age={}; HttpOnly; "
                                 "SameSite=Strict{}",
                                 gate.cookie(), value, seconds, tls ? "; Secure" : "")},
      {"Cache-Control", "no-store"}};
  return answer;
}

HttpAnswer log_in(Gate& gate, const HttpRequest& request, bool tls, GateTime now) {
  const nlohmann::json json = nlohmann::json::parse(request.body, nullptr, false);
  if (!json.is_object() || !json.contains("token") || !json["token"].is_string()) {
    return http_line(400, "a login is JSON: {\"token\": TOKEN}");
  }
  std::string id;
  const Admission admission =
      gate.log_in(json["token"].get_ref<const std::string&>(), request.head.peer, now, id);
  if (admission.status != 0) return http_line(admission.status, admission.text);
  const auto life = std::chrono::duration_cast<std::chrono::seconds>(Sessions::kLife);
  return with_cookie(gate, tls, id, life.count());
}

}  // namespace

std::optional<HttpAnswer> answer_login(Gate& gate, const HttpRequest& request, bool tls,
                                       GateTime now) {
  const bool in = request.path() == "/login";
  if ((!in && request.path() != "/logout") || request.head.upgrade) return {};
  if (const Objection no = objection_to(request.head, !gate.open()); no.status != 0) {
    return http_line(no.status, no.text);
  }
  if (request.head.method != "POST") return http_line(405, "log in and out by POST");
  if (gate.open()) return http_line(404, "there are no tokens here: nobody needs to log in");
  if (in) return log_in(gate, request, tls, now);
  gate.log_out(request.head);
  return with_cookie(gate, tls, "", 0);
}

bool wants_login_page(const HttpRequest& request) {
  return request.head.method == "GET" && !request.head.upgrade && request.path() == "/" &&
         request.head.accept.find("text/html") != std::string_view::npos;
}

HttpAnswer login_page() {
  HttpAnswer page;
  page.type = "text/html; charset=utf-8";
  page.body = fmt::format(
      "<!doctype html><html lang=en><meta charset=utf-8><title>Gyre: log in</title>"
      "<meta name=viewport content=\"width=device-width, initial-scale=1\">"
      "<link rel=icon href=\"data:,\"><style>{}</style><main>{}</main><script>{}</script>",
      kLoginStyle, kLoginBody, kLoginScript);
  page.headers = {
      {"Content-Security-Policy",
       fmt::format("default-src 'none'; script-src {}; style-src {}; img-src data:; connect-src "
                   "'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'",
                   source_hash(kLoginScript), source_hash(kLoginStyle))},
      {"Cache-Control", "no-store"}};
  return page;
}

}  // namespace gyre::serve
