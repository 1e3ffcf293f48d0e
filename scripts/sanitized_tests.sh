#!/usr/bin/env bash
# Tests without LibTorch under the address and undefined-behaviour sanitizers (build/sanitize): of folders, and
# "fuzz" for the fuzz targets.
#
#   scripts/sanitized_tests.sh [FOLDER|fuzz ...]
set -euo pipefail
cd "$(dirname "$0")/.."
folders=("$@")
[ ${#folders[@]} -gt 0 ] || folders=(core io data robot run serve sim fuzz)
mkdir -p build
cmake --preset sanitize >build/sanitize.log 2>&1 || { tail -20 build/sanitize.log >&2; exit 2; }
cmake --build build/sanitize --target "${folders[@]/%/_test}"
ctest --test-dir build/sanitize --output-on-failure --no-tests=error \
  --tests-regex "^($(IFS='|'; echo "${folders[*]}"))(_.*)?\$"
