"""People come to rooms of other servers in which years of talk have gathered."""
import time

import chatd_world
from people import Device, Refused, sign_up
from servers import Servers, all_behaved

MESSAGES = 20_000
AT_ONCE = 50  # of one device; a server takes a few more


def room_full_of_words(owner, count):
    room = owner.call("room.create", name="the old town", join="open")["room"]
    devices = [owner] + [Device(owner.world, owner.name, f"tab {n}").log_in() for n in range(3)]
    waiting = []
    for number in range(count):
        device = devices[number % len(devices)]
        waiting.append((device, device.ask(
            "message.send", room=room, content={"text": f"word {number}"},
            client_msg_id=device.new_message_id())))
        if len(waiting) >= AT_ONCE * len(devices):
            answer_of(*waiting.pop(0))
    for one in waiting:
        answer_of(*one)
    for device in devices[1:]:
        device.drop()
    owner.sync()
    return room


def answer_of(device, number):
    device.answer_to(number)
    device.events.clear()


def newest(device, room):
    """The newest page; none where the device is not in the room yet."""
    try:
        return device.call("history.get", room=room)["records"]
    except Refused as why:
        assert why.code == "not_found", why
        return []


def verified(server, room):
    report = server.ctl("room", "verify", room)
    assert report["problems"] == [], report
    return report["records"], report["head_hash"]


def story_who_joins_a_large_room_of_another_server_reads_and_writes_at_once(world):
    with Servers(world, "one.example", "two.example") as (one, two):
        alice, bob = sign_up(one, "alice"), sign_up(two, "bob")
        room = room_full_of_words(alice, MESSAGES)
        carol = sign_up(two, "carol")
        begin = time.monotonic()
        bob.call("room.join", room=room, hub="one.example")
        page = chatd_world.until("the room is there", lambda: newest(bob, room))
        print(f"there after {time.monotonic() - begin:.3f} s")
        assert len(page) == 50, page
        assert page[-2]["content"]["text"].startswith("word "), page[-2]
        assert page[-2]["seq"] == MESSAGES + 1, page[-2]
        assert page[-1]["kind"] == "member", page[-1]
        assert len(bob.call("room.get", room=room)["members"]) == 2
        bob.send(room, "good evening")
        alice.expect_text(room, "good evening")

        two.kill()  # wherever it is with the log
        two.start()
        bob.connect()
        carol.connect()
        alice.send(room, "welcome")
        chatd_world.until("he hears the answer", lambda: any(
            record.get("content") == {"text": "welcome"} for record in newest(bob, room)))
        carol.call("room.join", room=room, hub="one.example")
        chatd_world.until("so does she", lambda: newest(carol, room))

        chatd_world.until("the log is there", lambda: verified(one, room) == verified(two, room))
        first = bob.call("history.get", room=room, after=0)["records"][0]
        assert first["kind"] == "create", first
        assert len(alice.call("room.get", room=room)["members"]) == 3
        all_behaved((one, two))
        for server in (one, two):
            server.stop()


if __name__ == "__main__":
    chatd_world.run(globals())
