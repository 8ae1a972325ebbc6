#!/usr/bin/env python3
import unittest

import names
import planted


class Names(planted.PlantedTest):
    check = staticmethod(names.findings)

    def test_good_names_are_clean(self):
        self.assert_clean({
            "daemon/core/room.hpp": "#pragma once\n// TODO(no peer sends it yet): take it too\n",
            "plugins/sdk/include/chatd/a.h": "#ifndef CHATD_A_H\n#define CHATD_A_H\n#endif\n",
            "daemon/base/mailbox.hpp": "#pragma once\n#include <mutex>\n",
            "plugins/hello/lanes.cpp": "std::mutex mutex_;\n",
            "tests/unit/core/a.cpp": 'TEST_CASE("a banned member cannot rejoin", "[core]") {\n'
                                     "  co_await timers.sleep(delay);\n",
            "tests/a.sh": "# no sleep here\nasleep=1\n",
        })

    def test_names_that_say_nothing_are_found(self):
        for path in ("daemon/core/utils.cpp", "daemon/common/room.cpp", "cli/helper.py",
                     "daemon/core/manager.cpp", "tests/misc.md"):
            with self.subTest(path):
                self.assert_found({path: ""}, "says nothing")

    def test_headers_without_a_guard_are_found(self):
        self.assert_found({"daemon/core/a.hpp": "\n"}, "without #pragma once")
        self.assert_found({"plugins/sdk/include/chatd/a.h": "\n"}, "a guard")

    def test_marks_without_a_reason_are_found(self):
        for line in ("// TODO: later", "// TODO later", "# FIXME", "// XXX", "/* HACK */"):
            with self.subTest(line):
                self.assert_found({"daemon/core/a.cpp": line + "\n"}, "without a reason")

    def test_locks_outside_base_are_found(self):
        for line in ("#include <mutex>", "  std::atomic<int> a;", "  std::atomic_bool b;",
                     "std::shared_mutex c;", "std::condition_variable_any d;"):
            for folder in ("daemon/core", "daemon/net", "federation", "cli"):
                with self.subTest(folder + line):
                    self.assert_found({f"{folder}/a.cpp": line + "\n"}, "only daemon/base")
        self.assert_clean({"daemon/core/a.cpp": "// no std::mutex here\n"})

    def test_sleeps_in_tests_are_found(self):
        for path, line in {
            "tests/unit/a.cpp": "  std::this_thread::sleep_for(1s);",
            "tests/unit/b.cpp": "  usleep(10);",
            "tests/unit/c.cpp": "  sleep(1);",
            "tests/scenario/d.py": "    time.sleep(0.1)",
            "tests/e.sh": "while true; do sleep 1; done",
            "tests/f.sh": "  sleep $delay",
        }.items():
            with self.subTest(path):
                self.assert_found({path: line + "\n"}, "a sleep in a test")

    def test_paths_of_a_machine_are_found(self):
        for text in ("see /home/anna/chatd", '"/root/x"', "cd /work/main"):
            with self.subTest(text):
                self.assert_found({"README.md": text + "\n"}, "README.md:1: a path of somebody")
        self.assert_clean({"README.md": "docs/work/one and https://a.example/home/x"})

    def test_test_names_that_are_no_sentences_are_found(self):
        self.assert_found({"tests/unit/a.cpp": 'TEST_CASE("parse", "[x]") {\n'}, "no sentence")


if __name__ == "__main__":
    unittest.main()
