#!/usr/bin/env python3
import unittest

import length
import planted

LONG_BODY = "  a();\n" * 60


class Length(planted.PlantedTest):
    check = staticmethod(length.findings)

    def test_what_fits_is_clean(self):
        self.assert_clean({"a.cpp": "x\n" * 400, "b.py": "é" * 100 + "\n"})

    def test_a_long_file_is_found(self):
        self.assert_found({"a.cpp": "x\n" * 401}, "a.cpp: 401 lines")

    def test_a_long_file_that_a_program_made_is_clean(self):
        self.assert_clean({"a.ts": "// Made by b.js from c.json; d\n" + "x\n" * 400})

    def test_a_long_line_is_found(self):
        self.assert_found({"a.sh": "\n" + "x" * 101 + "\n"}, "a.sh:2: 101 columns")

    def test_long_functions_are_found_wherever_they_stand(self):
        for head, close in {
            "int f() {": "}",
            "int very_long(int a,\n              int b) {": "}",
            'TEST_CASE("a b c", "[x]") {': "}",
            "template <class T>\nint f(T a) {": "}",
            "struct S {\n  int f() const {": "  }\n};",
            "A::A(int a)\n    : a_(a) {": "}",
        }.items():
            with self.subTest(head):
                self.assert_found({"a.cpp": f"{head}\n{LONG_BODY}{close}\n"}, "a function of 6")

    def test_long_classes_namespaces_and_tables_are_not_functions(self):
        for head, close in {
            "class C {": "};",
            "struct D : B<int(int)> {": "};",
            "namespace {": "}  // namespace",
            "const T kTable[] = {": "};",
        }.items():
            with self.subTest(head):
                self.assert_clean({"a.cpp": f"{head}\n{LONG_BODY}{close}\n"})

    def test_many_short_functions_are_no_long_one(self):
        self.assert_clean({"a.cpp": "int f() {\n  return 1;\n}\n" * 100})


if __name__ == "__main__":
    unittest.main()
