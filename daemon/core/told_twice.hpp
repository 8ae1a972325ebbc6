#pragma once

#include "daemon/core/context.hpp"
#include "daemon/core/ports/plugins.hpp"
#include "daemon/wire/record.hpp"

#include <memory>
#include <string>
#include <vector>

namespace chatd::core {

// What the hub of a room tells once more must be what it told before. `conflict`: one of `records`
// is another one than the one of its number here; `proof`, what the hub signed of them, goes to the
// log then, as it proves that it lied. Not asked of a room in preview, whose log is judged where it
// comes up to what was shown.
[[nodiscard]] Task<Status> check_told_twice(Context& core, std::string hub,
                                            std::shared_ptr<std::vector<wire::Record>> records,
                                            std::string proof);

// Whether the hub may be making a second record of what a user of this server said once: it would
// bear the same signature, which says nothing of its number. Then check_said_once() looks for
// what the record has of it; `conflict`: it is so.
[[nodiscard]] bool may_be_said_before(const Context& core, const Room& room,
                                      const wire::Record& record);
[[nodiscard]] Draft said_in(const wire::Record& record);
[[nodiscard]] Task<Status> check_said_once(Context& core, Seq seq, Draft said);

}  // namespace chatd::core
