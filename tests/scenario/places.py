"""Network namespaces in which servers of a story stand. Only root makes them."""
import contextlib
import ctypes
import os
import shutil
import subprocess

import chatd_world

CLONE_NEWNET = 0x40000000


def enter(path):
    with open(path, "rb") as namespace:
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.setns(namespace.fileno(), CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), "setns")


class Place:
    """A network namespace. It ends with its holder."""

    def __init__(self):
        if os.geteuid() != 0 or not shutil.which("ip"):
            raise chatd_world.Skipped("only root makes network namespaces, with iproute2")
        self.holder = subprocess.Popen(["unshare", "--net", "cat"], stdin=subprocess.PIPE)
        self.file = f"/proc/{self.holder.pid}/ns/net"
        ours = os.readlink("/proc/self/ns/net")
        chatd_world.until("there is the namespace", lambda: os.readlink(self.file) != ours)
        self.ip("link", "set", "lo", "up")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.holder.communicate()

    def ip(self, *words):
        subprocess.run(["nsenter", f"--net={self.file}", "ip", *words], check=True)

    def take_in(self, server):
        """It starts here from now on, and the story's sockets to it are made here."""
        server.launcher, server.inside = ["nsenter", f"--net={self.file}"], self.inside

    @contextlib.contextmanager
    def inside(self):
        """New sockets are here; those that are there already stay where they are."""
        with open("/proc/thread-self/ns/net", "rb") as before:
            enter(self.file)
            try:
                yield
            finally:
                enter(f"/proc/self/fd/{before.fileno()}")
