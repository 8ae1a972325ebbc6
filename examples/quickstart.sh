#!/usr/bin/env bash
# A chat server from a fresh clone, in a temporary folder that is gone afterwards: its own CA and
# certificate, two accounts, free ports, the embedded LMDB store. Then you are alice, in the
# terminal client; how to join as bob is printed, and where the web client is.
#   --once   without a person: two accounts on three devices talk, one goes offline and catches up,
#            the server is killed and started again in between; 0 only if all of it held
# CHATD_BUILD: the build folder; build/release unless told. One that is there is used as it is.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

case "${1-}" in
  '' | --once) mode=${1-} ;;
  *)
    echo "usage: examples/quickstart.sh [--once]" >&2
    exit 2
    ;;
esac
story=quickstart
. examples/story.sh
one=quickstart.example
web=

# Sets `web` to the folder of the web client, or says why there is none.
build_web() {
  step "the web client"
  if (cd examples/web_client && npm ci --loglevel=error > /dev/null && npm run --silent build); then
    web=$PWD/examples/web_client/dist
  else
    echo "left out: it can't be built (npm says why above)"
  fi
}

build_all
[ "$mode" = --once ] || build_web
step "a server in $home"
make_authority
port_of[$one]=$(free_port)
[ -z "$web" ] || plain_port_of[$one]=$(free_port)
make_server "$one" "[web]" "root = \"$web\"" "[accounts]" 'sign_up = "open"'
start_server "$one"
for name in alice bob; do make_account "$one" "$name"; done
if [ "$mode" = --once ]; then
  . examples/quickstart_once.sh
  exit 0
fi

client_words "$one" bob bob
step "the server runs on localhost:${port_of[$one]}; to join as bob, in another terminal:"
printf '%q ' "${words[@]}"
if [ -n "$web" ]; then
  step "or in a browser, as bob with the password $(cat "$home/bob.password"), or as somebody new:"
  printf 'http://localhost:%s' "${plain_port_of[$one]}"
fi
step "you are alice; /open bob begins a chat, /quit ends it all"
echo
client_words "$one" alice alice
"${words[@]}"
