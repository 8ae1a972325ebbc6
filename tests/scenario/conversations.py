"""What people do with each other over TLS WebSocket."""
import chatd_world
from people import Device, direct, group, sign_up


def each_knows_the_same_log(room, *devices):
    logs = [device.whole_log(room) for device in devices]
    assert all(log == logs[0] for log in logs), logs


def story_two_people_write_to_each_other(world):
    world.start()
    alice, bob = sign_up(world, "alice", "bob")
    room = direct(alice, bob)
    alice.send(room, "are you there?")
    bob.expect_text(room, "are you there?")
    bob.send(room, "Ja, schön 😀")
    alice.expect_text(room, "Ja, schön 😀")
    assert bob.call("room.open_direct", user=alice.user)["room"] == room
    alice.sync()
    bob.sync()
    each_knows_the_same_log(room, alice, bob)
    world.stop()


def story_a_group_is_founded_and_lives(world):
    world.start()
    alice, bob, carol, dave = sign_up(world, "alice", "bob", "carol", "dave")
    room = alice.call("room.create", name="the garden", invite=[bob.user, carol.user])["room"]
    bob.expect("account.changed")
    bob.call("room.join", room=room)
    alice.expect_record(room, kind="member", sender=bob.user)
    carol.call("room.leave", room=room)  # declines
    assert carol.refused("message.send", room=room, content={"text": "no"},
                         client_msg_id=carol.new_message_id()) in ("not_found", "forbidden")
    assert dave.refused("room.join", room=room) in ("not_found", "forbidden")
    for device in (alice, bob):
        device.sync()
    alice.send(room, "welcome")
    bob.expect_text(room, "welcome")
    alice.call("room.set", room=room, topic="roses")
    bob.expect_record(room, kind="meta")
    assert bob.refused("room.kick", room=room, user=alice.user) == "forbidden"
    alice.call("room.kick", room=room, user=bob.user, reason="late")
    assert bob.expect("account.changed", gone=room)
    assert bob.refused("history.get", room=room) == "not_found"
    world.stop()


def story_devices_of_one_person_stay_in_step(world):
    world.start()
    alice, phone = sign_up(world, "alice", "carol")
    laptop = Device(world, "carol", "laptop").log_in()
    laptop.sync()
    room = direct(alice, phone)
    laptop.sync()
    seq = phone.send(room, "from the phone")
    laptop.expect_record(room, seq=seq)
    laptop.send(room, "from the laptop")
    phone.expect_text(room, "from the laptop")
    phone.call("receipt.read", room=room, seq=seq)
    assert laptop.expect("room.read", room=room, user="carol@localhost")["seq"] == seq
    phone.call("profile.set", display_name="Carol")
    assert laptop.expect("account.changed")
    for device in (alice, phone, laptop):
        device.sync()
    each_knows_the_same_log(room, alice, phone, laptop)
    devices = {device["name"]: device["device"] for device in phone.call("device.list")["devices"]}
    phone.call("device.revoke", device=devices["laptop"])
    laptop.expect("session.revoked")
    laptop.expect_close(4001)
    stranger = Device(world, "carol", "laptop").connect()
    assert stranger.refused("session.resume", token=laptop.token) == "unauthenticated"
    world.stop()


def story_who_was_offline_catches_up(world):
    world.start()
    alice, bob, carol = sign_up(world, "alice", "bob", "carol")
    rooms = [group(alice, bob, carol, name=f"room {number}") for number in range(3)]
    bob.drop()
    for number in range(60):
        alice.send(rooms[number % 2], f"line {number}")
    carol.call("room.leave", room=rooms[2])
    bob.connect()
    bob.sync()
    for device in (alice, carol):
        device.sync()
    for room in rooms[:2]:
        each_knows_the_same_log(room, alice, bob, carol)
    assert bob.texts(rooms[0]) == [f"line {number}" for number in range(0, 60, 2)]
    assert bob.expect_record(rooms[2], kind="member", sender=carol.user)
    summaries = {entry["room"]: entry for entry in bob.call("room.list")["rooms"]}
    assert summaries[rooms[0]]["unread"] == 30, summaries
    world.stop()


def story_a_message_is_edited_reacted_to_and_erased(world):
    world.start()
    alice, bob = sign_up(world, "alice", "bob")
    room = direct(alice, bob)
    seq = alice.send(room, "a slip of teh pen")
    alice.call("message.edit", room=room, target=seq, client_msg_id=alice.new_message_id(),
               content={"text": "a slip of the pen"})
    assert bob.expect_record(room, kind="edit")["content"] == {"text": "a slip of the pen"}
    bob.call("message.react", room=room, target=seq, reaction="👍", set=True,
             client_msg_id=bob.new_message_id())
    assert alice.expect_record(room, kind="reaction")["content"]["reaction"] == "👍"
    for method in ("message.edit", "message.redact"):
        content = {"content": {"text": "mine"}} if method == "message.edit" else {}
        assert bob.refused(method, room=room, target=seq, client_msg_id=bob.new_message_id(),
                           **content) == "forbidden"
    alice.call("message.redact", room=room, target=seq, client_msg_id=alice.new_message_id())
    bob.expect_record(room, kind="redact", target=seq)
    for record in bob.call("history.get", room=room)["records"]:
        if record["seq"] == seq or record["kind"] == "edit":
            assert record["erased"] and "content" not in record, record
    assert bob.refused("message.react", room=room, target=9999, reaction="👍", set=True,
                       client_msg_id=bob.new_message_id()) == "not_found"
    world.stop()


def story_what_passes_by_is_seen_by_those_who_are_there(world):
    world.start(presence={"grace_seconds": 0, "coalesce_ms": 0})
    alice, bob, carol = sign_up(world, "alice", "bob", "carol")
    room = direct(alice, bob)
    alice.call("typing.set", room=room, typing=True)
    assert bob.expect("room.typing", room=room)["typing"]
    assert not alice.call("presence.contacts")["presence"]
    alice.call("contact.request", user=bob.user)
    bob.expect("account.changed")
    bob.call("contact.accept", user=alice.user)
    states = alice.call("presence.contacts")["presence"]
    assert [(one["user"], one["state"]) for one in states] == [(bob.user, "online")], states
    bob.call("presence.set", state="away")
    while alice.expect("presence")["presence"]["state"] != "away":
        pass
    bob.drop()
    while alice.expect("presence")["presence"]["state"] != "offline":
        pass
    bob.connect()
    while alice.expect("presence")["presence"]["state"] != "online":
        pass
    carol.call("session.ping")
    assert not [event for event in carol.events if event[0] in ("presence", "room.typing")]
    world.stop()


def story_history_comes_in_pages_without_holes(world):
    world.start()
    alice, bob = sign_up(world, "alice", "bob")
    room = direct(alice, bob)
    for number in range(120):
        alice.send(room, f"line {number}")
    head = bob.call("history.get", room=room, limit=1)["head_seq"]
    found, before = [], {}
    while True:
        page = bob.call("history.get", room=room, limit=17, **before)
        found = [record["seq"] for record in page["records"]] + found
        if not page["has_before"]:
            break
        before = {"before": found[0]}
    assert found == list(range(1, head + 1)), found
    around = bob.call("history.get", room=room, around=60, limit=10)["records"]
    assert [record["seq"] for record in around] == list(range(55, 65)), around
    small = bob.call("history.get", room=room, after=50, max_bytes=1)
    assert [record["seq"] for record in small["records"]] == [51] and small["has_after"]
    world.stop()


def story_two_io_threads_serve_as_one(world):
    world.start(listen={"io_threads": 2})
    alice, bob, carol = sign_up(world, "alice", "bob", "carol")
    laptop = Device(world, "carol", "laptop").log_in()
    room = group(alice, bob, carol)
    laptop.sync()
    senders = (alice, bob, carol, laptop)
    for number in range(40):
        for device in senders:
            device.ask("message.send", room=room, client_msg_id=device.new_message_id(),
                       content={"text": f"{device.device_name} of {device.name} {number}"})
    for device in senders:
        for number in range(40):
            for other in senders:
                if other is not device:
                    device.expect_text(room, f"{other.device_name} of {other.name} {number}")
    for device in senders:
        device.sync()
    each_knows_the_same_log(room, *senders)
    assert len(alice.texts(room)) == 160
    world.stop()


if __name__ == "__main__":
    chatd_world.run(globals())
