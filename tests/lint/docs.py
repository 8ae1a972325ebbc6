#!/usr/bin/env python3
"""What documents name is there: files, folders, presets, scripts, links, chatctl commands."""

import json
import pathlib
import re
from typing import Iterator

import tree

# Ours, or not: what stands first in a path of the tree.
TOP = ("daemon", "plugins", "federation", "cli", "tests", "examples", "cmake", ".ci")
SOURCE_NAME = re.compile(r"^[\w.-]+\.(c|h|cpp|hpp|py|sh|md|toml|cmake|in|ts|txt|service|json)$")
PLAIN_PATH = re.compile(r"^\.{0,2}/?[\w.+-]+(/[\w.+-]+)*/?$")
# Made by a run, or on an administrator's machine.
ELSEWHERE = re.compile(r"^(/|~|build/|\.{1,2}$)|\.example(/|$)")
# Names of files that stand in no tree: what an administrator or an author writes.
NOT_OURS = {"compile_commands.json", "hello.cpp", "hello.hpp", "package.json"}

CODE_SPAN = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)\s#]+)(#[^)]*)?\)")
PRESET = re.compile(r"\b(?:cmake|ctest)\b[^\n`|;&]*--preset[ =]([\w-]+)")
CHATCTL = re.compile(r"^chatctl ([a-z]+(?: [a-z]+){0,2})")
COMMAND = re.compile(r"^\s*(?:\$ )?(?:sudo )?(?:(?:bash|sh|python3) )?((?:\./)?[\w./-]+/[\w.-]+"
                     r"|\./[\w.-]+)")


class Text:
    """One document: its lines in code blocks, and those outside."""

    def __init__(self, files: tree.Tree, path: str):
        self.path = path
        self.folder = pathlib.PurePosixPath(path).parent
        self.prose: list[tuple[int, str]] = []
        self.code: list[tuple[int, str]] = []
        fenced = False
        for number, line in files.lines(path):
            if line.lstrip().startswith("```"):
                fenced = not fenced
            else:
                (self.code if fenced else self.prose).append((number, line))


class Docs:
    def __init__(self, files: tree.Tree):
        self.files = files
        self.names = {path.rpartition("/")[2] for path in files.paths}
        self.presets = {"configurePresets": set(), "buildPresets": set(), "testPresets": set()}
        presets = files.root / "CMakePresets.json"
        if presets.is_file():
            for kind, rows in json.loads(presets.read_text()).items():
                if kind in self.presets:
                    self.presets[kind] = {row["name"] for row in rows if not row.get("hidden")}

        manual = files.root / "cli/chatctl.1"
        rows = manual.read_text().splitlines() if manual.is_file() else []
        self.chatctl = {row.removeprefix(".SS ") for row in rows
                        if row.startswith(".SS ") and "(" not in row}

    def exists(self, text: Text, name: str) -> bool:
        name = name.rstrip("/")
        bases = [self.files.root, self.files.root / text.folder]
        return any((base / name).exists() for base in bases)

    def path_fault(self, text: Text, span: str) -> str | None:
        span = span.split(":")[0] if re.search(r":\d+$", span) else span
        if not PLAIN_PATH.match(span) or ELSEWHERE.search(span):
            return None
        if "/" in span.rstrip("/"):
            first = span.removeprefix("./").split("/")[0]
            in_tree = first in TOP or span.startswith("../") or (
                self.files.root / text.folder / first).is_dir()
            is_there = not in_tree or self.exists(text, span)
        else:
            is_there = (not SOURCE_NAME.match(span) or span in self.names or span in NOT_OURS
                        or self.exists(text, span))
        return None if is_there else f"`{span}` is not there"

    def is_command(self, words: str) -> bool:
        """A command, what follows it or not; or a family of them."""
        return any(words == command or words.startswith(command + " ")
                   or command.startswith(words + " ") for command in self.chatctl)

    def command_faults(self, text: Text, line: str) -> Iterator[str]:
        for call in re.split(r"&&|\|\||[;|]", line):
            for preset in PRESET.finditer(call):
                words = call.split()
                kind = ("testPresets" if "ctest" in words else
                        "buildPresets" if "--build" in words else "configurePresets")
                if preset[1] not in self.presets[kind]:
                    yield f"there is no preset {preset[1]} among the {kind}"
            words = CHATCTL.match(call.strip().removeprefix("$ ").removeprefix("sudo "))
            if words and not self.is_command(words[1]):
                yield f"chatctl has no command {words[1]}"
            command = COMMAND.match(call)
            if command and not ELSEWHERE.search(command[1].removeprefix("./")):
                first = command[1].removeprefix("./").split("/")[0]
                ours = command[1].startswith("./") or first in TOP
                if ours and not self.exists(text, command[1]):
                    yield f"the script {command[1]} is not there"

    def faults(self, text: Text) -> Iterator[tuple[int, str]]:
        for number, line in text.prose:
            for span in CODE_SPAN.finditer(line):
                fault = self.path_fault(text, span[1])
                if fault:
                    yield number, fault
                for fault in self.command_faults(text, span[1]) if " " in span[1] else ():
                    yield number, fault
            for link in LINK.finditer(line):
                if not self.exists(text, link[1]):
                    yield number, f"the link to {link[1]} leads nowhere"
        for number, line in text.code:
            for fault in self.command_faults(text, line):
                yield number, fault


def findings(files: tree.Tree):
    docs = Docs(files)
    for path in files.files(".md"):
        text = Text(files, path)
        for number, fault in docs.faults(text):
            yield tree.Finding(path, number, fault)


if __name__ == "__main__":
    tree.main(findings)
