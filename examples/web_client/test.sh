#!/usr/bin/env bash
# Builds the web client and tests it: types and style, units, then the SDK and the app in a real
# Chromium against a real daemon. The last line is the sum: N passed, N failed.
# CHATD_BUILD: the build folder of the daemon; build/release at the top of the tree unless told.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
export CHATD_BUILD=${CHATD_BUILD:-$PWD/../../build/release}

fail() {
  echo "web_client: $*" >&2
  exit 1
}

[ -x "$CHATD_BUILD/daemon/app/chatd" ] || fail "there is no daemon in $CHATD_BUILD: build it first"

npm ci --loglevel=error > /dev/null
npm run --silent build
npm run --silent check

results=$(mktemp)
trap 'rm -f "$results"' EXIT
status=0
npx vitest run --reporter=default --reporter=json --outputFile.json="$results" || status=$?
[ -s "$results" ] || fail "the tests did not begin (vitest says why above)"
node -e 'const sum = JSON.parse(require("fs").readFileSync(process.argv[1], "utf8"));
  console.log(`${sum.numPassedTests} passed, ${sum.numFailedTests} failed`);' "$results"
exit "$status"
