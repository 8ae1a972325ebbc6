"""Who plays in the stories: people with devices that keep logs as PROTOCOL.md asks clients to."""
import collections
import itertools
import json
import os
import time

import chatd_world
from websocket import Closed, WebSocket

PASSWORD = "a rose by any other name"


class Refused(Exception):
    """The server answered with an error: `code` is its word."""

    def __init__(self, error):
        super().__init__(f"{error['data']['code']}: {error['message']}")
        self.code, self.error = error["data"]["code"], error


class Device:
    """One device of a person, its connection and its copy of the logs.

    Reads only while it waits for something, so a story decides who reads when. For one thread.
    """

    def __init__(self, world, name, device_name="phone", **how):
        self.world, self.name, self.device_name, self.how = world, name, device_name, how
        self.user = f"{name}@{world.name}"
        self.token = self.socket = None
        self.logs = collections.defaultdict(dict)  # room -> seq -> record
        self.account_version = 0
        self.events = []  # not yet expected
        self.answers = {}
        self.ids = itertools.count(1)
        self.message_ids = itertools.count(1)
        self.random_part = os.urandom(6).hex()

    # The line

    def connect(self):
        with self.world.inside():
            self.socket = WebSocket(self.world.tls_address, self.world.tls(), **self.how)
        self.answers.clear()
        if self.token:
            self.call("session.resume", token=self.token)
        return self

    def drop(self):
        if self.socket:
            self.socket.drop()
        self.socket = None

    def ask(self, method, **params):
        """Sends a request without waiting for the answer; gives back its id."""
        number = next(self.ids)
        self.socket.send(json.dumps({"jsonrpc": "2.0", "id": number, "method": method,
                                     "params": params}, ensure_ascii=False))
        return number

    def answer_to(self, number):
        deadline = time.monotonic() + chatd_world.PATIENCE_S
        while number not in self.answers:
            self.read_one(deadline)
        answer = self.answers.pop(number)
        if "error" in answer:
            raise Refused(answer["error"])
        return answer["result"]

    def call(self, method, **params):
        return self.answer_to(self.ask(method, **params))

    def refused(self, method, **params):
        """The error's word; fails if there is none."""
        return self.refusal_of(self.ask(method, **params))

    def refusal_of(self, number):
        try:
            result = self.answer_to(number)
        except Refused as error:
            assert error.error["message"], error.error
            return error.code
        raise AssertionError(f"{number} was not refused: {result}")

    def read_one(self, deadline):
        message = json.loads(self.socket.receive(deadline))
        if "method" not in message:
            self.answers[message["id"]] = message
            return
        event = (message["method"], message.get("params", {}))
        self.events.append(event)
        if event[0] == "room.record":
            record = event[1]["record"]
            self.logs[event[1]["room"]].setdefault(record["seq"], record)

    # Waiting for what others do

    def expect(self, method, **members):
        """The first event of that method with these members; earlier ones of it are dropped."""
        deadline = time.monotonic() + chatd_world.PATIENCE_S
        while True:
            for at, (name, params) in enumerate(self.events):
                if name == method and all(params.get(key) == value
                                          for key, value in members.items()):
                    del self.events[at]
                    return params
            try:
                self.read_one(deadline)
            except TimeoutError:
                raise AssertionError(f"{self.name}'s {self.device_name} waits in vain for {method} "
                                     f"{members}; it has {self.events}") from None

    def expect_record(self, room, **members):
        deadline = time.monotonic() + chatd_world.PATIENCE_S
        while True:
            for record in self.logs[room].values():
                if all(record.get(key) == value for key, value in members.items()):
                    return record
            try:
                self.read_one(deadline)
            except TimeoutError:
                raise AssertionError(f"{self.name}'s {self.device_name} waits in vain for a record "
                                     f"with {members}") from None

    def expect_text(self, room, text):
        return self.expect_record(room, kind="message", content={"text": text})

    def expect_close(self, code):
        deadline = time.monotonic() + chatd_world.PATIENCE_S
        try:
            while True:
                self.read_one(deadline)
        except Closed as closed:
            assert closed.code == code, closed
            self.socket = None
            return closed

    # What people do

    def sign_up(self):
        self.connect()
        self.token = self.call("account.sign_up", name=self.name, password=PASSWORD,
                               device_name=self.device_name)["token"]
        return self

    def log_in(self):
        self.connect()
        self.token = self.call("account.login", user=self.name, password=PASSWORD,
                               device_name=self.device_name)["token"]
        return self

    def new_message_id(self):
        """A UUIDv7 that grows, as no other device makes it."""
        time_ms = f"{0x0190b3c40000 + next(self.message_ids):012x}"
        return f"{time_ms[:8]}-{time_ms[8:]}-7000-8000-{self.random_part}"

    def send(self, room, text, message_id=None):
        """Its seq."""
        return self.call("message.send", room=room, content={"text": text},
                         client_msg_id=message_id or self.new_message_id())["seq"]

    def sync(self):
        """As PROTOCOL.md says: all pages, then every hole."""
        after, rooms = {}, []
        cursors = [{"room": room, "seq": self.cursor(room)} for room in self.logs]
        while True:
            page = self.call("sync", account_version=self.account_version, rooms=cursors, **after)
            rooms += page["rooms"]
            if "next" not in page:
                break
            after = {"after": page["next"]}
        self.account_version = page["account_version"]
        for delta in rooms:
            room, log = delta["summary"]["room"], self.logs[delta["summary"]["room"]]
            log.update((record["seq"], record) for record in delta["records"])
            if delta["summary"]["membership"] != "joined":
                continue
            while (at := self.cursor(room)) < delta["summary"]["head_seq"]:
                page = self.call("history.get", room=room, after=at, limit=500)
                log.update((record["seq"], record) for record in page["records"])
        return rooms

    def cursor(self, room):
        """Everything up to here is known."""
        at = 0
        while at + 1 in self.logs[room]:
            at += 1
        return at

    def texts(self, room):
        """What is said there as this device knows it, in order."""
        return [record["content"]["text"] for _, record in sorted(self.logs[room].items())
                if record["kind"] == "message" and "content" in record]

    def whole_log(self, room):
        """The records in order; fails on a hole."""
        log = self.logs[room]
        assert sorted(log) == list(range(1, len(log) + 1)), f"holes in {sorted(log)}"
        return [log[seq] for seq in sorted(log)]


def sign_up(world, *names):
    """A synced device each; of one name the device alone."""
    devices = [Device(world, name).sign_up() for name in names]
    for device in devices:
        device.sync()
    return devices if len(devices) > 1 else devices[0]


def direct(one, other):
    """The 1:1 room of two, known to both."""
    room = one.call("room.open_direct", user=other.user)["room"]
    seq = one.send(room, "hello")
    other.expect_record(room, seq=seq)
    other.sync()
    one.sync()
    return room


def group(owner, *others, name="the garden"):
    """A group with all of them in it, known to all."""
    room = owner.call("room.create", name=name, invite=[other.user for other in others])["room"]
    for other in others:
        other.call("room.join", room=room)
    for device in (owner, *others):
        device.sync()
    return room
