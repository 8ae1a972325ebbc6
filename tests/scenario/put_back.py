"""A server is put back from an old backup, and another one has what it has forgotten."""
import shutil

import chatd_world
from federation import group_across, same_logs, texts
from people import Device, Refused, sign_up
from servers import Servers, all_have


def back_up(server):
    """As an admin does: while it is down."""
    server.stop()
    shutil.copytree(server.data, server.folder / "backup")
    server.start()


def put_back(server):
    shutil.rmtree(server.data)
    shutil.copytree(server.folder / "backup", server.data)
    server.start()


def again(device):
    """The same person on a new device, which knows nothing yet."""
    found = Device(device.world, device.name, "new phone").log_in()
    found.sync()
    return found


def talked(world, one, two):
    """People of both in a group of the first, whose backup is older than what they said last."""
    alice, bob = sign_up(one, "alice"), sign_up(two, "bob")
    garden = group_across(alice, bob)
    back_up(one)
    alice.connect()
    for number in range(100):
        alice.send(garden, f"alice {number}")
        bob.send(garden, f"bob {number}")
    all_have([alice, bob], garden, lambda log: len(texts(log)) == 200)
    return alice, bob, garden


def story_a_hub_that_is_put_back_gets_back_what_it_had_told(world):
    with Servers(world, "one.example", "two.example") as (one, two):
        alice, bob, garden = talked(world, one, two)
        later = group_across(alice, bob)  # the backup knows nothing of it
        alice.send(later, "here too")
        all_have([alice, bob], later, lambda log: len(texts(log)) == 1)
        before = {room: same_logs([alice, bob], room) for room in (garden, later)}
        one.kill()
        put_back(one)
        alice = again(alice)
        for room, log in before.items():
            all_have([alice], room, lambda found, log=log: found == log)
            assert one.ctl("room", "verify", room)["problems"] == []
        status = one.ctl("federation", "status")
        assert status["restore_epoch"] > 0 and status["rooms_recovering"] == 0, status
        chatd_world.until("all were heard",
                          lambda: not one.ctl("federation", "status")["recovering"])
        alice.send(garden, "now I remember")
        bob.send(garden, "welcome back")
        all_have([alice, bob], garden, lambda log: len(texts(log)) == 202)
        same_logs([alice, bob], garden)


def story_a_hub_that_knows_it_was_put_back_waits_for_the_others(world):
    with Servers(world, "one.example", "two.example") as (one, two):
        alice, bob, garden = talked(world, one, two)
        log = same_logs([alice, bob], garden)
        one.stop()
        two.stop()
        put_back(one)
        one.ctl("federation", "restored")
        alice = again(alice)
        assert alice.refused("message.send", room=garden, content={"text": "too early"},
                             client_msg_id=alice.new_message_id()) == "unavailable"
        assert one.ctl("federation", "status")["recovering"]
        two.start()
        bob.connect()
        all_have([alice], garden, lambda found: found == log)

        def is_taken():
            try:
                return alice.send(garden, "now")
            except Refused as why:
                assert why.code == "unavailable"
                return None
        chatd_world.until("it takes messages again", is_taken)
        all_have([alice, bob], garden, lambda found: len(texts(found)) == 201)
        same_logs([alice, bob], garden)
        chatd_world.until("all are heard",
                          lambda: not one.ctl("federation", "status")["recovering"])


def story_two_logs_that_differ_since_a_backup_are_shown_and_never_mixed(world):
    with Servers(world, "one.example", "two.example") as (one, two):
        alice, bob, garden = talked(world, one, two)
        log = same_logs([alice, bob], garden)
        one.stop()
        two.stop()
        put_back(one)
        alice = again(alice)
        alice.send(garden, "something else")  # nobody told it, and nobody is there
        two.start()
        for server, other in ((one, two), (two, one)):
            chatd_world.until("the admin sees it", lambda server=server, other=other: garden in
                              server.ctl("federation", "peer", "show", other.name)["conflicts"])
        bob = again(bob)
        all_have([bob], garden, lambda found: found == log)
        alice.sync()
        assert texts(alice.whole_log(garden)) == ["something else"]


def story_a_follower_that_is_put_back_catches_up_and_says_nothing_twice(world):
    with Servers(world, "one.example", "two.example") as (hub, follower):
        alice, bob = sign_up(follower, "alice"), sign_up(hub, "bob")
        garden = group_across(bob, alice)
        hub.stop()
        for number in range(20):
            assert alice.send(garden, f"alice {number}") == 0
        back_up(follower)  # with what waits for the hub
        hub.start()
        alice.connect()
        bob.connect()
        bob.send(garden, "hello")
        all_have([alice, bob], garden, lambda log: len(texts(log)) == 21)
        log = same_logs([alice, bob], garden)
        follower.kill()
        put_back(follower)
        alice = again(alice)
        all_have([alice], garden, lambda found: found == log)
        chatd_world.until("nothing waits", lambda: follower.metrics()["federation_outbox"] == 0)
        bob.send(garden, "once")
        all_have([alice, bob], garden, lambda found: len(texts(found)) == 22)
        same_logs([alice, bob], garden)


if __name__ == "__main__":
    chatd_world.run(globals())
