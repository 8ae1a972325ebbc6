#!/usr/bin/env bash
# All checks that need no build, each after its own test. Names every finding before it fails.
set -euo pipefail
cd "$(dirname "$0")"

failed=()
for check in layers length names docs format; do
  python3 -B "${check}_test.py" 2>/dev/null || {
    failed+=("${check}_test")
    python3 -B "${check}_test.py" || true
  }
  python3 -B "$check.py" || failed+=("$check")
done
if [ ${#failed[@]} -ne 0 ]; then
  echo "lint: failed: ${failed[*]}" >&2
  exit 1
fi
echo "lint: clean"
