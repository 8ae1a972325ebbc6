# What the examples' scripts share: builds the server, makes servers in a temporary folder that is
# gone afterwards, and lets devices, each the real terminal client, play a story on them. Read in at
# the root of the tree, with the name of the script in $story.
# CHATD_BUILD: the build folder; build/release unless told. One that is there is used as it is.

build=${CHATD_BUILD:-$PWD/build/release}
client=$build/terminal_client/chatd_terminal_client
home=$(mktemp -d "${TMPDIR:-/tmp}/chatd-$story.XXXXXX")
clients=()
declare -A server port_of plain_port_of pid_of input_of
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# Ends what was started, by its number, and removes the folder.
clean_up() {
  local pid
  for pid in "${clients[@]}" "${server[@]}"; do kill "$pid" 2> /dev/null || true; done
  for pid in "${clients[@]}" "${server[@]}"; do wait "$pid" 2> /dev/null || true; done
  rm -rf "$home"
}

step() { printf '\n== %s\n' "$*"; }

fail() {
  local log
  printf '%s: %s\n' "$story" "$*" >&2
  for log in "$home"/*/chatd.log; do
    [ -s "$log" ] || continue
    echo "The last words of $(basename "$(dirname "$log")"):" >&2
    tail -n 20 "$log" >&2
  done
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

make_authority() {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$home/ca.key" \
    -out "$home/ca.pem" -days 30 -subj "/CN=$story CA" \
    -addext "keyUsage=critical,keyCertSign" > "$home/openssl.log" 2>&1 ||
    fail "openssl: $(tail -n 1 "$home/openssl.log")"
}

make_certificate() (
  cd "$home/$1"
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout server.key \
    -out server.csr -subj "/CN=$1"
  printf 'subjectAltName=DNS:%s,DNS:localhost,IP:127.0.0.1\n' "$1" > names
  openssl x509 -req -in server.csr -CA ../ca.pem -CAkey ../ca.key -CAcreateserial -days 30 \
    -extfile names -out server.pem
)

free_port() {
  local port
  while port=$((20000 + RANDOM % 12000)); do
    (exec 3<> "/dev/tcp/127.0.0.1/$port") 2> /dev/null || break
  done
  echo "$port"
}

# make_server NAME [LINE...]: its folder, with these lines in its configuration besides. It listens
# at port_of[NAME], and without TLS at plain_port_of[NAME] if there is one.
make_server() {
  local name=$1 plain=
  [ -z "${plain_port_of[$name]-}" ] || plain="\"127.0.0.1:${plain_port_of[$name]}\""
  shift
  mkdir -p "$home/$name/data"
  make_certificate "$name" > "$home/openssl.log" 2>&1 ||
    fail "openssl: $(tail -n 1 "$home/openssl.log")"
  cat > "$home/$name/chatd.toml" << TOML
[server]
name = "$name"
data_dir = "data"
[listen]
tls = ["127.0.0.1:${port_of[$name]}"]
plain = [$plain]
max_connections = 200
[tls]
certificate = "server.pem"
key = "server.key"
[control]
socket = "$home/$name/chatd.sock"
[plugins]
dirs = ["$build/lib/chatd/plugins"]
$(printf '%s\n' "$@")
TOML
}

# chatctl_of NAME WORD...
chatctl_of() {
  local name=$1
  shift
  "$build/cli/chatctl" --socket "$home/$name/chatd.sock" "$@"
}

# The authority of this story is one that the server trusts.
start_server() {
  local name=$1
  SSL_CERT_FILE=$home/ca.pem "$build/daemon/app/chatd" --config "$home/$name/chatd.toml" \
    >> "$home/$name/chatd.log" 2>&1 &
  server[$name]=$!
  is_up() { chatctl_of "$1" status > /dev/null 2>&1 || ! kill -0 "${server[$1]}" 2> /dev/null; }
  wait_until 30 is_up "$name" || fail "$name does not start"
  chatctl_of "$name" status > /dev/null || fail "$name ended at once"
}

kill_server() {
  kill -KILL "${server[$1]}"
  wait "${server[$1]}" 2> /dev/null || true
}

# make_account SERVER NAME
make_account() {
  (umask 077 && openssl rand -hex 12 > "$home/$2.password")
  chatctl_of "$1" user create "$2" --display-name "${2^}" --password-file "$home/$2.password" \
    > /dev/null || fail "no account for $2"
}

# client_words SERVER USER DEVICE: the words that start the client.
client_words() {
  words=("$client" --server "localhost:${port_of[$1]}" --ca "$home/ca.pem" --user "$2"
    --device "$3" --password-file "$home/$2.password" --data "$home/$3")
}

# device NAME SERVER USER: starts a client; its commands come by `tell NAME`.
device() {
  local name=$1 words
  client_words "$2" "$3" "$name"
  [ -p "$home/$name.in" ] || mkfifo "$home/$name.in"
  "${words[@]}" --script - < "$home/$name.in" >> "$home/$name.out" 2>&1 &
  pid_of[$name]=$!
  clients+=("$!")
  exec {to}> "$home/$name.in"
  input_of[$name]=$to
}

# tell NAME < commands
tell() { cat >&"${input_of[$1]}"; }

# reached NAME MARK: waits until that device's script has come to the comment "# MARK".
reached() {
  has_mark() { grep -qx "# $2" "$home/$1.out" || ! kill -0 "${pid_of[$1]}" 2> /dev/null; }
  wait_until 90 has_mark "$1" "$2" && grep -qx "# $2" "$home/$1.out" ||
    problem "$1 did not come to: $2"
}

# leave NAME: its script is over; it must have ended well.
leave() {
  local input=${input_of[$1]}
  exec {input}>&-
  wait "${pid_of[$1]}" || problem "the client of $1 ended with $?"
}

transcript() {
  local name
  for name in "${!pid_of[@]}"; do
    step "transcript of $name"
    cat "$home/$name.out" 2> /dev/null || true
  done
}

problem() {
  transcript
  fail "$*"
}

# times COUNT NAME TEXT: how often a line of that device's transcript contains the text.
times() {
  local found
  found=$(grep -cF -- "$3" "$home/$2.out" || true)
  [ "$found" = "$1" ] || problem "$2 shows '$3' $found times, not $1"
}

# in_order NAME TEXT...: the texts stand one after the other.
in_order() {
  local name=$1 from=0 at text
  shift
  for text in "$@"; do
    at=$(grep -nF -- "$text" "$home/$name.out" | cut -d : -f 1 |
      awk -v from="$from" '$1 > from { print; exit }' || true)
    [ -n "$at" ] || problem "$name: '$text' is not in its place"
    from=$at
  done
}
