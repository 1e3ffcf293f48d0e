#include "bench_facts.h"

#include <sys/wait.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

#include "gyre/core/error.h"
#include "gyre/core/stop_signal.h"

namespace gyre::apps {

std::string processor() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("model name"))
      return line.substr(std::min(line.find(':') + 2, line.size()));
  }
  return "unknown";
}

const char* bench_commit() { return GYRE_COMMIT; }

nlohmann::json run_apart(const std::vector<std::string>& words) {
  int ends[2];
  if (pipe(ends) != 0) throw Error("bench", "cannot make a pipe");
  std::vector<std::string> text{"gyre"};
  text.insert(text.end(), words.begin(), words.end());
  std::vector<char*> arguments;
  for (std::string& word : text) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const pid_t child = fork();
  if (child < 0) throw Error("bench", "cannot start a process");
  if (child == 0) {
    dup2(ends[1], STDOUT_FILENO);
    close(ends[0]);
    execv("/proc/self/exe", arguments.data());
    _exit(127);
  }
  close(ends[1]);
  std::string out;
  char buffer[4096];
  for (ssize_t n; (n = read(ends[0], buffer, sizeof buffer)) > 0;) out.append(buffer, n);
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  if (stop_requested()) throw Error("bench", "was interrupted", "start it again");
  if (!WIFEXITED(status)) throw Error("bench " + words.back(), "its process was killed");
  if (WEXITSTATUS(status) != 0) throw CLI::RuntimeError(WEXITSTATUS(status));  // it said why
  return nlohmann::json::parse(out);
}

double resident_mib() {
  int64_t pages = 0, resident = 0;
  std::ifstream("/proc/self/statm") >> pages >> resident;
  return static_cast<double>(resident * sysconf(_SC_PAGESIZE)) / (1 << 20);
}

double percentile(std::vector<double> values, double part) {
  if (values.empty()) return 0;
  const auto at = static_cast<size_t>(part * static_cast<double>(values.size() - 1) + 0.5);
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(at), values.end());
  return values[at];
}

}  // namespace gyre::apps
