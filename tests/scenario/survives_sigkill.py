"""Romeo writes to Juliet over and over while the daemon is killed again and again.

Every message that was acknowledged is in the log once, under the number that was acknowledged; a
resend after the restart gets the old number; numbers have no gap.

usage: survives_sigkill.py CHATD PLUGIN_FOLDER
"""
import json
import pathlib
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request

ROUNDS = 6
PATIENCE_S = 30


class Daemon:
    def __init__(self, binary, plugins, folder):
        self.binary, self.folder = binary, pathlib.Path(folder)
        self.config = self.folder / "chatd.toml"
        self.config.write_text(
            '[server]\nname = "localhost"\ndata_dir = "data"\n'
            '[listen]\ntls = []\nplain = ["127.0.0.1:0"]\nmax_connections = 100\n'
            '[accounts]\nsign_up = "open"\n'
            "[limits]\nmessages_per_minute = 100000\nrequests_per_second = 10000\n"
            f'[plugins]\ndirs = ["{plugins}"]\n')

    def start(self):
        log = open(self.folder / "log", "w")
        self.process = subprocess.Popen([self.binary, "--config", self.config], stderr=log)
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            text = (self.folder / "log").read_text()
            if found := re.search(r"listening address=(127\.0\.0\.1:\d+)", text):
                self.url = f"http://{found[1]}/rpc"
                return
            if self.process.poll() is not None:
                break
        sys.exit("the daemon did not start:\n" + (self.folder / "log").read_text())

    def kill(self):
        self.process.kill()
        self.process.wait()


def rpc(daemon, method, params, token=None):
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode()
    headers = {"Content-Type": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    request = urllib.request.Request(daemon.url, body, headers)
    with urllib.request.urlopen(request, timeout=5) as reply:
        answer = json.load(reply)
    if "error" in answer:
        raise RuntimeError(answer["error"])
    return answer["result"]


def sign_up(daemon, name):
    return rpc(daemon, "account.sign_up",
               {"name": name, "password": "a rose by any name", "device_name": "test"})["token"]


def write_until_killed(daemon, token, room, first, acked):
    """Sends messages until the daemon is gone; the last one may or may not have made it."""
    number = first
    while True:
        name = f"0190b3c4-0000-7000-8000-{number:012x}"
        try:
            params = {"room": room, "client_msg_id": name, "content": {"text": f"line {number}"}}
            acked[name] = rpc(daemon, "message.send", params, token)["seq"]
        except (urllib.error.URLError, OSError, ValueError):
            return number
        number += 1


def read_all(daemon, token, room):
    records, after = [], 0
    while True:
        page = rpc(daemon, "history.get", {"room": room, "after": after, "limit": 500}, token)
        records += page["records"]
        if not page["has_after"]:
            return records
        after = records[-1]["seq"]


def main():
    binary, plugins = sys.argv[1:3]
    acked, number, doubtful = {}, 1, 0
    with tempfile.TemporaryDirectory() as folder:
        daemon = Daemon(binary, plugins, folder)
        daemon.start()
        romeo, juliet = sign_up(daemon, "romeo"), sign_up(daemon, "juliet")
        room = rpc(daemon, "room.open_direct", {"user": "juliet@localhost"}, romeo)["room"]
        for _ in range(ROUNDS):
            killer = threading.Timer(random.uniform(0.2, 1.0), daemon.kill)
            killer.start()
            number = write_until_killed(daemon, romeo, room, number, acked)
            killer.join()
            daemon.start()
            doubtful += 1  # `number` is sent again under the same name in the next round
        records = read_all(daemon, juliet, room)
        oldest = min(acked)
        again = rpc(daemon, "message.send", {"room": room, "client_msg_id": oldest,
                                             "content": {"text": "said again"}}, romeo)["seq"]
        daemon.kill()
    by_seq = {record["seq"]: record for record in records}
    names = [record["client_msg_id"] for record in records if "client_msg_id" in record]
    problems = [f"{name} was acknowledged as {seq} and is not there"
                for name, seq in acked.items() if by_seq.get(seq, {}).get("client_msg_id") != name]
    if sorted(by_seq) != list(range(1, len(records) + 1)):
        problems.append("the numbers have gaps")
    if len(names) != len(set(names)):
        problems.append("a message is there twice")
    if again != acked[oldest]:
        problems.append("a resend got a new number")
    print(f"{len(acked)} acknowledged, {len(records)} records, {ROUNDS} kills")
    sys.exit("\n".join(problems) if problems else 0)


main()
