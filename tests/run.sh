#!/usr/bin/env bash
# Everything CI checks, the cheapest no first: lint, the simulation under the sanitizers, then the
# dev build and all its tests, whose summary comes last. Stops at the first stage that fails.
#   --fast   without the sanitizers
# CHATD_BUILD_DIR: where the build folders are made; each has the name of its preset.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

case "${1-}" in
  '' | --fast) ;;
  *)
    echo "usage: tests/run.sh [--fast]" >&2
    exit 2
    ;;
esac
build=${CHATD_BUILD_DIR:-$PWD/build}

stage() { printf '\n== %s (after %d s)\n' "$1" "$SECONDS"; }

stage "install what is missing"
tests/install_packages.sh

stage "lint"
tests/lint/run.sh

if [ "${1-}" != --fast ]; then
  stage "simulate under the sanitizers"
  cmake --preset asan -B "$build/asan" > /dev/null
  cmake --build "$build/asan" --target chatd_sim_run -- --quiet
  "$build/asan/tests/sim/run" --seeds 1..40
fi

stage "build dev"
cmake --preset dev -B "$build/dev" > /dev/null
cmake --build "$build/dev" --target all -- --quiet

stage "all tests"
ctest --test-dir "$build/dev" --label-exclude '^lint$' --parallel "$(nproc)" --output-on-failure \
  --no-tests=error
