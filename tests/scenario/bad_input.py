"""Input against the rules: an error in words or the end of that connection, and nothing else."""
import contextlib
import json
import socket
import time

import chatd_world
from bystanders import undisturbed
from people import Device, direct, sign_up
from websocket import BINARY, CLOSE, CONTINUATION, PING, TEXT, Closed, WebSocket, connect, frame

MAX_FRAME_BYTES = 512 * 1024


def ended(line):
    """The code with which the server ends this WebSocket; None: without one."""
    deadline = time.monotonic() + chatd_world.PATIENCE_S
    try:
        while True:
            line.receive(deadline)
    except Closed as closed:
        return closed.code


def story_frames_against_the_rules_end_their_connection(world):
    world.start()
    small = frame(TEXT, b"{}")
    cases = [  # what is sent, the codes it may end with
        ("binary", frame(BINARY, b"{}"), [1003]),
        ("too large", frame(TEXT, b" " * (MAX_FRAME_BYTES + 1)), [1009]),
        ("claims 2^62 bytes", frame(TEXT, b"x", length=1 << 62), [1009, None]),
        ("claims 2^63 bytes", frame(TEXT, b"x", length=1 << 63), [1002, 1009, None]),
        ("too large in fragments", frame(TEXT, b" " * 262144, fin=False)
         + frame(CONTINUATION, b" " * 262144, fin=False)
         + frame(CONTINUATION, b" ", fin=False), [1009]),
        ("reserved bits", frame(TEXT, b"{}", reserved=4), [1002, None]),
        ("reserved opcode", frame(3, b"{}"), [1002, None]),
        ("reserved control opcode", frame(11, b""), [1002, None]),
        ("fragmented ping", frame(PING, b"x", fin=False), [1002, None]),
        ("long ping", frame(PING, b"x" * 126), [1002, None]),
        ("goes on with nothing", frame(CONTINUATION, b"x"), [1002, None]),
        ("begins twice", frame(TEXT, b"{", fin=False) + small, [1002, None]),
        ("closes", frame(CLOSE, (1000).to_bytes(2, "big")), [1000, 1005, None]),
        ("closes with half a code", frame(CLOSE, b"\x03"), [1002, 1000, None]),
        ("closes with a wrong code", frame(CLOSE, (999).to_bytes(2, "big")), [1002, 999, None]),
    ]
    with undisturbed(world):
        for name, sent, codes in cases:
            line = WebSocket(world.tls_address, world.tls())
            with contextlib.suppress(Closed):  # it may end while it is still being sent to
                line.send_raw(sent)
            code = ended(line)
            assert code in codes, f"{name} ended with {code}"
        for cut in (1, 3, 5, 700):  # a frame that ends in the middle, with the connection
            line = WebSocket(world.tls_address, world.tls())
            line.send_raw(frame(TEXT, b" " * 2000)[:cut])
            line.drop()
    world.stop()


def story_floods_of_fragments_hold_no_memory(world):
    world.start()
    with undisturbed(world):
        lines = [WebSocket(world.tls_address, world.tls()) for _ in range(8)]
        for line in lines:  # half of the longest frame each, then gone
            line.send_raw(frame(TEXT, b" " * 1024, fin=False)
                          + frame(CONTINUATION, b" " * 1024, fin=False) * 255)
        for line in lines:
            line.drop()
        line = WebSocket(world.tls_address, world.tls())
        line.send_raw(frame(TEXT, b"", fin=False) + frame(CONTINUATION, b"", fin=False) * 100000)
        line.send_raw(frame(CONTINUATION, b'{"jsonrpc"', fin=False)
                      + frame(CONTINUATION, b':"2.0","id":1,"method":"session.ping"}'))
        answer = json.loads(line.receive(time.monotonic() + chatd_world.PATIENCE_S))
        assert answer["error"]["data"]["code"] == "unauthenticated", answer
    world.stop()


def request(method="session.ping", params="{}", more=""):
    return f'{{"jsonrpc":"2.0","id":7,"method":"{method}","params":{params}{more}}}'


NONSENSE = [  # what is sent, the word of the error
    ("", "invalid_json"),
    (" ", "invalid_json"),
    ("{", "invalid_json"),
    ('{"jsonrpc":"2.0","id":1,"method":"session.ping"', "invalid_json"),
    ("\0", "invalid_json"),
    (b'{"jsonrpc":"2.0","id":1,"method":"\xff\xfe"}', "invalid_json"),
    (b'{"jsonrpc":"2.0","id":1,"method":"\xed\xa0\x80"}', "invalid_json"),
    ('{"jsonrpc":"2.0","id":1,"method":"\\ud800"}', "invalid_json"),
    ("null", "invalid_request"),
    ("[]", "invalid_request"),
    (f"[{request()}]", "invalid_request"),
    ("[" * 10000 + "]" * 10000, "invalid_json"),
    ("[" * 10000, "invalid_json"),
    ('{"a":' * 10000 + "1" + "}" * 10000, "invalid_json"),
    (request("message.send", '{"content":' + '{"a":' * 10000 + "1" + "}" * 10001), "invalid_json"),
    ('{"jsonrpc":"1.0","id":1,"method":"session.ping"}', "invalid_request"),
    ('{"jsonrpc":"2.0","id":null,"method":"session.ping"}', "invalid_request"),
    ('{"jsonrpc":"2.0","id":1.5,"method":"session.ping"}', "invalid_request"),
    ('{"jsonrpc":"2.0","id":{},"method":"session.ping"}', "invalid_request"),
    ('{"jsonrpc":"2.0","id":1,"method":5}', "invalid_request"),
    ('{"jsonrpc":"2.0","id":"' + "x" * 129 + '","method":"session.ping"}', "invalid_request"),
    (request("no.such"), "unknown_method"),
    (request("x.no.such"), "unauthenticated"),
    (request("admin.shutdown"), "unknown_method"),
    (request(params="[]"), "invalid_params"),
    (request(params='"text"'), "invalid_params"),
    (request(params='{"more":1}'), "invalid_params"),
    (request("account.login", '{"user":1,"password":"x","device_name":"x"}'), "invalid_params"),
    (request("account.login", '{"user":"x","user":"y","password":"x","device_name":"x"}'),
     "invalid_params"),
    (request("account.login", '{"user":"x"}'), "invalid_params"),
    (request("account.login", f'{{"user":"x","password":"{"x" * 1025}","device_name":"x"}}'),
     "too_large"),
]


def story_messages_that_make_no_sense_are_answered_in_words(world):
    world.start()
    with undisturbed(world):
        line = WebSocket(world.tls_address, world.tls())
        for sent, word in NONSENSE:
            line.send(sent)
            answer = json.loads(line.receive(time.monotonic() + chatd_world.PATIENCE_S))
            assert answer["error"]["data"]["code"] == word, (sent[:80], answer)
            assert answer["error"]["message"], answer
            if not sent:
                continue  # over HTTP that is no body at all
            status, text = world.get("/rpc", "POST", {"Content-Type": "application/json"},
                                     sent if isinstance(sent, bytes) else sent.encode())
            assert status == 200, (sent[:80], status, text)
            assert json.loads(text)["error"]["data"]["code"] == word, (sent[:80], text)
        for _ in range(2000):
            line.send("{")
        line.drop()
    world.stop()


def story_methods_out_of_turn_are_refused(world):
    world.start()
    with undisturbed(world):
        alice, bob, eve = sign_up(world, "alice", "bob", "eve")
        room = direct(alice, bob)
        seq = alice.send(room, "a secret")
        stranger = Device(world, "nobody").connect()
        mine = {"room": room, "client_msg_id": eve.new_message_id()}
        for method, params in (
                ("message.send", {**mine, "content": {"text": "x"}}),
                ("message.edit", {**mine, "target": seq, "content": {"text": "x"}}),
                ("message.redact", {**mine, "target": seq}),
                ("message.react", {**mine, "target": seq, "reaction": "x", "set": True}),
                ("history.get", {"room": room}), ("room.get", {"room": room}),
                ("room.invite", {"room": room, "user": eve.user}), ("room.join", {"room": room}),
                ("room.leave", {"room": room}), ("room.set", {"room": room, "name": "x"}),
                ("receipt.read", {"room": room, "seq": 1}), ("typing.set",
                                                             {"room": room, "typing": True}),
                ("presence.watch", {"room": room})):
            assert eve.refused(method, **params) in ("not_found", "forbidden"), method
            assert stranger.refused(method, **params) == "unauthenticated", method
        assert stranger.refused("session.resume", token="x") == "unauthenticated"
        assert eve.refused("receipt.read", room="x", seq=1) == "invalid_params"
        assert alice.refused("history.get", room=room, before=5, after=1) == "invalid_params"
        assert alice.refused("room.leave", room=room) in ("forbidden", "conflict", "not_found")
        assert alice.refused("room.kick", room=room, user=bob.user) == "forbidden"
        answer = world.rpc("typing.set", {"room": room, "typing": True}, alice.token)
        assert answer["error"]["data"]["code"] == "invalid_request", answer
        assert [record["seq"] for record in alice.call("history.get", room=room)["records"]] == \
            list(range(1, seq + 1))
    world.stop()


def story_a_text_may_have_100000_characters_and_not_one_more(world):
    world.start()
    with undisturbed(world, max_growth_mib=64):
        alice, bob = sign_up(world, "alice", "bob")
        room = direct(alice, bob)
        for character in ("x", "ß", "語", "😀"):
            text = character * 100000
            seq = alice.send(room, text)
            assert bob.expect_record(room, seq=seq)["content"] == {"text": text}
            assert alice.refused("message.send", room=room, client_msg_id=alice.new_message_id(),
                                 content={"text": text + character}) == "too_large"
            message = {"room": room, "client_msg_id": alice.new_message_id(),
                       "content": {"text": text}}
            sent = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "message.send",
                               "params": message}, ensure_ascii=False).encode()
            status, answer = world.get("/rpc", "POST", {
                "Content-Type": "application/json", "Authorization": f"Bearer {alice.token}"}, sent)
            assert status == 200 and json.loads(answer)["result"]["seq"] == seq + 1, answer
        assert len(bob.call("history.get", room=room, limit=500)["records"]) >= 1
    world.stop()


def http(world, sent, tls=True):
    """What the server answers to these bytes until it ends or falls silent for a while."""
    line = connect(world.tls_address if tls else world.plain_address, world.tls() if tls else None)
    with contextlib.closing(line):
        received = b""
        with contextlib.suppress(OSError):
            line.sendall(sent)
            line.settimeout(5)
            while some := line.recv(65536):
                received += some
        return received


REFUSED = (b"HTTP/1.0 4", b"HTTP/1.1 4", b"HTTP/1.1 5")  # libwebsockets says some of them as 1.0
GARBAGE = [  # what is sent, how an answer begins if there is one
    (b"\r\n\r\n" * 50, REFUSED),
    (b"nonsense\r\n\r\n", REFUSED),
    (b"\x00\x01\x02\x03" * 3000, REFUSED),
    (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"A" * 512, REFUSED),
    (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", REFUSED),
    (b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X: " + b"y" * 100000 + b"\r\n\r\n",
     REFUSED),
    (b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X: y\r\n" * 10000 + b"\r\n", REFUSED),
    (b"GET /" + b"a" * 20000 + b" HTTP/1.1\r\nHost: a\r\n\r\n", REFUSED),
    (b"GET /../../etc/passwd HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", REFUSED),
    (b"GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
     REFUSED),
    (b"GET //healthz/..%00/x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", REFUSED),
    (b"DELETE /rpc HTTP/1.1\r\nHost: a\r\n\r\n", REFUSED),
    (b"CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n", REFUSED),
    (b"POST /rpc HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n"
     b"Content-Type: application/json\r\n\r\n2\r\n{}\r\n0\r\n\r\n", REFUSED),
    (b"POST /rpc HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n"
     b"Content-Type: application/json\r\n\r\n", REFUSED),
    (b"POST /rpc HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n"
     b"Content-Type: application/json\r\n\r\n", REFUSED),
    (b"POST /rpc HTTP/1.1\r\nHost: a\r\nContent-Length: 600000\r\n"
     b"Content-Type: application/json\r\n\r\n", (b"HTTP/1.1 413",)),
    (b"POST /rpc HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nContent-Type: text/plain\r\n\r\n{}",
     (b"HTTP/1.1 415",)),
    (b"POST /rpc HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n"
     b"Content-Type: application/json\r\nAuthorization: Bearer " + b"x" * 5000 + b"\r\n\r\n{}",
     (b"HTTP/1.1 431",)),
    (b"GET /ws HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
     b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n",
     (b"HTTP/1.1 400",)),
    (b"GET /ws HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
     b"Sec-WebSocket-Protocol: chatd.v1\r\nOrigin: https://evil.example\r\n"
     b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n",
     (b"HTTP/1.1 403",)),
]


def story_http_against_the_rules_is_refused(world):
    world.start()
    with undisturbed(world):
        for tls in (True, False):
            for sent, answers in GARBAGE:
                received = http(world, sent, tls)
                assert not received or received.startswith(answers), \
                    (sent[:100], received[:200])
                assert b"root:" not in received
        plain_on_tls = connect(world.tls_address)
        plain_on_tls.sendall(b"GET / HTTP/1.1\r\n\r\n")
        with contextlib.suppress(ConnectionError):
            while plain_on_tls.recv(65536):
                pass
    world.stop()


def control_line(world, sent):
    """What the control socket answers first; empty when it ends the connection."""
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(chatd_world.PATIENCE_S)
        line.connect(str(world.data / "chatd.sock"))
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            line.sendall(sent)
            return line.recv(65536)
        return b""


def story_the_control_socket_takes_no_nonsense(world):
    world.start()
    with undisturbed(world):
        for sent, _ in NONSENSE:
            sent = sent if isinstance(sent, bytes) else sent.encode()
            if not sent or b"admin.shutdown" in sent:
                continue
            answer = json.loads(control_line(world, sent + b"\n"))
            assert "error" in answer, (sent[:80], answer)
        assert control_line(world, b"x" * (MAX_FRAME_BYTES + 1)) == b""
        answer = json.loads(control_line(world, request("session.ping").encode() + b"\n"))
        assert answer["error"]["data"]["code"] == "unknown_method", answer
        open_lines = []
        for _ in range(40):
            line = socket.socket(socket.AF_UNIX)
            line.connect(str(world.data / "chatd.sock"))
            with contextlib.suppress(OSError):  # so many are not listened to
                line.sendall(b"half a li")
            open_lines.append(line)
        for line in open_lines:
            line.close()
        assert world.ctl("status")["state"] == "running"
    world.stop()


if __name__ == "__main__":
    chatd_world.run(globals())
