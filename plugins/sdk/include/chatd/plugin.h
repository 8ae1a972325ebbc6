/* The line between chatd and a plugin. Plain C11; this header is the manual.
 *
 * A plugin is a shared library with one exported symbol, chatd_plugin_query(). It gives the host a
 * descriptor; the host creates one instance and asks it for its roles by id ("chatd.hooks.v1"); the
 * instance asks the host for services by id ("chatd.state.v1"). A plugin links against nothing of
 * chatd. It is trusted code: it runs inside the daemon and can do whatever the daemon can do.
 *
 * Rules of the line
 *   Growth     Structs start with `size` and only grow at their end. Before you use a slot that is
 *              younger than 1.0, compare `size` with CHATD_SIZE_THROUGH. An unused function slot
 *              is NULL.
 *   Loans      Every pointer handed over is on loan until the call returns: copy what you keep.
 *              Who allocates, frees. No C++ type, exception, FILE* or errno crosses the line.
 *   Threads    Each function says where it is called or may be called:
 *                LOOP    the one thread that moves messages. Never block or compute over 1 ms here.
 *                WORKER  one of a few threads made for blocking. create() and destroy() count too.
 *                STORE   the one thread that commits.
 *                ANY     all of these, and threads the plugin made itself.
 *              A host function called on a wrong thread does nothing but return
 *              CHATD_E_WRONG_THREAD and log it.
 *   Instances  A host may make a second instance beside the old one: keep your state behind `self`,
 *              not in globals.
 */
#ifndef CHATD_PLUGIN_H
#define CHATD_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The version of this line, not of the daemon. A host serves plugins of the same major and of the
 * same or a smaller minor. Roles and services are versioned alone, by their ids. */
#define CHATD_ABI_MAJOR 1
#define CHATD_ABI_MINOR 1

/* The bytes of a struct up to and with a member: a struct whose `size` is at least that has it. */
#define CHATD_SIZE_THROUGH(type, member) \
  (offsetof(type, member) + sizeof(((const type *)NULL)->member))

/* Text or bytes: no final NUL. {NULL, 0} is the empty one. Text is UTF-8. */
typedef struct chatd_str {
  const char *data;
  size_t size;
} chatd_str;

/* How a call ended. 0 and above: well. Below 0: not. Numbers never change their meaning; take an
 * unknown one below 0 for CHATD_E_INTERNAL. */
typedef int32_t chatd_status;
#define CHATD_OK ((chatd_status)0)
#define CHATD_PASS ((chatd_status)1)    /* hook: no opinion, ask the next one */
#define CHATD_ALLOW ((chatd_status)2)   /* hook: yes, and ask no other plugin */
#define CHATD_DROP ((chatd_status)3)    /* hook: no, and no word of why */
#define CHATD_REPLACE ((chatd_status)4) /* hook: yes, with the content in the answer's detail */
#define CHATD_PENDING ((chatd_status)5) /* complete() will tell (or has told already) */

#define CHATD_E_INVALID ((chatd_status)-1)       /* the request makes no sense */
#define CHATD_E_DENIED ((chatd_status)-2)        /* it does, but no */
#define CHATD_E_NOT_FOUND ((chatd_status)-3)     /* what it names does not exist */
#define CHATD_E_CONFLICT ((chatd_status)-4)      /* it exists already, or changed meanwhile */
#define CHATD_E_LIMIT ((chatd_status)-5)         /* too much or too often; see retry_after_ms */
#define CHATD_E_UNAVAILABLE ((chatd_status)-6)   /* not just now; nothing happened; retry */
#define CHATD_E_INTERNAL ((chatd_status)-7)      /* a defect, or something nobody foresaw */
#define CHATD_E_TOO_LARGE ((chatd_status)-8)     /* longer than the limit */
#define CHATD_E_UNSUPPORTED ((chatd_status)-9)   /* this one can't do that at all */
#define CHATD_E_WRONG_THREAD ((chatd_status)-10) /* not on this thread; nothing happened */
#define CHATD_E_CORRUPT ((chatd_status)-11)      /* stored data is damaged */
#define CHATD_E_NO_SPACE ((chatd_status)-12)     /* the disk is full, or a quota is */

/* A question the host waits for. A number, never a pointer, never 0, never used twice: answering
 * late or again is harmless and recognised. */
typedef uint64_t chatd_op;

/* The answer to an op. What `detail` holds:
 *   a failure      one sentence for the person who asked, or nothing
 *   REPLACE        the new content
 *   OK             what the role says (methods: the result as JSON; auth: nothing) */
typedef struct chatd_answer {
  uint32_t size; /* sizeof(chatd_answer) */
  chatd_status status;
  chatd_str detail;
  uint64_t retry_after_ms; /* with CHATD_E_LIMIT and CHATD_E_UNAVAILABLE; 0: no advice */
} chatd_answer;

/* Levels of log(). */
#define CHATD_LOG_DEBUG 0
#define CHATD_LOG_INFO 1
#define CHATD_LOG_WARNING 2
#define CHATD_LOG_ERROR 3

/* The host as one plugin instance sees it; belongs to the host, outlives the instance. */
typedef struct chatd_host chatd_host;

/* A task for post() and work(). Runs once. */
typedef void (*chatd_task)(void *arg);

typedef struct chatd_host_api {
  uint32_t size; /* of the host's table, which may be longer or shorter than yours */
  uint32_t abi_major;
  uint32_t abi_minor;

  /* ANY. One line in the daemon's log, marked with the plugin's name. Never log secrets. */
  void (*log)(chatd_host *host, int32_t level, chatd_str text);

  /* ANY. The value of a key of the config schema, set by the admin or the schema's default, in the
   * plain form: int, size (bytes) and duration (ms) as decimal digits, bool as true/false, list as
   * lines, the others as they are. The value stays valid until destroy() returns.
   * NOT_FOUND: optional without a default and not set. INVALID: not in the schema. */
  chatd_status (*config)(chatd_host *host, const char *key, chatd_str *value);

  /* ANY. Runs `task` later on LOOP, in the order posted. It is run in any case, also while the
   * plugin is going away. UNAVAILABLE: the queue is full; the task is still yours. */
  chatd_status (*post)(chatd_host *host, chatd_task task, void *arg);

  /* ANY. Runs `task` later on a WORKER, several at a time and in no order. Like post() otherwise:
   * the queue is shared and bounded, UNAVAILABLE is ordinary and means "say so to the asker". */
  chatd_status (*work)(chatd_host *host, chatd_task task, void *arg);

  /* ANY. Answers an op, also before the call that brought it has returned PENDING. Only the first
   * answer within the deadline counts; later ones are counted in `chatctl plugin info` and do
   * nothing. A status that this kind of question doesn't take counts as CHATD_E_INTERNAL.
   * INVALID: op 0, or an answer whose size is too small. */
  chatd_status (*complete)(chatd_host *host, chatd_op op, const chatd_answer *answer);

  /* ANY. The function table of a host service, or NULL when this host has none of that id. It
   * stays valid until destroy() returns. */
  const void *(*service)(chatd_host *host, const char *service_id);
} chatd_host_api;

/* What a plugin is. Constant, lives as long as the library is loaded. */
typedef struct chatd_plugin {
  uint32_t size;      /* sizeof(chatd_plugin) */
  uint32_t abi_major; /* CHATD_ABI_MAJOR as compiled */
  uint32_t abi_minor; /* the smallest minor it needs; CHATD_ABI_MINOR to be safe */
  uint32_t reserved;  /* 0 */
  const char *name;   /* a-z 0-9 _ , at most 32, starts with a letter: the name in the config */
  const char *version;
  const char *summary; /* one line for `chatctl plugin list` */

  /* What may stand under [plugin.<name>]: one key a line, `name type default "what it is"`.
   *   type     string | int[:low..high] | bool | size[:low..high] | duration[:low..high]
   *            | choice:a|b|c | list | secret
   *            a secret is a string that the host shows to nobody but the plugin
   *   default  a word (12, 19MiB, 500ms, true) or "quoted text", `required`, or `optional`; of a
   *            secret only the last two
   * Empty lines and lines that start with # don't count. NULL: no keys. Keys the host itself reads
   * (file, order, deadline_ms, on_timeout) can't be used. */
  const char *config_schema;

  /* The ids of the roles it serves, ended by NULL. The host asks for these and no others. */
  const char *const *roles;

  /* WORKER. Makes the instance. `api` and `host` stay valid until destroy() returns. What fails
   * here is said through log() as an error, which the refusal then quotes; the daemon does not
   * start (or keeps the old instance), and destroy() is not called: no task, timer or thread of the
   * plugin may be left. */
  chatd_status (*create)(const chatd_host_api *api, chatd_host *host, void **self);

  /* WORKER. No call is running, none follows, no task or timer of the instance is left, and no op
   * is owed. Join your own threads here. */
  void (*destroy)(void *self);

  /* WORKER, once per id in `roles` after create(). The role's function table, which must stay valid
   * until destroy(); NULL fails the load. `self` is passed to every function of the table. */
  const void *(*role)(void *self, const char *role_id);
} chatd_plugin;

/* The one exported symbol. The plugin's descriptor, or NULL when it can't live with this host. Must
 * not do anything else: it is also called to look at a plugin without starting it. */
const chatd_plugin *chatd_plugin_query(uint32_t host_major, uint32_t host_minor);
typedef const chatd_plugin *(*chatd_plugin_query_fn)(uint32_t host_major, uint32_t host_minor);

/* For a plugin's definition of chatd_plugin_query in C; plugin.hpp has CHATD_PLUGIN. */
#if defined(__GNUC__)
#define CHATD_EXPORT __attribute__((visibility("default")))
#else
#define CHATD_EXPORT
#endif

#ifdef __cplusplus
}
#endif

#endif
