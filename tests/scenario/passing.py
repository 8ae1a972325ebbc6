"""What passes by between servers and is kept nowhere: who is there, types, has read what."""
import chatd_world
from federation import group_across
from people import sign_up
from servers import Servers, all_behaved

SOON = {"grace_seconds": 1}


def contacts_across(one, other):
    one.call("contact.request", user=other.user)
    chatd_world.until("the request comes", lambda: any(
        contact["user"] == one.user for contact in other.call("contact.list")["contacts"]))
    other.call("contact.accept", user=one.user)
    for device, contact in ((one, other), (other, one)):
        chatd_world.until(f"{device.name} sees {contact.name}", lambda: state_of(
            device, contact) == "online")  # pylint: disable=cell-var-from-loop


def state_of(device, contact):
    """As it is shown just now; None: not at all."""
    found = [each["state"] for each in device.call("presence.contacts")["presence"]
             if each["user"] == contact.user]
    return found[0] if found else None


def name_of(device, person):
    return device.call("profile.get", user=person.user)["display_name"]


def expect_state(device, contact, state):
    while True:
        presence = device.expect("presence")["presence"]
        if presence["user"] == contact.user and presence["state"] == state:
            return presence


def story_contacts_of_two_servers_see_each_other_come_and_go(world):
    with Servers(world, "one.example", "two.example") as (one, two):
        for server in (one, two):
            server.write_config(presence=SOON)
            server.ctl("reload")
        alice, bob = sign_up(one, "alice"), sign_up(two, "bob")
        contacts_across(alice, bob)
        bob.drop()
        expect_state(alice, bob, "offline")
        bob.connect()
        bob.sync()
        expect_state(alice, bob, "online")
        # Where their server is away nobody knows how they are.
        two.kill()
        expect_state(alice, bob, "unknown")
        assert state_of(alice, bob) == "unknown"
        two.start()
        bob.connect()
        bob.sync()
        expect_state(alice, bob, "online")
        chatd_world.until("bob sees alice again", lambda: state_of(bob, alice) == "online")
        bob.call("contact.remove", user=alice.user)
        chatd_world.until("alice sees nothing of bob", lambda: state_of(alice, bob) is None)
        all_behaved((one, two))


def story_typing_read_markers_and_names_pass_between_three_servers(world):
    with Servers(world, "one.example", "two.example", "three.example") as servers:
        alice, bob, carol = (sign_up(server, name)
                             for server, name in zip(servers, ("alice", "bob", "carol")))
        garden = group_across(alice, bob, carol)
        seq = alice.send(garden, "who is there?")
        for device in (bob, carol):
            device.expect_record(garden, seq=seq)
        bob.call("typing.set", room=garden, typing=True)
        bob.call("receipt.read", room=garden, seq=seq)
        for device in (alice, carol):
            device.expect("room.typing", room=garden, user=bob.user, typing=True)
            device.expect("room.read", room=garden, user=bob.user, seq=seq)
            members = device.call("room.get", room=garden)["members"]
            assert any(member["user"] == bob.user and member["read_seq"] == seq
                       for member in members), members

        bob.call("profile.set", display_name="Bob of Two", status_text="in the garden")
        for device in (alice, carol):  # the servers of the latter two have no link yet
            chatd_world.until(f"{device.name} knows bob's name", lambda: name_of(
                device, bob) == "Bob of Two")  # pylint: disable=cell-var-from-loop
        all_behaved(servers)


def story_a_stranger_of_another_server_is_shown_without_a_word(world):
    with Servers(world, "one.example", "two.example") as (one, two):
        alice, bob = sign_up(one, "alice"), sign_up(two, "bob")
        room = alice.call("room.open_direct", user=bob.user)["room"]
        alice.send(room, "buy this")
        chatd_world.until("the request comes", lambda: any(
            delta["summary"]["room"] == room for delta in bob.sync()))
        assert bob.refused("history.get", room=room) == "not_found"
        assert not bob.logs[room], bob.logs[room]
        assert bob.call("profile.get", user=alice.user)["display_name"] == "alice"
        bob.call("room.join", room=room)
        texts = [record["content"]["text"] for record in bob.call("history.get", room=room)[
            "records"] if record["kind"] == "message"]
        assert texts == ["buy this"], texts
        bob.send(room, "no, thank you")
        alice.expect_text(room, "no, thank you")
        all_behaved((one, two))


if __name__ == "__main__":
    chatd_world.run(globals())
