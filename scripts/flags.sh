# Sourced by the checks that read sources without building them: the compiler's flags, an array. Sources that reach
# LibTorch are not among what they check.
flags=(-std=c++20 -I. -I.deps/duckdb $(pkg-config --cflags libhwy libavformat libavcodec libavutil libswscale libzstd)
  '-DGYRE_DUCKDB_LIBRARY=""' '-DGYRE_COMMIT=""' '-DGYRE_VERSION=""'
  -Wall -Wextra -Wno-missing-field-initializers)
