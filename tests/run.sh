#!/usr/bin/env bash
# Everything CI checks, the cheapest no first: lint, then the builds, then all tests of the dev and
# the asan build and those about threads of the tsan build, in one run of ctest whose summary comes
# last. Stops at the first stage that fails. On two cores about half an hour from nothing.
#   --fast   lint, and the dev build with its tests
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

builds=(dev asan tsan)
case "${1-}" in
  '') ;;
  --fast) builds=(dev) ;;
  *)
    echo "usage: tests/run.sh [--fast]" >&2
    exit 2
    ;;
esac
# Where the build folders are made; each has the name of its preset.
build=${CHATD_BUILD_DIR:-$PWD/build}

stage="none"
stage() {
  stage=$1
  printf '\n== %s (after %d s)\n' "$stage" "$SECONDS"
}
trap 'printf "\ntests/run.sh: failed in the stage: %s\n" "$stage" >&2' ERR

# A report of a sanitizer fails the test that caused it and says where.
export ASAN_OPTIONS=${ASAN_OPTIONS-detect_stack_use_after_return=1}
export UBSAN_OPTIONS=${UBSAN_OPTIONS-print_stacktrace=1}
export TSAN_OPTIONS=${TSAN_OPTIONS-halt_on_error=1:second_deadlock_stack=1}

stage "install what is missing"
tests/install_packages.sh

stage "lint"
tests/lint/run.sh

for preset in "${builds[@]}"; do
  stage "build $preset"
  cmake --preset "$preset" -B "$build/$preset" > /dev/null
  target=all
  [ "$preset" = tsan ] && target=tests/all
  cmake --build "$build/$preset" --target "$target" -- --quiet

  if [ "$preset" = dev ]; then
    stage "headers stand alone"
    cmake --build "$build/dev" --target all_verify_interface_header_sets -- --quiet
    stage "tidy what changed"
    python3 -B tests/lint/tidy.py --build "$build/dev" --at-most 24
    stage "unit tests"
    ctest --test-dir "$build/dev" -L unit --parallel "$(nproc)" --output-on-failure \
      --no-tests=error > "$build/dev/unit.log" || { cat "$build/dev/unit.log"; false; }
  fi
done

stage "all tests"
mkdir -p "$build/gate"
printf 'subdirs("%s")\n' "${builds[@]/#/$build/}" > "$build/gate/CTestTestfile.cmake"
ctest --test-dir "$build/gate" --label-exclude '^lint$' --parallel "$(nproc)" --output-on-failure \
  --no-tests=error
