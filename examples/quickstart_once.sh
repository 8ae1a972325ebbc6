# The part of quickstart.sh --once: three devices, each the real client with a script on its
# standard input, play a story; then their transcripts are checked. Read in by quickstart.sh.

step "three devices log in"
for pair in alice-laptop:alice alice-phone:alice bob-laptop:bob; do
  device "${pair%:*}" "$one" "${pair#*:}"
  echo "/wait 30 online" | tell "${pair%:*}"
  echo "# is here" | tell "${pair%:*}"
done
for name in alice-laptop alice-phone bob-laptop; do reached "$name" "is here"; done

step "1:1"
tell alice-laptop << 'LINES'
/open bob
Good morrow, Bob
/wait 30 ack
/wait 30 message Good morrow, Alice
/wait 30 read
# has talked
LINES
tell bob-laptop << 'LINES'
/wait 30 message Good morrow, Bob
/open alice
Good morrow, Alice
/react #2 👋
/wait 30 ack
# has talked
LINES
tell alice-phone << 'LINES'
/wait 30 message Good morrow, Alice
/open bob
/wait 30 ack
# has talked
LINES
for name in alice-laptop alice-phone bob-laptop; do reached "$name" "has talked"; done

step "a group"
tell alice-laptop << 'LINES'
/new "The Garden" bob
Who walks in the garden?
/wait 30 ack
/wait 30 message Only Bob
# has met
LINES
tell bob-laptop << 'LINES'
/wait 30 invite
/join
/wait 30 message Who walks
Only Bob, and the moon
/wait 30 ack
# has met
LINES
tell alice-phone << 'LINES'
/wait 30 message Only Bob
/open The Garden
# has met
LINES
for name in alice-laptop alice-phone bob-laptop; do reached "$name" "has met"; done

step "bob goes offline; alice goes on talking"
echo "/quit" | tell bob-laptop
leave bob-laptop
tell alice-laptop << 'LINES'
Bob missed this in the garden
/wait 30 ack
/open bob
Bob missed this one
/wait 30 ack
# has talked on
LINES
reached alice-laptop "has talked on"

step "the server is killed; alice writes all the same; the server is started again"
kill_server "$one"
tell alice-laptop << 'LINES'
/wait 30 offline
Written while the server was dead
# has written
LINES
reached alice-laptop "has written"
start_server "$one"
tell alice-laptop << 'LINES'
/wait 60 online
/wait 30 ack
# is back
LINES
tell alice-phone << 'LINES'
/wait 60 online
/open bob
# is back
LINES
reached alice-laptop "is back"
reached alice-phone "is back"

step "bob comes back and catches up"
device bob-laptop "$one" bob
tell bob-laptop << 'LINES'
/wait 30 online
/wait 30 message Written while the server was dead
/open alice
/open The Garden
/open alice
All read now
/wait 30 ack
/quit
LINES
tell alice-laptop << 'LINES'
/wait 30 message All read now
/wait 30 read
/quit
LINES
tell alice-phone << 'LINES'
/wait 30 message All read now
/open The Garden
/open bob
/quit
LINES
for name in bob-laptop alice-laptop alice-phone; do leave "$name"; done

transcript
step "checks"
for name in alice-laptop alice-phone bob-laptop; do
  times 0 "$name" "! "
  in_order "$name" "Alice: Good morrow, Bob" "Bob: Good morrow, Alice"
  in_order "$name" "Alice: Who walks in the garden?" "Bob: Only Bob, and the moon" \
    "Alice: Bob missed this in the garden"
  in_order "$name" "Alice: Bob missed this one" "Alice: Written while the server was dead" \
    "Bob: All read now"
  for text in "Bob missed this in the garden" "Bob missed this one" \
    "Written while the server was dead" "All read now"; do
    # In the open room with its number; a message of another room is announced once without one.
    times 1 "$name" ": $text"
  done
done
times 2 bob-laptop "· online as bob"    # he quit and came back
times 1 alice-laptop "· offline"       # the server was killed once
echo "Everything held: nothing was lost, doubled or out of order."
