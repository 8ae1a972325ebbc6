# Made by `chatctl completion fish`; do not edit.
function __chatctl_at
  set -l command ''
  set -l skip no
  for word in (commandline -opc)[2..-1]
    if test $skip = yes
      set skip no
      continue
    end
    switch $word
      case --certificate --config --key --password-file --socket --after --contact --days --display-name --limit --listen --reason --timeout --uses
        set skip yes
      case '-*'
      case '*'
        set -l longer (string trim -- "$command $word")
        contains -- $longer $__chatctl_commands; and set command $longer
    end
  end
  test "$command" = "$argv[1]"
end
set -g __chatctl_commands \
  'cert' \
  'cert reload' \
  'cert show' \
  'completion' \
  'config' \
  'config check' \
  'config explain' \
  'config show' \
  'federation' \
  'federation allow' \
  'federation cache' \
  'federation cache flush' \
  'federation cache show' \
  'federation check' \
  'federation deny' \
  'federation keys' \
  'federation keys add' \
  'federation keys certify' \
  'federation keys end' \
  'federation keys request' \
  'federation keys rotate' \
  'federation keys show' \
  'federation pause' \
  'federation peer' \
  'federation peer accept' \
  'federation peer show' \
  'federation peers' \
  'federation restored' \
  'federation resume' \
  'federation retry' \
  'federation rule' \
  'federation rule list' \
  'federation rule remove' \
  'federation status' \
  'init' \
  'invite' \
  'invite create' \
  'log' \
  'log follow' \
  'man' \
  'message' \
  'message trace' \
  'metrics' \
  'plugin' \
  'plugin info' \
  'plugin list' \
  'reload' \
  'room' \
  'room hub' \
  'room hub move' \
  'room hub show' \
  'room list' \
  'room show' \
  'room verify' \
  'shutdown' \
  'status' \
  'user' \
  'user create' \
  'user disable' \
  'user enable' \
  'user list' \
  'user passwd' \
  'user show'
complete -c chatctl -f
complete -c chatctl -n "__chatctl_at ''" -a status -d 'How the daemon is.'
complete -c chatctl -n "__chatctl_at ''" -a reload -d 'Reads the configuration and certificates again.'
complete -c chatctl -n "__chatctl_at ''" -a shutdown -d 'Tells clients when to come back, commits what was accepted, and ends the daemon.'
complete -c chatctl -n "__chatctl_at ''" -a metrics -d 'The metrics as Prometheus text.'
complete -c chatctl -n "__chatctl_at ''" -a log
complete -c chatctl -n "__chatctl_at ''" -a cert
complete -c chatctl -n "__chatctl_at ''" -a init -d 'Makes the folder of a new server: configuration, data folder and, if wanted, a certificate for trials.'
complete -c chatctl -n "__chatctl_at ''" -a config
complete -c chatctl -n "__chatctl_at ''" -a user
complete -c chatctl -n "__chatctl_at ''" -a invite
complete -c chatctl -n "__chatctl_at ''" -a room
complete -c chatctl -n "__chatctl_at ''" -a message
complete -c chatctl -n "__chatctl_at ''" -a federation
complete -c chatctl -n "__chatctl_at ''" -a plugin
complete -c chatctl -n "__chatctl_at ''" -a completion -d 'Prints what makes a shell complete chatctl'\''s commands.'
complete -c chatctl -n "__chatctl_at ''" -a man -d 'Prints the manual: chatctl man | man -l -'
complete -c chatctl -n "__chatctl_at ''" -l config -r -F -d 'The daemon'\''s configuration, which says where its socket is; /etc/chatd/chatd.toml unless told here or in $CHATD_CONFIG.'
complete -c chatctl -n "__chatctl_at ''" -l socket -r -F -d 'The daemon'\''s control socket, without looking into a configuration; also in $CHATD_SOCKET.'
complete -c chatctl -n "__chatctl_at ''" -l timeout -x -d 'How many seconds to wait for an answer; 60 unless told.'
complete -c chatctl -n "__chatctl_at ''" -l json -d 'Print one JSON object instead of text.'
complete -c chatctl -n "__chatctl_at 'cert'" -a show -d 'The certificate in use.'
complete -c chatctl -n "__chatctl_at 'cert'" -a reload -d 'Reads the certificate and key again; open sessions stay.'
complete -c chatctl -n "__chatctl_at 'cert'" -l config -r -F -d 'The daemon'\''s configuration, which says where its socket is; /etc/chatd/chatd.toml unless told here or in $CHATD_CONFIG.'
complete -c chatctl -n "__chatctl_at 'cert'" -l socket -r -F -d 'The daemon'\''s control socket, without looking into a configuration; also in $CHATD_SOCKET.'
complete -c chatctl -n "__chatctl_at 'cert'" -l timeout -x -d 'How many seconds to wait for an answer; 60 unless told.'
complete -c chatctl -n "__chatctl_at 'cert'" -l json -d 'Print one JSON object instead of text.'
complete -c chatctl -n "__chatctl_at 'cert reload'" -l config -r -F -d 'The daemon'\''s configuration, which says where its socket is; /etc/chatd/chatd.toml unless told here or in $CHATD_CONFIG.'
complete -c chatctl -n "__chatctl_at 'cert reload'" -l socket -r -F -d 'The daemon'\''s control socket, without looking into a configuration; also in $CHATD_SOCKET.'
complete -c chatctl -n "__chatctl_at 'cert reload'" -l timeout -x -d 'How many seconds to wait for an answer; 60 unless told.'
complete -c chatctl -n "__chatctl_at 'cert reload'" -l json -d 'Print one JSON object instead of text.'
complete -c chatctl -n "__chatctl_at 'cert show'" -l config -r -F -d 'The daemon'\''s configuration, which says where its socket is; /etc/chatd/chatd.toml unless told here or in $CHATD_CONFIG.'
complete -c chatctl -n "__chatctl_at 'cert show'" -l socket -r -F -d 'The daemon'\''s control socket, without looking into a configuration; also in $CHATD_SOCKET.'
complete -c chatctl -n "__chatctl_at 'cert show'" -l timeout -x -d 'How many seconds to wait for an answer; 60 unless told.'
complete -c chatctl -n "__chatctl_at 'cert show'" -l json -d 'Print one JSON object instead of text.'
complete -c chatctl -n "__chatctl_at 'completion'" -a bash
complete -c chatctl -n "__chatctl_at 'completion'" -a zsh
complete -c chatctl -n "__chatctl_at 'completion'" -a fish
complete -c chatctl -n "__chatctl_at 'completion'" -l config -r -F -d 'The daemon'\''s configuration, which says where its socket is; /etc/chatd/chatd.toml unless told here or in $CHATD_CONFIG.'
complete -c chatctl -n "__chatctl_at 'completion'" -l socket -r -F -d 'The daemon'\''s control socket, without looking into a configuration; also in $CHATD_SOCKET.'
complete -c chatctl -n "__chatctl_at 'completion'" -l timeout -x -d 'How many seconds to wait for an answer; 60 unless told.'
complete -c chatctl -n "__chatctl_at 'completion'" -l json -d 'Print one JSON object instead of text.'
complete -c chatctl -n "__chatctl_at 'config'" -a check -d 'Names the mistakes in a configuration file that show without the daemon'\''s plugins and certificate; `chatd --check FILE` looks at those too.'
complete -c chatctl -n "__chatctl_at 'config'" -a show -d 'The configuration in force, defaults included, as TOML.'
complete -c chatctl -n "__chatctl_at 'config'" -a explain -d 'What a setting means, may hold and does when nobody sets it.'
complete -c chatctl -n "__chatctl_at 'config'" -l config -r -F -d 'The daemon'\''s configuration, which says where its socket is; /etc/chatd/chatd.toml unless told here or in $CHATD_CONFIG.'
complete -c chatctl -n "__chatctl_at 'config'" -l socket -r -F -d 'The daemon'\''s control socket, without looking into a configuration; also in $CHATD_SOCKET.'
complete -c chatctl -n "__chatctl_at 'config'" -l timeout -x -d 'How many seconds to wait for an answer; 60 unless told.'
complete -c chatctl -n "__chatctl_at 'config'" -l json -d 'Print one JSON object instead of text.'
complete -c chatctl -n "__chatctl_at 'config check'" -l config -r -F -d 'The daemon'\''s configuration, which says where its socket is; /etc/chatd/chatd.toml unless told here or in $CHATD_CONFIG.'
complete -c chatctl -n "__chatctl_at 'config check'" -l socket -r -F -d 'The daemon'\''s control socket, without looking into a configuration; also in $CHATD_SOCKET.'
complete -c chatctl -n "__chatctl_at 'config check'" -l timeout -x -d 'How many seconds to wait for an answer; 60 unless told.'
complete -c chatctl -n "__chatctl_at 'config check'" -l json -d 'Print one JSON object instead of text.'
complete -c chatctl -n "__chatctl_at 'config check'" -F
complete -c chatctl -n "__chatctl_at 'config explain'" -l config -r -F -d 'The daemon'\''s configuration, which says where its socket is; /etc/chatd/chatd.toml unless told here or in $CHATD_CONFIG.'
complete -c chatctl -n "__chatctl_at 'config explain'" -l socket -r -F -d 'The daemon'\''s control socket, without looking into a configuration; also in $CHATD_SOCKET.'
complete -c chatctl -n "__chatctl_at 'config explain'" -l timeout -x -d 'How many seconds to wait for an answer; 60 unless told.'
complete -c chatctl -n "__chatctl_at 'config explain'" -l json -d 'Print one JSON object instead of text.'
complete -c chatctl -n "__chatctl_at 'config show'" -l config -r -F -d 'The daemon'\''s configuration, which says where its socket is; /etc/chatd/chatd.toml unless told here or in $CHATD_CONFIG.'
complete -c chatctl -n "__chatctl_at 'config show'" -l socket -r -F -d 'The daemon'\''s control socket, without looking into a configuration; also in $CHATD_SOCKET.'
complete -c chatctl -n "__chatctl_at 'config show'" -l timeout -x -d 'How many seconds to wait for an answer; 60 unless told.'
complete -c chatctl -n "__chatctl_at 'config show'" -l json -d 'Print one JSON object instead of text.'
complete -c chatctl -n "__chatctl_at 'config show'" -F
complete -c chatctl -n "__chatctl_at 'federation'" -a status -d 'How it stands with other servers.'
complete -c chatctl -n "__chatctl_at 'federation'" -a peers -d 'The servers that this one has to do with.'
complete -c chatctl -n "__chatctl_at 'federation'" -a check -d 'Tries all that a link with another server needs, and asks it to try too.'
complete -c chatctl -n "__chatctl_at 'federation'" -a peer
complete -c chatctl -n "__chatctl_at 'federation'" -a retry -d 'Tries to reach another server now.'
complete -c chatctl -n "__chatctl_at 'federation'" -a pause -d 'Ends the link with another server and makes none until it is resumed; nothing is lost.'
complete -c chatctl -n "__chatctl_at 'federation'" -a resume -d 'Ends a pause.'
complete -c chatctl -n "__chatctl_at 'federation'" -a allow -d 'Puts servers on the allow list, and takes back a denial of just these. Outlives a restart.'
complete -c chatctl -n "__chatctl_at 'federation'" -a deny -d 'Federates with these servers no longer. Outlives a restart.'
complete -c chatctl -n "__chatctl_at 'federation'" -a rule
complete -c chatctl -n "__chatctl_at 'federation'" -a keys
complete -c chatctl -n "__chatctl_at 'federation'" -a cache
complete -c chatctl -n "__chatctl_at 'federation'" -a restored -d 'This server was put back from a backup: rooms that others follow take nothing new until these have said what they have, for an hour at most.'
complete -c chatctl -n "__chatctl_at 'federation'" -l config -r -F -d 'The daemon'\''s configuration, which says where its socket is; /etc/chatd/chatd.toml unless told here or in $CHATD_CONFIG.'
complete -c chatctl -n "__chatctl_at 'federation'" -l socket -r -F -d 'The daemon'\''s control socket, without looking into a configuration; also in $CHATD_SOCKET.'
complete -c chatctl -n "__chatctl_at 'federation'" -l timeout -x -d 'How many seconds to wait for an answer; 60 unless told.'
complete -c chatctl -n "__chatctl_at 'federation'" -l json -d 'Print one JSON object instead of text.'
complete -c chatctl -n "__chatctl_at 'federation allow'" -l config -r -F -d 'The daemon'\''s configuration, which says where its socket is; /etc/chatd/chatd.toml unless told here or in $CHATD_CONFIG.'
complete -c chatctl -n "__chatctl_at 'federation allow'" -l socket -r -F -d 'The daemon'\''s control socket, without looking into a configuration; also in $CHATD_SOCKET.'
complete -c chatctl -n "__chatctl_at 'federation allow'" -l timeout -x -d 'How many seconds to wait for an answer; 60 unless told.'
complete -c chatctl -n "__chatctl_at 'federation allow'" -l json -d 'Print one JSON object instead of text.'
complete -c chatctl -n "__chatctl_at 'federation cache'" -a show -d 'The documents of other servers that are remembered.'
complete -c chatctl -n "__chatctl_at 'federation cache'" -a flush -d 'Forgets documents of other servers, so that they are looked for anew.'
complete -c chatctl -n "__chatctl_at 'federation cache'" -l config -r -F -d 'The daemon'\''s configuration, which says where its socket is; /etc/chatd/chatd.toml unless told here or in $CHATD_CONFIG.'
complete -c chatctl -n "__chatctl_at 'federation cache'" -l socket -r -F -d 'The daemon'\''s control socket, without looking into a configuration; also in $CHATD_SOCKET.'
complete -c chatctl -n "__chatctl_at 'federation cache'" -l timeout -x -d 'How many seconds to wait for an answer; 60 unless told.'
complete -c chatctl -n "__chatctl_at 'federation cache'" -l json -d 'Print one JSON object instead of text.'
complete -c chatctl -n "__chatctl_at 'federation cache flush'" -l config -r -F -d 'The daemon'\''s configuration, which says where its socket is; /etc/chatd/chatd.toml unless told here or in $CHATD_CONFIG.'
complete -c chatctl -n "__chatctl_at 'federation cache flush'" -l socket -r -F -d 'The daemon'\''s control socket, without looking into a configuration; also in $CHATD_SOCKET.'
complete -c chatctl -n "__chatctl_at 'federation cache flush'" -l timeout -x -d 'How many seconds to wait for an answer; 60 unless told.'
complete -c chatctl -n "__chatctl_at 'federation cache flush'" -l json -d 'Print one JSON object instead of text.'
complete -c chatctl -n "__chatctl_at 'federation cache show'" -l after -x -d '`next` of the page before.'
complete -c chatctl -n "__chatctl_at 'federation cache show'" -l limit -x -d 'At most so many; 100 unless told.'
complete -c chatctl -n "__chatctl_at 'federation cache show'" -l all -d 'All pages, one after the other.'
complete -c chatctl -n "__chatctl_at 'federation cache show'" -l config -r -F -d 'The daemon'\''s configuration, which says where its socket is; /etc/chatd/chatd.toml unless told here or in $CHATD_CONFIG.'
complete -c chatctl -n "__chatctl_at 'federation cache show'" -l socket -r -F -d 'The daemon'\''s control socket, without looking into a configuration; also in $CHATD_SOCKET.'
complete -c chatctl -n "__chatctl_at 'federation cache show'" -l timeout -x -d 'How many seconds to wait for an answer; 60 unless told.'
complete -c chatctl -n "__chatctl_at 'federation cache show'" -l json -d 'Print one JSON object instead of text.'
complete -c chatctl -n "__chatctl_at 'federation check'" -l config -r -F -d 'The daemon'\''s configuration, which says where its socket is; /etc/chatd/chatd.toml unless told here or in $CHATD_CONFIG.'
complete -c chatctl -n "__chatctl_at 'federation check'" -l socket -r -F -d 'The daemon'\''s control socket, without looking into a configuration; also in $CHATD_SOCKET.'
complete -c chatctl -n "__chatctl_at 'federation check'" -l timeout -x -d 'How many seconds to wait for an answer; 60 unless told.'
complete -c chatctl -n "__chatctl_at 'federation check'" -l json -d 'Print one JSON object instead of text.'
complete -c chatctl -n "__chatctl_at 'federation deny'" -l reason -x -d 'Why, for those who look later.'
complete -c chatctl -n "__chatctl_at 'federation deny'" -l days -x -d 'For so many days; for ever unless told.'
complete -c chatctl -n "__chatctl_at 'federation deny'" -l dry-run -d 'Show what it is about; do nothing.'
complete -c chatctl -n "__chatctl_at 'federation deny'" -l yes -d 'Do not ask whether to go on.'
complete -c chatctl -n "__chatctl_at 'federation deny'" -l config -r -F -d 'The daemon'\''s configuration, which says where its socket is; /etc/chatd/chatd.toml unless told here or in $CHATD_CONFIG.'
complete -c chatctl -n "__chatctl_at 'federation deny'" -l socket -r -F -d 'The daemon'\''s control socket, without looking into a configuration; also in $CHATD_SOCKET.'
complete -c chatctl -n "__chatctl_at 'federation deny'" -l timeout -x -d 'How many seconds to wait for an answer; 60 unless told.'
complete -c chatctl -n "__chatctl_at 'federation deny'" -l json -d 'Print one JSON object instead of text.'
complete -c chatctl -n "__chatctl_at 'federation keys'" -a show -d 'The public keys of this server.'
complete -c chatctl -n "__chatctl_at 'federation keys'" -a rotate -d 'Makes the next signing key now; it takes over before the last one ends.'
complete -c chatctl -n "__chatctl_at 'federation keys'" -a end -d 'Ends a signing key before its time: somebody else may have it.'
complete -c chatctl -n "__chatctl_at 'federation keys'" -a request -d 'Makes a signing key that is to be certified where the root key is, and asks for that.'
complete -c chatctl -n "__chatctl_at 'federation keys'" -a certify -d 'Certifies a signing key with the root key, on the machine where that is kept.'
complete -c chatctl -n "__chatctl_at 'federation keys'" -a add -d 'Takes the requested signing key, certified.'
complete -c chatctl -n "__chatctl_at 'federation keys'" -l config -r -F -d 'The daemon'\''s configuration, which says where its socket is; /etc/chatd/chatd.toml unless told here or in $CHATD_CONFIG.'
complete -c chatctl -n "__chatctl_at 'federation keys'" -l socket -r -F -d 'The daemon'\''s control socket, without looking into a configuration; also in $CHATD_SOCKET.'
complete -c chatctl -n "__chatctl_at 'federation keys'" -l timeout -x -d 'How many seconds to wait for an answer; 60 unless told.'
complete -c chatctl -n "__chatctl_at 'federation keys'" -l json -d 'Print one JSON object instead of text.'
complete -c chatctl -n "__chatctl_at 'federation keys add'" -l config -r -F -d 'The daemon'\''s configuration, which says where its socket is; /etc/chatd/chatd.toml unless told here or in $CHATD_CONFIG.'
complete -c chatctl -n "__chatctl_at 'federation keys add'" -l socket -r -F -d 'The daemon'\''s control socket, without looking into a configuration; also in $CHATD_SOCKET.'
complete -c chatctl -n "__chatctl_at 'federation keys add'" -l timeout -x -d 'How many seconds to wait for an answer; 60 unless told.'
complete -c chatctl -n "__chatctl_at 'federation keys add'" -l json -d 'Print one JSON object instead of text.'
complete -c chatctl -n "__chatctl_at 'federation keys certify'" -l days -x -d 'For how many days; 90 unless told, which is the most.'
complete -c chatctl -n "__chatctl_at 'federation keys certify'" -l config -r -F -d 'The daemon'\''s configuration, which says where its socket is; /etc/chatd/chatd.toml unless told here or in $CHATD_CONFIG.'
complete -c chatctl -n "__chatctl_at 'federation keys certify'" -l socket -r -F -d 'The daemon'\''s control socket, without looking into a configuration; also in $CHATD_SOCKET.'
complete -c chatctl -n "__chatctl_at 'federation keys certify'" -l timeout -x -d 'How many seconds to wait for an answer; 60 unless told.'
complete -c chatctl -n "__chatctl_at 'federation keys certify'" -l json -d 'Print one JSON object instead of text.'
complete -c chatctl -n "__chatctl_at 'federation keys certify'" -F
complete -c chatctl -n "__chatctl_at 'federation keys end'" -l dry-run -d 'Show what it is about; do nothing.'
complete -c chatctl -n "__chatctl_at 'federation keys end'" -l yes -d 'Do not ask whether to go on.'
complete -c chatctl -n "__chatctl_at 'federation keys end'" -l config -r -F -d 'The daemon'\''s configuration, which says where its socket is; /etc/chatd/chatd.toml unless told here or in $CHATD_CONFIG.'
complete -c chatctl -n "__chatctl_at 'federation keys end'" -l socket -r -F -d 'The daemon'\''s control socket, without looking into a configuration; also in $CHATD_SOCKET.'
complete -c chatctl -n "__chatctl_at 'federation keys end'" -l timeout -x -d 'How many seconds to wait for an answer; 60 unless told.'
complete -c chatctl -n "__chatctl_at 'federation keys end'" -l json -d 'Print one JSON object instead of text.'
complete -c chatctl -n "__chatctl_at 'federation keys request'" -l config -r -F -d 'The daemon'\''s configuration, which says where its socket is; /etc/chatd/chatd.toml unless told here or in $CHATD_CONFIG.'
complete -c chatctl -n "__chatctl_at 'federation keys request'" -l socket -r -F -d 'The daemon'\''s control socket, without looking into a configuration; also in $CHATD_SOCKET.'
complete -c chatctl -n "__chatctl_at 'federation keys request'" -l timeout -x -d 'How many seconds to wait for an answer; 60 unless told.'
complete -c chatctl -n "__chatctl_at 'federation keys request'" -l json -d 'Print one JSON object instead of text.'
complete -c chatctl -n "__chatctl_at 'federation keys rotate'" -l config -r -F -d 'The daemon'\''s configuration, which says where its socket is; /etc/chatd/chatd.toml unless told here or in $CHATD_CONFIG.'
complete -c chatctl -n "__chatctl_at 'federation keys rotate'" -l socket -r -F -d 'The daemon'\''s control socket, without looking into a configuration; also in $CHATD_SOCKET.'
complete -c chatctl -n "__chatctl_at 'federation keys rotate'" -l timeout -x -d 'How many seconds to wait for an answer; 60 unless told.'
complete -c chatctl -n "__chatctl_at 'federation keys rotate'" -l json -d 'Print one JSON object instead of text.'
complete -c chatctl -n "__chatctl_at 'federation keys show'" -l config -r -F -d 'The daemon'\''s configuration, which says where its socket is; /etc/chatd/chatd.toml unless told here or in $CHATD_CONFIG.'
complete -c chatctl -n "__chatctl_at 'federation keys show'" -l socket -r -F -d 'The daemon'\''s control socket, without looking into a configuration; also in $CHATD_SOCKET.'
complete -c chatctl -n "__chatctl_at 'federation keys show'" -l timeout -x -d 'How many seconds to wait for an answer; 60 unless told.'
complete -c chatctl -n "__chatctl_at 'federation keys show'" -l json -d 'Print one JSON object instead of text.'
complete -c chatctl -n "__chatctl_at 'federation pause'" -l config -r -F -d 'The daemon'\''s configuration, which says where its socket is; /etc/chatd/chatd.toml unless told here or in $CHATD_CONFIG.'
complete -c chatctl -n "__chatctl_at 'federation pause'" -l socket -r -F -d 'The daemon'\''s control socket, without looking into a configuration; also in $CHATD_SOCKET.'
complete -c chatctl -n "__chatctl_at 'federation pause'" -l timeout -x -d 'How many seconds to wait for an answer; 60 unless told.'
complete -c chatctl -n "__chatctl_at 'federation pause'" -l json -d 'Print one JSON object instead of text.'
complete -c chatctl -n "__chatctl_at 'federation peer'" -a show -d 'All that is known about one other server.'
complete -c chatctl -n "__chatctl_at 'federation peer'" -a accept -d 'Takes another server, which shows another root key than before, for the same.'
complete -c chatctl -n "__chatctl_at 'federation peer'" -l config -r -F -d 'The daemon'\''s configuration, which says where its socket is; /etc/chatd/chatd.toml unless told here or in $CHATD_CONFIG.'
complete -c chatctl -n "__chatctl_at 'federation peer'" -l socket -r -F -d 'The daemon'\''s control socket, without looking into a configuration; also in $CHATD_SOCKET.'
complete -c chatctl -n "__chatctl_at 'federation peer'" -l timeout -x -d 'How many seconds to wait for an answer; 60 unless told.'
complete -c chatctl -n "__chatctl_at 'federation peer'" -l json -d 'Print one JSON object instead of text.'
complete -c chatctl -n "__chatctl_at 'federation peer accept'" -l dry-run -d 'Show what it is about; do nothing.'
complete -c chatctl -n "__chatctl_at 'federation peer accept'" -l yes -d 'Do not ask whether to go on.'
complete -c chatctl -n "__chatctl_at 'federation peer accept'" -l config -r -F -d 'The daemon'\''s configuration, which says where its socket is; /etc/chatd/chatd.toml unless told here or in $CHATD_CONFIG.'
complete -c chatctl -n "__chatctl_at 'federation peer accept'" -l socket -r -F -d 'The daemon'\''s control socket, without looking into a configuration; also in $CHATD_SOCKET.'
complete -c chatctl -n "__chatctl_at 'federation peer accept'" -l timeout -x -d 'How many seconds to wait for an answer; 60 unless told.'
complete -c chatctl -n "__chatctl_at 'federation peer accept'" -l json -d 'Print one JSON object instead of text.'
complete -c chatctl -n "__chatctl_at 'federation peer show'" -l config -r -F -d 'The daemon'\''s configuration, which says where its socket is; /etc/chatd/chatd.toml unless told here or in $CHATD_CONFIG.'
complete -c chatctl -n "__chatctl_at 'federation peer show'" -l socket -r -F -d 'The daemon'\''s control socket, without looking into a configuration; also in $CHATD_SOCKET.'
complete -c chatctl -n "__chatctl_at 'federation peer show'" -l timeout -x -d 'How many seconds to wait for an answer; 60 unless told.'
complete -c chatctl -n "__chatctl_at 'federation peer show'" -l json -d 'Print one JSON object instead of text.'
complete -c chatctl -n "__chatctl_at 'federation peers'" -l after -x -d '`next` of the page before.'
complete -c chatctl -n "__chatctl_at 'federation peers'" -l limit -x -d 'At most so many; 100 unless told.'
complete -c chatctl -n "__chatctl_at 'federation peers'" -l all -d 'All pages, one after the other.'
complete -c chatctl -n "__chatctl_at 'federation peers'" -l config -r -F -d 'The daemon'\''s configuration, which says where its socket is; /etc/chatd/chatd.toml unless told here or in $CHATD_CONFIG.'
complete -c chatctl -n "__chatctl_at 'federation peers'" -l socket -r -F -d 'The daemon'\''s control socket, without looking into a configuration; also in $CHATD_SOCKET.'
complete -c chatctl -n "__chatctl_at 'federation peers'" -l timeout -x -d 'How many seconds to wait for an answer; 60 unless told.'
complete -c chatctl -n "__chatctl_at 'federation peers'" -l json -d 'Print one JSON object instead of text.'
complete -c chatctl -n "__chatctl_at 'federation restored'" -l go-on -d 'Waits no longer for servers that were not heard: what only they have is lost.'
complete -c chatctl -n "__chatctl_at 'federation restored'" -l config -r -F -d 'The daemon'\''s configuration, which says where its socket is; /etc/chatd/chatd.toml unless told here or in $CHATD_CONFIG.'
complete -c chatctl -n "__chatctl_at 'federation restored'" -l socket -r -F -d 'The daemon'\''s control socket, without looking into a configuration; also in $CHATD_SOCKET.'
complete -c chatctl -n "__chatctl_at 'federation restored'" -l timeout -x -d 'How many seconds to wait for an answer; 60 unless told.'
complete -c chatctl -n "__chatctl_at 'federation restored'" -l json -d 'Print one JSON object instead of text.'
complete -c chatctl -n "__chatctl_at 'federation resume'" -l config -r -F -d 'The daemon'\''s configuration, which says where its socket is; /etc/chatd/chatd.toml unless told here or in $CHATD_CONFIG.'
complete -c chatctl -n "__chatctl_at 'federation resume'" -l socket -r -F -d 'The daemon'\''s control socket, without looking into a configuration; also in $CHATD_SOCKET.'
complete -c chatctl -n "__chatctl_at 'federation resume'" -l timeout -x -d 'How many seconds to wait for an answer; 60 unless told.'
complete -c chatctl -n "__chatctl_at 'federation resume'" -l json -d 'Print one JSON object instead of text.'
complete -c chatctl -n "__chatctl_at 'federation retry'" -l config -r -F -d 'The daemon'\''s configuration, which says where its socket is; /etc/chatd/chatd.toml unless told here or in $CHATD_CONFIG.'
complete -c chatctl -n "__chatctl_at 'federation retry'" -l socket -r -F -d 'The daemon'\''s control socket, without looking into a configuration; also in $CHATD_SOCKET.'
complete -c chatctl -n "__chatctl_at 'federation retry'" -l timeout -x -d 'How many seconds to wait for an answer; 60 unless told.'
complete -c chatctl -n "__chatctl_at 'federation retry'" -l json -d 'Print one JSON object instead of text.'
complete -c chatctl -n "__chatctl_at 'federation rule'" -a list -d 'What is allowed, denied and paused, by the configuration and by chatctl.'
complete -c chatctl -n "__chatctl_at 'federation rule'" -a remove -d 'Takes back what was allowed or denied.'
complete -c chatctl -n "__chatctl_at 'federation rule'" -l config -r -F -d 'The daemon'\''s configuration, which says where its socket is; /etc/chatd/chatd.toml unless told here or in $CHATD_CONFIG.'
complete -c chatctl -n "__chatctl_at 'federation rule'" -l socket -r -F -d 'The daemon'\''s control socket, without looking into a configuration; also in $CHATD_SOCKET.'
complete -c chatctl -n "__chatctl_at 'federation rule'" -l timeout -x -d 'How many seconds to wait for an answer; 60 unless told.'
complete -c chatctl -n "__chatctl_at 'federation rule'" -l json -d 'Print one JSON object instead of text.'
complete -c chatctl -n "__chatctl_at 'federation rule list'" -l after -x -d '`next` of the page before.'
complete -c chatctl -n "__chatctl_at 'federation rule list'" -l limit -x -d 'At most so many; 100 unless told.'
complete -c chatctl -n "__chatctl_at 'federation rule list'" -l all -d 'All pages, one after the other.'
complete -c chatctl -n "__chatctl_at 'federation rule list'" -l config -r -F -d 'The daemon'\''s configuration, which says where its socket is; /etc/chatd/chatd.toml unless told here or in $CHATD_CONFIG.'
complete -c chatctl -n "__chatctl_at 'federation rule list'" -l socket -r -F -d 'The daemon'\''s control socket, without looking into a configuration; also in $CHATD_SOCKET.'
complete -c chatctl -n "__chatctl_at 'federation rule list'" -l timeout -x -d 'How many seconds to wait for an answer; 60 unless told.'
complete -c chatctl -n "__chatctl_at 'federation rule list'" -l json -d 'Print one JSON object instead of text.'
complete -c chatctl -n "__chatctl_at 'federation rule remove'" -l config -r -F -d 'The daemon'\''s configuration, which says where its socket is; /etc/chatd/chatd.toml unless told here or in $CHATD_CONFIG.'
complete -c chatctl -n "__chatctl_at 'federation rule remove'" -l socket -r -F -d 'The daemon'\''s control socket, without looking into a configuration; also in $CHATD_SOCKET.'
complete -c chatctl -n "__chatctl_at 'federation rule remove'" -l timeout -x -d 'How many seconds to wait for an answer; 60 unless told.'
complete -c chatctl -n "__chatctl_at 'federation rule remove'" -l json -d 'Print one JSON object instead of text.'
complete -c chatctl -n "__chatctl_at 'federation status'" -l config -r -F -d 'The daemon'\''s configuration, which says where its socket is; /etc/chatd/chatd.toml unless told here or in $CHATD_CONFIG.'
complete -c chatctl -n "__chatctl_at 'federation status'" -l socket -r -F -d 'The daemon'\''s control socket, without looking into a configuration; also in $CHATD_SOCKET.'
complete -c chatctl -n "__chatctl_at 'federation status'" -l timeout -x -d 'How many seconds to wait for an answer; 60 unless told.'
complete -c chatctl -n "__chatctl_at 'federation status'" -l json -d 'Print one JSON object instead of text.'
complete -c chatctl -n "__chatctl_at 'init'" -l self-signed -d 'Make a certificate for trials, which clients must be told to trust.'
complete -c chatctl -n "__chatctl_at 'init'" -l certificate -r -F -d 'The certificate with its chain, as PEM.'
complete -c chatctl -n "__chatctl_at 'init'" -l key -r -F -d 'Its private key, as PEM.'
complete -c chatctl -n "__chatctl_at 'init'" -l listen -x -d 'The address to listen on; [::]:8443 unless told.'
complete -c chatctl -n "__chatctl_at 'init'" -l contact -x -d 'How people reach the operator: a mail address or a page.'
complete -c chatctl -n "__chatctl_at 'init'" -l config -r -F -d 'The daemon'\''s configuration, which says where its socket is; /etc/chatd/chatd.toml unless told here or in $CHATD_CONFIG.'
complete -c chatctl -n "__chatctl_at 'init'" -l socket -r -F -d 'The daemon'\''s control socket, without looking into a configuration; also in $CHATD_SOCKET.'
complete -c chatctl -n "__chatctl_at 'init'" -l timeout -x -d 'How many seconds to wait for an answer; 60 unless told.'
complete -c chatctl -n "__chatctl_at 'init'" -l json -d 'Print one JSON object instead of text.'
complete -c chatctl -n "__chatctl_at 'init'" -F
complete -c chatctl -n "__chatctl_at 'invite'" -a create -d 'Makes a token with which people may sign up.'
complete -c chatctl -n "__chatctl_at 'invite'" -l config -r -F -d 'The daemon'\''s configuration, which says where its socket is; /etc/chatd/chatd.toml unless told here or in $CHATD_CONFIG.'
complete -c chatctl -n "__chatctl_at 'invite'" -l socket -r -F -d 'The daemon'\''s control socket, without looking into a configuration; also in $CHATD_SOCKET.'
complete -c chatctl -n "__chatctl_at 'invite'" -l timeout -x -d 'How many seconds to wait for an answer; 60 unless told.'
complete -c chatctl -n "__chatctl_at 'invite'" -l json -d 'Print one JSON object instead of text.'
complete -c chatctl -n "__chatctl_at 'invite create'" -l uses -x -d 'How often it works; once unless told.'
complete -c chatctl -n "__chatctl_at 'invite create'" -l days -x -d 'For how long; 7 unless told.'
complete -c chatctl -n "__chatctl_at 'invite create'" -l config -r -F -d 'The daemon'\''s configuration, which says where its socket is; /etc/chatd/chatd.toml unless told here or in $CHATD_CONFIG.'
complete -c chatctl -n "__chatctl_at 'invite create'" -l socket -r -F -d 'The daemon'\''s control socket, without looking into a configuration; also in $CHATD_SOCKET.'
complete -c chatctl -n "__chatctl_at 'invite create'" -l timeout -x -d 'How many seconds to wait for an answer; 60 unless told.'
complete -c chatctl -n "__chatctl_at 'invite create'" -l json -d 'Print one JSON object instead of text.'
complete -c chatctl -n "__chatctl_at 'log'" -a follow -d 'Prints each new log line until Ctrl-C.'
complete -c chatctl -n "__chatctl_at 'log'" -l config -r -F -d 'The daemon'\''s configuration, which says where its socket is; /etc/chatd/chatd.toml unless told here or in $CHATD_CONFIG.'
complete -c chatctl -n "__chatctl_at 'log'" -l socket -r -F -d 'The daemon'\''s control socket, without looking into a configuration; also in $CHATD_SOCKET.'
complete -c chatctl -n "__chatctl_at 'log'" -l timeout -x -d 'How many seconds to wait for an answer; 60 unless told.'
complete -c chatctl -n "__chatctl_at 'log'" -l json -d 'Print one JSON object instead of text.'
complete -c chatctl -n "__chatctl_at 'log follow'" -l config -r -F -d 'The daemon'\''s configuration, which says where its socket is; /etc/chatd/chatd.toml unless told here or in $CHATD_CONFIG.'
complete -c chatctl -n "__chatctl_at 'log follow'" -l socket -r -F -d 'The daemon'\''s control socket, without looking into a configuration; also in $CHATD_SOCKET.'
complete -c chatctl -n "__chatctl_at 'log follow'" -l timeout -x -d 'How many seconds to wait for an answer; 60 unless told.'
complete -c chatctl -n "__chatctl_at 'log follow'" -l json -d 'Print one JSON object instead of text.'
complete -c chatctl -n "__chatctl_at 'man'" -l config -r -F -d 'The daemon'\''s configuration, which says where its socket is; /etc/chatd/chatd.toml unless told here or in $CHATD_CONFIG.'
complete -c chatctl -n "__chatctl_at 'man'" -l socket -r -F -d 'The daemon'\''s control socket, without looking into a configuration; also in $CHATD_SOCKET.'
complete -c chatctl -n "__chatctl_at 'man'" -l timeout -x -d 'How many seconds to wait for an answer; 60 unless told.'
complete -c chatctl -n "__chatctl_at 'man'" -l json -d 'Print one JSON object instead of text.'
complete -c chatctl -n "__chatctl_at 'message'" -a trace -d 'The way of one message.'
complete -c chatctl -n "__chatctl_at 'message'" -l config -r -F -d 'The daemon'\''s configuration, which says where its socket is; /etc/chatd/chatd.toml unless told here or in $CHATD_CONFIG.'
complete -c chatctl -n "__chatctl_at 'message'" -l socket -r -F -d 'The daemon'\''s control socket, without looking into a configuration; also in $CHATD_SOCKET.'
complete -c chatctl -n "__chatctl_at 'message'" -l timeout -x -d 'How many seconds to wait for an answer; 60 unless told.'
complete -c chatctl -n "__chatctl_at 'message'" -l json -d 'Print one JSON object instead of text.'
complete -c chatctl -n "__chatctl_at 'message trace'" -l config -r -F -d 'The daemon'\''s configuration, which says where its socket is; /etc/chatd/chatd.toml unless told here or in $CHATD_CONFIG.'
complete -c chatctl -n "__chatctl_at 'message trace'" -l socket -r -F -d 'The daemon'\''s control socket, without looking into a configuration; also in $CHATD_SOCKET.'
complete -c chatctl -n "__chatctl_at 'message trace'" -l timeout -x -d 'How many seconds to wait for an answer; 60 unless told.'
complete -c chatctl -n "__chatctl_at 'message trace'" -l json -d 'Print one JSON object instead of text.'
complete -c chatctl -n "__chatctl_at 'metrics'" -l config -r -F -d 'The daemon'\''s configuration, which says where its socket is; /etc/chatd/chatd.toml unless told here or in $CHATD_CONFIG.'
complete -c chatctl -n "__chatctl_at 'metrics'" -l socket -r -F -d 'The daemon'\''s control socket, without looking into a configuration; also in $CHATD_SOCKET.'
complete -c chatctl -n "__chatctl_at 'metrics'" -l timeout -x -d 'How many seconds to wait for an answer; 60 unless told.'
complete -c chatctl -n "__chatctl_at 'metrics'" -l json -d 'Print one JSON object instead of text.'
complete -c chatctl -n "__chatctl_at 'plugin'" -a list -d 'The plugins, loaded or refused.'
complete -c chatctl -n "__chatctl_at 'plugin'" -a info -d 'One plugin with the settings it takes.'
complete -c chatctl -n "__chatctl_at 'plugin'" -l config -r -F -d 'The daemon'\''s configuration, which says where its socket is; /etc/chatd/chatd.toml unless told here or in $CHATD_CONFIG.'
complete -c chatctl -n "__chatctl_at 'plugin'" -l socket -r -F -d 'The daemon'\''s control socket, without looking into a configuration; also in $CHATD_SOCKET.'
complete -c chatctl -n "__chatctl_at 'plugin'" -l timeout -x -d 'How many seconds to wait for an answer; 60 unless told.'
complete -c chatctl -n "__chatctl_at 'plugin'" -l json -d 'Print one JSON object instead of text.'
complete -c chatctl -n "__chatctl_at 'plugin info'" -l config -r -F -d 'The daemon'\''s configuration, which says where its socket is; /etc/chatd/chatd.toml unless told here or in $CHATD_CONFIG.'
complete -c chatctl -n "__chatctl_at 'plugin info'" -l socket -r -F -d 'The daemon'\''s control socket, without looking into a configuration; also in $CHATD_SOCKET.'
complete -c chatctl -n "__chatctl_at 'plugin info'" -l timeout -x -d 'How many seconds to wait for an answer; 60 unless told.'
complete -c chatctl -n "__chatctl_at 'plugin info'" -l json -d 'Print one JSON object instead of text.'
complete -c chatctl -n "__chatctl_at 'plugin list'" -l config -r -F -d 'The daemon'\''s configuration, which says where its socket is; /etc/chatd/chatd.toml unless told here or in $CHATD_CONFIG.'
complete -c chatctl -n "__chatctl_at 'plugin list'" -l socket -r -F -d 'The daemon'\''s control socket, without looking into a configuration; also in $CHATD_SOCKET.'
complete -c chatctl -n "__chatctl_at 'plugin list'" -l timeout -x -d 'How many seconds to wait for an answer; 60 unless told.'
complete -c chatctl -n "__chatctl_at 'plugin list'" -l json -d 'Print one JSON object instead of text.'
complete -c chatctl -n "__chatctl_at 'reload'" -l config -r -F -d 'The daemon'\''s configuration, which says where its socket is; /etc/chatd/chatd.toml unless told here or in $CHATD_CONFIG.'
complete -c chatctl -n "__chatctl_at 'reload'" -l socket -r -F -d 'The daemon'\''s control socket, without looking into a configuration; also in $CHATD_SOCKET.'
complete -c chatctl -n "__chatctl_at 'reload'" -l timeout -x -d 'How many seconds to wait for an answer; 60 unless told.'
complete -c chatctl -n "__chatctl_at 'reload'" -l json -d 'Print one JSON object instead of text.'
complete -c chatctl -n "__chatctl_at 'room'" -a list -d 'The rooms of this server.'
complete -c chatctl -n "__chatctl_at 'room'" -a show -d 'One room with its members.'
complete -c chatctl -n "__chatctl_at 'room'" -a verify -d 'Reads a room'\''s whole log and checks numbers, hashes and state.'
complete -c chatctl -n "__chatctl_at 'room'" -a hub
complete -c chatctl -n "__chatctl_at 'room'" -l config -r -F -d 'The daemon'\''s configuration, which says where its socket is; /etc/chatd/chatd.toml unless told here or in $CHATD_CONFIG.'
complete -c chatctl -n "__chatctl_at 'room'" -l socket -r -F -d 'The daemon'\''s control socket, without looking into a configuration; also in $CHATD_SOCKET.'
complete -c chatctl -n "__chatctl_at 'room'" -l timeout -x -d 'How many seconds to wait for an answer; 60 unless told.'
complete -c chatctl -n "__chatctl_at 'room'" -l json -d 'Print one JSON object instead of text.'
complete -c chatctl -n "__chatctl_at 'room hub'" -a show -d 'Which server is a room'\''s hub.'
complete -c chatctl -n "__chatctl_at 'room hub'" -a move -d 'Hands a group to another server, whose users are in it: that one numbers its records from now on.'
complete -c chatctl -n "__chatctl_at 'room hub'" -l config -r -F -d 'The daemon'\''s configuration, which says where its socket is; /etc/chatd/chatd.toml unless told here or in $CHATD_CONFIG.'
complete -c chatctl -n "__chatctl_at 'room hub'" -l socket -r -F -d 'The daemon'\''s control socket, without looking into a configuration; also in $CHATD_SOCKET.'
complete -c chatctl -n "__chatctl_at 'room hub'" -l timeout -x -d 'How many seconds to wait for an answer; 60 unless told.'
complete -c chatctl -n "__chatctl_at 'room hub'" -l json -d 'Print one JSON object instead of text.'
complete -c chatctl -n "__chatctl_at 'room hub move'" -l dry-run -d 'Show what it is about; do nothing.'
complete -c chatctl -n "__chatctl_at 'room hub move'" -l yes -d 'Do not ask whether to go on.'
complete -c chatctl -n "__chatctl_at 'room hub move'" -l config -r -F -d 'The daemon'\''s configuration, which says where its socket is; /etc/chatd/chatd.toml unless told here or in $CHATD_CONFIG.'
complete -c chatctl -n "__chatctl_at 'room hub move'" -l socket -r -F -d 'The daemon'\''s control socket, without looking into a configuration; also in $CHATD_SOCKET.'
complete -c chatctl -n "__chatctl_at 'room hub move'" -l timeout -x -d 'How many seconds to wait for an answer; 60 unless told.'
complete -c chatctl -n "__chatctl_at 'room hub move'" -l json -d 'Print one JSON object instead of text.'
complete -c chatctl -n "__chatctl_at 'room hub show'" -l config -r -F -d 'The daemon'\''s configuration, which says where its socket is; /etc/chatd/chatd.toml unless told here or in $CHATD_CONFIG.'
complete -c chatctl -n "__chatctl_at 'room hub show'" -l socket -r -F -d 'The daemon'\''s control socket, without looking into a configuration; also in $CHATD_SOCKET.'
complete -c chatctl -n "__chatctl_at 'room hub show'" -l timeout -x -d 'How many seconds to wait for an answer; 60 unless told.'
complete -c chatctl -n "__chatctl_at 'room hub show'" -l json -d 'Print one JSON object instead of text.'
complete -c chatctl -n "__chatctl_at 'room list'" -l after -x -d '`next` of the page before.'
complete -c chatctl -n "__chatctl_at 'room list'" -l limit -x -d 'At most so many; 50 unless told.'
complete -c chatctl -n "__chatctl_at 'room list'" -l all -d 'All pages, one after the other.'
complete -c chatctl -n "__chatctl_at 'room list'" -l config -r -F -d 'The daemon'\''s configuration, which says where its socket is; /etc/chatd/chatd.toml unless told here or in $CHATD_CONFIG.'
complete -c chatctl -n "__chatctl_at 'room list'" -l socket -r -F -d 'The daemon'\''s control socket, without looking into a configuration; also in $CHATD_SOCKET.'
complete -c chatctl -n "__chatctl_at 'room list'" -l timeout -x -d 'How many seconds to wait for an answer; 60 unless told.'
complete -c chatctl -n "__chatctl_at 'room list'" -l json -d 'Print one JSON object instead of text.'
complete -c chatctl -n "__chatctl_at 'room show'" -l config -r -F -d 'The daemon'\''s configuration, which says where its socket is; /etc/chatd/chatd.toml unless told here or in $CHATD_CONFIG.'
complete -c chatctl -n "__chatctl_at 'room show'" -l socket -r -F -d 'The daemon'\''s control socket, without looking into a configuration; also in $CHATD_SOCKET.'
complete -c chatctl -n "__chatctl_at 'room show'" -l timeout -x -d 'How many seconds to wait for an answer; 60 unless told.'
complete -c chatctl -n "__chatctl_at 'room show'" -l json -d 'Print one JSON object instead of text.'
complete -c chatctl -n "__chatctl_at 'room verify'" -l config -r -F -d 'The daemon'\''s configuration, which says where its socket is; /etc/chatd/chatd.toml unless told here or in $CHATD_CONFIG.'
complete -c chatctl -n "__chatctl_at 'room verify'" -l socket -r -F -d 'The daemon'\''s control socket, without looking into a configuration; also in $CHATD_SOCKET.'
complete -c chatctl -n "__chatctl_at 'room verify'" -l timeout -x -d 'How many seconds to wait for an answer; 60 unless told.'
complete -c chatctl -n "__chatctl_at 'room verify'" -l json -d 'Print one JSON object instead of text.'
complete -c chatctl -n "__chatctl_at 'shutdown'" -l dry-run -d 'Show what it is about; do nothing.'
complete -c chatctl -n "__chatctl_at 'shutdown'" -l yes -d 'Do not ask whether to go on.'
complete -c chatctl -n "__chatctl_at 'shutdown'" -l config -r -F -d 'The daemon'\''s configuration, which says where its socket is; /etc/chatd/chatd.toml unless told here or in $CHATD_CONFIG.'
complete -c chatctl -n "__chatctl_at 'shutdown'" -l socket -r -F -d 'The daemon'\''s control socket, without looking into a configuration; also in $CHATD_SOCKET.'
complete -c chatctl -n "__chatctl_at 'shutdown'" -l timeout -x -d 'How many seconds to wait for an answer; 60 unless told.'
complete -c chatctl -n "__chatctl_at 'shutdown'" -l json -d 'Print one JSON object instead of text.'
complete -c chatctl -n "__chatctl_at 'status'" -l config -r -F -d 'The daemon'\''s configuration, which says where its socket is; /etc/chatd/chatd.toml unless told here or in $CHATD_CONFIG.'
complete -c chatctl -n "__chatctl_at 'status'" -l socket -r -F -d 'The daemon'\''s control socket, without looking into a configuration; also in $CHATD_SOCKET.'
complete -c chatctl -n "__chatctl_at 'status'" -l timeout -x -d 'How many seconds to wait for an answer; 60 unless told.'
complete -c chatctl -n "__chatctl_at 'status'" -l json -d 'Print one JSON object instead of text.'
complete -c chatctl -n "__chatctl_at 'user'" -a create -d 'Creates an account.'
complete -c chatctl -n "__chatctl_at 'user'" -a list -d 'The accounts of this server.'
complete -c chatctl -n "__chatctl_at 'user'" -a show -d 'One account.'
complete -c chatctl -n "__chatctl_at 'user'" -a passwd -d 'Sets an account'\''s password and logs all its devices out.'
complete -c chatctl -n "__chatctl_at 'user'" -a disable -d 'Logs an account out at once and lets it log in no longer.'
complete -c chatctl -n "__chatctl_at 'user'" -a enable -d 'Lets a disabled account log in again.'
complete -c chatctl -n "__chatctl_at 'user'" -l config -r -F -d 'The daemon'\''s configuration, which says where its socket is; /etc/chatd/chatd.toml unless told here or in $CHATD_CONFIG.'
complete -c chatctl -n "__chatctl_at 'user'" -l socket -r -F -d 'The daemon'\''s control socket, without looking into a configuration; also in $CHATD_SOCKET.'
complete -c chatctl -n "__chatctl_at 'user'" -l timeout -x -d 'How many seconds to wait for an answer; 60 unless told.'
complete -c chatctl -n "__chatctl_at 'user'" -l json -d 'Print one JSON object instead of text.'
complete -c chatctl -n "__chatctl_at 'user create'" -l display-name -x -d 'Its name.'
complete -c chatctl -n "__chatctl_at 'user create'" -l password-stdin -d 'Read the password from standard input instead of asking for it.'
complete -c chatctl -n "__chatctl_at 'user create'" -l password-file -r -F -d 'Read the password from this file.'
complete -c chatctl -n "__chatctl_at 'user create'" -l config -r -F -d 'The daemon'\''s configuration, which says where its socket is; /etc/chatd/chatd.toml unless told here or in $CHATD_CONFIG.'
complete -c chatctl -n "__chatctl_at 'user create'" -l socket -r -F -d 'The daemon'\''s control socket, without looking into a configuration; also in $CHATD_SOCKET.'
complete -c chatctl -n "__chatctl_at 'user create'" -l timeout -x -d 'How many seconds to wait for an answer; 60 unless told.'
complete -c chatctl -n "__chatctl_at 'user create'" -l json -d 'Print one JSON object instead of text.'
complete -c chatctl -n "__chatctl_at 'user disable'" -l dry-run -d 'Show what it is about; do nothing.'
complete -c chatctl -n "__chatctl_at 'user disable'" -l yes -d 'Do not ask whether to go on.'
complete -c chatctl -n "__chatctl_at 'user disable'" -l config -r -F -d 'The daemon'\''s configuration, which says where its socket is; /etc/chatd/chatd.toml unless told here or in $CHATD_CONFIG.'
complete -c chatctl -n "__chatctl_at 'user disable'" -l socket -r -F -d 'The daemon'\''s control socket, without looking into a configuration; also in $CHATD_SOCKET.'
complete -c chatctl -n "__chatctl_at 'user disable'" -l timeout -x -d 'How many seconds to wait for an answer; 60 unless told.'
complete -c chatctl -n "__chatctl_at 'user disable'" -l json -d 'Print one JSON object instead of text.'
complete -c chatctl -n "__chatctl_at 'user enable'" -l config -r -F -d 'The daemon'\''s configuration, which says where its socket is; /etc/chatd/chatd.toml unless told here or in $CHATD_CONFIG.'
complete -c chatctl -n "__chatctl_at 'user enable'" -l socket -r -F -d 'The daemon'\''s control socket, without looking into a configuration; also in $CHATD_SOCKET.'
complete -c chatctl -n "__chatctl_at 'user enable'" -l timeout -x -d 'How many seconds to wait for an answer; 60 unless told.'
complete -c chatctl -n "__chatctl_at 'user enable'" -l json -d 'Print one JSON object instead of text.'
complete -c chatctl -n "__chatctl_at 'user list'" -l after -x -d '`next` of the page before.'
complete -c chatctl -n "__chatctl_at 'user list'" -l limit -x -d 'At most so many; 100 unless told.'
complete -c chatctl -n "__chatctl_at 'user list'" -l all -d 'All pages, one after the other.'
complete -c chatctl -n "__chatctl_at 'user list'" -l config -r -F -d 'The daemon'\''s configuration, which says where its socket is; /etc/chatd/chatd.toml unless told here or in $CHATD_CONFIG.'
complete -c chatctl -n "__chatctl_at 'user list'" -l socket -r -F -d 'The daemon'\''s control socket, without looking into a configuration; also in $CHATD_SOCKET.'
complete -c chatctl -n "__chatctl_at 'user list'" -l timeout -x -d 'How many seconds to wait for an answer; 60 unless told.'
complete -c chatctl -n "__chatctl_at 'user list'" -l json -d 'Print one JSON object instead of text.'
complete -c chatctl -n "__chatctl_at 'user passwd'" -l password-stdin -d 'Read the password from standard input instead of asking for it.'
complete -c chatctl -n "__chatctl_at 'user passwd'" -l password-file -r -F -d 'Read the password from this file.'
complete -c chatctl -n "__chatctl_at 'user passwd'" -l config -r -F -d 'The daemon'\''s configuration, which says where its socket is; /etc/chatd/chatd.toml unless told here or in $CHATD_CONFIG.'
complete -c chatctl -n "__chatctl_at 'user passwd'" -l socket -r -F -d 'The daemon'\''s control socket, without looking into a configuration; also in $CHATD_SOCKET.'
complete -c chatctl -n "__chatctl_at 'user passwd'" -l timeout -x -d 'How many seconds to wait for an answer; 60 unless told.'
complete -c chatctl -n "__chatctl_at 'user passwd'" -l json -d 'Print one JSON object instead of text.'
complete -c chatctl -n "__chatctl_at 'user show'" -l config -r -F -d 'The daemon'\''s configuration, which says where its socket is; /etc/chatd/chatd.toml unless told here or in $CHATD_CONFIG.'
complete -c chatctl -n "__chatctl_at 'user show'" -l socket -r -F -d 'The daemon'\''s control socket, without looking into a configuration; also in $CHATD_SOCKET.'
complete -c chatctl -n "__chatctl_at 'user show'" -l timeout -x -d 'How many seconds to wait for an answer; 60 unless told.'
complete -c chatctl -n "__chatctl_at 'user show'" -l json -d 'Print one JSON object instead of text.'
