#!/usr/bin/env bash
# Measures chatd beside other servers: tests/bench/compare.sh [--scenarios s1,s2] [--runs N]
# Installs the others from Debian's packages where they are missing; builds with the release preset.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

# lua-dbi-sqlite3 and erlang-p1-sqlite3: their archives in SQLite.
peers=(prosody lua-dbi-sqlite3 ejabberd erlang-p1-sqlite3 mosquitto nats-server)

# Debian starts a server as soon as it is installed, unless policy-rc.d says no.
install_quietly() {
  local as_root=() policy=/usr/sbin/policy-rc.d package
  [[ $(id -u) -eq 0 ]] || as_root=(sudo)
  if [[ -e $policy ]]; then
    if "${as_root[@]}" "$policy" mosquitto start; then
      echo "compare: $policy lets servers start; install these yourself: $*" >&2
      exit 1
    fi
  else
    printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" > /dev/null
    "${as_root[@]}" chmod +x "$policy"
    # shellcheck disable=SC2064  # the words as they are now
    trap "${as_root[*]} rm -f $policy" EXIT
  fi
  "${as_root[@]}" apt-get update -qq
  # One by one: who can't be had is named in the table, and the others are measured.
  for package in "$@"; do
    echo "compare: installing $package"
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
      apt-get install -y -qq --no-install-recommends "$package" > /dev/null ||
      echo "compare: $package can't be installed" >&2
  done
}

missing=()
for package in "${peers[@]}"; do
  status=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
  [[ $status == installed ]] || missing+=("$package")
done
if [[ ${#missing[@]} -ne 0 ]]; then
  (install_quietly "${missing[@]}")  # in a shell of its own, whose end takes the policy away
fi

cd "$root"
cmake --preset release > /dev/null
cmake --build build/release --target chatd chatctl storage_lmdb auth_password \
  chatd_load chatd_fill store_bench
exec python3 -B tests/bench/compare/compare.py --build build/release "$@"
