#!/usr/bin/env bash
# Two chat servers from a fresh clone, in a temporary folder that is gone afterwards: one.example
# with alice, two.example with bob. Then you are alice; how to join as bob is printed.
#   --once   without a person: the two meet, 1:1 and in a group; each server is killed once while
#            they go on; 0 only if everything arrived once and in order on both sides
# CHATD_BUILD: the build folder; build/release unless told. One that is there is used as it is.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

case "${1-}" in
  '' | --once) mode=${1-} ;;
  *)
    echo "usage: examples/two_servers/run.sh [--once]" >&2
    exit 2
    ;;
esac
story=two_servers
. examples/story.sh

# make_peer NAME OTHER: a server that is told where the other one is; who that is, its certificate
# proves.
make_peer() {
  make_server "$1" "[federation]" \
    "peers = [{ server = \"$2\", endpoints = [\"127.0.0.1:${port_of[$2]}\"] }]"
}

build_all
step "two servers in $home"
make_authority
port_of[one.example]=$(free_port)
port_of[two.example]=$(free_port)
make_peer one.example two.example
make_peer two.example one.example
start_server one.example
start_server two.example
make_account one.example alice
make_account two.example bob
if [ "$mode" = --once ]; then
  . examples/two_servers/once.sh
  exit 0
fi

client_words two.example bob bob
step "the servers run on localhost:${port_of[one.example]} and localhost:${port_of[two.example]};" \
  "to join as bob, in another terminal:"
printf '%q ' "${words[@]}"
step "you are alice; /open bob@two.example begins a chat, /quit ends it all"
echo
client_words one.example alice alice
"${words[@]}"
