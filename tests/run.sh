#!/usr/bin/env bash
# Everything CI checks, the cheapest first: lint, what is shipped as it is shipped, a thousand
# simulated stories, what a message costs, the thread sanitizer over the tests with threads, then
# all tests under the address and undefined behaviour sanitizers, whose summary comes last. Stops at
# the first stage that fails.
#   --fast   all tests in one build without sanitizers
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

# build PRESET TARGET...
build() {
  cmake --preset "$1" -B "$build/$1" > /dev/null
  cmake --build "$build/$1" --target "${@:2}" -- --quiet
}

# run PRESET SELECTION...: the summary comes last.
run() {
  ctest --test-dir "$build/$1" "${@:2}" --parallel "$(nproc)" --output-on-failure --no-tests=error
}

stage "install what is missing"
tests/install_packages.sh

stage "lint"
tests/lint/run.sh

if [ "${1-}" = --fast ]; then
  stage "build"
  build dev all
  stage "all tests"
  run dev --label-exclude '^lint$'
  exit
fi

stage "build what is shipped, and each header by itself"
build dev chatd chatctl storage_lmdb auth_password chatd_sim_run all_verify_interface_header_sets
stage "install it, talk as a newcomer, and simulate"
run dev --label-regex '^(shipped|sim)$'

stage "count the instructions that a message takes"
build dev micro
tests/bench/ratchet.py "$build/dev/tests/bench/micro/micro"

stage "the web client, in a browser"
CHATD_BUILD=$build/dev examples/web_client/test.sh

stage "build for the thread sanitizer"
build tsan tests/all
stage "tests with threads"
run tsan --label-regex threads

stage "build for the address sanitizer"
build asan all
stage "all tests"
run asan --label-exclude shipped
