"""For the checks' own tests: a tree made of the given files, and what a check finds in it."""

import pathlib
import tempfile
import unittest
from typing import Callable

import tree


class PlantedTest(unittest.TestCase):
    check: Callable  # the findings() of the check under test

    def found(self, files: dict[str, str]) -> list[str]:
        with tempfile.TemporaryDirectory() as folder:
            for path, text in files.items():
                file = pathlib.Path(folder, path)
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text, encoding="utf-8")
            return [str(finding) for finding in sorted(type(self).check(tree.Tree(
                pathlib.Path(folder))))]

    def assert_clean(self, files: dict[str, str]) -> None:
        self.assertEqual(self.found(files), [])

    def assert_found(self, files: dict[str, str], *parts: str) -> None:
        """As many findings as parts, each with its part in it."""
        found = self.found(files)
        self.assertEqual(len(found), len(parts), found)
        for finding, part in zip(found, parts):
            self.assertIn(part, finding)
