"""chatd as its own build made it, with limits out of the way."""
import json
import pathlib
import subprocess

from server import Server, Unavailable

PROGRAM_S = 900

# Everything else is as installed. The cost of a password is the least the plugin takes: the peers
# keep theirs in plain, and hashing is not what is compared.
CONFIG = {
    "listen": {"max_connections": 20000},
    "accounts": {"sign_up": "open", "max_devices": 1000},
    "limits": {"messages_per_minute": 10000000, "requests_per_second": 1000000,
               "logins_per_minute": 1000000, "sign_ups_per_hour": 1000000},
    "presence": {"coalesce_ms": 0},
    "federation": {"submits_per_minute": 10000000},
    "plugin.auth_password": {"passes": 1, "memory": "7MiB", "max_waiting": 1000},
    "log": {"level": "warning"},
}


def toml(value):
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {toml(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    return json.dumps(value)


def run(words, what):
    """Runs one of chatd's programs to its end; `what` says what could not be done if it fails."""
    try:
        done = subprocess.run([*map(str, words)], capture_output=True, text=True, check=False,
                              timeout=PROGRAM_S)
    except subprocess.TimeoutExpired:
        raise Unavailable(f"{what} within {PROGRAM_S} s") from None
    if done.returncode != 0:
        raise Unavailable(f"{what}: {done.stdout[-200:]}{done.stderr[-300:]}")


class Chatd(Server):
    name = kind = "chatd"
    scenarios = ("s1", "s1-open", "s1-idle", "s1-logins", "s2", "s3", "s4", "s5", "s6", "s7", "s8",
                 "s9")
    build = pathlib.Path()  # set by whoever starts the comparison
    config = ()             # (section, key, value) that differ from CONFIG
    domain = "localhost"
    peers = ()              # servers that it federates with, as the configuration has them

    def set_up(self, accounts):
        sections = {
            "server": {"name": self.domain, "data_dir": str(self.folder / "data")},
            "tls": {"certificate": str(self.cert.chain), "key": str(self.cert.key)},
            "plugins": {"dirs": [str(self.build / "lib" / "chatd" / "plugins")]},
            **{section: dict(keys) for section, keys in CONFIG.items()}}
        for section, key, value in self.config:
            if value is None:
                del sections[section][key]
            else:
                sections[section][key] = value
        sections["listen"]["tls"] = [f"127.0.0.1:{self.port}"]
        sections["federation"]["peers"] = list(self.peers)
        (self.folder / "chatd.toml").write_text("".join(
            f"[{section}]\n" + "".join(f"{key} = {toml(value)}\n" for key, value in keys.items())
            for section, keys in sections.items()), encoding="utf-8")

    def command(self):
        return [self.build / "daemon" / "app" / "chatd", "--config", self.folder / "chatd.toml"]

    def environment(self):
        return {"SSL_CERT_FILE": str(self.cert.ca)}

    def fill_folder(self, options):
        """Fills the data folder before the first start; the file that tells who is in it."""
        clients = self.folder / "clients"
        (self.folder / "data").mkdir(mode=0o700)
        words = [self.build / "tests/bench/fill/chatd_fill", "--store", self.folder / "data/store",
                 "--clients", clients]
        for name, value in options:
            words += ["--" + name, value]
        run(words, "it could not be filled")
        return clients

    def verify(self, clients):
        """Has the daemon itself recompute the hash chain of the first room in `clients`."""
        with open(clients, encoding="utf-8") as lines:
            room = lines.readline().split()[1]
        run([self.build / "cli/chatctl", "--config", self.folder / "chatd.toml", "room", "verify",
             room], "the room could not be verified")

    @classmethod
    def version(cls):
        done = subprocess.run([cls.build / "daemon" / "app" / "chatd", "--version"],
                              capture_output=True, text=True, check=True)
        return done.stdout.split()[-1]


class Pair(Chatd):
    """Two servers that federate, on one core; every other client is the second one's."""

    def __init__(self, folder, cert, core):
        super().__init__(folder, cert, core)
        self.beside = Chatd(self.folder / "beside", cert, core)
        self.beside.domain = "beside.localhost"
        for server, other in ((self, self.beside), (self.beside, self)):
            server.peers = ({"server": other.domain, "endpoints": [f"127.0.0.1:{other.port}"]},)

    def set_up(self, accounts):
        super().set_up(accounts)
        self.beside.folder.mkdir()
        self.beside.set_up(accounts)

    def start(self):
        self.beside.start()
        return super().start()

    def stop(self):
        super().stop()
        self.beside.stop()

    def cpu_seconds(self):
        return super().cpu_seconds() + self.beside.cpu_seconds()

    def thread_seconds(self):
        return {**super().thread_seconds(), **self.beside.thread_seconds()}

    def memory_kib(self):
        return super().memory_kib() + self.beside.memory_kib()
