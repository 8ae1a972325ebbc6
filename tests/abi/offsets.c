/* What was released stays where it is: LP64, as all platforms we build for. A new member goes to
 * the end of its struct and gets its line here in the release that brings it. Checked by compiling.
 */
#include <chatd/auth.h>
#include <chatd/events.h>
#include <chatd/hooks.h>
#include <chatd/methods.h>
#include <chatd/plugin.h>
#include <chatd/state.h>
#include <chatd/storage.h>
#include <chatd/timer.h>

#include <stddef.h>

#define AT(type, member, offset) \
  _Static_assert(offsetof(type, member) == (offset), #type "." #member " has moved")
#define SIZE(type, bytes) _Static_assert(sizeof(type) >= (bytes), #type " has shrunk")

/* chatd/plugin.h, 1.0 */
AT(chatd_str, data, 0);
AT(chatd_str, size, 8);
SIZE(chatd_str, 16);

AT(chatd_answer, size, 0);
AT(chatd_answer, status, 4);
AT(chatd_answer, detail, 8);
AT(chatd_answer, retry_after_ms, 24);
SIZE(chatd_answer, 32);

AT(chatd_host_api, size, 0);
AT(chatd_host_api, abi_major, 4);
AT(chatd_host_api, abi_minor, 8);
AT(chatd_host_api, log, 16);
AT(chatd_host_api, config, 24);
AT(chatd_host_api, post, 32);
AT(chatd_host_api, work, 40);
AT(chatd_host_api, complete, 48);
AT(chatd_host_api, service, 56);
SIZE(chatd_host_api, 64);

AT(chatd_plugin, size, 0);
AT(chatd_plugin, abi_major, 4);
AT(chatd_plugin, abi_minor, 8);
AT(chatd_plugin, reserved, 12);
AT(chatd_plugin, name, 16);
AT(chatd_plugin, version, 24);
AT(chatd_plugin, summary, 32);
AT(chatd_plugin, config_schema, 40);
AT(chatd_plugin, roles, 48);
AT(chatd_plugin, create, 56);
AT(chatd_plugin, destroy, 64);
AT(chatd_plugin, role, 72);
SIZE(chatd_plugin, 80);

/* chatd/auth.h, 1.0 */
AT(chatd_auth_v1, size, 0);
AT(chatd_auth_v1, reserved, 4);
AT(chatd_auth_v1, set_secret, 8);
AT(chatd_auth_v1, verify, 16);
AT(chatd_auth_v1, erase, 24);
SIZE(chatd_auth_v1, 32);

/* chatd/hooks.h, 1.0 */
AT(chatd_draft, size, 0);
AT(chatd_draft, reserved, 4);
AT(chatd_draft, room, 8);
AT(chatd_draft, kind, 24);
AT(chatd_draft, sender, 40);
AT(chatd_draft, origin, 56);
AT(chatd_draft, device, 72);
AT(chatd_draft, client_msg_id, 88);
AT(chatd_draft, content, 104);
AT(chatd_draft, text, 120);
AT(chatd_draft, target, 136);
SIZE(chatd_draft, 144);

AT(chatd_registration, size, 0);
AT(chatd_registration, reserved, 4);
AT(chatd_registration, user, 8);
AT(chatd_registration, address, 24);
SIZE(chatd_registration, 40);

AT(chatd_new_room, size, 0);
AT(chatd_new_room, reserved, 4);
AT(chatd_new_room, founder, 8);
AT(chatd_new_room, name, 24);
SIZE(chatd_new_room, 40);

AT(chatd_join, size, 0);
AT(chatd_join, reserved, 4);
AT(chatd_join, room, 8);
AT(chatd_join, user, 24);
SIZE(chatd_join, 40);

AT(chatd_hooks_v1, size, 0);
AT(chatd_hooks_v1, reserved, 4);
AT(chatd_hooks_v1, message_pre_accept, 8);
AT(chatd_hooks_v1, room_pre_append, 16);
AT(chatd_hooks_v1, account_pre_register, 24);
AT(chatd_hooks_v1, room_pre_create, 32);
AT(chatd_hooks_v1, room_pre_join, 40);
SIZE(chatd_hooks_v1, 48);

/* chatd/hooks.h, 1.1 */
AT(chatd_peer, size, 0);
AT(chatd_peer, is_dialled, 4);
AT(chatd_peer, server, 8);
AT(chatd_peer, address, 24);
SIZE(chatd_peer, 40);

AT(chatd_hooks_v1, federation_peer_policy, 48);
AT(chatd_hooks_v1, federation_pre_receive, 56);
SIZE(chatd_hooks_v1, 64);

/* chatd/methods.h, 1.0 */
AT(chatd_method, size, 0);
AT(chatd_method, reserved, 4);
AT(chatd_method, name, 8);
AT(chatd_method, summary, 16);
AT(chatd_method, params_schema, 24);
SIZE(chatd_method, 32);

AT(chatd_call, size, 0);
AT(chatd_call, reserved, 4);
AT(chatd_call, method, 8);
AT(chatd_call, user, 24);
AT(chatd_call, device, 40);
AT(chatd_call, params, 56);
SIZE(chatd_call, 72);

AT(chatd_methods_v1, size, 0);
AT(chatd_methods_v1, reserved, 4);
AT(chatd_methods_v1, methods, 8);
AT(chatd_methods_v1, call, 16);
SIZE(chatd_methods_v1, 24);

/* chatd/storage.h, 1.0 */
AT(chatd_write, size, 0);
AT(chatd_write, op, 4);
AT(chatd_write, room, 8);
AT(chatd_write, seq, 24);
AT(chatd_write, key, 32);
AT(chatd_write, value, 48);
SIZE(chatd_write, 64);

AT(chatd_range, size, 0);
AT(chatd_range, flags, 4);
AT(chatd_range, room, 8);
AT(chatd_range, first, 24);
AT(chatd_range, last, 32);
AT(chatd_range, max_records, 40);
AT(chatd_range, max_bytes, 48);
SIZE(chatd_range, 56);

AT(chatd_storage_v1, size, 0);
AT(chatd_storage_v1, reserved, 4);
AT(chatd_storage_v1, commit, 8);
AT(chatd_storage_v1, head, 16);
AT(chatd_storage_v1, read_range, 24);
AT(chatd_storage_v1, get, 32);
AT(chatd_storage_v1, scan, 40);
AT(chatd_storage_v1, backup, 48);
AT(chatd_storage_v1, check, 56);
AT(chatd_storage_v1, stats, 64);
AT(chatd_storage_v1, last_error, 72);
SIZE(chatd_storage_v1, 80);

/* chatd/state.h, 1.0 */
AT(chatd_state_write, key, 0);
AT(chatd_state_write, value, 16);
AT(chatd_state_write, erase, 32);
AT(chatd_state_write, reserved, 36);
SIZE(chatd_state_write, 40);

AT(chatd_state_v1, size, 0);
AT(chatd_state_v1, reserved, 4);
AT(chatd_state_v1, get, 8);
AT(chatd_state_v1, write, 16);
AT(chatd_state_v1, scan, 24);
SIZE(chatd_state_v1, 32);

/* chatd/timer.h, 1.0 */
AT(chatd_timer_v1, size, 0);
AT(chatd_timer_v1, reserved, 4);
AT(chatd_timer_v1, start, 8);
AT(chatd_timer_v1, stop, 16);
SIZE(chatd_timer_v1, 24);

/* chatd/events.h, 1.0 */
AT(chatd_event, size, 0);
AT(chatd_event, is_erased, 4);
AT(chatd_event, room, 8);
AT(chatd_event, seq, 24);
AT(chatd_event, time_ms, 32);
AT(chatd_event, kind, 40);
AT(chatd_event, sender, 56);
AT(chatd_event, origin, 72);
AT(chatd_event, device, 88);
AT(chatd_event, client_msg_id, 104);
AT(chatd_event, content, 120);
AT(chatd_event, target, 136);
SIZE(chatd_event, 144);

AT(chatd_log_v1, size, 0);
AT(chatd_log_v1, reserved, 4);
AT(chatd_log_v1, subscribe, 8);
SIZE(chatd_log_v1, 16);

/* Statuses and kinds of writes. */
#define IS(name, value) _Static_assert((name) == (value), #name " has another value")
IS(CHATD_OK, 0);
IS(CHATD_PASS, 1);
IS(CHATD_ALLOW, 2);
IS(CHATD_DROP, 3);
IS(CHATD_REPLACE, 4);
IS(CHATD_PENDING, 5);
IS(CHATD_E_INVALID, -1);
IS(CHATD_E_DENIED, -2);
IS(CHATD_E_NOT_FOUND, -3);
IS(CHATD_E_CONFLICT, -4);
IS(CHATD_E_LIMIT, -5);
IS(CHATD_E_UNAVAILABLE, -6);
IS(CHATD_E_INTERNAL, -7);
IS(CHATD_E_TOO_LARGE, -8);
IS(CHATD_E_UNSUPPORTED, -9);
IS(CHATD_E_WRONG_THREAD, -10);
IS(CHATD_E_CORRUPT, -11);
IS(CHATD_E_NO_SPACE, -12);
IS(CHATD_WRITE_APPEND, 1);
IS(CHATD_WRITE_REPLACE, 2);
IS(CHATD_WRITE_PUT, 3);
IS(CHATD_WRITE_DELETE, 4);
