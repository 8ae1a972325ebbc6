#!/usr/bin/env python3
"""No file longer than 400 lines, no function longer than a screen, no line over 100 columns."""

import re
from typing import Iterator

import tree

# A file that a program made; its reader is a compiler.
MADE = re.compile(r"// Made by [\w/.-]+ from ")

MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 60
MAX_COLUMNS = 100

# A body opens at the end of a line that belongs to the outermost level (column 0) or a class
# (column 2), and closes with a brace alone in that column: clang-format sees to that.
OPENS = re.compile(r"\{\s*(//.*)?$")
NO_FUNCTION = re.compile(
    r"^\s*(inline\s+)?(namespace|class|struct|enum|union|extern\s+\"C\"|export|typedef)\b"
    r"|^\s*template\b.*>\s*(class|struct|union)\b|=\s*\{\s*(//.*)?$")


def functions(lines: list[str]) -> Iterator[tuple[int, int]]:
    """The number of the opening line of each function, and how many lines it has to its end."""
    number = 0
    while number < len(lines):
        start = number
        first = lines[start]
        number += 1
        indent = len(first) - len(first.lstrip(" "))
        if indent not in (0, 2) or not first.strip() or first.lstrip()[0] in "#/}*":
            continue
        # The head may go on over several lines that are indented deeper.
        opens = start
        while (opens < len(lines) and not OPENS.search(lines[opens])
               and not lines[opens].rstrip().endswith((";", "}", ":"))):
            opens += 1
        if opens >= len(lines) or not OPENS.search(lines[opens]):
            continue
        head = " ".join(lines[start:opens + 1])
        if NO_FUNCTION.search(head) or "(" not in head:
            continue
        close = " " * indent + "}"
        end = opens + 1
        while end < len(lines) and not re.match(close + r"(\s*//.*|;)?$", lines[end]):
            end += 1
        if end < len(lines):
            yield start + 1, end - start + 1
            number = end + 1


def findings(files: tree.Tree):
    for path in files.files(*tree.C_FAMILY, *tree.SCRIPTS, ".cmake", "CMakeLists.txt", ".ts"):
        lines = [line for _, line in files.lines(path)]
        count = len(lines) - 1  # after the last line end there is nothing
        if count > MAX_FILE_LINES and not MADE.match(lines[0]):
            yield tree.Finding(path, 0, f"{count} lines, more than {MAX_FILE_LINES}: two reasons "
                                        "to exist? Split it by verb")
        for number, line in enumerate(lines, start=1):
            if len(line) > MAX_COLUMNS:
                yield tree.Finding(path, number, f"{len(line)} columns, more than {MAX_COLUMNS}")
        if path.endswith(tree.C_FAMILY):
            for number, length in functions(lines):
                if length > MAX_FUNCTION_LINES:
                    yield tree.Finding(path, number, f"a function of {length} lines, more than "
                                                     f"{MAX_FUNCTION_LINES}")


if __name__ == "__main__":
    tree.main(findings)
