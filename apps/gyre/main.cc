// The command line: one file per verb.
#include <CLI/CLI.hpp>

int main(int argc, char** argv) {
  CLI::App app("Gyre: serves, trains and improves vision-language-action robot policies");
  CLI11_PARSE(app, argc, argv);
}
