#!/usr/bin/env python3
"""Writes the corpora of the targets that read what other servers send: each input means something.

They come from tests/unit/federation/vectors.json.
"""

import json
import pathlib

HERE = pathlib.Path(__file__).parent
VECTORS = json.loads((HERE.parent / "unit/federation/vectors.json").read_text())


def write(target, inputs):
    folder = HERE / "corpus" / target
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    for name, data in inputs.items():
        (folder / name).write_bytes(data)


def changed(data, at):
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1:]


def documents():
    montague = bytes.fromhex(VECTORS["montague_document"])
    return {
        "empty": b"", "montague": montague, "cut": montague[:-1], "followed": montague + b"\0",
        "capulet": bytes.fromhex(VECTORS["capulet_document"]),
        "other_signature": montague[:-1] + b"\0", "other_contact": changed(montague, -100),
        "new_form": b"\x02" + montague[1:],
    }


def messages():
    """The first byte is the one that the target takes away: who reads the message."""
    opening, answer, proof = (bytes.fromhex(VECTORS["handshake"][name])
                              for name in ("open", "answer", "proof"))
    to_montague = opening.replace(b"\x10montague.example\x0fcapulet.example",
                                  b"\x0fcapulet.example\x10montague.example")
    return {
        "open": b"\0" + to_montague, "open_own_name": b"\0" + opening,
        "answer": b"\1" + answer, "answer_bad_signature": b"\1" + changed(answer, -1),
        "answer_to_open": b"\0" + answer,
        "proof": b"\2" + changed(proof, -1), "proof_cut": b"\2" + proof[:-1],
        "refusal": b"\1\x04\x03", "refusal_unknown": b"\1\x04\xff", "empty": b"\1",
    }


def frames():
    known = {name: bytes.fromhex(frame) for name, frame in VECTORS["frames"].items()}
    return known | {"unknown": b"\xc8\x01future", "followed": known["ack"] + b"\0",
                    "cut": known["feed"][:-1], "empty": b""}


def states():
    state = bytes.fromhex(VECTORS["state_form"])
    member = state.index(b"\x16juliet@capulet.example")
    return {"state": state, "empty": b"", "cut": state[:-1], "followed": state + b"\0",
            "no_membership": state.replace(b"\x04\x00", b"\x05\x00"),
            "turned": state[:member] + state[member:].replace(b"juliet", b"zuliet")}


write("federation_frame", frames())
write("room_state", states())
write("server_document", documents())
write("handshake", messages())
