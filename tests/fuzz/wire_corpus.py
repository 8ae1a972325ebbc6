#!/usr/bin/env python3
"""Writes corpus/codec, corpus/content and corpus/record: small inputs that each mean something.

The frames come from daemon/wire/openrpc.json (one of each method) and from what once went wrong or
might; the records from tests/unit/wire/record_vectors.json.
"""

import json
import pathlib

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parent.parent

ROOM = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
MSG_ID = "01890a5d-ac96-774b-bcce-b302099a8057"
SEND = ('{"jsonrpc":"2.0","id":1,"method":"message.send","params":{"room":"%s",'
        '"client_msg_id":"%s","content":' % (ROOM, MSG_ID))
PATTERNS = {"^[A-Za-z0-9_-]{43}$": ROOM, "^[0-9a-f]{16}$": "0123456789abcdef"}


def sample(schema, schemas):
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[1]
        if name == "Content":
            return {"text": "hi", "reply_to": 3, "mentions": ["b@two.example"], "mine": {"x": [1]}}
        return sample(schemas[name], schemas)
    if "enum" in schema:
        return schema["enum"][-1]
    if schema.get("type") == "object":
        return {key: sample(value, schemas) for key, value in schema["properties"].items()}
    if schema.get("type") == "array":
        return [sample(schema["items"], schemas)] * 2
    if schema.get("type") == "integer":
        return min(schema.get("maximum", 7), 7)
    if schema.get("type") == "boolean":
        return True
    pattern = schema.get("pattern", "")
    if "@" in pattern:
        return "juliet@capulet.example"
    return PATTERNS.get(pattern, MSG_ID if pattern else "some \"text\"\n\u20ac")


def frames():
    document = json.loads((ROOT / "daemon/wire/openrpc.json").read_text())
    for method in document["methods"]:
        params = {p["name"]: sample(p["schema"], document["components"]["schemas"])
                  for p in method["params"]}
        request = {"jsonrpc": "2.0", "id": 1, "method": method["name"], "params": params}
        yield method["name"].replace(".", "_"), json.dumps(request, ensure_ascii=False)
    yield "notification", '{"jsonrpc":"2.0","method":"session.ping"}'
    yield "id_string", '{"jsonrpc":"2.0","method":"session.ping","id":"\\u0041\\n"}'
    yield "id_null", '{"jsonrpc":"2.0","method":"session.ping","id":null}'
    yield "id_huge", '{"jsonrpc":"2.0","method":"session.ping","id":18446744073709551615}'
    yield "id_fraction", '{"jsonrpc":"2.0","method":"session.ping","id":1.5}'
    yield "batch", '[{"jsonrpc":"2.0","method":"session.ping","id":1}]'
    yield "params_list", '{"jsonrpc":"2.0","method":"session.ping","id":1,"params":[1]}'
    yield "params_null", '{"jsonrpc":"2.0","method":"x.a.b","id":1,"params":null}'
    yield "unknown_method", '{"jsonrpc":"2.0","method":"no.such","id":1}'
    yield "unknown_member", '{"jsonrpc":"2.0","method":"session.ping","id":1,"\u20ac":1}'
    yield "unknown_long", ('{"jsonrpc":"2.0","method":"session.ping","params":{"a%s":1}}'
                           % ("\u20ac" * 40))
    yield "plugin", (' {"id":1,"method":"x.a.b","params" : { "a" : [1.0, 1e2, {}] } ,'
                     '"jsonrpc":"2.0"} ')
    yield "plugin_escaped", '{"jsonrpc":"2.0","id":1,"m\\u0065thod":"x.a","p\\u0061rams":{"b":"}"}}'
    yield "duplicate_params", SEND + '{"text":"a"}},"p\\u0061rams":{"content":{"b":1}}}'
    yield "duplicate_content", SEND + '{"text":"a"},"c\\u006fntent":{"b":1}}}'
    yield "duplicate_in_content", SEND + '{"text":"a","te\\u0078t":"b"}}}'
    yield "content_blanks", SEND + ' { "text" :\t"a}{\\"" \r\n} \n } }'
    yield "content_odd", SEND + '{"z":[-0,1E400,[],{}],"text":"\\ud83d\\ude00","":null}}}'
    yield "content_numbers", SEND + '{"text":"a","x":[1.0,-1e-5,9007199254740993,0.1]}}}'
    yield "content_cipher", SEND + '{"ciphertext":"AAEC"}}}'
    yield "content_empty", SEND + "{}}}"
    yield "content_list", SEND + "[]}}"
    yield "surrogate", SEND + '{"text":"\\ud800"}}}'
    yield "surrogate_low", SEND + '{"text":"\\udc00x"}}}'
    yield "utf8_truncated", (SEND + '{"text":"').encode() + b"\xe2\x82" + b'"}}}'
    yield "utf8_surrogate", (SEND + '{"text":"').encode() + b"\xed\xa0\x80" + b'"}}}'
    yield "deep", ('{"jsonrpc":"2.0","id":1,"method":"x.a","params":%s1%s}'
                   % ('{"a":' * 31, "}" * 31))
    yield "too_deep", "[" * 40
    yield "unclosed", SEND + '{"text":"a"'
    yield "trailing", '{"jsonrpc":"2.0","method":"session.ping","id":1}x'
    yield "empty", ""
    yield "blank", " \n"
    yield "nul", "\0"
    yield "bom", "\ufeff{}"


def records():
    vectors = json.loads((ROOT / "tests/unit/wire/record_vectors.json").read_text())["records"]
    for vector in vectors:
        stored = bytes.fromhex(vector["stored"])
        yield f"vector_{vector['seq']}", stored
        yield f"vector_{vector['seq']}_erased", bytes.fromhex(vector["stored_erased"])
    head, tail = b"\x01\x10\x03a@b", b"\x05\x01{}"
    for name, flags, optional in (("plain", 0, b""), ("origin_same", 8, b"\x01b"),
                                  ("origin_other", 8, b"\x01c"), ("origin_none", 8, b"\x00"),
                                  ("origin_bad", 8, b"\x03C d"), ("device_zero", 16, bytes(8)),
                                  ("id_zero", 2, bytes(16)), ("id_any", 2, b"\xff" * 16),
                                  ("flags_unknown", 64, b"")):
        yield name, bytes([1, flags]) + head + optional + tail
    yield "server", b"\x01\x00\x01\x03\x00" + tail
    yield "server_origin", b"\x01\x08\x01\x03\x00\x01b" + tail
    yield "target_zero", b"\x01\x04" + head + b"\x05\x01\x00{}"
    yield "target", b"\x01\x04" + head + b"\x05\x01\x03{}"
    for name, signature in (("", b"\x60" + bytes(96) + b"{}"), ("_cut", b"\x60" + bytes(95)),
                            ("_none", b"\x00{}"), ("_long", b"\xe3\x01" + bytes(227))):
        yield "origin_signature" + name, b"\x01\x20" + head + b"\x05\x01" + signature
    yield "content_none", b"\x01\x00" + head + b"\x05\x01"
    yield "erased_more", b"\x01\x01" + head + b"\x05\x01" + bytes(33)
    yield "erased_less", b"\x01\x01" + head + b"\x05\x01" + bytes(31)
    yield "varint_long", b"\x01\x00\x81\x00\x10\x03a@b" + tail
    yield "kind_large", b"\x01\x00\x01\x80\x02\x03a@b" + tail
    yield "kind_255", b"\x01\x00\x01\xff\x01\x03a@b" + tail
    yield "time_large", b"\x01\x00" + head + b"\xff" * 9 + b"\x01\x01{}"
    yield "time_largest", b"\x01\x00" + head + b"\xff" * 8 + b"\x7f\x01{}"
    yield "sender_long", b"\x01\x00\x01\x10\xff\x7fa@b"
    yield "version", b"\x02\x00" + head + tail
    yield "empty", b""


def contents():
    vectors = json.loads((ROOT / "tests/unit/wire/record_vectors.json").read_text())["records"]
    for vector in vectors:
        yield f"vector_{vector['seq']}", (bytes([vector["kind_number"]])
                                          + vector["content"].encode())
    for kind in (1, 2, 3, 6, 16, 17, 18, 19, 200):
        for name, text in (("none", b""), ("empty", b"{}"), ("list", b"[]"), ("cut", b'{"a":'),
                           ("deep", b'{"a":' * 31 + b"1" + b"}" * 31), ("too_deep", b"[" * 40),
                           ("utf8", b'{"text":"\xff"}'), ("twice", b'{"text":"a","text":"b"}'),
                           ("trailing", b'{"text":"a"}x')):
            yield f"{kind}_{name}", bytes([kind]) + text
    yield "message", b'\x10 { "text" : "But soft!", "reply_to":3, "mine":[1.5] } '
    yield "cipher", b'\x10{"ciphertext":"AAEC"}'
    yield "member", b'\x02{"user":"a@b.example","membership":"joined","role":"owner"}'
    yield "member_odd", b'\x02{"user":"a@b.example","membership":"king","role":"owner"}'
    yield "server_ban", b'\x06{"server":"b.example","banned":true,"reason":"spam"}'
    yield "server_odd", b'\x06{"server":["b.example"],"banned":1}'
    yield "reaction", b'\x13{"reaction":"\xe2\x9d\xa4","set":true}'
    yield "create", (b'\x01{"type":"direct","name":"","topic":"","join":"invite","presence":true,'
                     b'"members":["a@b.example","c@d.example"],"nonce":""}')


def write(folder, files):
    target = HERE / "corpus" / folder
    target.mkdir(parents=True, exist_ok=True)
    for name, data in files:
        (target / name).write_bytes(data if isinstance(data, bytes) else data.encode())


write("codec", frames())
write("content", contents())
write("record", records())
