/* The host service "chatd.timer.v1": being called later. Good to about 100 ms; for work, not for
 * measuring.
 */
#ifndef CHATD_TIMER_H
#define CHATD_TIMER_H

#include <chatd/plugin.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CHATD_TIMER_V1 "chatd.timer.v1"

#define CHATD_TIMER_MAX 1024 /* timers of one plugin at a time */

typedef uint64_t chatd_timer; /* never 0, never used twice */

typedef struct chatd_timer_v1 {
  uint32_t size;
  uint32_t reserved;

  /* ANY. Calls `task` on a WORKER after `delay_ms`, and then every `repeat_ms` (0: only once). A
   * call that is due while the last one still runs is left out; when no worker is free it is tried
   * again. LIMIT: too many timers. `timer` may be NULL. */
  chatd_status (*start)(chatd_host *host, uint64_t delay_ms, uint64_t repeat_ms, chatd_task task,
                        void *arg, chatd_timer *timer);

  /* ANY. No call starts after this returned; one may still be running. NOT_FOUND: it is over. */
  chatd_status (*stop)(chatd_host *host, chatd_timer timer);
} chatd_timer_v1;

#ifdef __cplusplus
}
#endif

#endif
