#!/usr/bin/env bash
# A server links no LibTorch: it knows engines by their interface. no_torch.sh SERVE_TEST
set -euo pipefail
if ldd "$1" | grep -E 'libtorch|libc10'; then
  echo "$1 links LibTorch" >&2
  exit 1
fi
ldd "$1" | grep -q libcrypto  # ldd itself works
