# The part of run.sh --once: a device on each server, each the real client with a script on its
# standard input, play a story; then their transcripts are checked. Read in by run.sh.

step "alice logs in at one.example, bob at two.example"
device alice one.example alice
device bob two.example bob
for name in alice bob; do
  printf '%s\n' "/wait 30 online" "# is here" | tell "$name"
  reached "$name" "is here"
done

step "1:1"
tell alice << 'LINES'
/open bob@two.example
Good morrow, Bob
/wait 30 ack
/wait 60 message Good morrow, Alice
# has talked
LINES
tell bob << 'LINES'
/wait 60 invite
/join
/wait 60 message Good morrow, Bob
Good morrow, Alice
/wait 60 ack
# has talked
LINES
for name in alice bob; do reached "$name" "has talked"; done

step "a group, which one.example orders"
tell alice << 'LINES'
/new "The Garden" bob@two.example
Who walks in the garden?
/wait 30 ack
/wait 60 message Only Bob
# has met
LINES
tell bob << 'LINES'
/wait 60 invite
/join
/wait 60 message Who walks
Only Bob, and the moon
/wait 60 ack
# has met
LINES
for name in alice bob; do reached "$name" "has met"; done

step "two.example is killed; alice goes on talking; it is started again and catches up"
kill_server two.example
tell bob << 'LINES'
/wait 30 offline
# is cut off
LINES
reached bob "is cut off"
tell alice << 'LINES'
Bob missed this one
And this one
/wait 30 ack
# has talked on
LINES
reached alice "has talked on"
start_server two.example
tell bob << 'LINES'
/wait 60 online
/wait 90 message And this one
# has caught up
LINES
reached bob "has caught up"

step "one.example is killed; bob goes on talking: pending, until it is started again"
kill_server one.example
tell bob << 'LINES'
Written while the hub was dead
/wait 30 ack
# has written
LINES
reached bob "has written"
start_server one.example
tell alice << 'LINES'
/wait 60 online
/wait 90 message Written while the hub was dead
All read now
/wait 30 ack
/quit
LINES
tell bob << 'LINES'
/wait 90 message All read now
/quit
LINES
for name in alice bob; do leave "$name"; done

transcript
step "checks"
for name in alice bob; do
  times 0 "$name" "! "
  in_order "$name" ": Good morrow, Bob" ": Good morrow, Alice"
  in_order "$name" ": Who walks in the garden?" ": Only Bob, and the moon" \
    ": Bob missed this one" ": And this one" ": Written while the hub was dead" ": All read now"
  for text in "Good morrow, Bob" "Good morrow, Alice" "Who walks in the garden?" \
    "Only Bob, and the moon" "Bob missed this one" "And this one" \
    "Written while the hub was dead" "All read now"; do
    times 1 "$name" ": $text"
  done
done
echo "Everything arrived, once and in order, on both servers."
