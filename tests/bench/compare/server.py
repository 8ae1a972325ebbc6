"""A server under load: its folder, its process on one core, what it costs."""
import os
import pathlib
import re
import signal
import socket
import subprocess
import threading
import time

START_S = 60
STOP_S = 20
LOOK_AGAIN = threading.Event()
TICKS = os.sysconf("SC_CLK_TCK")


class Unavailable(Exception):
    """This server can't be measured here; says why."""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def processes_below(root):
    """The pids of a process and all that descend from it."""
    parents = {}
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text(encoding="utf-8")
            except OSError:
                continue  # it just ended
            parents[int(entry.name)] = int(stat.rpartition(")")[2].split()[1])
    found = [root]
    for pid in found:  # grows while it is walked
        found += [child for child, parent in parents.items() if parent == pid]
    return found


class Server:
    """One kind of server. A subclass says how it is set up and started.

    `name` is the row in the table, `kind` what chatd_load calls it.
    """
    name = kind = "?"
    package = None  # of Debian; for its version
    scenarios = ()
    fill = 10000    # messages of the group that s4 reads

    def __init__(self, folder, cert, core):
        self.folder, self.cert, self.core = pathlib.Path(folder), cert, core
        self.port, self.process = free_port(), None

    def set_up(self, accounts):
        """Writes configuration and accounts u0, u1 ... into the fresh folder."""
        raise NotImplementedError

    def command(self):
        raise NotImplementedError

    def environment(self):
        return {}

    def started(self):
        """After the port answers; for what can only be done to a running server."""

    @classmethod
    def version(cls):
        done = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", cls.package],
                              capture_output=True, text=True, check=False)
        if done.returncode != 0 or not done.stdout:
            raise Unavailable(f"the package {cls.package} is not installed")
        return done.stdout

    def start(self):
        with open(self.folder / "log", "ab") as log:
            self.process = subprocess.Popen(
                ["taskset", "-c", str(self.core), *map(str, self.command())], stdout=log,
                stderr=log, stdin=subprocess.DEVNULL, cwd=self.folder, start_new_session=True,
                env={**os.environ, **self.environment()})
        deadline = time.monotonic() + START_S
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise Unavailable(f"it did not start; its log ends:\n{self.log()}")
            LOOK_AGAIN.wait(0.1)
        self.started()
        return self

    def answers(self):
        try:
            socket.create_connection(("127.0.0.1", self.port), 1).close()
            return True
        except OSError:
            return False

    def log(self):
        return (self.folder / "log").read_text(encoding="utf-8", errors="replace")[-2000:]

    def signal_tree(self, number):
        for pid in processes_below(self.process.pid):
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                pass

    def stop(self):
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            pass
        self.kill()

    def kill(self):
        if self.process.poll() is None:
            self.signal_tree(signal.SIGKILL)
            self.process.wait()
        self.process = None

    def cpu_seconds(self):
        """User and system time of the whole tree, children that have ended included."""
        ticks = 0
        for stat in self.told_by_kernel("stat"):
            ticks += sum(map(int, stat.rpartition(")")[2].split()[11:15]))
        return ticks / TICKS

    def thread_seconds(self):
        """The same of each thread that is there now."""
        found = {}
        for stat in pathlib.Path("/proc").glob(f"{self.process.pid}/task/*/stat"):
            try:
                text = stat.read_text(encoding="utf-8")
            except OSError:
                continue  # it just ended
            found[stat.parent.name] = sum(map(int, text.rpartition(")")[2].split()[11:13])) / TICKS
        return found

    def memory_kib(self):
        """Resident, without mapped files: those are the kernel's to keep or drop."""
        total = 0
        for status in self.told_by_kernel("status"):
            total += int(re.search(r"RssAnon:\s+(\d+)", status)[1])
        return total

    def told_by_kernel(self, name):
        """What /proc says under this name of each process of the tree that is still there."""
        for pid in processes_below(self.process.pid):
            try:
                yield pathlib.Path(f"/proc/{pid}/{name}").read_text(encoding="utf-8")
            except OSError:
                pass
