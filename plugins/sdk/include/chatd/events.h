/* The host service "chatd.log.v1": what was committed, from the log, with a cursor of your own.
 *
 * A subscriber gets every record of every room that was committed since it first subscribed under
 * its name: at least once, those of one room in order, also after a crash or after weeks off. The
 * host keeps the cursor and moves it when a batch is acknowledged. Push, search and counters live
 * on this; deciding whether something may happen is for hooks.
 *
 * That is the server's view, not a member's. Only of a 1:1 room that a stranger of another server
 * opened nothing comes before the one here has accepted it, as clients are shown nothing; then all
 * of it comes, from its first record on.
 */
#ifndef CHATD_EVENTS_H
#define CHATD_EVENTS_H

#include <chatd/plugin.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CHATD_LOG_V1 "chatd.log.v1"

/* One record, as stored. */
typedef struct chatd_event {
  uint32_t size;
  uint32_t is_erased; /* 1: the content is gone for good */
  chatd_str room;     /* room id */
  uint64_t seq;       /* its number there */
  int64_t time_ms;    /* the hub's clock, milliseconds since 1970 */
  chatd_str kind;     /* as in chatd_draft */
  chatd_str sender;   /* empty: the server itself */
  chatd_str origin;
  chatd_str device;
  chatd_str client_msg_id;
  chatd_str content;
  uint64_t target;
} chatd_event;

/* WORKER, one call at a time per subscription. OK: done with these, for good. UNAVAILABLE or any
 * other failure: the same events come again after a growing pause (1 s to 1 min). */
typedef chatd_status (*chatd_events_fn)(void *arg, const chatd_event *const *events, size_t count);

typedef struct chatd_log_v1 {
  uint32_t size;
  uint32_t reserved;

  /* Only in create(). `name` tells the plugin's cursors apart: a-z 0-9 _ , at most 32. `fn` is
   * called from after create() until before destroy(). A cursor that is not subscribed to when the
   * server starts is forgotten. INVALID, CONFLICT: the name is bad or taken, or it is too late;
   * LIMIT: more than 8; UNAVAILABLE, INTERNAL: the cursor can't be read. */
  chatd_status (*subscribe)(chatd_host *host, const char *name, chatd_events_fn fn, void *arg);
} chatd_log_v1;

#ifdef __cplusplus
}
#endif

#endif
