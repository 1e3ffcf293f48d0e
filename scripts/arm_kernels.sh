#!/usr/bin/env bash
# Tests the CPU engine's kernels for 64-bit Arm on a Debian 12 machine of another kind: installs a
# cross compiler and an emulator (as root), compiles into build/arm, and runs the tests on an
# emulated processor with the dot product of bytes and on one without. Says nothing about speed.
set -euo pipefail
cd "$(dirname "$0")/.."

packages=(g++-aarch64-linux-gnu qemu-user libhwy-dev googletest)
missing=()
for p in "${packages[@]}"; do
  dpkg-query -W -f='${Status}' "$p" 2>/dev/null | grep -q 'ok installed' || missing+=("$p")
done
if [ ${#missing[@]} -gt 0 ]; then
  if [ "$(id -u)" != 0 ]; then
    echo "arm_kernels: as root, run: apt-get install -y --no-install-recommends ${missing[*]}" >&2
    exit 2
  fi
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" \
    >/dev/null
fi

# Highway and GoogleTest in a folder of their own: the rest of /usr/include is this machine's. Of
# Highway only headers are needed, as Arm has one target and nothing to detect.
out=build/arm
googletest=/usr/src/googletest/googletest
mkdir -p $out/include
cp -r /usr/include/hwy $googletest/include/gtest $out/include

compile() {  # source flags...
  aarch64-linux-gnu-g++ -std=c++20 -O2 -I. -I$out/include "${@:2}" -c "$1" \
    -o "$out/$(basename "$1" .cc).o"
}
warnings=(-Wall -Wextra -Werror -Wno-missing-field-initializers)
compile gyre/infer/cpu/kernels.cc -O3 "${warnings[@]}"
for source in gyre/infer/cpu/kernels_test.cc gyre/core/error.cc gyre/core/rng.cc; do
  compile $source "${warnings[@]}"
done
compile $googletest/src/gtest-all.cc -I$googletest
compile $googletest/src/gtest_main.cc
aarch64-linux-gnu-g++ $out/*.o -o $out/kernels_test

# Arm's dot product may be nowhere but where the processor was asked for it.
if aarch64-linux-gnu-objdump -d -C $out/kernels.o | awk '/^[0-9a-f]+ </ { name = $0 }
     /\t[us]dot\t/ && name !~ /(tile|peak_as)<\(gyre::infer::cpu::Arithmetic\)4/ { print name; n++ }
     END { exit n == 0 }'; then
  echo "arm_kernels: the functions above use the dot product on any processor" >&2
  exit 1
fi

for processor in max cortex-a57; do
  echo "arm_kernels: on $processor"
  qemu-aarch64 -L /usr/aarch64-linux-gnu -cpu $processor $out/kernels_test --gtest_brief=1 \
    --gtest_filter='*/portable:*/neon:CpuTargets.*'
done
