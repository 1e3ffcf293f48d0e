// Serves LeRobot's protocol from a small engine, prints its port, and ends with its input.
#include <cstdio>
#include <filesystem>
#include <memory>
#include <vector>

#include "gyre/core/error.h"
#include "gyre/serve/lerobot_server.h"
#include "gyre/serve/testing.h"

int main() {
  using namespace gyre::serve;
  try {
    const auto engine = std::make_shared<FakeEngine>();
    Service service(std::make_shared<PolicyTable>(
                        std::vector<std::filesystem::path>{"x/nano"}, std::vector<Canary>{}, "",
                        [&](const std::filesystem::path&) { return engine; }),
                    {.workers = 1, .batch = 1}, {});
    const LerobotServer server(service, {.port = 0, .policy = "nano", .wait_s = 0.3});
    std::printf("%d\n", server.port());
    std::fflush(stdout);
    while (std::getchar() != EOF) {
    }
  } catch (const gyre::Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 2;
  }
  return 0;
}
