"""Servers that can't be reached: the line to them is dead, or there is none."""
import contextlib
import subprocess

import chatd_world
from bystanders import undisturbed
from federation import group_across, said_by, same_logs, texts
from people import sign_up
from places import Place
from servers import PORT, Servers, all_behaved, all_have

NOWHERE = "02:00:00:00:00:ff"  # no interface's address
GIVES_UP_S = 100  # a line on which nothing came for a minute is given up
SILENT = 1000


class Line:
    """Between two places. Cut, whatever is sent is lost without a word."""

    def __init__(self, *places):
        self.ends = [(place, f"10.77.0.{number}", f"end{number}")
                     for number, place in enumerate(places, 1)]
        subprocess.run(["ip", "link", "add", "end1", "netns", str(places[0].holder.pid), "type",
                        "veth", "peer", "name", "end2", "netns", str(places[1].holder.pid)],
                       check=True)
        for place, address, end in self.ends:
            place.ip("address", "add", f"{address}/24", "dev", end)
            place.ip("link", "set", end, "up")

    def both_ways(self):
        for (place, _, end), (_, other, _) in (self.ends, reversed(self.ends)):
            yield place, end, other

    def cut(self):
        for place, end, other in self.both_ways():
            place.ip("neighbour", "replace", other, "lladdr", NOWHERE, "dev", end, "nud",
                     "permanent")

    def mend(self):
        for place, end, other in self.both_ways():
            place.ip("neighbour", "delete", other, "dev", end)


def until_given_up(what, condition):
    for _ in range(GIVES_UP_S // chatd_world.PATIENCE_S + 1):
        with contextlib.suppress(AssertionError):
            return chatd_world.until(what, condition)
    raise AssertionError(f"waited in vain: {what}")


def standing(server):
    status = server.ctl("federation", "status")
    return {word: status[word] for word in ("peers", "linked", "outbox")}


def linked(server):
    return standing(server)["linked"]


def story_what_is_said_while_the_line_between_two_servers_is_dead_arrives_once(world):
    with Place() as here, Place() as there:
        line = Line(here, there)
        servers = Servers(world, "one.example", "two.example")
        for server, (place, address, _) in zip(servers.all.values(), line.ends):
            place.take_in(server)
            server.config["listen"]["tls"].append(f"{address}:{PORT}")
            server.address = address  # for the other one
        with servers as (one, two):
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


def story_a_thousand_servers_that_never_answer_disturb_nobody(world):
    with Place() as place:
        place.take_in(world)
        world.start()
        people = sign_up(world, *(f"p{number}" for number in range(SILENT // 100)))
        with undisturbed(world, max_growth_mib=32):
            for number in range(SILENT):
                person = people[number % len(people)]
                room = person.call("room.open_direct", user=f"x@s{number}.example")["room"]
                person.call("message.send", room=room, content={"text": "hello?"},
                            client_msg_id=person.new_message_id())
        waiting = standing(world)
        assert waiting["peers"] == SILENT and waiting["linked"] == 0 < waiting["outbox"], waiting
        world.kill()
        world.start()
        chatd_world.until("all are tried again", lambda: standing(world) == waiting)
        world.stop()


if __name__ == "__main__":
    chatd_world.run(globals())
