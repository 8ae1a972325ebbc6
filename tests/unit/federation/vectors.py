#!/usr/bin/env python3
"""Prints vectors.json: a second implementation of federation/PROTOCOL.md, from its words.

A unit test holds the daemon's own code, and PROTOCOL.md, to it.
"""

import hashlib
import json

import ed25519

TIME = 1_700_000_000_000
DAY = 24 * 60 * 60 * 1000


def varint(value):
    out = b""
    while value >= 0x80:
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value])


def blob(data):
    data = data.encode() if isinstance(data, str) else data
    return varint(len(data)) + data


def blake2b(data):
    return hashlib.blake2b(data, digest_size=32).digest()


class Key:
    def __init__(self, letter):
        self.seed = letter.encode() * 32
        self.public = ed25519.public_key(self.seed)
        self.id = blake2b(self.public)

    def sign(self, context, server, form):
        return self.id + ed25519.sign(self.seed, blob(context) + blob(server) + form)

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
    }, indent=1))


main()
