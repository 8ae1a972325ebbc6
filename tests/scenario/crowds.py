"""Many who want little good, or read nothing: connections, logins, floods."""
import contextlib
import json
import resource
import socket
import ssl
import threading
import time

import chatd_world
import people
from bystanders import undisturbed
from people import Closed, Device, group, sign_up
from websocket import WebSocket, connect

HALF_OPEN = 10000


def closed_by_server(lines):
    """How many of these sockets the server has ended by now."""
    count = 0
    for line in lines:
        try:
            line.setblocking(False)
            count += line.recv(65536) == b""
        except BlockingIOError:
            pass
        except OSError:
            count += 1
    return count


def story_slow_handshakes_and_heads_end_in_time(world):
    world.start()
    hello = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"
    with undisturbed(world):
        lines = [connect(world.tls_address) for _ in range(60)]
        for line in lines[:30]:
            line.sendall(hello)
        heads = [connect(world.tls_address, world.tls(), "127.0.0.2") for _ in range(30)]
        for head in heads:
            head.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: ")
        plain = [connect(world.plain_address) for _ in range(30)]
        for line in plain:
            line.sendall(b"POST /rpc HT")
        bodies = [connect(world.tls_address, world.tls(), "127.0.0.2") for _ in range(30)]
        for body in bodies:
            body.sendall(b"POST /rpc HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n"
                         b"Content-Type: application/json\r\n\r\n{")
        slow = lines + heads + plain

        def is_over():
            for line in heads + plain + bodies:
                with contextlib.suppress(OSError, ssl.SSLError):
                    line.settimeout(1)
                    line.sendall(b"x")
            return count_ended(slow) == len(slow)

        ended = set()

        def count_ended(all_lines):
            for line in all_lines:
                if line not in ended and closed_by_server([line]):
                    ended.add(line)
            return len(ended)

        begin = time.monotonic()
        chatd_world.until("the slow are turned out", is_over)
        print(f"{len(slow)} slow ones were turned out within {time.monotonic() - begin:.1f} s")
        for body in bodies:
            body.close()
    world.stop()


def story_ten_thousand_half_open_connections_disturb_nobody(world):
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    wanted = min(HALF_OPEN, hard - 500)
    if wanted < HALF_OPEN:
        print(f"only {wanted} connections: this machine allows {hard} file descriptors")
    world.start(listen={"max_connections": 10000})
    lines = []
    with undisturbed(world, max_growth_mib=128):
        for number in range(wanted):
            line = socket.socket()
            line.setblocking(False)
            line.bind((f"127.0.1.{1 + number % 250}", 0))
            with contextlib.suppress(BlockingIOError):
                line.connect(world.tls_address)
            lines.append(line)
        Device(world, "late").connect()
        chatd_world.until("the oldest have gone",
                          lambda: world.ctl("status")["connections"] < 1100)
        for line in lines:
            line.close()
    world.stop()


def came_in(world):
    try:
        return Device(world, "late").connect()
    except (OSError, Closed) as error:
        return error


def story_the_limit_of_connections_turns_away_and_lets_in_again(world):
    world.start(listen={"max_connections": 40, "max_connections_per_address": 20})
    with undisturbed(world):  # two of them
        here = [WebSocket(world.tls_address, world.tls()) for _ in range(17)]
        there = [WebSocket(world.tls_address, world.tls(), source="127.0.0.2") for _ in range(19)]
        for source in ("127.0.0.1", "127.0.0.3", "127.0.0.3"):
            with contextlib.suppress(OSError, Closed):
                there.append(WebSocket(world.tls_address, world.tls(), source=source))
        print(f"{len(here)} and {len(there)} came in beside the two")
        assert 36 <= len(here) + len(there) <= 38
        for line in there:
            line.drop()
        chatd_world.until("there is room again", lambda: not isinstance(
            came_in(world), Exception))
        for line in here:
            line.drop()
    world.stop()


def story_who_never_reads_falls_behind_and_costs_little(world):
    world.start()
    with undisturbed(world, max_growth_mib=64):
        alice, bob = sign_up(world, "alice", "bob")
        slow = Device(world, "bob", "laptop", receive_buffer=4096).log_in()
        room = group(alice, bob)
        slow.sync()
        text = "😀" * 25000
        before = world.memory_kib()
        for number in range(80):
            alice.send(room, f"{number} {text}")
            if number % 10 == 0:
                bob.expect_text(room, f"{number} {text}")
        print(f"80 messages of 100 kB, resident {before} KiB before, {world.memory_kib()} after")
        slow.expect("sync.behind")
        slow.sync()
        bob.sync()
        assert slow.whole_log(room) == bob.whole_log(room)
        alice.send(room, "live again")
        slow.expect_text(room, "live again")
    world.stop()


def story_who_asks_without_reading_is_disconnected(world):
    world.start()
    with undisturbed(world, max_growth_mib=64):
        alice, bob = sign_up(world, "alice", "bob")
        room = group(alice, bob)
        for number in range(10):
            alice.send(room, str(number) * 90000)
        greedy = Device(world, "bob", "laptop", receive_buffer=4096).log_in()
        with contextlib.suppress(Closed, TimeoutError):
            for _ in range(3000):
                greedy.ask("history.get", room=room, limit=500, max_bytes=1 << 20)
        try:
            while True:
                greedy.read_one(time.monotonic() + chatd_world.PATIENCE_S)
        except Closed:
            pass
        alice.send(room, "as before")
        bob.expect_text(room, "as before")
    world.stop()


def story_login_floods_are_slowed_down_and_others_chat(world):
    world.start(limits={"logins_per_minute": 30, "sign_ups_per_hour": 10})
    with undisturbed(world, max_growth_mib=128):
        words = []

        def knock():
            device = Device(world, "mallory").connect()
            asked = [device.ask("account.login", user="dave", password=f"guess {number}",
                                device_name="x") for number in range(25)]
            for number in asked:
                try:
                    device.answer_to(number)
                    words.append("came in")
                except people.Refused as error:
                    words.append(error.code)
                    if error.code == "rate_limited":
                        assert error.error["data"]["retry_after_ms"] > 0, error.error

        flood = [threading.Thread(target=knock) for _ in range(8)]
        for one in flood:
            one.start()
        for one in flood:
            one.join()
        counts = {word: words.count(word) for word in set(words)}
        print(counts)
        assert len(words) == 200 and set(counts) <= {"unauthenticated", "rate_limited",
                                                     "unavailable"}, counts
        assert counts["unauthenticated"] <= 30, counts
        signed = [world.rpc("account.sign_up", {"name": f"spam{number}", "device_name": "x",
                                                "password": people.PASSWORD})
                  for number in range(12)]
        refused = [answer["error"]["data"] for answer in signed if "error" in answer]
        assert refused and refused[-1]["code"] == "rate_limited", json.dumps(signed)
    world.stop()


if __name__ == "__main__":
    chatd_world.run(globals())
