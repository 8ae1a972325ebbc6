#define TOML_IMPLEMENTATION
#include "daemon/config/toml.hpp"
