#!/usr/bin/env python3
"""How long an invitation takes to another server that has a backlog to catch up with.

Two daemons on loopback, one guest who is invited and taken out again: first with nothing else on
the link, then while a room's records come that were posted during a pause, then alone again.

usage: tests/bench/key_lane.py BUILD [RECORDS]     BUILD: a release build; 100000 records
"""
import contextlib
import io
import itertools
import pathlib
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/scenario"))

from chatd_world import World, until
from people import Device, sign_up
from servers import Servers

HOSTS = 60  # a person invites only so many in an hour
ROUNDS = 200
AT_ONCE = 40


def lift_limits(servers):
    """Nothing but the link is to be waited for."""
    for server in servers:
        server.write_config(federation={"notices_per_hour": 3_600_000,
                                        "megabytes_per_minute": 4000})
        server.ctl("reload")


def post(device, room, count):
    waiting = []
    for number in range(count):
        waiting.append(device.ask("message.send", room=room, client_msg_id=device.new_message_id(),
                                  content={"text": f"word {number} {'x' * 40}"}))
        if len(waiting) == AT_ONCE or number + 1 == count:
            for one in waiting:
                device.answer_to(one)
            waiting.clear()
            device.events.clear()
            device.logs.clear()


def invite_and_take_out(turns, guest, rounds):
    """How long the guest waits to hear of each, in ms."""
    took = []
    for host, room in itertools.islice(turns, rounds):
        for method in ("room.invite", "room.kick"):
            begin = time.monotonic()
            host.call(method, room=room, user=guest.user)
            guest.expect("account.changed")
            took.append(1000 * (time.monotonic() - begin))
            guest.events.clear()
            host.events.clear()
    return took


def line(what, took):
    took.sort()
    at = {part: took[int(len(took) * part)] for part in (0.5, 0.9, 0.99)}
    return (f"{what:14} p50 {at[0.5]:6.2f}  p90 {at[0.9]:6.2f}  p99 {at[0.99]:6.2f}  max "
            f"{took[-1]:6.2f} ms of {len(took)}")


def measure(world, records):
    """The lines to print."""
    with Servers(world, "one.example", "two.example") as (one, two):
        lift_limits((one, two))
        alice, bob, guest = sign_up(one, "alice"), sign_up(two, "bob"), sign_up(two, "guest")
        hosts = [sign_up(one, f"host{number}") for number in range(HOSTS)]
        turns = itertools.cycle([
            (host, host.call("room.create", name="small")["room"]) for host in hosts])
        room = alice.call("room.create", name="large", invite=[bob.user])["room"]
        bob.expect("account.changed")
        bob.call("room.join", room=room)
        until("he is in", lambda: any(
            each["summary"]["room"] == room and each["summary"]["membership"] == "joined"
            for each in bob.sync()))
        bob.drop()
        before = line("alone", invite_and_take_out(turns, guest, ROUNDS))
        one.ctl("federation", "pause", "two.example")
        post(Device(one, "alice", "tab").log_in(), room, records)
        one.ctl("federation", "resume", "two.example")
        bob.connect()
        begin, took = time.monotonic(), []
        while bob.call("history.get", room=room)["records"][-1]["seq"] < records:
            took += invite_and_take_out(turns, guest, 10)
        seconds = time.monotonic() - begin
        return [before, line("with backlog", took),
                line("alone again", invite_and_take_out(turns, guest, ROUNDS)),
                f"{records} records came in {seconds:.1f} s"]


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    plugins = build / "lib/chatd/plugins"
    binaries = [build / "daemon/app/chatd", build / "cli/chatctl", plugins, plugins]
    with tempfile.TemporaryDirectory(prefix="chatd.bench.") as folder:
        with contextlib.redirect_stdout(io.StringIO()):  # the servers' logs
            lines = measure(World(binaries, folder),
                            int(sys.argv[2]) if len(sys.argv) > 2 else 100_000)
    print("\n".join(lines))


main()
