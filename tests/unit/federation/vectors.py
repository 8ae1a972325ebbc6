#!/usr/bin/env python3
"""Prints vectors.json: a second implementation of federation/PROTOCOL.md, from its words.

A unit test holds the daemon's own code, and PROTOCOL.md, to it.
"""

import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "wire"))

import ed25519
import record_vectors
from record_vectors import blake2b, varint

TIME = 1_700_000_000_000
DAY = 24 * 60 * 60 * 1000


def blob(data):
    return record_vectors.blob(data.encode() if isinstance(data, str) else data)


def split(forms):
    """As in RFC 9162 section 2.1.1: on the left the largest power of two below the count."""
    middle = 1
    while middle * 2 < len(forms):
        middle *= 2
    return middle


def tree(forms):
    if len(forms) == 1:
        return blake2b(b"\0" + forms[0])
    middle = split(forms)
    return blake2b(b"\1" + tree(forms[:middle]) + tree(forms[middle:]))


def path(index, forms):
    """From the form upwards: whether the other side is the left one, and its hash."""
    if len(forms) == 1:
        return []
    middle = split(forms)
    if index < middle:
        return path(index, forms[:middle]) + [(False, tree(forms[middle:]))]
    return path(index - middle, forms[middle:]) + [(True, tree(forms[:middle]))]


class Key:
    def __init__(self, letter):
        self.seed = letter.encode() * 32
        self.public = ed25519.public_key(self.seed)
        self.id = blake2b(self.public)

    def sign(self, context, server, form):
        return self.id + ed25519.sign(self.seed, blob(context) + blob(server) + form)

    def sign_batch(self, context, server, forms, index):
        """The signature of one of the forms that are signed together."""
        way = path(index, forms)
        sides = sum(1 << i for i, (is_left, _) in enumerate(way) if is_left)
        return (self.sign(context, server, tree(forms)) + bytes([sides]) + varint(len(way))
                + b"".join(other for _, other in way))

    def vector(self):
        return {"seed": self.seed.hex(), "public": self.public.hex(), "id": self.id.hex()}


def certified(root, server, key, begin, end):
    form = key.public + varint(begin) + varint(end)
    return form + root.sign("chatd.key.v1", server, form)


def document(server, root, key):
    issued = TIME - 1000
    form = b"".join([
        b"\x01", blob(server), root.public, varint(issued), varint(issued + 7 * DAY),
        varint(1), varint(2),
        varint(1), certified(root, server, key, TIME - DAY, TIME + 29 * DAY),
        varint(2), blob("link." + server), varint(443), blob(server), varint(5443),
        varint(2), blob("media"), blob("presence"),
        varint(100_000), varint(524_288), varint(100),
        blob("abuse@" + server),
    ])
    return form + key.sign("chatd.document.v1", server, form)


def prove(key, context, server, nonce, transcript, exporter):
    channel = blake2b(exporter)
    return nonce + transcript + channel + key.sign(context, server, transcript + channel)


def handshake(dialler, acceptor, exporter):
    (dialling, dial_key), (accepting, accept_key) = dialler, acceptor
    nonce, other_nonce = b"m" * 32, b"c" * 32
    opening = b"\x01" + varint(1) + varint(2) + blob(dialling) + blob(accepting) + nonce
    answer = b"\x02" + varint(1) + varint(2) + varint(2) + other_nonce
    transcript = blake2b(blob(opening) + blob(answer))
    answer += prove(accept_key, "chatd.accept.v1", accepting, nonce, transcript, exporter)
    proof = b"\x03" + prove(dial_key, "chatd.dial.v1", dialling, other_nonce, transcript, exporter)
    return {"exporter": exporter.hex(), "open": opening.hex(), "answer": answer.hex(),
            "proof": proof.hex()}


ROOM = blake2b(b"a room")
SAID = {
    "term": 2, "seq": 300, "kind_number": 16, "sender": "romeo@montague.example",
    "origin": "montague.example", "device": "00000000000000a1",
    "client_msg_id": "018bcfe5-6800-7000-8000-000000000001", "time": TIME, "target": 0,
    "ordinal": 200, "content": '{"text":"But soft!"}',
}
TOPIC = {
    "term": 2, "seq": 301, "kind_number": 3, "sender": "", "origin": "capulet.example",
    "device": "", "client_msg_id": "", "origin_signature": "", "time": TIME, "target": 0,
    "ordinal": 200, "content": '{"topic":"Night"}',
}


def origin_form(record):
    return b"".join([
        ROOM, varint(record["kind_number"]), blob(record["sender"]),
        int(record["device"], 16).to_bytes(8, "big"), record_vectors.message_id(record),
        varint(record["target"]), blake2b(record["content"].encode()),
    ])


def head_of_topic():
    said = blake2b(record_vectors.envelope(ROOM, blake2b(b"record 299"), SAID))
    topic = blake2b(record_vectors.envelope(ROOM, said, TOPIC))
    return ROOM + varint(2) + varint(301) + topic


def state():
    """Of record 301, as in term 1: Juliet's room, Romeo in it, Tybalt banned, and Verona."""
    def member(user, membership, role, since, last_sent, ordinal):
        return b"".join([blob(user), membership, role, varint(TIME - 1000 + since), varint(since),
                         varint(last_sent), varint(ordinal)])
    return b"".join([
        ROOM, varint(1), varint(301), blake2b(b"record 301"), varint(200), varint(300),
        varint(TIME), varint(TIME - 1000), b"\1\0\1", blob("capulet.example"), varint(1),
        blob("The balcony"), blob("Night"), varint(3),
        member("juliet@capulet.example", b"\2", b"\2", 1, 298, 199),
        member("romeo@montague.example", b"\2", b"\0", 9, 300, 200),
        member("tybalt@capulet.example", b"\4", b"\0", 30, 0, 0),
        varint(1), blob("verona.example"),
    ])


def digests(head):
    return b"".join(blake2b(head if bucket == head[0] else b"") for bucket in range(256))


def frames(origin, hub, hub_root):
    head = head_of_topic()
    head_signature = hub.sign_batch("chatd.head.v1", "capulet.example", [head], 0)
    together = [b"one before", origin_form(SAID), b"one after"]
    origin_signature = origin.sign_batch("chatd.record.v1", "montague.example", together, 1)
    said = SAID | {"origin_signature": origin_signature.hex()}
    opening = varint(3) + varint(TIME)
    entry = varint(7)
    return {
        "hello": varint(16) + opening + b"\0" + varint(1) + head,
        "hello_digests": varint(16) + opening + b"\1" + digests(head),
        "heads": varint(17) + head[:1] + varint(1) + head,
        "submit": b"".join([
            varint(18), entry, ROOM, varint(16), blob(SAID["sender"]),
            int(SAID["device"], 16).to_bytes(8, "big"), record_vectors.message_id(SAID),
            varint(0), blob(SAID["content"]), origin_signature]),
        "submitted_accepted": varint(19) + entry + b"\0" + varint(300),
        "submitted_retry": varint(19) + entry + b"\1" + blob("rate_limited") + varint(1500),
        "submitted_refused": varint(19) + entry + b"\2" + blob("forbidden") + blob("not here"),
        "feed": b"".join([
            varint(20), ROOM, varint(300), blake2b(b"record 299"), varint(2),
            blob(record_vectors.stored(said)), blob(record_vectors.stored(TOPIC)),
            b"\1", head_signature]),
        "feed_without_head": b"".join([
            varint(20), ROOM, varint(1), bytes(32), varint(1), blob("a record"), b"\0"]),
        "ack": varint(21) + ROOM + varint(301),
        "range": varint(22) + ROOM + varint(1) + varint(299),
        "failure": varint(23) + varint(22) + ROOM + blob("not_found") + varint(0),
        "notice": b"".join([
            varint(24), ROOM, varint(299), blob(SAID["sender"]), b"\1",
            blob("juliet@capulet.example"), varint(TIME), varint(0)]),
        "notice_erased": b"".join([
            varint(24), ROOM, varint(301), blob(""), b"\0", blob(""), varint(TIME), varint(299)]),
        "noticed": varint(25) + ROOM + varint(299) + blob(SAID["sender"]),
        "alive": varint(26),
        "check": varint(27),
        "checked": b"".join([
            varint(28), varint(2), blob("policy"), b"\1", blob("fine"), blob("connect"), b"\0",
            blob("no route")]),
        "preview": b"".join([
            varint(29), ROOM, blob(state()), blob("record 1"), varint(300),
            blake2b(b"record 299"), varint(2), blob(record_vectors.stored(said)),
            blob(record_vectors.stored(TOPIC)),
            hub.sign_batch("chatd.state.v1", "capulet.example", [blake2b(state())], 0)]),
        "ahead": varint(30) + head,
        "proof": b"".join([
            varint(32), head, head_signature,
            certified(hub_root, "capulet.example", hub, TIME - DAY, TIME + 29 * DAY)]),
        "recalled": b"".join([
            varint(33), ROOM, varint(300), varint(2),
            blob(record_vectors.stored(said)), blob(record_vectors.stored(TOPIC))]),
        "handover": varint(34) + head + b"\0" + blob(""),
        "handover_refused": varint(34) + head + b"\3" + blob("no"),
        "moved": varint(35) + ROOM + blob("montague.example"),
    } | passing()


def passing():
    romeo = blob(SAID["sender"])
    return {
        "presence_lease": b"".join([
            varint(36), varint(5), varint(2), romeo, bytes(32), romeo, ROOM]),
        "presence": b"".join([
            varint(37), varint(5), varint(1), romeo, b"\1", varint(0), varint(1),
            blob("tybalt@capulet.example"), varint(0)]),
        "presence_change": b"".join([
            varint(37), varint(0), varint(1), romeo, b"\0", varint(TIME), varint(0),
            varint(1), blob("mercutio@montague.example")]),
        "typing": varint(38) + ROOM + romeo + b"\1",
        "read": varint(39) + ROOM + romeo + varint(300),
        "profile_get": varint(40) + varint(9) + romeo + ROOM,
        "profile": varint(41) + varint(9) + b"\1" + blob("Romeo") + blob("in love"),
        "profile_unknown": varint(41) + varint(9) + b"\0",
    }


def main():
    montague_root, montague = Key("r"), Key("a")
    capulet_root, capulet = Key("R"), Key("A")
    print(json.dumps({
        "keys": {
            "montague_root": montague_root.vector(), "montague": montague.vector(),
            "capulet_root": capulet_root.vector(), "capulet": capulet.vector(),
        },
        "montague_document": document("montague.example", montague_root, montague).hex(),
        "capulet_document": document("capulet.example", capulet_root, capulet).hex(),
        "handshake": handshake(("montague.example", montague), ("capulet.example", capulet),
                               blake2b(b"one connection")),
        "record_form": origin_form(SAID).hex(), "head_form": head_of_topic().hex(),
        "state_form": state().hex(),
        "frames": {name: frame.hex()
                   for name, frame in frames(montague, capulet, capulet_root).items()},
    }, indent=1))


main()
