#!/usr/bin/env bash
# Installs what Gyre needs on Debian 12: apt packages, and from pinned npm packages DuckDB's C library
# (Debian has no Parquet library) and, for the tests, the MCAP format's own library. Asks nothing, and does
# nothing when all of it is installed.
#
#   scripts/setup.sh          what `gyre` itself needs
#   scripts/setup.sh --all    also what tests, benchmarks, formatting and lint need
set -euo pipefail
cd "$(dirname "$0")/.."

packages=(ca-certificates g++ cmake ninja-build ccache mold make pkg-config binutils xz-utils
  nlohmann-json3-dev libtomlplusplus-dev libcli11-dev libfmt-dev libssl-dev libsqlite3-dev
  libtorch-dev libhwy-dev libopenblas0-pthread libmujoco-dev libosmesa6-dev libavcodec-dev
  libavformat-dev libavutil-dev libswscale-dev libjpeg62-turbo-dev libpng-dev zlib1g-dev libzstd-dev
  libboost1.74-dev prometheus-cpp-dev libqrencode-dev)
if [ "${1:-}" = --all ]; then
  packages+=(git libgtest-dev libgmock-dev libbenchmark-dev ffmpeg sentencepiece
    libsentencepiece-dev clang-format-16 clang-tidy-16 clang-16 libclang-rt-16-dev
    python3-websockets python3-msgpack python3-grpcio libgrpc++-dev chromium)
fi
command -v npm >/dev/null || packages+=(nodejs npm)

missing=()
for p in "${packages[@]}"; do
  dpkg-query -W -f='${Status}' "$p" 2>/dev/null | grep -q 'ok installed' || missing+=("$p")
done
if [ ${#missing[@]} -gt 0 ]; then
  sudo=()
  if [ "$(id -u)" != 0 ]; then
    if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
      sudo=(sudo)
    else
      echo "setup: neither root nor password-less sudo. As root, run:" >&2
      echo "  apt-get update && apt-get install -y --no-install-recommends ${missing[*]}" >&2
      exit 2
    fi
  fi
  echo "setup: installing ${#missing[@]} Debian packages"
  apt_log=$(mktemp)
  if ! { "${sudo[@]}" apt-get update -qq && "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive \
         apt-get install -y -qq --no-install-recommends "${missing[@]}"; } >"$apt_log" 2>&1; then
    tail -20 "$apt_log" >&2
    echo "setup: apt-get failed (above); mend it and run again" >&2
    exit 2
  fi
  rm -f "$apt_log"
fi

# DuckDB: libduckdb.so from its Node bindings, duckdb.h from the package `duckdb`. `npm pack` only
# downloads; nothing of the packages is run.
deps=.deps/duckdb
fetch_npm() {  # name@version sha256 path-in-package target; "" is the whole package
  local dir archive
  dir=$(mktemp -d)
  archive=$(cd "$dir" && npm pack --silent "$1" 2>/dev/null </dev/null | tail -1) || true
  if [ -z "$archive" ]; then
    echo "setup: npm could not fetch $1; check the network (\`npm pack $1\` says more) and run again" >&2
    exit 2
  fi
  if ! echo "$2  $dir/$archive" | sha256sum --check --status; then
    echo "setup: $1 has another SHA-256 than the one pinned in scripts/setup.sh; not installed" >&2
    exit 2
  fi
  tar -xzf "$dir/$archive" -C "$dir" "package${3:+/$3}"
  mkdir -p "$(dirname "$4")"
  mv "$dir/package${3:+/$3}" "$4"
  rm -rf "$dir"
}
case $(uname -m) in
  x86_64) binding=@duckdb/node-bindings-linux-x64; sum=59d0f150d84bbc413aa80b9b7ae45916e710c27d18d66722d4875a7b840415a5 ;;
  aarch64) binding=@duckdb/node-bindings-linux-arm64; sum=7a3b62c524849af848b2d4e278bad56324e20f5e8b1d3fe3acd324ead28e1e0c ;;
  *) echo "setup: DuckDB ships no library for $(uname -m); put libduckdb.so and duckdb.h into $deps" >&2; exit 2 ;;
esac
[ -f $deps/libduckdb.so ] || { echo "setup: fetching libduckdb.so"; fetch_npm "$binding@1.4.4-r.3" "$sum" libduckdb.so $deps/libduckdb.so; }
[ -f $deps/duckdb.h ] || fetch_npm duckdb@1.4.4 5bb967dcbcd517670ba5f169f238fb9d6787e53752c60ebe24386169d76941ed src/duckdb/src/include/duckdb.h $deps/duckdb.h

# Outside readers for the tests of MCAP files (tests/mcap/) and datasets (tests/datasets/): each package beside
# what it needs.
if [ "${1:-}" = --all ]; then
  while read -r group name version sum; do
    modules=.deps/$group/node_modules
    [ -f "$modules/$name/package.json" ] || fetch_npm "$name@$version" "$sum" "" "$modules/$name"
  done <<'END'
mcap @mcap/core 2.2.2 06807e4d853b40b90eafce720e939c2c9b0fbb266a41f439b818aa8ee1e63915
mcap @foxglove/crc 0.0.3 b94e1c594df3d97823d22f272f1a030b168fafc9bc3228f7419e3ba09fb42a70
mcap @foxglove/wasm-zstd 1.0.1 9ff7901e9e4eece431443a9b7672c623db678ddc911a64d4a2e8102b4647ef3b
mcap heap-js 2.7.1 8e9630d47d08f5c91890e27e0d66e6d1d3ff5241b4d2eded453a9b01f534f0c0
mcap tslib 2.8.1 66f635d5eeabae44807534976913a102cf615b9a045368359c9f79ae6ee2119e
parquet hyparquet 1.31.5 5fb6b118fcbc4575771204acd0aa5cab532f40be92339094b7cc756d79830ab5
END
  # To build the console's page again and to drive it in a browser; `gyre` itself has the page built in.
  modules=console/node_modules
  if ! cmp -s console/package-lock.json $modules/.gyre-lock; then
    echo "setup: fetching what the console's page is built with"
    (cd console && npm ci --ignore-scripts --no-audit --no-fund --silent </dev/null) || {
      echo "setup: npm ci failed in console/; check the network and run again" >&2
      exit 2
    }
    cp console/package-lock.json $modules/.gyre-lock
  fi
fi
