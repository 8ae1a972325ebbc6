"""A server that others know does on its links what no honest one does."""
import contextlib
import os
import re
import subprocess

import chatd_world
from federation import direct_across, same_logs, texts
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


class HostilePeer:
    """evil.example; see hostile_peer.cpp."""

    def __init__(self, victim):
        self.address = re.sub(r"\d+$", "99", victim.address)
        self.process = subprocess.Popen(
            [os.environ["CHATD_HOSTILE_PEER"], "evil.example", self.address, str(PORT), victim.name,
             victim.address, str(PORT)],
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


if __name__ == "__main__":
    chatd_world.run(globals())
