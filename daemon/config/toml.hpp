#pragma once

// toml++ without exceptions (a parse error is a value) and compiled once, in toml.cpp, so that our
// sanitizers and fuzzers see inside it. Only for this folder's .cpp files.
#define TOML_EXCEPTIONS 0
#define TOML_HEADER_ONLY 0
#include <toml++/toml.h>
