#!/usr/bin/env bash
# A server links no LibTorch: it knows engines by their interface. no_torch.sh SERVE_TEST
set -euo pipefail
libraries=$(ldd "$1")
if grep -E 'libtorch|libc10' <<<"$libraries"; then
  echo "$1 links LibTorch" >&2
  exit 1
fi
grep -q libcrypto <<<"$libraries"  # ldd itself works
