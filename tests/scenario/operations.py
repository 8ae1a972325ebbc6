"""What the one who runs the server does, and what the others notice of it."""
import concurrent.futures
import contextlib
import http.client
import json
import os
import resource
import signal
import socket
import ssl
import stat
import subprocess
import threading
import time

import chatd_world
import people
from people import Device, direct, sign_up


def story_a_bot_lives_on_http_alone(world):
    world.start()
    bob = sign_up(world, "bob")
    made = world.rpc("account.sign_up", {"name": "bot", "password": people.PASSWORD,
                                         "device_name": "script"})["result"]
    token = world.rpc("account.login", {"user": "bot", "password": people.PASSWORD,
                                        "device_name": "another"})["result"]["token"]
    assert token != made["token"]
    room = world.rpc("room.open_direct", {"user": bob.user}, token)["result"]["room"]
    said = {"room": room, "content": {"text": "beep"},
            "client_msg_id": "0190b3c4-0000-7000-8000-000000000001"}
    seq = world.rpc("message.send", said, token)["result"]["seq"]
    assert world.rpc("message.send", said, token)["result"]["seq"] == seq
    bob.expect_text(room, "beep")

    cursor = {"account_version": 0, "rooms": []}
    while True:  # what is there already comes at once
        page = world.rpc("sync.poll", {**cursor, "timeout_ms": 0}, token)["result"]
        cursor["account_version"] = page["account_version"]
        for delta in page["rooms"]:
            cursor["rooms"] = [{"room": room, "seq": delta["summary"]["head_seq"]}]
        if not page["rooms"]:
            break
    answer = []
    poll = threading.Thread(target=lambda: answer.append(
        world.rpc("sync.poll", {**cursor, "timeout_ms": 30000}, token)))
    poll.start()
    bob.send(room, "who is there?")
    poll.join(chatd_world.PATIENCE_S)
    texts = [record["content"]["text"] for delta in answer[0]["result"]["rooms"]
             for record in delta["records"]]
    assert texts == ["who is there?"], answer
    for wrong in ("", "nonsense", token[:-1]):
        assert world.rpc("room.list", {}, wrong)["error"]["data"]["code"] == "unauthenticated"
    world.stop()


def story_the_pages_tell_how_the_server_is(world):
    world.start(server={"contact": 'mailto:"admin"@chat.example'})
    alice = sign_up(world, "alice")
    assert world.get("/healthz") == (200, "ok\n")
    about = json.loads(world.get("/.well-known/chatd")[1])
    assert about["server"] == "localhost", about
    assert about["protocols"] == ["chatd.v1", "chatd.federation.v1"], about
    assert about["contact"] == 'mailto:"admin"@chat.example', about
    chatd_world.until("the metrics know alice", lambda: world.metrics()["users_online"] == 1)
    metrics = world.metrics()
    assert metrics["read_only"] == 0
    for name in ("refused_total", "refused_per_address_total", "handshakes_failed_total",
                 "crowded_out_total", "timed_out_total", "overflowed_total", "stalled_total"):
        assert metrics[name] == 0, (name, metrics[name])
    alice.call("session.ping")
    world.stop()


def story_behind_a_proxy_everybody_has_an_address_of_their_own(world):
    world.start(limits={"logins_per_minute": 1})
    people.sign_up(world, "alice")

    def log_in(address):
        with contextlib.closing(http.client.HTTPConnection(
                *world.plain_address, timeout=chatd_world.PATIENCE_S)) as line:
            line.request("POST", "/rpc", json.dumps(
                {"jsonrpc": "2.0", "id": 1, "method": "account.login", "params":
                 {"user": "alice", "password": people.PASSWORD, "device_name": "x"}}),
                {"Content-Type": "application/json", "X-Forwarded-For": f"10.0.0.9, {address}"})
            answer = json.loads(line.getresponse().read())
        return answer["error"]["data"]["code"] if "error" in answer else "welcome"

    assert log_in("192.0.2.1") == "welcome"
    assert log_in("192.0.2.1") == "rate_limited"
    assert log_in("192.0.2.2") == "welcome"
    world.stop()


def story_a_server_that_stops_commits_what_it_took(world):
    world.start()
    alice, bob = sign_up(world, "alice", "bob")
    silent = Device(world, "alice", "in a tunnel").log_in()
    room = direct(alice, bob)
    asked = {alice.ask("message.send", room=room, client_msg_id=alice.new_message_id(),
                       content={"text": f"line {number}"}): f"line {number}"
             for number in range(200)}
    world.process.send_signal(signal.SIGTERM)
    window = bob.expect("server.draining")
    assert 0 < window["reconnect_after_ms"] < window["reconnect_before_ms"], window
    bob.expect_close(1001)
    alice.expect_close(1001)
    world.ended()  # although `silent` says nothing more
    silent.drop()
    acked = {answer["result"]["seq"]: asked[number] for number, answer in alice.answers.items()
             if number in asked and "result" in answer}
    for answer in alice.answers.values():
        assert "result" in answer or answer["error"]["data"]["retry_after_ms"], answer
    world.start()
    bob.connect()
    bob.sync()
    said = {record["seq"]: record["content"]["text"] for record in bob.whole_log(room)
            if record["kind"] == "message"}
    assert acked.items() <= said.items(), (acked, said)
    world.stop()


def story_a_reload_asked_for_during_the_start_waits_for_its_end(world):
    world.launch()
    chatd_world.until("it has begun", lambda: "a plugin is loaded" in world.log())

    def is_ready_though_asked():
        assert world.process.poll() is None, world.log()
        world.process.send_signal(signal.SIGHUP)
        return "ready server=" in world.log()

    chatd_world.until("it is ready", is_ready_though_asked)
    chatd_world.until("it has reloaded", lambda: "configuration reloaded" in world.log())
    world.stop()


def story_the_folders_of_the_server_are_for_its_account_alone(world):
    world.before = lambda: os.umask(0o022)
    world.start()
    people.sign_up(world, "alice")
    for path in (world.data, *world.data.rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path
    world.stop()


def story_the_service_manager_is_told_of_start_reload_and_stop(world):
    with contextlib.closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as manager:
        manager.settimeout(chatd_world.PATIENCE_S)
        manager.bind(str(world.folder / "notify"))
        os.environ["NOTIFY_SOCKET"] = str(world.folder / "notify")
        world.start()
        assert manager.recv(1000) == b"READY=1"
        alice = people.sign_up(world, "alice")
        before = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
        world.process.send_signal(signal.SIGHUP)
        reloading = dict(line.split("=") for line in manager.recv(1000).decode().splitlines())
        assert reloading["RELOADING"] == "1", reloading
        assert int(reloading["MONOTONIC_USEC"]) >= before, reloading
        assert manager.recv(1000) == b"READY=1"
        world.process.send_signal(signal.SIGTERM)
        assert manager.recv(1000) == b"STOPPING=1"
        alice.expect_close(1001)
        world.ended()


def certificate_shown(world):
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with contextlib.closing(context.wrap_socket(
            socket.create_connection(world.tls_address, timeout=30))) as line:
        return line.getpeercert(binary_form=True)


def story_a_reload_takes_the_new_certificate_and_settings_and_drops_nobody(world):
    world.start(listen={"io_threads": 2})
    alice, bob = sign_up(world, "alice", "bob")
    room = direct(alice, bob)
    old = certificate_shown(world)
    page = {"Origin": "https://web.example"}
    assert world.get("/rpc", "OPTIONS", page)[0] == 403

    new = world.folder / "new"
    new.mkdir()
    chatd_world.make_certificate(new, "renewed")
    world.write_config(tls={"certificate": "new/cert.pem", "key": "new/key.pem"},
                       limits={"text_code_points": 10},
                       listen={"allowed_origins": ["https://web.example"]})
    world.process.send_signal(signal.SIGHUP)
    chatd_world.until("new handshakes show the new certificate",
                      lambda: certificate_shown(world) != old)
    assert world.ctl("cert", "show")["subject"].endswith("renewed")
    (world.folder / "cert.pem").write_bytes((new / "cert.pem").read_bytes())  # the story's trust
    assert alice.refused("message.send", room=room, content={"text": "x" * 11},
                         client_msg_id=alice.new_message_id()) == "too_large"
    alice.send(room, "as before")
    bob.expect_text(room, "as before")
    assert json.loads(world.get("/.well-known/chatd")[1])["limits"]["text_characters"] == 10
    for _ in range(2):  # a connection lands on each thread in turn
        assert world.get("/rpc", "OPTIONS", page)[0] == 204

    (new / "cert.pem").write_text("junk")
    said = world.ctl("reload", fails=True)
    assert "holds no PEM certificate" in said, said
    world.config_file.write_text("[nonsense]\n")
    said = world.ctl("--socket", str(world.data / "chatd.sock"), "reload", fails=True)
    assert "nonsense" in said, said
    alice.send(room, "even so")
    bob.expect_text(room, "even so")
    world.stop()


def story_reloads_asked_for_at_once_are_all_answered_and_hold_no_stop_up(world):
    world.start()
    with concurrent.futures.ThreadPoolExecutor() as admins:
        for answer in admins.map(lambda _: world.ctl("reload"), range(8)):
            assert answer["changed"] == [], answer
    for _ in range(8):
        world.process.send_signal(signal.SIGHUP)
    world.stop()


def story_the_web_client_is_served_and_swapped_at_a_reload(world):
    web = world.folder / "web"
    web.mkdir()
    world.write_config(web={"root": "web"})
    checked = subprocess.run([world.chatd, "--check", world.config_file], capture_output=True,
                             text=True)
    assert checked.returncode == 3, checked
    line = next(number for number, text in enumerate(world.config_file.read_text().splitlines(), 1)
                if text.startswith("root"))
    assert f":{line}:1: {web} holds no index.html" in checked.stderr, checked.stderr

    (web / "index.html").write_text("one")
    (web / "assets").mkdir()
    (web / "assets" / "one-0123abcd.js").write_text("of one")
    world.start(listen={"io_threads": 2})
    alice, bob = sign_up(world, "alice", "bob")
    assert world.get("/") == (200, "one")
    assert world.get("/rooms/7", headers={"Accept": "text/html"}) == (200, "one")
    assert world.get("/../chatd.toml")[0] == 404

    (web / "index.html").write_text("two")
    (web / "assets" / "one-0123abcd.js").unlink()
    assert world.get("/") == (200, "one"), "read again without a reload"
    for _ in range(2):
        world.ctl("reload")
        for _ in range(2):  # a connection lands on each thread in turn
            assert world.get("/") == (200, "two")
            assert world.get("/assets/one-0123abcd.js") == (200, "of one"), "for an open page"

    (web / "index.html").unlink()
    said = world.ctl("reload", fails=True)
    assert "holds no index.html" in said, said
    assert world.get("/") == (200, "two")
    world.write_config(web={"root": ""})
    assert any("web.root" in change for change in world.ctl("reload")["changed"])
    assert world.get("/")[0] == 426
    alice.send(direct(alice, bob), "nobody noticed")
    world.stop()


def story_the_admin_makes_and_disables_accounts(world):
    world.start(accounts={"sign_up": "closed"})
    stranger = Device(world, "eve").connect()
    assert stranger.refused("account.sign_up", name="eve", password=people.PASSWORD,
                            device_name="x") == "forbidden"
    for name in ("alice", "bob"):
        world.ctl("user", "create", name, "--password-stdin", given=people.PASSWORD + "\n")
    alice, bob = (Device(world, name).log_in() for name in ("alice", "bob"))
    for device in (alice, bob):
        device.sync()
    room = direct(alice, bob)
    world.ctl("user", "disable", "bob@localhost", "--yes")
    bob.expect("session.revoked")
    bob.expect_close(4001)
    again = Device(world, "bob", "other").connect()
    assert again.refused("account.login", user="bob", password=people.PASSWORD,
                         device_name="x") == "unauthenticated"
    assert again.refused("session.resume", token=bob.token) == "unauthenticated"
    assert alice.refused("message.send", room=room, content={"text": "are you gone?"},
                         client_msg_id=alice.new_message_id()) == "forbidden"
    world.ctl("user", "enable", "bob@localhost")
    alice.send(room, "you are back")
    bob = Device(world, "bob").log_in()
    bob.sync()
    assert bob.texts(room) == ["hello", "you are back"]
    assert world.ctl("room", "verify", room)["problems"] == []
    world.stop()


def story_the_log_is_followed(world):
    world.start()
    with subprocess.Popen([world.chatctl, "--config", world.config_file, "log", "follow"],
                          stdout=subprocess.PIPE, text=True) as following:
        lines = []
        reading = threading.Thread(target=lambda: lines.extend(iter(following.stdout.readline, "")))
        reading.start()

        def is_told():
            world.ctl("reload")
            return any("configuration reloaded" in line for line in lines)

        chatd_world.until("the follower reads of a reload", is_told)
        world.stop()
        following.wait(chatd_world.PATIENCE_S)
        reading.join()


def story_few_file_descriptors_mean_fewer_connections_and_a_warning(world):
    world.before = lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (256, 520))
    del world.config["listen"]["max_connections"]
    world.start(listen={"max_connections_per_address": 1000})
    assert "fewer connections than configured" in world.log() and "possible=8" in world.log()
    devices = sign_up(world, *(f"p{number}" for number in range(8)))
    try:
        Device(world, "late").connect()
        raise AssertionError("one more came in")
    except (ssl.SSLError, ConnectionError, people.Closed):
        pass
    devices[0].drop()
    chatd_world.until("there is room again", lambda: not isinstance(
        came_in(world, "late"), Exception))
    world.stop()


def came_in(world, name):
    try:
        return Device(world, name).connect()
    except (OSError, people.Closed) as error:
        return error


if __name__ == "__main__":
    chatd_world.run(globals())
