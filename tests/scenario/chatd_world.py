"""A world for stories: a real chatd in a temporary folder, and people with devices who use it.

A story is a function `story_<sentence>(world)` in a file beside this one; ctest finds it there. It
fails by an exception. Every wait has a deadline.

usage, from such a file: chatd_world.run(globals())
"""
import contextlib
import http.client
import json
import pathlib
import re
import signal
import ssl
import subprocess
import sys
import tempfile
import threading
import time

PATIENCE_S = 30
LOOK_AGAIN = threading.Event()
SKIPPED = 77  # ctest's SKIP_RETURN_CODE

CONFIG = {
    "server": {"name": "localhost", "data_dir": "data"},
    "listen": {"tls": ["127.0.0.1:0"], "plain": ["127.0.0.1:0"], "max_connections": 300},
    "tls": {"certificate": "cert.pem", "key": "key.pem"},
    "accounts": {"sign_up": "open"},
    "limits": {"messages_per_minute": 1000000, "requests_per_second": 10000,
               "logins_per_minute": 10000, "sign_ups_per_hour": 10000},
}


class Skipped(Exception):
    """This machine can't play the story; says why."""


def until(what, condition):
    """Waits for `condition()` to be true and gives it back. `what` is for the failure."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        if found := condition():
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"waited in vain: {what}")
        LOOK_AGAIN.wait(0.01)  # nothing tells us: leave the processor to the server meanwhile


def toml(value):
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {toml(one)}" for key, one in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(toml(one) for one in value) + "]"
    return json.dumps(value)


def make_certificate(folder, name="localhost", address="127.0.0.1"):
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", f"/CN={name}",
                    "-addext", f"subjectAltName=DNS:localhost,DNS:{name},IP:{address}",
                    "-keyout", folder / "key.pem", "-out", folder / "cert.pem"],
                   check=True, capture_output=True)


class World:
    """One server. `start()` and `stop()` may follow each other; the folder stays."""

    def __init__(self, binaries, folder, name="localhost", address="127.0.0.1", port=0):
        self.binaries, self.name, self.address = binaries, name, address
        self.chatd, self.chatctl, self.plugins, self.test_plugins = binaries
        self.folder, self.process, self.starts = pathlib.Path(folder), None, 0
        self.config = {section: dict(keys) for section, keys in CONFIG.items()}
        self.config["server"]["name"] = name
        self.config["listen"]["tls"] = [f"{address}:{port}"]
        self.config["plugins"] = {"dirs": [str(self.plugins)]}
        self.before = None  # called in the new process before it becomes chatd
        self.launcher = []  # words before chatd's own
        self.inside = contextlib.nullcontext  # where new sockets reach it
        make_certificate(self.folder, name, address)

    @property
    def config_file(self):
        return self.folder / "chatd.toml"

    @property
    def data(self):
        return self.folder / "data"

    def write_config(self, **sections):
        for section, keys in sections.items():
            self.config.setdefault(section.replace("__", "."), {}).update(keys)
        self.config_file.write_text("".join(
            f"[{section}]\n" + "".join(f"{key} = {toml(value)}\n"
                                       for key, value in keys.items())
            for section, keys in self.config.items()))

    def launch(self, **sections):
        """Starts chatd without waiting for more."""
        self.write_config(**sections)
        self.starts += 1
        self.log_file = self.folder / f"log.{self.starts}"
        with open(self.log_file, "w", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                [*self.launcher, self.chatd, "--config", self.config_file], stderr=log,
                preexec_fn=self.before)

    def log(self):
        return self.log_file.read_text(encoding="utf-8", errors="replace")

    def start(self, **sections):
        self.launch(**sections)
        until("the server is ready",
              lambda: "ready server=" in self.log() or self.process.poll() is not None)
        if self.process.poll() is not None:
            raise AssertionError(f"chatd ended with {self.process.returncode}:\n{self.log()}")
        self.find_addresses()
        return self

    def find_addresses(self):
        found = re.findall(r"listening address=(127\.[\d.]+):(\d+)", self.log())
        self.tls_address, self.plain_address = ((ip, int(port)) for ip, port in found)

    def refuses_to_start(self, **sections):
        """What it says instead. Never an end by a signal."""
        self.launch(**sections)
        until("chatd gives up", lambda: self.process.poll() is not None)
        code, self.process = self.process.returncode, None
        assert code > 0, f"it ended with {code}:\n{self.log()}"
        return self.log()

    def stop(self):
        """Ends it in good order and checks that it was one."""
        self.process.send_signal(signal.SIGTERM)
        self.ended()

    def ended(self):
        code = self.process.wait(PATIENCE_S)
        self.process = None
        assert code == 0, f"chatd ended with {code}:\n{self.log()}"

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process = None

    def clean_up(self):
        if self.process is not None:
            self.kill()

    def tls(self):
        context = ssl.create_default_context(cafile=self.folder / "cert.pem")
        return context

    def get(self, path, method="GET", headers=None, body=None):
        """(status, body) over TLS."""
        with self.inside(), contextlib.closing(http.client.HTTPSConnection(
                *self.tls_address, context=self.tls(), timeout=PATIENCE_S)) as connection:
            connection.request(method, path, body, headers or {})
            reply = connection.getresponse()
            return reply.status, reply.read().decode()

    def rpc(self, method, params, token=None):
        headers = {"Content-Type": "application/json"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        status, text = self.get("/rpc", "POST", headers, json.dumps(
            {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}))
        assert status == 200, f"{status} {text}"
        return json.loads(text)

    def ctl(self, *words, given="", fails=False):
        """chatctl's answer, decoded; with `fails` what it complains about."""
        done = subprocess.run([self.chatctl, "--config", self.config_file, "--json", *words],
                              input=given, capture_output=True, text=True, timeout=PATIENCE_S,
                              check=False)
        if fails:
            assert done.returncode > 0, done
            return done.stdout + done.stderr
        assert done.returncode == 0, done
        return json.loads(done.stdout)["result"]

    def metrics(self):
        text = self.get("/metrics")[1]
        return {name: int(value) for name, value in re.findall(r"^chatd_(\w+) (\d+)$", text, re.M)}

    def memory_kib(self):
        """Its own resident memory; the database's mapped files are the kernel's to keep or drop."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text(encoding="utf-8")
        return int(re.search(r"RssAnon:\s+(\d+)", status)[1])


def run(stories):
    """The program of a file of stories: FILE STORY CHATD CHATCTL PLUGINS TEST_PLUGINS."""
    story, *binaries = sys.argv[1:]
    with tempfile.TemporaryDirectory(prefix="chatd.") as folder:
        world = World(binaries, folder)
        try:
            stories[story](world)
        except Skipped as reason:
            print(f"skipped: {reason}")
            sys.exit(SKIPPED)
        except BaseException:
            if world.starts:
                print(world.log()[-4000:], file=sys.stderr)
            raise
        finally:
            world.clean_up()
