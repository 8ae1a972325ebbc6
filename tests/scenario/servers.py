"""Several servers in one story, each on a loopback address of its own, that know each other."""
import base64
import contextlib
import json
import os
import pathlib
import re

from chatd_world import World, until

PORT = 8443


class Servers:
    """As many as there are `names`. They are started, and stopped when the story ends."""

    def __init__(self, world, *names):
        # Two stories at the same time have different addresses.
        network = f"127.{os.getpid() % 250 + 1}.{os.getpid() // 250 % 250 + 1}"
        self.all = {}
        for number, name in enumerate(names, 1):
            folder = pathlib.Path(world.folder) / name
            folder.mkdir()
            self.all[name] = World(world.binaries, folder, name, f"{network}.{number}", PORT)
            self.all[name].config["listen"]["plain"] = [f"{network}.{number}:{PORT + 1}"]

    def __enter__(self):
        try:
            for server in self.all.values():
                server.start()
            self.introduce()
        except BaseException:
            self.__exit__()
            raise
        return [self.all[name] for name in self.all]

    def __exit__(self, *_):
        for server in self.all.values():
            if server.starts:
                print(f"--- {server.name}\n{server.log()[-3000:]}")
            server.clean_up()

    def introduce(self):
        """Each is told where the others are and who."""
        pins = [{"server": server.name, "endpoints": [f"{server.address}:{PORT}"],
                 "root_key": root_key(server)} for server in self.all.values()]
        for server in self.all.values():
            server.write_config(federation={  # they know each other well
                "probation_days": 0,
                "peers": [pin for pin in pins if pin["server"] != server.name]})
            server.ctl("reload")


def unpadded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def document(server):
    """The bytes of its server document."""
    text = json.loads(server.get("/.well-known/chatd")[1])["document"]
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def root_key(server):
    """Of its server document, as PROTOCOL.md of federation says: a version, the name, then it."""
    data = document(server)
    return unpadded(data[2 + data[1]:][:32])


def refused(server):
    """fault -> how many frames of other servers changed nothing for it."""
    return {fault: int(count) for fault, count in re.findall(
        r'^chatd_federation_refused_total\{fault="(\w+)"\} (\d+)$', server.get("/metrics")[1],
        re.M)}


def all_behaved(servers):
    """Nobody found anything wrong with the others, but that one could not prove itself yet."""
    for server in servers:
        wrong = {fault for fault, count in refused(server).items() if count}
        assert wrong <= {"handshake"}, f"{server.name} refused frames: {wrong}"


def all_have(devices, room, what):
    """Waits until each device knows records of the room for which `what(records)` is true."""
    for device in devices:
        def knows(device=device):
            with contextlib.suppress(TimeoutError):
                device.sync()
            return what(device.whole_log(room))
        until(f"{device.user} has all of {room}", knows)
