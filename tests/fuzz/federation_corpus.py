#!/usr/bin/env python3
"""Writes corpus/server_document: small inputs that each mean something.

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


write("server_document", documents())
