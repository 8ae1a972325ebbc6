#!/usr/bin/env python3
"""Compares the instructions that a message takes, step by step, with those in instructions.json.

Fails when a step takes more than 3 % above; says so when it takes less, for then the file should
be lowered. With --write it writes what it counted instead. Needs valgrind, and `micro` built with
the dev preset: its flags are not the release's, but CI has built almost all of it anyway, and more
work is more instructions in either. Instructions, not time: they are the same on a busy machine.
"""

import argparse
import json
import pathlib
import platform
import re
import subprocess
import sys
import tempfile

FILE = pathlib.Path(__file__).resolve().parent / "instructions.json"
TOLERANCE = 0.03
# As many as are measured in about a second.
BATCHES = {"decode": 40, "dispatch": 40, "deliver": 40, "hash": 100, "encode": 100, "commit": 40,
           "fold": 4}


def is_comparable() -> bool:
    """libc, libsodium and simdjson choose their code by the processor; valgrind shows the same one
    to all of these."""
    if platform.machine() != "x86_64":
        return False
    return re.search(r"^flags\s*:.*\bavx2\b", pathlib.Path("/proc/cpuinfo").read_text("utf-8"),
                     re.MULTILINE) is not None


def instructions_of(micro: pathlib.Path, step: str, folder: pathlib.Path) -> int:
    """Of one message."""
    out = folder / step
    # An environment of its own: its size moves the stack.
    done = subprocess.run(
        ["valgrind", "--quiet", "--tool=callgrind", "--collect-atstart=no",
         f"--callgrind-out-file={out}", micro, step, str(BATCHES[step])],
        stdout=subprocess.PIPE, text=True, check=True, env={"PATH": "/usr/bin:/bin"})
    total = re.search(r"^totals: (\d+)", out.read_text("utf-8"), re.MULTILINE)
    if total is None:
        sys.exit(f"ratchet: callgrind counted nothing in {step}")
    return round(int(total[1]) / int(done.stdout))


def verdict(wanted: int | None, counted: int) -> tuple[bool, str]:
    """Whether that is well, and a word on it."""
    if wanted is None:
        return False, f"not in {FILE.name}"
    change = counted / wanted - 1
    if counted > wanted * (1 + TOLERANCE):
        return False, f"{change:+.1%}: too many"
    if counted < wanted * (1 - TOLERANCE):
        return True, f"{change:+.1%}: lower {FILE.name} with --write"
    return True, f"{change:+.1%}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("micro", type=pathlib.Path)
    parser.add_argument("--write", action="store_true", help=f"write {FILE.name}")
    options = parser.parse_args()
    if not is_comparable():
        print("ratchet: not compared, for this processor is not an x86-64 with AVX2")
        return
    with tempfile.TemporaryDirectory(prefix="chatd.ratchet.") as folder:
        counts = {step: instructions_of(options.micro.resolve(), step, pathlib.Path(folder))
                  for step in BATCHES}
    if options.write:
        FILE.write_text(json.dumps(counts, indent=2) + "\n", encoding="utf-8")
        return
    wanted = json.loads(FILE.read_text("utf-8"))
    all_well = True
    for step, counted in counts.items():
        is_well, word = verdict(wanted.get(step), counted)
        all_well = all_well and is_well
        print(f"{step:10} {counted:7,} instructions a message, {word}")
    if not all_well:
        sys.exit("ratchet: a message takes more than it did; make it cheaper, or say in the commit "
                 f"that changes {FILE.name} what it is that costs so much")


if __name__ == "__main__":
    main()
