#!/usr/bin/env bash
# A chat server from a fresh clone, in a temporary folder that is gone afterwards: its own CA and
# certificate, two accounts, free ports, the embedded LMDB store. Then you are alice, in the
# terminal client; how to join as bob is printed, and where the web client is, if Node is there to
# build it.
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
build=${CHATD_BUILD:-$PWD/build/release}
client=$build/terminal_client/chatd_terminal_client

step() { printf '\n== %s\n' "$*"; }

fail() {
  printf 'quickstart: %s\n' "$*" >&2
  if [ -s "$home/chatd.log" ]; then
    echo "The server's last words:" >&2
    tail -n 20 "$home/chatd.log" >&2
  fi
  exit 1
}

# wait_until SECONDS COMMAND...: whether the command succeeds within that time.
wait_until() {
  local deadline=$((SECONDS + $1))
  shift
  until "$@"; do
    [ "$SECONDS" -lt "$deadline" ] || return 1
    sleep 0.1
  done
}

build_all() {
  step "what is needed (tests/packages.txt)"
  tests/install_packages.sh
  step "the server, its plugins, chatctl and the client"
  [ -f "$build/build.ninja" ] || cmake --preset release -B "$build" > /dev/null
  cmake --build "$build" --target chatd chatctl storage_lmdb auth_password -- --quiet
  # The client stands alone: nothing of the server's source goes into it.
  cmake -S examples/terminal_client -B "$build/terminal_client" -G Ninja \
    -DCMAKE_BUILD_TYPE=RelWithDebInfo -DTERMINAL_CLIENT_TESTS=OFF > /dev/null
  cmake --build "$build/terminal_client" -- --quiet
}

has_node() {
  command -v npm > /dev/null && node -e 'const [major, minor] = process.versions.node.split(".");
    process.exit(major > 20 || (major == 20 && minor >= 19) ? 0 : 1)'
}

# Sets `web` to the folder of the web client, or says why there is none.
build_web() {
  step "the web client"
  if ! has_node; then
    echo "left out: building it takes Node 20.19 or later, with npm"
  elif (cd examples/web_client && npm ci --silent --no-progress && npm run --silent build) &&
    [ -f examples/web_client/dist/index.html ]; then
    web=$PWD/examples/web_client/dist
  else
    echo "left out: it can't be built (npm says why above)"
  fi
}

make_certificate() (
  cd "$home"
  key=(-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes)
  openssl req -x509 "${key[@]}" -keyout ca.key -out ca.pem -days 30 -subj "/CN=quickstart CA" \
    -addext "keyUsage=critical,keyCertSign"
  openssl req "${key[@]}" -keyout server.key -out server.csr -subj "/CN=localhost"
  printf 'subjectAltName=DNS:localhost,IP:127.0.0.1\n' > names
  openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 \
    -extfile names -out server.pem
  rm ca.key
)

free_port() {
  local port
  while port=$((20000 + RANDOM % 12000)); do
    (exec 3<> "/dev/tcp/127.0.0.1/$port") 2> /dev/null || break
  done
  echo "$port"
}

make_server() {
  step "a server in $home"
  make_certificate > "$home/openssl.log" 2>&1 || fail "openssl: $(tail -n 1 "$home/openssl.log")"
  port=$(free_port)
  local plain=
  if [ -n "$web" ]; then
    web_port=$(free_port)
    plain="\"127.0.0.1:$web_port\""
  fi
  cat > "$home/chatd.toml" << TOML
[server]
name = "quickstart.example"
data_dir = "data"
[listen]
tls = ["127.0.0.1:$port"]
plain = [$plain]
max_connections = 200
[tls]
certificate = "server.pem"
key = "server.key"
[web]
root = "$web"
[accounts]
sign_up = "open"
[control]
socket = "$home/chatd.sock"
[plugins]
dirs = ["$build/lib/chatd/plugins"]
TOML
  mkdir "$home/data"
}

chatctl() { "$build/cli/chatctl" --socket "$home/chatd.sock" "$@"; }

start_server() {
  "$build/daemon/app/chatd" --config "$home/chatd.toml" >> "$home/chatd.log" 2>&1 &
  server=$!
  is_up() { chatctl status > /dev/null 2>&1 || ! kill -0 "$server" 2> /dev/null; }
  wait_until 30 is_up || fail "the server does not start"
  chatctl status > /dev/null || fail "the server ended at once"
}

make_accounts() {
  local name
  for name in alice bob; do
    (umask 077 && openssl rand -hex 12 > "$home/$name.password")
    chatctl user create "$name" --display-name "${name^}" --password-file "$home/$name.password" \
      > /dev/null || fail "no account for $name"
  done
}

# client_words USER DEVICE: the words that start the client.
client_words() {
  words=("$client" --server "localhost:$port" --ca "$home/ca.pem" --user "$1" --device "$2"
    --password-file "$home/$1.password" --data "$home/$2")
}

# Ends what was started, by its number, and removes the folder.
clean_up() {
  local pid
  for pid in "${clients[@]}" ${server:+"$server"}; do kill "$pid" 2> /dev/null || true; done
  for pid in "${clients[@]}" ${server:+"$server"}; do wait "$pid" 2> /dev/null || true; done
  rm -rf "$home"
}

clients=()
server=
web=
home=$(mktemp -d "${TMPDIR:-/tmp}/chatd-quickstart.XXXXXX")
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

build_all
[ "$mode" = --once ] || build_web
make_server
start_server
make_accounts
if [ "$mode" = --once ]; then
  . examples/quickstart_once.sh
  exit 0
fi

client_words bob bob
step "the server runs on localhost:$port; to join as bob, in another terminal:"
printf '%q ' "${words[@]}"
if [ -n "$web" ]; then
  step "or in a browser, as bob with the password $(cat "$home/bob.password"), or as somebody new:"
  printf 'http://localhost:%s' "$web_port"
fi
step "you are alice; /open bob begins a chat, /quit ends it all"
echo
client_words alice alice
"${words[@]}"
