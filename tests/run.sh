#!/usr/bin/env bash
# Everything CI checks: packages, then the dev build with all tests, then the simulation under the
# sanitizers. Stops at the first stage that fails. The last lines are ctest's own summary.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

tests/install_packages.sh

echo "== sanitizers: build and simulate"
cmake --preset asan > /dev/null
cmake --build --preset asan --target chatd_sim_run
build/asan/tests/sim/run --seeds 1..40

echo "== dev: build and test"
cmake --preset dev > /dev/null
cmake --build --preset dev --target all
ctest --preset dev --parallel "$(nproc)"
