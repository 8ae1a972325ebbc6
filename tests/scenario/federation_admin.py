"""The admin looks after the links with other servers."""
import json
import re
import shutil
import stat
import subprocess

import chatd_world
from federation import group_across, texts
from people import Refused, sign_up
from plugins import examples
from servers import Servers, all_have


def peer(server, other):
    return server.ctl("federation", "peer", "show", other)["peer"]


def is_linked(server, other):
    return any(row["server"] == other and row["link"] == "up"
               for row in server.ctl("federation", "peers")["peers"])


def steps(server, other):
    """What a check shows, and chatctl's exit code."""
    done = subprocess.run([server.chatctl, "--config", server.config_file, "--json", "federation",
                           "check", other], capture_output=True, text=True,
                          timeout=chatd_world.PATIENCE_S, check=False)
    result = json.loads(done.stdout)["result"]
    return {(step["side"], step["step"]): step for step in result["steps"]}, done.returncode


def story_the_admin_sees_how_it_stands_with_other_servers(world):
    with Servers(world, "one.example", "two.example") as (one, two):
        alice, bob = sign_up(one, "alice"), sign_up(two, "bob")
        group_across(alice, bob)
        chatd_world.until("they are linked", lambda: is_linked(one, "two.example")
                          and is_linked(two, "one.example"))
        status = one.ctl("federation", "status")
        assert (status["mode"], status["peers"], status["linked"]) == ("open", 1, 1), status
        assert status["outbox"] == 0 and status["records_sent"] > 0, status
        assert peer(one, "two.example")["rooms_fed"] == 1
        assert "nothing to do with" in one.ctl("federation", "peer", "show", "nine.example",
                                               fails=True)
        documents = one.ctl("federation", "cache", "show")["documents"]
        assert [row["server"] for row in documents] == ["two.example"], documents
        assert documents[0]["root_key"] == two.ctl("federation", "keys", "show")["root_key"]

        found, code = steps(one, "two.example")
        assert code == 0 and all(step["good"] for step in found.values()), found
        assert {("here", "handshake"), ("there", "handshake")} <= set(found), found
        found, code = steps(one, "two.example")
        assert code == 0 and "a moment ago" in found["there", "answer"]["words"], found
        two.stop()
        chatd_world.until("it is missed", lambda: not is_linked(one, "two.example"))
        found, code = steps(one, "two.example")
        assert code == 3 and not list(found.values())[-1]["good"], found
        assert ("there", "handshake") not in found, found
        found, code = steps(one, "no.such.server.example")
        assert code == 3 and not found["here", "document"]["good"], found


def story_a_denial_and_a_pause_outlive_a_restart(world):
    with Servers(world, "one.example", "two.example") as (one, two):
        alice, bob = sign_up(one, "alice"), sign_up(two, "bob")
        garden = group_across(alice, bob)
        one.ctl("federation", "deny", "*.example", "--reason", "too loud", "--yes")
        chatd_world.until("the link has ended", lambda: not is_linked(two, "one.example"))
        one.kill()
        one.start()
        alice.connect()
        alice.send(garden, "alone")
        assert not is_linked(one, "two.example")
        found, code = steps(one, "two.example")
        assert code == 3 and "too loud" in found["here", "policy"]["words"], found
        found, code = steps(two, "one.example")  # the refusal tells the other side
        assert code == 3 and not found["here", "handshake"]["good"], found
        rules = one.ctl("federation", "rule", "list")["rules"]
        assert [(rule["servers"], rule["decision"], rule["source"]) for rule in rules] == [
            ("*.example", "deny", "chatctl")], rules

        one.ctl("federation", "rule", "remove", "*.example")
        one.ctl("federation", "pause", "two.example")
        one.stop()
        one.start()
        alice.connect()
        assert peer(one, "two.example")["link"] == "paused"
        assert "is paused" in one.ctl("federation", "retry", "two.example", fails=True)
        one.ctl("federation", "resume", "two.example")
        two.ctl("federation", "retry", "one.example")
        all_have([bob], garden, lambda log: texts(log) == ["alone"])


def story_plugins_decide_about_other_servers_and_what_their_people_say(world):
    with Servers(world, "one.example", "two.example", "spam.example") as (one, two, spam):
        alice, bob, eve = sign_up(one, "alice"), sign_up(two, "bob"), sign_up(spam, "eve")
        garden = group_across(alice, bob)
        one.stop()
        one.start(plugins=examples(one, "mischief"))
        alice.connect()
        bob.send(garden, "hello")
        all_have([alice, bob], garden, lambda log: texts(log) == ["hello"])
        seq = bob.whole_log(garden)[-1]["seq"]
        reaction = {"room": garden, "target": seq, "reaction": "!", "set": True,
                    "client_msg_id": bob.new_message_id()}

        def refusal():
            try:  # a hub that takes its time tells so later, which is then the answer again
                return bob.call("message.react", **reaction)
            except Refused as why:
                return why.code, why.error["message"]
        chatd_world.until("the hub's plugin has refused it",
                          lambda: refusal() == ("denied", "keep that to yourselves"))
        room = eve.call("room.open_direct", user=alice.user)["room"]
        eve.send(room, "win a prize")
        chatd_world.until("the link is refused", lambda: peer(spam, "one.example")["error"])
        found, code = steps(spam, "one.example")
        assert code == 3 and not found["here", "handshake"]["good"], found
        assert not is_linked(spam, "one.example")


def story_the_admin_sees_the_way_of_a_message(world):
    with Servers(world, "one.example", "two.example") as (one, two):
        alice, bob = sign_up(one, "alice"), sign_up(two, "bob")
        garden = group_across(alice, bob)
        seq = alice.send(garden, "hello")
        all_have([bob], garden, lambda log: texts(log) == ["hello"])

        def trace(server, message):
            return server.ctl("message", "trace", garden, str(message))
        chatd_world.until("it is acked", lambda: trace(one, seq)["peers"][0].get("has_it"))
        way = trace(one, seq)
        assert (way["state"], way["seq"], way["sender"]) == ("stored", seq, alice.user), way
        assert (way["hub"], way["origin"], way["term"]) == (one.name, one.name, 1), way
        assert way["peers"][0]["server"] == two.name and way["peers"][0]["acked"] >= seq, way
        assert [reader["connections"] for reader in way["readers"]] == [1], way

        one.stop()
        chatd_world.until("it is missed", lambda: not is_linked(two, one.name))
        name = bob.new_message_id()
        bob.send(garden, "are you there?", name)
        way = trace(two, name)
        assert (way["state"], way["hub"], way["origin"]) == ("pending", one.name, two.name), way
        assert way["outbox_entry"] > 0 and "seq" not in way, way
        assert not way["peers"][0]["linked"] and way["peers"][0]["error"], way
        one.start()
        alice.connect()
        all_have([alice, bob], garden, lambda log: texts(log)[-1] == "are you there?")
        way = trace(one, name)
        assert way["state"] == "stored" and len(way["origin_key"]) == 43, way
        assert way["origin_key"] in one.ctl("federation", "peer", "show", two.name)["keys"], way
        assert trace(two, name)["seq"] == way["seq"]
        assert "no such message" in one.ctl("message", "trace", garden, "99", fails=True)


def story_what_is_erased_goes_also_where_people_have_left(world):
    with Servers(world, "one.example", "two.example", "three.example") as (one, two, three):
        alice, bob, carol = sign_up(one, "alice"), sign_up(two, "bob"), sign_up(three, "carol")
        garden = group_across(alice, bob, carol)
        seq = alice.send(garden, "my secret")
        all_have([bob, carol], garden, lambda log: texts(log) == ["my secret"])
        bob.call("room.leave", room=garden)
        all_have([alice], garden, lambda log: log[-1]["kind"] == "member")

        def trace(server):
            return server.ctl("message", "trace", garden, str(seq))

        def has_erased(server):
            return {peer["server"]: peer.get("has_erased") for peer in trace(server)["peers"]}
        chatd_world.until("it has left there, too", lambda: not trace(two)["readers"])
        two.stop()
        alice.call("message.redact", room=garden, target=seq, client_msg_id=alice.new_message_id())
        chatd_world.until("who is in the room has erased it", lambda: has_erased(one) == {
            two.name: False, three.name: True})
        two.start()
        chatd_world.until("and who left", lambda: has_erased(one)[two.name])
        assert trace(two)["erased"] and trace(three)["erased"]
        assert two.ctl("room", "verify", garden)["problems"] == []


def story_a_server_with_another_root_key_waits_for_the_admin(world):
    servers = Servers(world, "one.example", "two.example")
    certificate = servers.all["two.example"].folder / "cert.pem"
    servers.all["one.example"].launcher = ["env", f"SSL_CERT_FILE={certificate}"]
    with servers as (one, two):
        # one.example knows it as a server that is found by its name: without a root key.
        endpoints = one.config["federation"]["peers"][0]["endpoints"]
        one.write_config(federation={"peers": [{"server": two.name, "endpoints": endpoints}]})
        one.ctl("reload")
        alice, bob = sign_up(one, "alice"), sign_up(two, "bob")
        garden = group_across(alice, bob)
        old_key = two.ctl("federation", "keys", "show")["root_key"]
        two.stop()
        shutil.rmtree(two.data / "federation")
        two.start()
        bob.connect()
        new_key = two.ctl("federation", "keys", "show")["root_key"]
        one.stop()
        one.start()
        alice.connect()
        alice.send(garden, "who are you?")

        def shown():
            return one.ctl("federation", "peer", "show", "two.example")
        chatd_world.until("it is seen", lambda: "new_root_key" in shown())
        one.kill()
        one.start()
        alice.connect()
        assert (shown()["root_key"], shown()["new_root_key"]) == (old_key, new_key), shown()
        assert not is_linked(one, "two.example")
        one.ctl("federation", "peer", "accept", "two.example", "--yes")
        one.ctl("federation", "retry", "two.example")
        all_have([bob], garden, lambda log: texts(log) == ["who are you?"])
        assert shown()["root_key"] == new_key, shown()
        assert "no other root key" in one.ctl("federation", "peer", "accept", "two.example",
                                              "--yes", fails=True)


def story_a_server_that_is_new_may_do_little(world):
    with Servers(world, "one.example", "two.example") as (one, two):
        alice, bob = sign_up(one, "alice"), sign_up(two, "bob")
        one.write_config(federation={"probation_days": 7, "joins_per_hour": 20})
        one.ctl("reload")
        for number in range(2):
            group_across(alice, bob)
        room = alice.call("room.create", name="one more", invite=[bob.user])["room"]
        chatd_world.until("the invitation comes", lambda: any(
            delta["summary"]["room"] == room for delta in bob.sync()))
        bob.call("room.join", room=room)

        def shown():
            return one.ctl("federation", "peer", "show", "two.example")
        chatd_world.until("it has to wait", lambda: shown()["limited"].get("join"))
        assert shown()["quota_percent"] == 10, shown()
        chatd_world.until("the metrics tell", lambda: re.search(
            r'limited_total\{what="join"\} [1-9]', one.get("/metrics")[1]))
        # It is not refused, and is let in once the admin raises the limit.
        assert bob.call("sync", account_version=0, rooms=[])["pending"], "it is given up"
        one.write_config(federation={"probation_days": 0, "joins_per_hour": 3600000})
        one.ctl("reload")
        two.ctl("federation", "pause", "one.example")
        two.ctl("federation", "resume", "one.example")
        all_have([bob], room, lambda log: any(record["kind"] == "member" for record in log))


def story_what_the_configuration_says_goes_before_what_was_decided(world):
    world.start(federation={"mode": "allow_list", "allow": ["*.friends.example"],
                            "deny": [{"servers": "bad.example", "reason": "in the file"}]})
    effect = world.ctl("federation", "allow", "bad.example")["effect"]
    assert "in the file" in effect, effect
    assert world.ctl("federation", "allow", "new.example")["effect"] == (
        "this server federates with new.example")
    said = world.ctl("federation", "rule", "remove", "*.friends.example", fails=True)
    assert "stands in the configuration" in said, said
    said = world.ctl("federation", "deny", "*", "--yes", fails=True)
    assert "neither a server's name" in said, said
    world.stop()
    rules = world.data / "federation" / "rules"
    assert stat.S_IMODE(rules.stat().st_mode) == 0o600
    rules.write_text("nonsense\n")
    check = subprocess.run([world.chatd, "--check", world.config_file], capture_output=True,
                           text=True, check=False)
    assert check.returncode == 3 and "rules: line 1" in check.stderr, check


def story_a_signing_key_is_certified_where_the_root_key_is_kept(world):
    world.start()
    keys = world.ctl("federation", "keys", "show")
    assert keys["root_is"] == "here" and [key["state"] for key in keys["keys"]] == ["in use"], keys
    world.ctl("federation", "keys", "rotate")
    states = [key["state"] for key in world.ctl("federation", "keys", "show")["keys"]]
    assert states == ["in use", "next"], states
    assert "there already" in world.ctl("federation", "keys", "rotate", fails=True)

    stolen = [key["key"] for key in keys["keys"]][0]
    world.ctl("federation", "keys", "end", stolen, "--yes")
    states = {key["key"]: key["state"]
              for key in world.ctl("federation", "keys", "show")["keys"]}
    assert states[stolen] == "ended" and "in use" in states.values(), states
    assert "ended already" in world.ctl("federation", "keys", "end", stolen, "--yes", fails=True)
    world.stop()

    safe = world.folder / "safe.key"
    shutil.move(world.data / "federation" / "root.key", safe)
    world.start(federation={"root_key": "offline"})
    assert "kept elsewhere" in world.ctl("federation", "keys", "rotate", fails=True)
    request = world.ctl("federation", "keys", "request")["request"]
    certified = world.ctl("federation", "keys", "certify", request, str(safe), "--days", "60")
    world.ctl("federation", "keys", "add", certified["certificate"])
    world.kill()
    world.start()
    after = world.ctl("federation", "keys", "show")
    assert after["root_key"] == keys["root_key"] and after["root_is"] == "elsewhere", after
    assert certified["key"] in [key["key"] for key in after["keys"]], after
    stolen = certified["key"]
    request = world.ctl("federation", "keys", "end", stolen, "--yes")["request"]
    certified = world.ctl("federation", "keys", "certify", request, str(safe))
    assert certified["key"] == stolen, certified
    world.ctl("federation", "keys", "add", certified["certificate"])
    world.kill()
    world.start()
    states = {key["key"]: key["state"]
              for key in world.ctl("federation", "keys", "show")["keys"]}
    assert states[stolen] == "ended", states
    epoch = world.ctl("federation", "restored")["restore_epoch"]
    assert world.ctl("federation", "restored")["restore_epoch"] > epoch > 0
    world.stop()


if __name__ == "__main__":
    chatd_world.run(globals())
