#!/usr/bin/env python3
import unittest

import format as format_check
import planted

STYLE = {".clang-format": "BasedOnStyle: Google\n"}


class Format(planted.PlantedTest):
    check = staticmethod(format_check.findings)

    def test_formatted_files_are_clean(self):
        self.assert_clean(STYLE | {"a.cpp": "int main() { return 0; }\n", "b.txt": "int  x;"})

    def test_each_file_that_is_not_formatted_is_found_once(self):
        self.assert_found(STYLE | {"a.cpp": "int  x ;\nint  y ;\n", "b.hpp": "int y;\n",
                                   "c.h": "\nint  z;\n"},
                          "a.cpp:1: not formatted", "c.h:2: not formatted")

    def test_a_style_that_can_not_be_read_is_found(self):
        self.assert_found({".clang-format": "Nonsense: yes\n", "a.cpp": "int x;\n"},
                          "clang-format: ")


if __name__ == "__main__":
    unittest.main()
