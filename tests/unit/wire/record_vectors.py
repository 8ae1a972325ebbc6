#!/usr/bin/env python3
"""Prints record_vectors.json: a second implementation of daemon/wire/RECORD.md, from its words.

A room's log from its create record on, each record in all its forms. A unit test holds the daemon's
own codec, and RECORD.md, to it.
"""

import base64
import hashlib
import json


def varint(value):
    out = b""
    while value >= 0x80:
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value])


def blob(data):
    return varint(len(data)) + data


def blake2b(data):
    return hashlib.blake2b(data, digest_size=32).digest()


KINDS = {
    "create": 1, "member": 2, "meta": 3, "message": 16, "edit": 17, "redact": 18, "reaction": 19,
}


def message_id(record):
    text = record["client_msg_id"]
    return bytes.fromhex(text.replace("-", "")) if text else bytes(16)


def envelope(room, prev_hash, record):
    return b"".join([
        b"\x01", room, varint(record["term"]), varint(record["seq"]), prev_hash,
        varint(record["kind_number"]),
        blob(record["sender"].encode()), blob(record["origin"].encode()),
        int(record["device"] or "0", 16).to_bytes(8, "big"), message_id(record),
        varint(record["time"]), varint(record["target"]), blake2b(record["content"].encode()),
    ])


def stored(record, erased=False):
    own_server = record["sender"].partition("@")[2]
    flags = 0
    body = varint(record["term"]) + varint(record["kind_number"]) + blob(record["sender"].encode())
    if record["origin"] != own_server:
        flags |= 8
        body += blob(record["origin"].encode())
    if record["device"]:
        flags |= 16
        body += int(record["device"], 16).to_bytes(8, "big")
    if record["client_msg_id"]:
        flags |= 2
        body += message_id(record)
    body += varint(record["time"]) + varint(record["ordinal"])
    if record["target"]:
        flags |= 4
        body += varint(record["target"])
    if record["origin_signature"]:
        flags |= 32
        body += blob(bytes.fromhex(record["origin_signature"]))
    if erased:
        flags |= 1
        body += blake2b(record["content"].encode())
    else:
        body += record["content"].encode()
    return bytes([1, flags]) + body


def who(sender, origin, device):
    return {"sender": sender, "origin": origin, "device": device}


ROMEO = who("romeo@montague.example", "montague.example", "00000000000000a1")
JULIET = who("juliet@capulet.example", "capulet.example", "fedcba9876543210")
SERVER = who("", "montague.example", "")
TIME = 1_700_000_000_000


def ident(number):
    return f"018bcfe5-6800-7000-8000-{number:012x}"


# Nobody's: the form alone is of interest here.
SIGNATURE = (blake2b(b"a key") + 2 * blake2b(b"a signature")).hex()


LOG = [
    ("the record that founds the room; the id is its hash", "create", ROMEO, "", 0,
     '{"type":"group","name":"Balcony","topic":"","join":"invite","presence":true,'
     '"members":["romeo@montague.example"],"nonce":"q6urq6urq6urq6urq6urqw"}'),
    ("a membership; no client_msg_id", "member", ROMEO, "", 0,
     '{"user":"juliet@capulet.example","membership":"invited","role":"member"}'),
    ("a message; its content stays as it came, blanks and escapes included", "message", ROMEO,
     ident(1), 0, '{ "text" : "But soft! \\u2764" }'),
    ("a message from another server, which signed it", "message", JULIET, ident(2), 0,
     '{"text":"Ay me! \U0001f339","reply_to":3}'),
    ("an edit of record 4", "edit", JULIET, ident(3), 4, '{"text":"Ay me!"}'),
    ("a reaction to record 3", "reaction", JULIET, ident(4), 3, '{"reaction":"\u2764","set":true}'),
    ("a redaction of record 4", "redact", JULIET, ident(5), 4, '{"reason":"said too much"}'),
    ("a record of the server itself: no sender, no device", "meta", SERVER, "", 0,
     '{"name":"Tomb"}'),
    ("a kind from the future", 200, ROMEO, ident(6), 0, "opaque \x00 bytes"),
]


def main():
    vectors = []
    room, prev_hash, ordinal = bytes(32), bytes(32), 0
    for seq, (what, kind, sender, msg_id, target, content) in enumerate(LOG, 1):
        ordinal += kind == "message"
        record = {
            "what": what, "term": 1, "seq": seq, "prev_hash": prev_hash.hex(),
            "kind_number": KINDS.get(kind, kind), **sender, "client_msg_id": msg_id,
            "origin_signature": SIGNATURE if seq == 4 else "", "time": TIME + seq * 1000,
            "ordinal": ordinal, "target": target, "content": content,
        }
        if seq == 1:
            room = blake2b(envelope(bytes(32), prev_hash, record))
        form = envelope(room, prev_hash, record)
        record["content_hash"] = blake2b(content.encode()).hex()
        record["envelope"] = form.hex()
        record["hash"] = blake2b(form).hex()
        record["stored"] = stored(record).hex()
        record["stored_erased"] = stored(record, erased=True).hex()
        prev_hash = blake2b(form)
        vectors.append(record)
    room_id = base64.urlsafe_b64encode(room).decode().rstrip("=")
    print(json.dumps({"room": room_id, "records": vectors}, indent=1))


if __name__ == "__main__":
    main()
