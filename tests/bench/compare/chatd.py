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
    "plugin.auth_password": {"passes": 1, "memory": "7MiB", "max_waiting": 1000},
    "log": {"level": "warning"},
}


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
    scenarios = ("s1", "s1-open", "s1-idle", "s1-logins", "s2", "s3", "s4", "s5", "s6", "s7", "s8")
    build = pathlib.Path()  # set by whoever starts the comparison
    config = ()             # (section, key, value) that differ from CONFIG

    def set_up(self, accounts):
        sections = {
            "server": {"name": "localhost", "data_dir": str(self.folder / "data")},
            "tls": {"certificate": str(self.cert.chain), "key": str(self.cert.key)},
            "plugins": {"dirs": [str(self.build / "lib" / "chatd" / "plugins")]},
            **{section: dict(keys) for section, keys in CONFIG.items()}}
        for section, key, value in self.config:
            if value is None:
                del sections[section][key]
            else:
                sections[section][key] = value
        sections["listen"]["tls"] = [f"127.0.0.1:{self.port}"]
        (self.folder / "chatd.toml").write_text("".join(
            f"[{section}]\n" + "".join(f"{key} = {json.dumps(value)}\n"
                                       for key, value in keys.items())
            for section, keys in sections.items()), encoding="utf-8")

    def command(self):
        return [self.build / "daemon" / "app" / "chatd", "--config", self.folder / "chatd.toml"]

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
