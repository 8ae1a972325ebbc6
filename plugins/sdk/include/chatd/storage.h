/* The role "chatd.storage.v1": where the rooms' records and the server's keys live. Exactly one
 * plugin of a server serves it; without it the server does not start.
 *
 * Two things are stored:
 *   records  Each room (32 bytes) has records numbered 1, 2, 3 ... without gaps. The last number is
 *            the room's head; a room nobody wrote to has head 0. A record is opaque bytes. Records
 *            are never removed, but their bytes can be replaced for ever (a person's right).
 *   keys     An ordered map from keys (opaque bytes, compared like memcmp, a shorter one before a
 *            longer one that starts with it) to values.
 *
 * What the server builds on: when commit() returned CHATD_OK, all of it is durable (it survives a
 * power cut); when it returned anything else, nothing of it happened, now or after a restart. One
 * exception: after a crash inside commit() it has happened completely or not at all.
 *
 * Bytes cost disk for ever. A store compresses neighbouring records together, but hashes do not
 * compress: the server passes what it can't recompute.
 *
 * Threads: commit() is called on STORE, one call at a time. All others are called on WORKERs,
 * several at once and while a commit runs; each sees every commit that had returned before it
 * began, and of any later commit all or nothing. All calls may block. Callbacks are called on the
 * calling thread before the function returns; they must be quick and must not call the store.
 *
 * Everything passed in either direction is on loan until the call, or the callback, returns.
 */
#ifndef CHATD_STORAGE_H
#define CHATD_STORAGE_H

#include <chatd/plugin.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CHATD_STORAGE_V1 "chatd.storage.v1"

#define CHATD_STORAGE_ROOM_SIZE 32        /* bytes of a room id */
#define CHATD_STORAGE_MAX_KEY 200         /* bytes; at least 1 */
#define CHATD_STORAGE_MAX_VALUE 1048576   /* bytes of a record or value; may be empty */
#define CHATD_STORAGE_MAX_WRITES 65536    /* in one commit */
#define CHATD_STORAGE_MAX_COMMIT 67108864 /* bytes of all values and keys of one commit */

/* What a write does. Later writes of a commit see the earlier ones.
 *   APPEND   room, seq, value: a new record; seq is the room's head + 1
 *   REPLACE  room, seq, value: new bytes for an existing record. The old ones become unreadable at
 *            once, and unrecoverable from the store's files as soon as its upkeep ran: minutes, not
 *            days; the stat erasures_pending is 0 then. Copies made by backup() keep them
 *   PUT      key, value: sets the key
 *   DELETE   key: removes it; not an error when it isn't there */
#define CHATD_WRITE_APPEND 1
#define CHATD_WRITE_REPLACE 2
#define CHATD_WRITE_PUT 3
#define CHATD_WRITE_DELETE 4

typedef struct chatd_write {
  uint32_t size; /* sizeof(chatd_write); in an array also the distance to the next one */
  uint32_t op;   /* CHATD_WRITE_* */
  chatd_str room;
  uint64_t seq;
  chatd_str key;
  chatd_str value;
} chatd_write;

/* Which records to read. */
#define CHATD_RANGE_REVERSE 1u /* from `last` down to `first` */
typedef struct chatd_range {
  uint32_t size; /* sizeof(chatd_range) */
  uint32_t flags;
  chatd_str room;
  uint64_t first;       /* inclusive; 0 counts as 1 */
  uint64_t last;        /* inclusive; beyond the head is fine */
  uint64_t max_records; /* 0: none */
  uint64_t max_bytes;   /* of records; stops before going over, but one record always comes */
} chatd_range;

/* Callbacks. CHATD_OK: go on; anything else ends the reading, and the call returns it. */
typedef chatd_status (*chatd_record_fn)(void *arg, uint64_t seq, chatd_str record);
typedef chatd_status (*chatd_pair_fn)(void *arg, chatd_str key, chatd_str value);
typedef chatd_status (*chatd_text_fn)(void *arg, chatd_str text);
typedef chatd_status (*chatd_stat_fn)(void *arg, chatd_str name, uint64_t value);

/* The role's table. No slot may be NULL. Any function may also return CORRUPT (stored data is
 * damaged) or INTERNAL (a system call failed, a defect); last_error() has the sentence. */
typedef struct chatd_storage_v1 {
  uint32_t size;
  uint32_t reserved;

  /* STORE. All writes, in order, or none; durable on return.
   *   INVALID   an unknown op, a room that is not 32 bytes, a size out of bounds
   *   CONFLICT  an APPEND whose seq is not the head + 1
   *   NOT_FOUND a REPLACE of a record that is not there
   *   NO_SPACE  the disk is full. Reads go on; later commits succeed once there is space */
  chatd_status (*commit)(void *self, const chatd_write *writes, size_t count);

  /* The number of the room's last record, 0 for none. INVALID: not 32 bytes. */
  chatd_status (*head)(void *self, chatd_str room, uint64_t *seq);

  /* Calls `fn` for the records of the range, in order of seq. What isn't there is skipped. */
  chatd_status (*read_range)(void *self, const chatd_range *range, chatd_record_fn fn, void *arg);

  /* Calls `fn` once, with the key's value. NOT_FOUND. */
  chatd_status (*get)(void *self, chatd_str key, chatd_pair_fn fn, void *arg);

  /* Calls `fn` with at most `limit` pairs whose key starts with `prefix` (may be empty) and is
   * greater than `after` (empty: from the first), in the order of the keys. */
  chatd_status (*scan)(void *self, chatd_str prefix, chatd_str after, uint64_t limit,
                       chatd_pair_fn fn, void *arg);

  /* Writes a copy of everything, as of now, into the new folder `target` (its parent exists), while
   * the server goes on. Started on that folder, the store has exactly this state. When it fails
   * nothing is left. May take minutes. CONFLICT: the folder exists. NO_SPACE. UNSUPPORTED: it keeps
   * nothing that could be copied to a folder. */
  chatd_status (*backup)(void *self, chatd_str target);

  /* Reads everything and calls `fn` with a sentence for each thing that is wrong. OK: it could look
   * everywhere, whatever it found. May take minutes. */
  chatd_status (*check)(void *self, chatd_text_fn fn, void *arg);

  /* Names and numbers for metrics and `chatctl`; a size's name ends with _bytes. At least:
   * disk_bytes, erasures_pending. */
  chatd_status (*stats)(void *self, chatd_stat_fn fn, void *arg);

  /* ANY. Why the last call on this thread failed: one sentence for the operator, never for a peer.
   * Valid until this thread's next call. */
  chatd_str (*last_error)(void *self);
} chatd_storage_v1;

#ifdef __cplusplus
}
#endif

#endif
