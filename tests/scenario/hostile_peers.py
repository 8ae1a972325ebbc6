"""A server that others know does on its links what no honest one does."""
import contextlib
import os
import re
import subprocess

import chatd_world
from federation import direct_across, group_across, same_logs, texts
from people import sign_up
from servers import PORT, Servers, all_have, refused

ENDS = "it ended the connection"
# The attack, how the victim ends the link or answers, and under what it counts it.
HANDSHAKES = [
    ("garbage", f"{ENDS}, malformed", "handshake"),
    ("another_name {victim}", f"{ENDS}, own_name", "handshake"),
    ("another_name two.example", f"{ENDS}, unknown_key", "handshake"),
    ("stolen_name", f"{ENDS}, unknown_key", "handshake"),
    ("forged_proof", f"{ENDS}, bad_signature", "handshake"),
    ("replayed_proof", f"{ENDS}, replayed", "handshake"),
    ("oversized_handshake", f"{ENDS}, malformed", "handshake"),
]
FRAMES = [
    ("before_hello eve@evil.example", ENDS, "out_of_turn"),
    ("hello_twice", ENDS, "out_of_turn"),
    ("malformed", ENDS, "malformed"),
    ("in_anothers_name {room} alice@one.example", ENDS, "wrong_sender"),
    ("in_anothers_name {room} bob@two.example", ENDS, "wrong_sender"),
    ("unsigned {room}", ENDS, "wrong_signature"),
    ("flood {room}", ENDS, "flood"),
    ("feed {room}", None, "unwanted"),
    ("oversized", f"{ENDS}: a frame may have 516 KiB at most", None),
    ("not_a_member {room}", "refused: not_found", None),
    ("range {room}", None, None),
    ("notice {room} alice@one.example", "noticed", None),
    ("notice {room} nobody@one.example", "noticed", None),
]
MOVES = [
    ("forged_proof_of {room}", ENDS, "wrong_signature"),
    ("gives_back {room}", ENDS, "out_of_turn"),
    ("takes_over {room} alice@one.example", "presence of 0 users", None),
    ("hands_over {room}", "refused", None),
    ("agrees {room}", ENDS, "out_of_turn"),
]
PASSING = [
    ("lease alice@one.example", "presence of 0 users", None),
    ("lease nobody@one.example", "presence of 0 users", None),
    ("lease alice@one.example bob@two.example", ENDS, "wrong_sender"),
    ("leases", ENDS, "flood"),
    ("presence alice@one.example", ENDS, "wrong_sender"),
    ("presence bob@two.example", ENDS, "wrong_sender"),
    ("presence eve@evil.example", ENDS, None),
    ("unasked_presence", ENDS, "out_of_turn"),
    ("types {room} alice@one.example alice@one.example", ENDS, "wrong_sender"),
    ("types {room} bob@two.example alice@one.example", "presence of 0 users", None),
    ("types {room} eve@evil.example alice@one.example", "presence of 0 users", None),
    ("profile alice@one.example", "nobody is called so", None),
    ("profile nobody@one.example", "nobody is called so", None),
    ("profile bob@two.example", ENDS, "wrong_sender"),
    ("unasked_profile", ENDS, "out_of_turn"),
    ("types_on {room}", ENDS, "flood"),  # last: after it nothing more is taken for a while
]

# As the hub of a room in which alice is; records 3 and 4 are hers. The attack, what the victim says
# to it, and under what it counts it.
LIES = [
    ("skips", "it asks for 6 to 7", None),
    ("breaks_the_chain", "failure: conflict", "conflict"),
    ("turns_back_time", "failure: conflict", "conflict"),
    ("miscounts", "failure: conflict", "conflict"),
    ("begins_a_term", "failure: conflict", "conflict"),
    ("signs_another_head", ENDS, "wrong_signature"),
    ("signs_with_a_key_of_nobody", ENDS, "wrong_signature"),
    ("forges alice@one.example signed", ENDS, "wrong_signature"),
    ("forges alice@one.example unsigned", "failure: conflict", "conflict"),
    ("forges bob@two.example unsigned", "failure: conflict", "conflict"),
    ("speaks_for alice@one.example", "failure: conflict", "conflict"),
    ("changes_words", ENDS, "wrong_signature"),
    ("doubles", "failure: conflict", "conflict"),
]
# The same, and of which record it tells another one than before.
TWO_LOGS = [
    ("tells_another 5", 5),
    ("tells_another 2", 2),
    ("tells_another 3", 3),
    ("tells_another_log_from 2", 2),
    ("tells_another_log_from 4", 4),
]


class HostilePeer:
    """evil.example; see hostile_peer.cpp."""

    def __init__(self, victim):
        self.address = re.sub(r"\d+$", "99", victim.address)
        self.process = subprocess.Popen(
            [os.environ["CHATD_HOSTILE_PEER"], "evil.example", self.address, str(PORT), victim.name,
             victim.address, str(PORT), str(victim.folder / "cert.pem")],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
        self.root_key = self.process.stdout.readline().removeprefix("ready ").strip()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()

    def does(self, attack):
        self.process.stdin.write(attack + "\n")
        return self.process.stdout.readline().strip()

    def pin(self):
        return {"server": "evil.example", "endpoints": [f"{self.address}:{PORT}"],
                "root_key": self.root_key}


@contextlib.contextmanager
def under_attack(world):
    """(one, alice, bob, their room, evil): two servers, of which evil.example knows the first."""
    with Servers(world, "one.example", "two.example") as (one, two), HostilePeer(one) as evil:
        pins = one.config["federation"]["peers"] + [evil.pin()]
        one.write_config(federation={"peers": pins})
        one.ctl("reload")
        alice, bob = sign_up(one, "alice"), sign_up(two, "bob")
        room = direct_across(alice, bob)
        before = same_logs([alice, bob], room)
        yield one, alice, bob, room, evil
        assert same_logs([alice, bob], room) == before
        bob.send(room, "we are still here")
        all_have([alice, bob], room, lambda log: texts(log)[-1] == "we are still here")
        assert one.ctl("room", "verify", room)["problems"] == []


def play(world, attacks):
    with under_attack(world) as (one, alice, _, room, evil):
        memory = one.memory_kib()
        for attack, end, fault in attacks:
            before = refused(one)
            says = evil.does(attack.format(room=room, victim=one.name))
            print(f"{attack}: {says}")
            assert end is None or says == end, f"{attack}: {says}"
            if fault:
                chatd_world.until(f"{attack} is counted as {fault}", lambda: refused(one)[
                    fault] > before[fault])  # pylint: disable=cell-var-from-loop
        alice.sync()
        told = {name for name, _ in alice.events} & {"presence", "room.typing", "room.read"}
        assert not told, f"alice was told {told}"
        grown = one.memory_kib() - memory
        assert "CHATD_SANITIZED" in os.environ or grown < 16 * 1024, f"{grown} KiB more"


def story_a_server_that_can_not_prove_who_it_is_changes_nothing(world):
    play(world, HANDSHAKES)


def story_a_server_that_says_what_it_may_not_changes_nothing(world):
    play(world, FRAMES)


def story_a_server_that_moves_rooms_of_others_moves_none(world):
    play(world, MOVES)


def story_a_server_that_says_in_passing_what_it_may_not_is_told_and_believed_nothing(world):
    play(world, PASSING)


def story_connections_that_never_prove_anything_are_few_and_end(world):
    with under_attack(world) as (one, _, _, _, evil):
        says = evil.does("half_open")
        print(says)
        chatd_world.until("they are gone", lambda: one.metrics()["federation_connections"] <= 1)


def trap(one, alice, evil):
    """Alice is in a room whose hub is evil.example, with five records."""
    room = evil.does(f"hub founds {alice.user}")
    chatd_world.until("alice is invited", lambda: any(
        delta["summary"]["room"] == room for delta in alice.sync()))
    alice.call("room.join", room=room)
    assert evil.does("hub numbers") == "it has 3"
    all_have([alice], room, lambda log: len(log) == 3)
    alice.send(room, "nice to be here")
    assert evil.does("hub numbers") == "it has 4"
    assert evil.does("hub says welcome") == "it has 5"
    all_have([alice], room, lambda log: texts(log) == ["nice to be here", "welcome"])
    assert one.ctl("room", "verify", room)["problems"] == []
    return room


def log_of(device, room):
    """As a device gets it that had nothing of it."""
    device.logs.clear()
    device.account_version = 0
    device.sync()
    return device.whole_log(room)


def tell_lie(alice, evil, room, lie, says):
    before = log_of(alice, room)
    answer = evil.does(f"hub {lie}")
    print(f"{lie}: {answer}")
    assert answer == says, f"{lie}: {answer}"
    assert log_of(alice, room) == before, lie


def story_the_hub_of_a_room_can_not_have_its_records_otherwise_than_they_were(world):
    with under_attack(world) as (one, alice, _, _, evil):
        room = trap(one, alice, evil)
        for lie, says, fault in LIES:
            before = refused(one)
            tell_lie(alice, evil, room, lie, says)
            if fault:
                chatd_world.until(f"{lie} is counted", lambda: refused(one)[
                    fault] > before[fault])  # pylint: disable=cell-var-from-loop
        assert evil.does("hub says peace") == "it has 6"
        all_have([alice], room, lambda log: texts(log)[-1] == "peace")
        assert one.ctl("room", "verify", room)["problems"] == []


def story_a_hub_that_tells_two_logs_of_a_room_is_seen_to_lie(world):
    with under_attack(world) as (one, alice, _, _, evil):
        room = trap(one, alice, evil)
        for lie, seq in TWO_LOGS:
            before = refused(one)["conflict"]
            tell_lie(alice, evil, room, lie, "failure: conflict")
            peer = one.ctl("federation", "peer", "show", "evil.example")
            assert peer["conflicts"] == [room], peer
            chatd_world.until(f"{lie} is counted", lambda: refused(one)[
                "conflict"] > before)  # pylint: disable=cell-var-from-loop
            line = one.log().split("a hub signed two logs of one room")[-1].split("\n")[0]
            for word in ("hub=evil.example", f"room={room}", f"record={seq} ", "known_hash=",
                         "told_hash=", "proof="):
                assert word in line, f"{word} is not in {line}"
        one.kill()
        one.start()
        alice.connect()
        assert texts(log_of(alice, room)) == ["nice to be here", "welcome"]
        assert one.ctl("room", "verify", room)["problems"] == []
        assert evil.does("hub says peace") == "it has 6"
        all_have([alice], room, lambda log: texts(log)[-1] == "peace")


def story_a_server_that_reads_nothing_costs_little_and_holds_nobody_up(world):
    with under_attack(world) as (one, alice, bob, _, evil):
        dave = sign_up(one, "dave")
        garden = group_across(alice, bob, dave)
        alice.call("room.invite", room=garden, user="eve@evil.example")
        for number in range(300):
            alice.send(garden, f"{number} " + "x" * 20_000)
        all_have([bob, dave], garden, lambda log: len(texts(log)) == 300)
        assert evil.does(f"member joins {garden}") == "accepted"
        memory = one.memory_kib()
        says = evil.does(f"member reads_nothing {garden} 500")
        assert says == "it was asked 500 times", says
        for number in range(300):
            alice.send(garden, f"{number} " + "y" * 20_000)
        all_have([bob, dave], garden, lambda log: len(texts(log)) == 600)
        grown = one.memory_kib() - memory
        assert "CHATD_SANITIZED" in os.environ or grown < 32 * 1024, f"{grown} KiB more"
        print(f"{grown} KiB more")
        # A minute of it ends the link: see unit_net, "who reads nothing loses the link".
        peer = one.ctl("federation", "peer", "show", "evil.example")
        assert peer["peer"]["link"] == "up" and peer["records_sent"] > 8, peer


if __name__ == "__main__":
    chatd_world.run(globals())
