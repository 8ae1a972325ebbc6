# Made by `chatctl completion bash`; do not edit.
_chatctl() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}
  local command= words= files= i
  COMPREPLY=()
  case $previous in
    --certificate|--config|--key|--password-file|--socket) mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
    --after|--contact|--days|--display-name|--limit|--listen|--reason|--timeout|--uses) return ;;
  esac
  for ((i = 1; i < COMP_CWORD; i++)); do
    case ${COMP_WORDS[i]} in
      --certificate|--config|--key|--password-file|--socket|--after|--contact|--days|--display-name|--limit|--listen|--reason|--timeout|--uses) ((i++)) ;;
      -*) ;;
      *) case "$command${command:+ }${COMP_WORDS[i]}" in
          'cert') command='cert' ;;
          'cert reload') command='cert reload' ;;
          'cert show') command='cert show' ;;
          'completion') command='completion' ;;
          'config') command='config' ;;
          'config check') command='config check' ;;
          'config explain') command='config explain' ;;
          'config show') command='config show' ;;
          'federation') command='federation' ;;
          'federation allow') command='federation allow' ;;
          'federation cache') command='federation cache' ;;
          'federation cache flush') command='federation cache flush' ;;
          'federation cache show') command='federation cache show' ;;
          'federation check') command='federation check' ;;
          'federation deny') command='federation deny' ;;
          'federation keys') command='federation keys' ;;
          'federation keys add') command='federation keys add' ;;
          'federation keys certify') command='federation keys certify' ;;
          'federation keys end') command='federation keys end' ;;
          'federation keys request') command='federation keys request' ;;
          'federation keys rotate') command='federation keys rotate' ;;
          'federation keys show') command='federation keys show' ;;
          'federation pause') command='federation pause' ;;
          'federation peer') command='federation peer' ;;
          'federation peer accept') command='federation peer accept' ;;
          'federation peer show') command='federation peer show' ;;
          'federation peers') command='federation peers' ;;
          'federation restored') command='federation restored' ;;
          'federation resume') command='federation resume' ;;
          'federation retry') command='federation retry' ;;
          'federation rule') command='federation rule' ;;
          'federation rule list') command='federation rule list' ;;
          'federation rule remove') command='federation rule remove' ;;
          'federation status') command='federation status' ;;
          'init') command='init' ;;
          'invite') command='invite' ;;
          'invite create') command='invite create' ;;
          'log') command='log' ;;
          'log follow') command='log follow' ;;
          'man') command='man' ;;
          'message') command='message' ;;
          'message trace') command='message trace' ;;
          'metrics') command='metrics' ;;
          'plugin') command='plugin' ;;
          'plugin info') command='plugin info' ;;
          'plugin list') command='plugin list' ;;
          'reload') command='reload' ;;
          'room') command='room' ;;
          'room hub') command='room hub' ;;
          'room hub move') command='room hub move' ;;
          'room hub show') command='room hub show' ;;
          'room list') command='room list' ;;
          'room show') command='room show' ;;
          'room verify') command='room verify' ;;
          'shutdown') command='shutdown' ;;
          'status') command='status' ;;
          'user') command='user' ;;
          'user create') command='user create' ;;
          'user disable') command='user disable' ;;
          'user enable') command='user enable' ;;
          'user list') command='user list' ;;
          'user passwd') command='user passwd' ;;
          'user show') command='user show' ;;
        esac ;;
    esac
  done
  case $command in
    '') words='status reload shutdown metrics log cert init config user invite room message federation plugin completion man --config --socket --timeout --json' ;;
    'cert') words='show reload --config --socket --timeout --json' ;;
    'cert reload') words='--config --socket --timeout --json' ;;
    'cert show') words='--config --socket --timeout --json' ;;
    'completion') words='bash zsh fish --config --socket --timeout --json' ;;
    'config') words='check show explain --config --socket --timeout --json' ;;
    'config check') words='--config --socket --timeout --json' files=yes ;;
    'config explain') words='--config --socket --timeout --json' ;;
    'config show') words='--config --socket --timeout --json' files=yes ;;
    'federation') words='status peers check peer retry pause resume allow deny rule keys cache restored --config --socket --timeout --json' ;;
    'federation allow') words='--config --socket --timeout --json' ;;
    'federation cache') words='show flush --config --socket --timeout --json' ;;
    'federation cache flush') words='--config --socket --timeout --json' ;;
    'federation cache show') words='--after --limit --all --config --socket --timeout --json' ;;
    'federation check') words='--config --socket --timeout --json' ;;
    'federation deny') words='--reason --days --dry-run --yes --config --socket --timeout --json' ;;
    'federation keys') words='show rotate end request certify add --config --socket --timeout --json' ;;
    'federation keys add') words='--config --socket --timeout --json' ;;
    'federation keys certify') words='--days --config --socket --timeout --json' files=yes ;;
    'federation keys end') words='--dry-run --yes --config --socket --timeout --json' ;;
    'federation keys request') words='--config --socket --timeout --json' ;;
    'federation keys rotate') words='--config --socket --timeout --json' ;;
    'federation keys show') words='--config --socket --timeout --json' ;;
    'federation pause') words='--config --socket --timeout --json' ;;
    'federation peer') words='show accept --config --socket --timeout --json' ;;
    'federation peer accept') words='--dry-run --yes --config --socket --timeout --json' ;;
    'federation peer show') words='--config --socket --timeout --json' ;;
    'federation peers') words='--after --limit --all --config --socket --timeout --json' ;;
    'federation restored') words='--go-on --config --socket --timeout --json' ;;
    'federation resume') words='--config --socket --timeout --json' ;;
    'federation retry') words='--config --socket --timeout --json' ;;
    'federation rule') words='list remove --config --socket --timeout --json' ;;
    'federation rule list') words='--after --limit --all --config --socket --timeout --json' ;;
    'federation rule remove') words='--config --socket --timeout --json' ;;
    'federation status') words='--config --socket --timeout --json' ;;
    'init') words='--self-signed --certificate --key --listen --contact --config --socket --timeout --json' files=yes ;;
    'invite') words='create --config --socket --timeout --json' ;;
    'invite create') words='--uses --days --config --socket --timeout --json' ;;
    'log') words='follow --config --socket --timeout --json' ;;
    'log follow') words='--config --socket --timeout --json' ;;
    'man') words='--config --socket --timeout --json' ;;
    'message') words='trace --config --socket --timeout --json' ;;
    'message trace') words='--config --socket --timeout --json' ;;
    'metrics') words='--config --socket --timeout --json' ;;
    'plugin') words='list info --config --socket --timeout --json' ;;
    'plugin info') words='--config --socket --timeout --json' ;;
    'plugin list') words='--config --socket --timeout --json' ;;
    'reload') words='--config --socket --timeout --json' ;;
    'room') words='list show verify hub --config --socket --timeout --json' ;;
    'room hub') words='show move --config --socket --timeout --json' ;;
    'room hub move') words='--dry-run --yes --config --socket --timeout --json' ;;
    'room hub show') words='--config --socket --timeout --json' ;;
    'room list') words='--after --limit --all --config --socket --timeout --json' ;;
    'room show') words='--config --socket --timeout --json' ;;
    'room verify') words='--config --socket --timeout --json' ;;
    'shutdown') words='--dry-run --yes --config --socket --timeout --json' ;;
    'status') words='--config --socket --timeout --json' ;;
    'user') words='create list show passwd disable enable --config --socket --timeout --json' ;;
    'user create') words='--display-name --password-stdin --password-file --config --socket --timeout --json' ;;
    'user disable') words='--dry-run --yes --config --socket --timeout --json' ;;
    'user enable') words='--config --socket --timeout --json' ;;
    'user list') words='--after --limit --all --config --socket --timeout --json' ;;
    'user passwd') words='--password-stdin --password-file --config --socket --timeout --json' ;;
    'user show') words='--config --socket --timeout --json' ;;
  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" ${files:+-f} -- "$current")
}
complete -o filenames -F _chatctl chatctl
