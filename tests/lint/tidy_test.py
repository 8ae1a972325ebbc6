#!/usr/bin/env python3
import json
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import tidy
import tree


class Tidy(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.root = pathlib.Path(self.folder.name).resolve()
        self.build = self.root / "build"
        self.build.mkdir()
        shutil.copy(tidy.ROOT / ".clang-tidy", self.root)

    def write(self, path: str, text: str) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        rows = [{"directory": str(self.root), "file": str(source.relative_to(self.root)),
                 "command": f"c++ -std=c++20 -c {source}"}
                for source in self.root.rglob("*.cpp")]
        (self.build / "compile_commands.json").write_text(json.dumps(rows), encoding="utf-8")

    def run_tidy(self, *arguments: str) -> tuple[int, str]:
        done = subprocess.run(
            ["python3", "-B", str(tree.HERE / "tidy.py"), "--root", str(self.root), "--build",
             str(self.build), *arguments], capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr

    def git(self, *words: str) -> None:
        subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@a.example", *words],
                       cwd=self.root, check=True, capture_output=True)

    def test_names_and_slips_are_found(self):
        self.write("daemon/a.cpp", "int f(int BadName) { return BadName; }\n")
        self.write("daemon/b.cpp", "int f(int name) { return name; }\n")

        status, said = self.run_tidy("--all")

        self.assertEqual(status, 1)
        self.assertIn("invalid case style for parameter 'BadName'", said)
        self.assertIn("1 of 2 files", said)

    def test_the_changed_sources_and_those_beside_changed_headers_are_looked_at(self):
        bad = "int f(int BadName) { return BadName; }\n"
        for name in ("a", "b", "c"):
            self.write(f"daemon/{name}.cpp", bad)
        self.write(".gitignore", "build/\n")
        self.git("init", "-q")
        self.git("add", ".")
        self.git("commit", "-q", "-m", "first")
        self.git("commit", "-q", "-m", "second", "--allow-empty")
        self.write("daemon/b.cpp", bad + "\n")
        self.write("daemon/c.hpp", "\n")

        status, said = self.run_tidy()

        self.assertEqual(status, 1)
        self.assertIn("2 of 2 files have findings: daemon/b.cpp daemon/c.cpp", said)


if __name__ == "__main__":
    unittest.main()
