# The few commands that people need. `make demo` and `make test` work on a fresh Debian 12.
BUILD := build
PRESET := default
export CCACHE_SLOPPINESS := pch_defines,time_macros,include_file_mtime,include_file_ctime
# Small models run fastest as several single-threaded workers.
export OMP_NUM_THREADS := 1
export OPENBLAS_NUM_THREADS := 1
export LP_NUM_THREADS := 0

.PHONY: demo build test bench format lint clean help

help:           ## this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1 \t/p' Makefile

demo: build     ## set up, build, and run one turn of the flywheel on the simulated kitchen
	$(BUILD)/gyre demo

build:          ## set up and build the program at build/gyre
	@scripts/setup.sh
	@cmake --preset $(PRESET) >$(BUILD).log 2>&1 || { tail -20 $(BUILD).log >&2; exit 2; }
	@cmake --build $(BUILD) --target gyre

test:           ## set up, build everything, run all tests
	@scripts/setup.sh --all
	@cmake --preset $(PRESET) -DGYRE_TESTS=ON >$(BUILD).log 2>&1 || { tail -20 $(BUILD).log >&2; exit 2; }
	@cmake --build $(BUILD)
	@ctest --test-dir $(BUILD) --output-on-failure --no-tests=error --parallel 2

bench:          ## what simulator and policy cost on this machine
	@scripts/setup.sh --all
	@cmake --preset $(PRESET) -DGYRE_TESTS=ON >$(BUILD).log 2>&1 || { tail -20 $(BUILD).log >&2; exit 2; }
	@cmake --build $(BUILD) --target gyre_bench
	@$(BUILD)/bench/gyre_bench

format:         ## clang-format on every source
	@git ls-files '*.h' '*.cc' | xargs clang-format-16 -i

lint:           ## clang-tidy on all files that do not include LibTorch
	@scripts/setup.sh --all
	@scripts/lint.sh

clean:          ## remove what was built
	rm -rf $(BUILD) $(BUILD).log
