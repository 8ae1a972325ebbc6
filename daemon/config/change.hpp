#pragma once

#include "daemon/config/config.hpp"

#include <string>
#include <vector>

namespace chatd::config {

// One setting that differs between what runs and what the file says now.
struct Change {
  // "limits.messages_per_minute: 120 -> 60"; "plugin.webpush.key" alone, as it may be a secret.
  std::string text;
  bool is_live = false;  // a reload applies it; otherwise it waits for a restart
};

// What a reload from `running` to `next` would change, in the order of the documented file.
[[nodiscard]] std::vector<Change> changes(const Config& running, const Config& next);

// What the server goes on with: `running`, with everything that may change live as in `next`. A
// plugin reads its settings once, when it starts.
[[nodiscard]] Config after_reload(const Config& running, const Config& next);

}  // namespace chatd::config
