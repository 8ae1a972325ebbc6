#!/usr/bin/env bash
# Builds the fuzz targets and runs each for a while: tests/fuzz/run.sh [SECONDS [TARGET]...]
# What they find new stays in build/fuzz/found/TARGET; an input that fails is kept there as crash-*,
# and belongs into tests/fuzz/corpus/TARGET with the mend.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

seconds=${1:-60}
shift $(($# > 0))
build=${CHATD_BUILD_DIR:-$PWD/build}/fuzz
cmake --preset fuzz -B "$build" > /dev/null
cmake --build "$build" --target fuzzers -- --quiet

targets=("$@")
[ ${#targets[@]} -gt 0 ] ||
  mapfile -t targets < <(cd "$build/tests/fuzz" && find . -maxdepth 1 -name 'fuzz_*' -type f \
    -executable -printf '%f\n' | sed 's/^fuzz_//' | sort)
[ ${#targets[@]} -gt 0 ] || { echo "tests/fuzz/run.sh: no targets were built" >&2; exit 1; }

for target in "${targets[@]}"; do
  echo "== $target, $seconds s"
  found=$build/found/$target
  mkdir -p "$found"
  dictionary=()
  [ -f "tests/fuzz/$target.dict" ] && dictionary=("-dict=tests/fuzz/$target.dict")
  "$build/tests/fuzz/fuzz_$target" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 \
    -print_funcs=0 -print_final_stats=1 -artifact_prefix="$found/" "${dictionary[@]}" "$found" \
    "tests/fuzz/corpus/$target" 2>&1 | grep -vE '^(INFO|Dictionary|#|"|stat::(new|slow))' || {
    echo "tests/fuzz/run.sh: $target failed; its input is in $found" >&2
    exit 1
  }
done
