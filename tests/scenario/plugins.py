"""Servers with plugins that are not part of a standard installation."""
import json
import pathlib
import re
import signal
import subprocess
import threading
import time

import chatd_world
import people
from people import PASSWORD

PROTOCOL = pathlib.Path(__file__).parents[2] / "daemon/wire/PROTOCOL.md"


def examples(world, *load):
    """The section [plugins] with the folder that the examples lie in."""
    return {"dirs": [str(world.plugins), str(world.test_plugins)], "load": load}


def result(answer):
    assert "result" in answer, answer
    return answer["result"]


def sign_up(world, name):
    return result(world.rpc("account.sign_up", {"name": name, "password": PASSWORD,
                                                "device_name": "bot"}))["token"]


def story_a_server_runs_on_the_store_of_an_example(world):
    world.start(plugins=examples(world), storage={"plugin": "storage_memory"})
    romeo, juliet = sign_up(world, "romeo"), sign_up(world, "juliet")
    room = result(world.rpc("room.open_direct", {"user": "juliet@localhost"}, romeo))["room"]
    message = {"room": room, "client_msg_id": "0190b3c4-0000-7000-8000-000000000001",
               "content": {"text": "what light through yonder window breaks?"}}
    sent = result(world.rpc("message.send", message, romeo))
    again = result(world.rpc("message.send", message, romeo))
    page = result(world.rpc("history.get", {"room": room}, juliet))
    assert again["seq"] == sent["seq"], (sent, again)
    assert page["records"][-1]["seq"] == sent["seq"], page
    assert page["records"][-1]["content"] == message["content"], page
    assert world.ctl("status")["storage"]["memory_bytes"] > 0
    assert "everything is kept in memory" in world.log()
    world.stop()


def story_clients_find_the_methods_of_plugins(world):
    world.start(plugins=examples(world, "hello_hooks"))
    about = json.loads(world.get("/.well-known/chatd")[1])
    status, text = world.get(about["endpoints"]["openrpc"])
    assert status == 200, text
    methods = {method["name"]: method for method in json.loads(text)["methods"]}
    greet = methods["x.hello_hooks.greet"]
    assert greet["x-params-schema"] == {"type": "object", "additionalProperties": False}, greet
    assert "message.send" in methods
    romeo = sign_up(world, "romeo")
    answer = result(world.rpc("x.hello_hooks.greet", {}, romeo))
    assert answer["greeting"] == "Hello, romeo@localhost", answer
    assert world.ctl("plugin", "info", "hello_hooks")["methods"] == ["x.hello_hooks.greet"]
    world.stop()


def documented_members(heading):
    """The members that PROTOCOL.md lists below a heading, with their types."""
    chapter = PROTOCOL.read_text(encoding="utf-8").split(f"\n{heading}\n")[1].split("\n#")[0]
    return dict(re.findall(r"^\| `(\w+)`(?: \(optional\))? \| (.*?) \|", chapter, re.M))


def story_a_server_says_of_itself_what_the_protocol_names(world):
    world.start(server={"contact": "the \"friar\" <friar@localhost>"})
    about = json.loads(world.get("/.well-known/chatd")[1])
    types = {"string": str, "integer": int, "list of string": list}

    def compare(said, documented):
        assert said.keys() == documented.keys(), (said, documented)
        for name, kind in documented.items():
            if link := re.match(r"\[(\w+)\]\(#", kind):
                compare(said[name], documented_members(f"### type {link[1]}"))
            else:
                assert isinstance(said[name], types[kind]), (name, said[name], kind)

    compare(about, documented_members("## What a server says of itself"))
    assert about["server"] == "localhost"
    assert about["contact"] == "the \"friar\" <friar@localhost>"
    assert about["limits"]["room_members"] == 100
    world.stop()


def story_a_silent_hook_is_given_up_though_somebody_else_never_rests(world):
    world.start(plugins=examples(world, "mischief"), plugin__mischief={"deadline_ms": 200})
    alice, bob = people.sign_up(world, "alice", "bob")
    room = people.direct(alice, bob)
    asked = alice.ask("message.send", room=room, client_msg_id=alice.new_message_id(),
                      content={"text": "never"})
    answers = []
    waiting = threading.Thread(target=lambda: answers.append(alice.refusal_of(asked)),
                               daemon=True)
    waiting.start()
    deadline = time.monotonic() + chatd_world.PATIENCE_S / 3
    while waiting.is_alive() and time.monotonic() < deadline:
        bob.call("session.ping")  # one turn after the other, with no pause in which to look
    assert answers == ["unavailable"], answers
    assert world.ctl("plugin", "info", "mischief")["numbers"]["timeouts"] == 1
    world.stop()


def story_nobody_is_shown_a_plugins_secret(world):
    secret = "hunter2hunter2"
    world.start(plugins=examples(world, "mischief"),
                plugin__mischief={"token": secret, "limit": "1MiB"})
    shown = world.ctl("config", "show")["text"]
    assert 'limit = "1MiB"' in shown, shown
    assert "# token: set, not shown" in shown, shown
    offline = world.ctl("config", "show", str(world.config_file))["text"]
    assert "# token: set, not shown" in offline, offline
    world.write_config(plugin__mischief={"token": secret + secret})
    reloaded = json.dumps(world.ctl("reload"))
    for text in (shown, offline, reloaded, world.log(), world.get("/metrics")[1]):
        assert secret not in text, text
    world.stop()


def story_every_mistake_is_found_before_a_start_and_none_gets_in_by_a_reload(world):
    world.start(plugins=examples(world, "hello_hooks"))
    good = world.config_file.read_text(encoding="utf-8")

    def check():
        return subprocess.run([world.chatd, "--check", world.config_file], text=True,
                              capture_output=True, timeout=chatd_world.PATIENCE_S, check=False)

    assert check().returncode == 0, check()
    world.write_config(limits={"messages_per_minute": 0}, plugin__hello_hooks={"wrod": "spam"},
                       tls={"certificate": "nowhere.pem"})
    lines = world.config_file.read_text(encoding="utf-8").splitlines()
    expected = [(1 + next(at for at, line in enumerate(lines) if line.startswith(start)), said)
                for start, said in (
                    ("certificate", "can't read the certificate"),
                    ("messages_per_minute", "limits.messages_per_minute"),
                    ("wrod", 'wrod in [plugin.hello_hooks], did you mean "word"?'))]
    found = check()
    assert found.returncode == 3, found
    asked = world.ctl("--socket", str(world.data / "chatd.sock"), "reload", fails=True)
    for complaint, (line, said) in zip(found.stderr.splitlines(), expected, strict=True):
        place, sentence = complaint.split(": ", 1)
        assert re.fullmatch(rf"{re.escape(str(world.config_file))}:{line}:\d+", place), complaint
        assert said in sentence, complaint
        assert json.dumps(said)[1:-1] in asked, asked

    world.config_file.write_text(good + "[plugin.hello_hooks]\nwrod = 1\nwrod2 = 1\n",
                                 encoding="utf-8")
    world.process.send_signal(signal.SIGHUP)  # mistakes of plugins alone are enough
    refusal = "the configuration was not reloaded"
    chatd_world.until("it refuses", lambda: world.log().count(refusal) == 2)
    assert "\\x0a" not in world.log()
    world.config_file.write_text(good, encoding="utf-8")
    world.ctl("reload")
    world.stop()


if __name__ == "__main__":
    chatd_world.run(globals())
