"""A room goes from one server to another."""
import chatd_world
from federation import group_across, same_logs, texts
from people import Refused, sign_up
from servers import Servers, all_behaved, all_have


def hub_of(server, room):
    return server.ctl("room", "hub", "show", room)["hub"]


def story_a_room_moves_to_another_server_and_lives_on_there_alone(world):
    with Servers(world, "one.example", "two.example", "three.example") as servers:
        one, two, three = servers
        people = [sign_up(server, name)
                  for server, name in zip(servers, ("alice", "bob", "carol"))]
        alice, bob, carol = people
        garden = group_across(*people)
        for person in people:
            person.send(garden, f"{person.name} before")
        all_have(people, garden, lambda log: len(texts(log)) == 3)
        three.stop()  # it hears of the move when it is back
        moved = one.ctl("room", "hub", "move", garden, "two.example", "--yes")
        assert (moved["hub"], moved["term"], moved["here"]) == ("two.example", 2, False), moved
        chatd_world.until("the new hub knows it", lambda: hub_of(two, garden) == "two.example")
        chatd_world.until("it numbers", lambda: bob.send(garden, "bob after") > 0)
        alice.send(garden, "alice after")
        three.start()
        carol.connect()
        carol.send(garden, "carol after")
        all_have(people, garden, lambda log: len(texts(log)) == 6)
        chatd_world.until("all know it", lambda: all(
            hub_of(server, garden) == "two.example" for server in servers))
        one.stop()  # nobody needs it any more
        carol.send(garden, "carol at last")
        all_have([bob, carol], garden, lambda log: len(texts(log)) == 7)
        same_logs([bob, carol], garden)
        one.start()
        alice.connect()
        all_have([alice], garden, lambda log: len(texts(log)) == 7)
        same_logs(people, garden)
        for server in servers:
            assert server.ctl("room", "verify", garden)["problems"] == []
        all_behaved(servers)


def story_a_room_stays_where_the_other_server_does_not_take_it(world):
    with Servers(world, "one.example", "two.example") as (one, two):
        alice, bob = sign_up(one, "alice"), sign_up(two, "bob")
        garden = group_across(alice, bob)
        words = one.ctl("room", "hub", "move", garden, "three.example", "--yes", fails=True)
        assert "nobody of three.example is in the room" in words, words
        words = two.ctl("room", "hub", "move", garden, "two.example", "--yes", fails=True)
        assert "one.example is the room's hub" in words, words
        direct = alice.call("room.open_direct", user=bob.user)["room"]
        words = one.ctl("room", "hub", "move", direct, "two.example", "--yes", fails=True)
        assert "1:1" in words, words
        two.stop()
        words = one.ctl("room", "hub", "move", garden, "two.example", "--yes", fails=True)
        assert "two.example" in words, words
        assert alice.send(garden, "it stays here") > 0


def say(person, room, text):
    """As clients do: what is refused for a moment is said again, under the same name."""
    name = person.new_message_id()

    def is_taken():
        try:
            person.send(room, text, name)
        except Refused as refusal:
            if refusal.code != "unavailable":
                raise
            return False
        return True
    chatd_world.until("it is taken", is_taken)


def story_sigkill_of_either_server_during_a_move_loses_and_doubles_nothing(world):
    with Servers(world, "one.example", "two.example") as servers:
        one, two = servers
        alice, bob = sign_up(one, "alice"), sign_up(two, "bob")
        garden = group_across(alice, bob)
        count = 0
        for number in range(4):
            hub, other = (one, two) if hub_of(one, garden) == "one.example" else (two, one)
            for person in (alice, bob):
                for line in range(10):
                    say(person, garden, f"{number} {line}")
                    count += 1
            killed = (hub, other)[number % 2]
            chatd_world.until("it moves", lambda hub=hub, other=other: hub_of(
                hub, garden) == other.name or moves(hub, garden, other.name))
            killed.kill()
            killed.start()
            (alice if killed is one else bob).connect()
        all_have([alice, bob], garden, lambda log: len(texts(log)) == count)
        for device, other in ((alice, bob), (bob, alice)):  # the last move, too
            all_have([device], garden, lambda log, other=other: len(log) >= len(
                other.whole_log(garden)))
        same_logs([alice, bob], garden)
        all_behaved(servers)


def moves(hub, room, server):
    try:
        return hub.ctl("room", "hub", "move", room, server, "--yes")
    except AssertionError:
        return None  # the link is just being made


if __name__ == "__main__":
    chatd_world.run(globals())
