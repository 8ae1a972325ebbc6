"""People of several servers talk, while servers come and go."""
import os
import random
import signal
import threading

import chatd_world
from people import Closed, Refused, sign_up
from servers import Servers, all_behaved, all_have

KILLS = 4


def texts(records):
    return [record["content"]["text"] for record in records if record["kind"] == "message"]


def said_by(records, user):
    return [record["content"]["text"] for record in records
            if record["kind"] == "message" and record["sender"] == user]


def direct_across(one, other):
    """The 1:1 room of two people of two servers."""
    room = one.call("room.open_direct", user=other.user)["room"]
    one.call("message.send", room=room, content={"text": "hello"},
             client_msg_id=one.new_message_id())
    chatd_world.until("the stranger is seen", lambda: any(
        delta["summary"]["room"] == room for delta in other.sync()))
    other.call("room.join", room=room)
    all_have([one, other], room, lambda log: texts(log) == ["hello"])
    return room


def group_across(owner, *others):
    room = owner.call("room.create", name="the garden",
                      invite=[other.user for other in others])["room"]
    owner.sync()
    for other in others:
        chatd_world.until("the invitation comes", lambda: any(
            delta["summary"]["room"] == room for delta in other.sync()))
        other.call("room.join", room=room)

    def is_complete(log):
        return sum(record["kind"] == "member" and record["content"]["membership"] == "joined"
                   for record in log) == len(others)
    all_have([owner, *others], room, is_complete)
    return room


def same_logs(devices, room):
    logs = [device.whole_log(room) for device in devices]
    for log in logs[1:]:
        assert log == logs[0], f"they differ:\n{log}\n{logs[0]}"
    names = [record["client_msg_id"] for record in logs[0] if record["kind"] == "message"]
    assert len(names) == len(set(names)), "something is there twice"
    return logs[0]


def story_people_of_two_servers_talk_one_to_one_and_in_groups(world):
    with Servers(world, "one.example", "two.example") as (one, two):
        alice, bob = sign_up(one, "alice"), sign_up(two, "bob")
        room = direct_across(alice, bob)
        for number in range(5):
            bob.send(room, f"bob {number}")
            alice.send(room, f"alice {number}")
        all_have([alice, bob], room, lambda log: len(texts(log)) == 11)
        log = same_logs([alice, bob], room)
        assert said_by(log, alice.user) == ["hello"] + [f"alice {n}" for n in range(5)]
        assert said_by(log, bob.user) == [f"bob {n}" for n in range(5)]

        carol = sign_up(two, "carol")
        garden = group_across(alice, bob, carol)
        for device in (alice, bob, carol):
            device.send(garden, f"{device.name} is here")
        all_have([alice, bob, carol], garden, lambda log: len(texts(log)) == 3)
        same_logs([alice, bob, carol], garden)
        chatd_world.until("the numbers tell of the link",  # they are written once a second
                          lambda: one.metrics()["federation_connections"] == 1)
        chatd_world.until("and of records",
                          lambda: one.metrics()["federation_records_sent_total"] > 0)
        all_behaved((one, two))
        for server in (one, two):
            server.stop()


def story_a_room_keeps_all_people_of_a_server_out(world):
    with Servers(world, "one.example", "two.example", "three.example") as servers:
        one, two, three = servers
        alice, bob, carol = sign_up(one, "alice"), sign_up(two, "bob"), sign_up(three, "carol")
        garden = group_across(alice, bob, carol)
        assert bob.refused("room.ban_server", room=garden, server="three.example",
                           banned=True) == "forbidden"
        alice.call("room.ban_server", room=garden, server="two.example", banned=True,
                   reason="too loud")
        all_have([alice, carol], garden, lambda log: log[-1]["kind"] == "server")
        chatd_world.until("bob is out", lambda: not bob.call("room.list")["rooms"])
        assert bob.refused("message.send", room=garden, content={"text": "let me in"},
                           client_msg_id=bob.new_message_id()) == "not_found"
        alice.send(garden, "quiet at last")
        all_have([carol], garden, lambda log: texts(log) == ["quiet at last"])
        assert two.ctl("room", "show", garden)["summary"]["head_seq"] < len(carol.whole_log(garden))
        for server in servers:
            server.kill()
            server.start()
        for device in (alice, bob, carol):
            device.connect()
        assert alice.refused("room.invite", room=garden, user=bob.user) == "forbidden"

        alice.call("room.ban_server", room=garden, server="two.example", banned=False)
        alice.call("room.invite", room=garden, user=bob.user)
        chatd_world.until("bob is invited", lambda: bob.call("room.list")["rooms"])
        bob.call("room.join", room=garden)
        all_have([bob], garden, lambda log: texts(log) == ["quiet at last"])
        bob.send(garden, "sorry")
        all_have([alice, bob, carol], garden, lambda log: texts(log)[-1] == "sorry")
        same_logs([alice, bob, carol], garden)
        all_behaved(servers)


def story_what_is_said_while_a_server_is_away_arrives_when_it_is_back(world):
    with Servers(world, "one.example", "two.example") as (one, two):
        alice, bob = sign_up(one, "alice"), sign_up(two, "bob")
        garden = group_across(alice, bob)
        two.stop()
        for number in range(200):  # the hub's own people go on
            alice.send(garden, f"alice {number}")
        two.start()
        bob.connect()
        all_have([alice, bob], garden, lambda log: len(texts(log)) == 200)
        one.kill()
        for number in range(50):  # pending: their hub is away
            assert bob.send(garden, f"bob {number}") == 0
        two.kill()
        two.start()
        one.start()
        alice.connect()
        bob.connect()
        all_have([alice, bob], garden, lambda log: len(texts(log)) == 250)
        log = same_logs([alice, bob], garden)
        assert said_by(log, alice.user) == [f"alice {number}" for number in range(200)]
        assert said_by(log, bob.user) == [f"bob {number}" for number in range(50)]
        all_behaved((one, two))


class Writer(threading.Thread):
    """Says one line after the other in a room until its connection breaks. The line without an
    answer is said again, under the same name, by the next one."""

    def __init__(self, device, room, before=None):
        super().__init__()
        self.device, self.room, self.failure = device, room, None
        self.said = before.said if before else []  # acknowledged
        self.line = before.line if before else None

    def run(self):
        try:
            while True:
                self.line = self.line or (self.device.new_message_id(),
                                          f"{self.device.name} {len(self.said)}")
                self.say()
        except Closed:
            pass
        except Exception as error:  # pylint: disable=broad-except
            self.failure = error

    def say(self):
        try:
            self.device.send(self.room, self.line[1], self.line[0])
        except Refused as why:
            # Enough of it is pending, since the hub is away; or the hub has not answered yet.
            if why.code not in ("limit_reached", "unavailable"):
                raise
            chatd_world.LOOK_AGAIN.wait(0.05)
        else:
            self.said.append(self.line[1])
            self.line = None


def kill_and_restart(servers, devices, room):
    """SIGKILL of one of them after the other while all write."""
    writers = [Writer(device, room) for device in devices]
    for writer in writers:
        writer.start()
    for kill in range(KILLS * len(servers)):
        server = servers[kill % len(servers)]
        wanted = sum(len(writer.said) for writer in writers) + random.randint(10, 100)
        chatd_world.until("they write", lambda: any(
            writer.failure for writer in writers) or sum(
                len(writer.said) for writer in writers) > wanted)
        server.kill()
        for number, writer in enumerate(writers):
            if writer.device.world is server:
                writer.join()
        server.start()
        for number, writer in enumerate(writers):
            if writer.device.world is server:
                if writer.failure:
                    raise writer.failure
                writer.device.connect()
                writers[number] = Writer(writer.device, room, writer)
                writers[number].start()
    for writer in writers:  # the connection breaks under the writer's hands
        writer.device.socket.socket.shutdown(2)
        writer.join()
        if writer.failure:
            raise writer.failure
        writer.device.connect()
        while writer.line:
            writer.say()
    return {writer.device.user: writer.said for writer in writers}


def all_arrived(devices, room, said):
    total = sum(len(lines) for lines in said.values())
    all_have(devices, room, lambda log: len(texts(log)) >= total)
    log = same_logs(devices, room)
    for user, lines in said.items():
        assert said_by(log, user) == lines, f"{user}: {said_by(log, user)} is not {lines}"
    print(f"{total} messages, {len(log)} records")


def story_sigkill_of_either_server_loses_and_doubles_nothing(world):
    with Servers(world, "one.example", "two.example") as servers:
        alice, bob = sign_up(servers[0], "alice"), sign_up(servers[1], "bob")
        garden = group_across(alice, bob)
        said = kill_and_restart(servers, [alice, bob], garden)
        all_arrived([alice, bob], garden, said)
        all_behaved(servers)
        for server in servers:
            assert server.ctl("room", "verify", garden)["problems"] == []
            chatd_world.until("nothing waits in the outbox",
                              lambda server=server: server.metrics()["federation_outbox"] == 0)


def story_sigkill_of_any_of_three_servers_loses_and_doubles_nothing(world):
    with Servers(world, "one.example", "two.example", "three.example") as servers:
        names = ("alice", "bob", "carol")
        devices = [sign_up(server, name) for server, name in zip(servers, names)]
        garden = group_across(*devices)
        said = kill_and_restart(servers, devices, garden)
        all_arrived(devices, garden, said)
        all_behaved(servers)


def story_a_server_that_hangs_holds_nobody_up(world):
    with Servers(world, "one.example", "two.example") as (one, two):
        alice, bob = sign_up(one, "alice"), sign_up(two, "bob")
        dave = sign_up(one, "dave")
        garden = group_across(alice, bob, dave)
        two.process.send_signal(signal.SIGSTOP)
        memory = one.memory_kib()
        for number in range(500):
            alice.send(garden, f"{number} " + "x" * 4000)
        all_have([alice, dave], garden, lambda log: len(texts(log)) == 500)
        grown = one.memory_kib() - memory
        assert "CHATD_SANITIZED" in os.environ or grown < 32 * 1024, \
            f"{grown} KiB for a peer that does not read"
        two.process.send_signal(signal.SIGCONT)
        all_have([bob], garden, lambda log: len(texts(log)) == 500)
        same_logs([alice, dave, bob], garden)
        all_behaved((one, two))


if __name__ == "__main__":
    chatd_world.run(globals())
