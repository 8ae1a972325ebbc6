#!/usr/bin/env python3
"""Every C and C++ file is as clang-format would write it."""

import re
import subprocess

import tree

# file:line:column: error: code should be clang-formatted [-Wclang-format-violations]
VIOLATION = re.compile(r"^(?P<path>[^:]+):(?P<line>\d+):\d+: error: code should be clang-formatted")
BATCH = 40  # files for one clang-format, so that two can work at a time


def findings(files: tree.Tree):
    paths = files.files(*tree.C_FAMILY)
    batches = [paths[at:at + BATCH] for at in range(0, len(paths), BATCH)]
    while batches:
        now, batches = batches[:2], batches[2:]
        running = [
            subprocess.Popen(["clang-format", "--dry-run", "-Werror", *batch], cwd=files.root,
                             stderr=subprocess.PIPE, text=True) for batch in now
        ]
        for process in running:
            said = process.communicate()[1]
            seen = set()
            for line in said.splitlines():
                violation = VIOLATION.match(line)
                if violation and violation["path"] not in seen:
                    seen.add(violation["path"])
                    yield tree.Finding(violation["path"], int(violation["line"]),
                                       f"not formatted: clang-format -i {violation['path']}")
            if process.returncode != 0 and not seen:
                yield tree.Finding("clang-format", 0, said.strip())


if __name__ == "__main__":
    tree.main(findings)
