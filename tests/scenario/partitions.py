"""Two servers in network namespaces of their own, and a line between them that can go dead."""
import contextlib
import ctypes
import functools
import os
import shutil
import subprocess

import chatd_world
from federation import group_across, said_by, same_logs, texts
from people import sign_up
from servers import PORT, Servers, all_behaved, all_have

CLONE_NEWNET = 0x40000000
NOWHERE = "02:00:00:00:00:ff"  # no interface's address
GIVES_UP_S = 100  # a line on which nothing came for a minute is given up


def ip(*words):
    subprocess.run(["ip", *words], check=True)


class Place:
    """A network namespace with one end of the line in it. It ends with its holder."""

    def __init__(self, number):
        self.address, self.end = f"10.77.0.{number}", f"end{number}"
        self.holder = subprocess.Popen(["unshare", "--net", "cat"], stdin=subprocess.PIPE)
        self.file = f"/proc/{self.holder.pid}/ns/net"
        ours = os.readlink("/proc/self/ns/net")
        chatd_world.until("there is the namespace", lambda: os.readlink(self.file) != ours)

    def ip(self, *words):
        subprocess.run(["nsenter", f"--net={self.file}", "ip", *words], check=True)

    def enter(self):
        with open(self.file, "rb") as namespace:
            libc = ctypes.CDLL(None, use_errno=True)
            if libc.setns(namespace.fileno(), CLONE_NEWNET):
                raise OSError(ctypes.get_errno(), "setns")

    def close(self):
        self.holder.communicate()


class Line:
    """Between two places. Cut, whatever is sent is lost without a word."""

    def __init__(self):
        self.here, self.there = self.places = Place(1), Place(2)
        ip("link", "add", self.here.end, "netns", str(self.here.holder.pid), "type", "veth",
           "peer", "name", self.there.end, "netns", str(self.there.holder.pid))
        for place in self.places:
            place.ip("address", "add", f"{place.address}/24", "dev", place.end)
            place.ip("link", "set", "lo", "up")
            place.ip("link", "set", place.end, "up")

    def cut(self):
        for place, other in (self.places, reversed(self.places)):
            place.ip("neighbour", "replace", other.address, "lladdr", NOWHERE, "dev", place.end,
                     "nud", "permanent")

    def mend(self):
        for place, other in (self.places, reversed(self.places)):
            place.ip("neighbour", "delete", other.address, "dev", place.end)


@contextlib.contextmanager
def inside(place):
    """New sockets are in that namespace; those that are there already stay where they are."""
    with open("/proc/self/ns/net", "rb") as before:
        place.enter()
        try:
            yield
        finally:
            ctypes.CDLL(None).setns(before.fileno(), CLONE_NEWNET)


def until_given_up(what, condition):
    for _ in range(GIVES_UP_S // chatd_world.PATIENCE_S + 1):
        with contextlib.suppress(AssertionError):
            return chatd_world.until(what, condition)
    raise AssertionError(f"waited in vain: {what}")


def linked(server):
    return server.ctl("federation", "status")["linked"]


def story_what_is_said_while_the_line_between_two_servers_is_dead_arrives_once(world):
    if os.geteuid() != 0 or not shutil.which("ip"):
        raise chatd_world.Skipped("only root makes network namespaces, with iproute2")
    with contextlib.ExitStack() as stack:
        line = Line()
        for place in line.places:
            stack.callback(place.close)
        servers = Servers(world, "one.example", "two.example")
        for server, place in zip(servers.all.values(), line.places):
            server.launcher = ["nsenter", f"--net={place.file}"]
            server.inside = functools.partial(inside, place)
            server.config["listen"]["tls"].append(f"{place.address}:{PORT}")
            server.address = place.address  # for the other one
        one, two = stack.enter_context(servers)
        alice, bob = sign_up(one, "alice"), sign_up(two, "bob")
        garden = group_across(alice, bob)

        line.cut()
        for number in range(50):
            alice.send(garden, f"from the hub {number}")
            bob.call("message.send", room=garden, content={"text": f"from afar {number}"},
                     client_msg_id=bob.new_message_id())
        until_given_up("both have noticed", lambda: linked(one) == linked(two) == 0)
        assert "from afar 0" not in texts(alice.whole_log(garden))
        line.mend()

        until_given_up("they are linked again", lambda: linked(one) == linked(two) == 1)
        all_have([alice, bob], garden, lambda log: len(texts(log)) == 100)
        log = same_logs([alice, bob], garden)
        for device, words in ((alice, "from the hub"), (bob, "from afar")):
            assert said_by(log, device.user) == [f"{words} {number}" for number in range(50)]
        all_behaved((one, two))


if __name__ == "__main__":
    chatd_world.run(globals())
