#!/usr/bin/env python3
"""Names that say nothing, and words that do not belong where they stand."""

import re

import tree

# A file is named for the one thing or the one verb in it.
EMPTY_NAMES = {"util", "utils", "common", "manager", "helper", "helpers", "misc", "stuff", "impl",
               "base_class", "types"}
GUARD = re.compile(r"#ifndef CHATD_\w+_H\b")

MARK = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b(?!\w)")
MARK_WITH_REASON = re.compile(r"\bTODO\([^)]+\)")

# Threads share nothing but messages. Who may hold a lock: base, whose types the others use;
# plugins, which answer for their own threads; tests and examples.
LOCK = re.compile(r"\bstd::(recursive_|shared_|timed_)?mutex\b|\bstd::atomic"
                  r"|\bstd::condition_variable"
                  r"|#\s*include\s*<(mutex|shared_mutex|atomic|condition_variable)>"
                  r"|\bpthread_mutex_")
LOCK_FREE = re.compile(r"^(daemon/(?!base/)|federation/|cli/)")
LOCKS_WITH_A_REASON: dict[str, str] = {}  # path: why no type of daemon/base will do

# A test waits for a condition with a deadline. (`timers.sleep` is the core's, on a manual clock.)
SLEEP = re.compile(r"\bsleep_(for|until)\s*\(|\b(u|nano)sleep\s*\(|(?<![.\w>])sleep\s*\("
                   r"|\btime\.sleep\b|\basyncio\.sleep\b")
SHELL_SLEEP = re.compile(r"^\s*sleep\b|[;&|]\s*sleep\b|\b(do|then)\s+sleep\b")
SLEEPS_WITH_A_REASON: dict[str, str] = {}

MACHINE_PATH = re.compile(r"(?<![\w.>*-])/(work|root|home|Users)/\w")

CASE = re.compile(r'^\s*(TEST_CASE|SCENARIO)\(\s*"(?P<name>[^"]*)"')
BINARY = (".png", ".ico", ".wasm", ".mdb", ".bin", ".gz")


def word_fault(path: str, line: str) -> str | None:
    mark = MARK.search(line)
    if mark and not MARK_WITH_REASON.search(line) and "XXXX" not in line:
        return f"{mark[0]} without a reason: write TODO(the reason), or do it"
    if LOCK_FREE.match(path) and path not in LOCKS_WITH_A_REASON:
        lock = LOCK.search(line.split("//")[0])
        if lock:
            return f"{lock[0]}: only daemon/base holds locks; use Mailbox, WorkQueue or Guarded"
    if path.startswith("tests/") and path not in SLEEPS_WITH_A_REASON:
        sleeps = SHELL_SLEEP if path.endswith(".sh") else SLEEP
        if sleeps.search(line):
            return "a sleep in a test: wait for the condition, with a deadline"
    return None


def findings(files: tree.Tree):
    for path in files.paths:
        folder, _, name = path.rpartition("/")
        stem = name.split(".")[0]
        if stem in EMPTY_NAMES or folder.rpartition("/")[2] in EMPTY_NAMES:
            yield tree.Finding(path, 0, "this name says nothing: name the thing or the verb in it")
        if path.endswith(BINARY) or path.startswith(("tests/lint/", "tests/fuzz/corpus/")):
            continue
        lines = list(files.lines(path))
        for number, line in lines:
            if MACHINE_PATH.search(line):
                yield tree.Finding(path, number, "a path of somebody's machine")
        if path.endswith(".hpp") and not any(line == "#pragma once" for _, line in lines):
            yield tree.Finding(path, 0, "a header without #pragma once")
        if path.endswith(".h") and not any(
                line == "#pragma once" or GUARD.match(line) for _, line in lines):
            yield tree.Finding(path, 0, "a C header without #pragma once or a guard CHATD_..._H")
        if not path.endswith((*tree.C_FAMILY, *tree.SCRIPTS, ".cmake", ".txt", ".ts")):
            continue
        for number, line in lines:
            fault = word_fault(path, line)
            if fault:
                yield tree.Finding(path, number, fault)
            case = CASE.match(line)
            if case and len(case["name"].split()) < 3:
                yield tree.Finding(path, number, f'"{case["name"]}" is no sentence about behaviour')


if __name__ == "__main__":
    tree.main(findings)
