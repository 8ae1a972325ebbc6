/* The role "chatd.hooks.v1": being asked before something happens.
 *
 * Plugins are asked one after the other, by `order` in their configs (then by name). Answers:
 *   PASS          no opinion; the next plugin is asked, after the last one it happens
 *   ALLOW         it happens, no other plugin is asked
 *   DROP          it doesn't happen; the asker hears only that the server refused it, not why
 *                 (messages only)
 *   REPLACE       go on with the content in the answer's detail (messages only); valid UTF-8 JSON
 *                 of the same kind
 *   E_DENIED      it doesn't happen; the detail is for the asker. E_INVALID, E_NOT_FOUND,
 *                 E_CONFLICT, E_LIMIT and E_TOO_LARGE are the same with a more precise reason
 *   PENDING       complete() will tell; REPLACE and a refusal with words always go this way
 *   other below 0 something went wrong: as on_timeout says
 * In the config of each plugin: `deadline_ms` (default 2000) is how long a PENDING may take,
 * `on_timeout` (deny or allow, default deny) what then happens.
 *
 * Absent hook = NULL slot: costs nothing.
 */
#ifndef CHATD_HOOKS_H
#define CHATD_HOOKS_H

#include <chatd/plugin.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CHATD_HOOKS_V1 "chatd.hooks.v1"

/* What a member wants to append to a room. */
typedef struct chatd_draft {
  uint32_t size;
  uint32_t reserved;
  chatd_str room;          /* room id, 43 characters */
  chatd_str kind;          /* "message", "edit", "redact", "reaction", "member", "meta" ... */
  chatd_str sender;        /* user id */
  chatd_str origin;        /* the server of the sender */
  chatd_str device;        /* 16 hexadecimal digits */
  chatd_str client_msg_id; /* a UUID, or empty */
  chatd_str content;       /* the exact bytes the sender sent */
  chatd_str text;          /* if content is a JSON object with a string "text": that, unescaped */
  uint64_t target;         /* the seq that an edit, redaction or reaction is about, or 0 */
} chatd_draft;

typedef struct chatd_registration {
  uint32_t size;
  uint32_t reserved;
  chatd_str user;    /* the account that wants to exist */
  chatd_str address; /* IP address of the asker; empty when the admin creates it */
} chatd_registration;

typedef struct chatd_new_room {
  uint32_t size;
  uint32_t reserved;
  chatd_str founder; /* user id */
  chatd_str name;    /* what people call it; may be empty */
} chatd_new_room;

typedef struct chatd_join {
  uint32_t size;
  uint32_t reserved;
  chatd_str room; /* room id */
  chatd_str user; /* who wants to join */
} chatd_join;

/* Another server. Since 1.1. */
typedef struct chatd_peer {
  uint32_t size;
  uint32_t is_dialled; /* 1: this server is about to connect to it; 0: it has connected */
  chatd_str server;    /* its name; it is proven after this question */
  chatd_str address;   /* IP address it came from; empty where it is dialled */
} chatd_peer;

typedef struct chatd_hooks_v1 {
  uint32_t size;
  uint32_t reserved; /* 0 */

  /* LOOP. Before a record gets its number. */
  chatd_status (*message_pre_accept)(void *self, chatd_op op, const chatd_draft *draft);

  /* LOOP. The last stop, while the room is being numbered: answers at once with PASS or a failure;
   * anything else counts as CHATD_E_INTERNAL, which refuses. `reason`, if set, is for the sender
   * and must stay valid until the next call of this function. When the commit then fails, the
   * record never was: learn what is stored from chatd.log.v1, not from this call. */
  chatd_status (*room_pre_append)(void *self, const chatd_draft *draft, chatd_str *reason);

  /* LOOP. Before an account is created. */
  chatd_status (*account_pre_register)(void *self, chatd_op op, const chatd_registration *who);

  /* LOOP. Before a room is created. */
  chatd_status (*room_pre_create)(void *self, chatd_op op, const chatd_new_room *room);

  /* LOOP. Before somebody becomes a member of a room. */
  chatd_status (*room_pre_join)(void *self, chatd_op op, const chatd_join *join);

  /* Since 1.1. */

  /* LOOP. Before a link with another server begins. Whom the admin denies is not asked about; a
   * refusal holds for this link alone, the detail is for the admin. */
  chatd_status (*federation_peer_policy)(void *self, chatd_op op, const chatd_peer *peer);

  /* LOOP. What somebody of another server wants to append to a room whose hub this server is:
   * records of all kinds, once each, before the room's rules are looked at and message_pre_accept
   * is asked. `origin` is that server, which has signed it: it can be refused, not replaced. */
  chatd_status (*federation_pre_receive)(void *self, chatd_op op, const chatd_draft *draft);
} chatd_hooks_v1;

#ifdef __cplusplus
}
#endif

#endif
