"""The files of the tree, and how a check reports what it found.

A check is a script with a function `findings(tree)`, a test `<check>_test.py` that plants faults
and sees them found, and a line in CMakeLists.txt. `<check>.py [ROOT]` prints one finding a line, as
path:line: sentence, and fails when there is any.
"""

import pathlib
import subprocess
import sys
from typing import Callable, Iterable, Iterator, NamedTuple

HERE = pathlib.Path(__file__).resolve().parent


class Finding(NamedTuple):
    path: str
    line: int  # 0: the file as a whole
    text: str

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else self.path
        return f"{place}: {self.text}"


class Tree:
    """All files that are tracked, or would be if they were added."""

    def __init__(self, root: pathlib.Path):
        self.root = root
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=root, capture_output=True, check=False)
        if listed.returncode == 0:
            paths = [path for path in listed.stdout.decode().split("\0") if path]
        else:  # an unpacked archive
            paths = [str(path.relative_to(root)) for path in root.rglob("*")]
            paths = [path for path in paths if not path.startswith((".git/", "build/"))]
        self.paths = sorted({path for path in paths if (root / path).is_file()})

    def files(self, *suffixes: str) -> list[str]:
        return [path for path in self.paths if path.endswith(suffixes)]

    def lines(self, path: str) -> Iterator[tuple[int, str]]:
        """The numbered lines of a text; none of a file that is no UTF-8."""
        try:
            text = (self.root / path).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            return iter(())
        return enumerate(text.split("\n"), start=1)


C_FAMILY = (".c", ".h", ".cpp", ".hpp")
SCRIPTS = (".py", ".sh")


def main(findings: Callable[[Tree], Iterable[Finding]]) -> None:
    root = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else HERE.parent.parent
    found = sorted(findings(Tree(root)))
    for finding in found:
        print(finding)
    if found:
        sys.exit(f"{len(found)} findings")
