#!/usr/bin/env python3
import unittest

import layers
import planted


class Layers(planted.PlantedTest):
    check = staticmethod(layers.findings)

    def test_edges_of_the_table_are_allowed(self):
        self.assert_clean({
            "daemon/core/room.cpp": '#include "daemon/core/room.hpp"\n#include <vector>\n'
                                    '#include "daemon/wire/record.hpp"\n',
            "daemon/net/tls.cpp": "#include <openssl/ssl.h>\n",
            "plugins/hello/hello.cpp": "#include <chatd/plugin.hpp>\n"
                                       '#include "plugins/hello/word.hpp"\n',
            "examples/hello/hello.cpp": "#include <chatd/plugin.hpp>\n#include \"word.hpp\"\n",
            "tests/unit/core/room.cpp": '#include "daemon/net/tls.hpp"\n#include <lmdb.h>\n',
        })

    def test_edges_beside_the_table_are_found(self):
        for path, line in {
            "daemon/base/a.cpp": '#include "daemon/wire/record.hpp"',
            "daemon/core/a.cpp": '#include <chatd/plugin.h>',
            "daemon/net/a.cpp": '#include "federation/peer.hpp"',
            "daemon/net/b.cpp": '  #  include "daemon/host/loader.hpp"',
            "federation/a.cpp": '#include "daemon/net/link.hpp"',
            "cli/a.cpp": '#include "daemon/core/room.hpp"',
            "plugins/hello/a.cpp": '#include "daemon/base/ids.hpp"',
            "plugins/hello/b.cpp": '#include "plugins/storage_lmdb/store.hpp"',
            "plugins/sdk/include/chatd/a.hpp": '#include "daemon/base/ids.hpp"',
            "examples/hello/a.cpp": '#include "daemon/base/ids.hpp"',
        }.items():
            with self.subTest(path):
                self.assert_found({path: f"\n{line}\n"}, f"{path}:2: ")

    def test_an_example_may_not_reach_into_the_tree_for_the_sdk(self):
        self.assert_found(
            {"examples/hello/a.cpp": '#include "plugins/sdk/include/chatd/plugin.h"\n'},
            "installed SDK")

    def test_libraries_stay_in_their_rooms(self):
        for path, header in {
            "daemon/core/a.cpp": "simdjson.h",
            "daemon/app/a.cpp": "libwebsockets.h",
            "daemon/base/a.cpp": "openssl/ssl.h",
            "daemon/host/a.cpp": "lmdb.h",
            "plugins/hello/a.cpp": "toml++/toml.h",
            "daemon/wire/a.cpp": "catch2/catch.hpp",
        }.items():
            with self.subTest(path):
                self.assert_found({path: f"#include <{header}>\n"}, f"<{header}> belongs to")

    def test_the_core_has_no_world_inside(self):
        for line in ("#include <thread>", "#include <sys/socket.h>", "#include <fstream>",
                     "  const auto now = std::chrono::steady_clock::now();",
                     "  std::random_device random;"):
            with self.subTest(line):
                self.assert_found({"daemon/core/a.cpp": line + "\n"}, "has no world inside")
                self.assert_found({"federation/a.cpp": line + "\n"}, "has no world inside")
        self.assert_clean({"daemon/core/a.cpp": "// steady_clock::now() is not for us\n"})

    def test_a_new_folder_of_the_daemon_needs_a_row(self):
        self.assert_found({"daemon/magic/a.cpp": "#include <vector>\n"}, "no room of the table")


if __name__ == "__main__":
    unittest.main()
