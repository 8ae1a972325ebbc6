#!/usr/bin/env python3
import unittest

import docs
import planted

TREE = {
    "daemon/core/room.cpp": "",
    "tests/run.sh": "",
    "plugins/hello/notes.md": "`hello.so` reads `room.cpp`; see `../../tests/run.sh`\n",
    "cli/chatctl.1": ".SS user list\n.SS status\n.SS user key show\n.SS user list (schema 1)\n",
    "CMakePresets.json": '{"configurePresets": [{"name": "dev"}, {"name": "h", "hidden": true}],'
                         ' "buildPresets": [{"name": "dev"}], "testPresets": []}',
}


class Docs(planted.PlantedTest):
    check = staticmethod(docs.findings)

    def found_in(self, text: str, *parts: str) -> None:
        self.assert_found(TREE | {"README.md": text + "\n"}, *parts)

    def test_what_is_there_is_clean(self):
        self.found_in(
            "`daemon/core/`, `daemon/core/room.cpp:12`, `room.cpp`, [run](tests/run.sh#top)\n"
            "`/etc/chatd/chatd.toml`, `one/two`, `<chatd/plugin.h>`, [x](https://a.example/b)\n"
            "```\ncmake --preset dev && cmake --build --preset dev\ntests/run.sh --fast\n"
            "build/dev/daemon/chatd\n```")

    def test_paths_that_are_gone_are_found(self):
        self.found_in("see `daemon/core/gone.cpp`", "README.md:1: `daemon/core/gone.cpp`")
        self.found_in("see `daemon/gone/`", "`daemon/gone/` is not there")
        self.found_in("see `gone.hpp`", "`gone.hpp` is not there")
        self.found_in("[x](daemon/gone.md)", "leads nowhere")

    def test_presets_that_are_not_there_are_found(self):
        self.found_in("`cmake --preset fast`", "no preset fast")
        self.found_in("```\ncmake --preset h\n```", "README.md:2: there is no preset h")
        self.found_in("```\nctest --preset dev\n```", "no preset dev among the testPresets")

    def test_scripts_that_are_not_there_are_found(self):
        self.found_in("```\ntests/gone.sh 60\n```", "the script tests/gone.sh")
        self.found_in("```\n./gone.sh\n```", "the script ./gone.sh")
        self.found_in("run `python3 tests/gone.py x`", "the script tests/gone.py")

    def test_commands_that_chatctl_does_not_have_are_found(self):
        self.found_in("`chatctl user list --json`, `chatctl status`")
        self.found_in("`chatctl user key show ID`, `chatctl user key`")
        self.found_in("`chatctl user lst`", "chatctl has no command user lst")
        self.found_in("`chatctl user key shw`", "chatctl has no command user key shw")
        self.found_in("```\n$ sudo chatctl state\n```", "chatctl has no command state")

    def test_a_path_may_start_from_the_folder_of_the_document(self):
        self.assert_clean(TREE | {"daemon/README.md": "`core/room.cpp`\n"})
        self.assert_found(TREE | {"daemon/README.md": "`core/gone.cpp`\n"}, "core/gone.cpp")


if __name__ == "__main__":
    unittest.main()
