/* The host service "chatd.state.v1": a plugin's own durable keys, beside the rooms and in their
 * backups. Each plugin sees only its own, under its name, across versions and reloads.
 *
 * All functions: WORKER only, they block. Two of them at once see each other's writes in some
 * order; guard a read-then-write of one key with a mutex of your own.
 */
#ifndef CHATD_STATE_H
#define CHATD_STATE_H

#include <chatd/plugin.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CHATD_STATE_V1 "chatd.state.v1"

#define CHATD_STATE_MAX_KEY 128       /* bytes; at least 1 */
#define CHATD_STATE_MAX_VALUE 1048576 /* bytes */
#define CHATD_STATE_MAX_WRITES 1024   /* in one write() */

typedef struct chatd_state_write {
  chatd_str key;
  chatd_str value; /* may be empty */
  uint32_t erase;  /* 1: the key goes; not an error when it isn't there */
  uint32_t reserved;
} chatd_state_write;

/* Gets a pair, on loan. Anything but CHATD_OK ends the scan, which then returns it. */
typedef chatd_status (*chatd_state_fn)(void *arg, chatd_str key, chatd_str value);

typedef struct chatd_state_v1 {
  uint32_t size;
  uint32_t reserved;

  /* Calls `fn` once with the value before it returns. NOT_FOUND; UNAVAILABLE; INTERNAL. */
  chatd_status (*get)(chatd_host *host, chatd_str key, chatd_state_fn fn, void *arg);

  /* All of them or none, durable when it returns OK. INVALID: a key or value out of bounds;
   * UNAVAILABLE: too much waits; NO_SPACE; INTERNAL. After a failure nothing happened. */
  chatd_status (*write)(chatd_host *host, const chatd_state_write *writes, size_t count);

  /* Calls `fn` with at most `limit` pairs whose key starts with `prefix` (may be empty) and is
   * greater than `after` (empty: from the first), in the order of the bytes. */
  chatd_status (*scan)(chatd_host *host, chatd_str prefix, chatd_str after, size_t limit,
                       chatd_state_fn fn, void *arg);
} chatd_state_v1;

#ifdef __cplusplus
}
#endif

#endif
