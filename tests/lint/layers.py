#!/usr/bin/env python3
"""Who may include whom. Adding an edge here is a change of the design: say why in the commit."""

import re

import tree

# For each room, the rooms whose headers it may include besides its own.
ROOMS: dict[str, set[str]] = {
    "daemon/base": set(),
    "daemon/wire": {"daemon/base"},
    "daemon/core": {"daemon/wire", "daemon/base"},
    "daemon/config": {"daemon/base"},
    "daemon/net": {"daemon/core", "daemon/wire", "daemon/base"},
    # wire: the core's ports speak of records.
    "daemon/host": {"daemon/core", "daemon/wire", "daemon/base", "plugins/sdk"},
    "daemon/app": {"daemon/net", "daemon/host", "daemon/config", "daemon/core", "daemon/wire",
                   "daemon/base", "federation", "plugins/sdk"},
    "federation": {"daemon/core", "daemon/wire", "daemon/base"},
    # config: a file is checked and explained also where no daemon runs. federation: so are keys
    # made and certified.
    "cli": {"daemon/wire", "daemon/base", "daemon/config", "federation"},
    "plugins/sdk": set(),
}
PLUGIN = {"plugins/sdk"}  # any other folder of plugins/
EXAMPLE: set[str] = {"plugins/sdk"}  # as installed: <chatd/...> only

# Libraries that only these rooms may see (tests and examples may see all).
LIBRARIES: list[tuple[str, set[str]]] = [
    (r"libwebsockets\.h", {"daemon/net"}),
    (r"uv\.h", {"daemon/net", "daemon/app"}),
    (r"ares\.h", {"daemon/net"}),
    (r"brotli/|zlib\.h", {"daemon/net"}),
    (r"openssl/", {"daemon/net", "cli", "plugins/webpush"}),
    (r"lmdb\.h", {"plugins/storage_lmdb"}),
    (r"libpq", {"plugins/storage_postgres"}),
    # host: what a plugin hands back as JSON is judged where it comes in.
    (r"simdjson", {"daemon/wire", "daemon/host", "plugins/e2ee_mls", "plugins/webpush"}),
    (r"toml", {"daemon/config"}),
    (r"spdlog/", {"daemon/base"}),
    (r"sodium", {"daemon/app", "daemon/base", "federation", "cli", "plugins/auth_password",
                 "plugins/webpush", "plugins/e2ee_mls"}),
    (r"CLI/|histedit\.h", {"cli"}),
    (r"systemd/", {"daemon/app"}),
    (r"dlfcn\.h", {"daemon/host"}),
    (r"catch2/", set()),
]

# Rules without a world: no socket, file, thread, clock or random source inside.
SANS_IO = {"daemon/wire", "daemon/core", "federation"}
WORLD_HEADER = re.compile(
    r"(sys/|netinet/|arpa/)|(unistd|fcntl|poll|netdb|pthread|signal)\.h$"
    r"|(thread|mutex|atomic|condition_variable|future|semaphore|fstream|iostream|filesystem"
    r"|random|csignal)$")
WORLD_CALL = re.compile(
    r"(system|steady|high_resolution)_clock::now\b|\brandom_device\b|\bgetrandom\s*\("
    r"|\b(std::)?(fopen|popen|system|getenv)\s*\(|\bstd::time\s*\(")
# Programs that stand in such a room but are no part of its library.
PROGRAMS = {"daemon/wire/write_protocol_files.cpp": "writes the documents that the build checks"}

INCLUDE = re.compile(r'^\s*#\s*include\s+(?P<open>["<])(?P<path>[^">]+)[">]')


def room_of(path: str) -> str:
    """The room a file of ours stands in, or its first folder."""
    if path in ROOMS:
        return path
    parts = path.split("/")
    return "/".join(parts[:2]) if parts[0] in ("daemon", "plugins", "examples") else parts[0]


def room_of_include(included: str) -> str | None:
    """The room an #include of one of our headers leads to; None for a foreign or a near one."""
    if included.startswith("chatd/"):
        return "plugins/sdk"
    top = included.split("/")[0]
    is_ours = top in ("daemon", "federation", "cli", "plugins", "tests", "examples")
    return room_of(included) if is_ours else None


def allowed_for(room: str) -> set[str] | None:
    if room.startswith("plugins/"):
        return ROOMS.get(room, PLUGIN)
    if room.startswith("examples"):
        return EXAMPLE
    return ROOMS.get(room)


def include_fault(path: str, room: str, included: str, quoted: bool) -> str | None:
    target = room_of_include(included)
    allowed = allowed_for(room)
    if allowed is None:
        return f"{room} is no room of the table in layers.py"
    if target is not None and target != room and target not in allowed:
        return f"{room} may not include {target} ({included})"
    if room.startswith("examples/") and quoted and (target or included.startswith("..")):
        return f"an example is built against the installed SDK, not the tree ({included})"
    if included.startswith(".."):
        return f"include by the root's folders, not {included}"
    for library, rooms in LIBRARIES:
        if re.match(library, included) and room not in rooms and not room.startswith("examples/"):
            homes = ", ".join(sorted(rooms)) or "the tests"
            return f"<{included}> belongs to {homes}, not to {room}"
    if room in SANS_IO and path not in PROGRAMS and not quoted and WORLD_HEADER.search(included):
        return f"{room} has no world inside: <{included}> comes in through a port"
    return None


def findings(files: tree.Tree):
    for path in files.files(*tree.C_FAMILY):
        if path.startswith("tests/"):
            continue
        room = room_of(path)
        for number, line in files.lines(path):
            include = INCLUDE.match(line)
            if include:
                fault = include_fault(path, room, include["path"], include["open"] == '"')
                if fault:
                    yield tree.Finding(path, number, fault)
            elif room in SANS_IO and path not in PROGRAMS:
                call = WORLD_CALL.search(line.split("//")[0])
                if call:
                    yield tree.Finding(
                        path, number,
                        f"{room} has no world inside: {call[0].rstrip('( ')} comes in through a "
                        "port")


if __name__ == "__main__":
    tree.main(findings)
