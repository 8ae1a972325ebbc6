/* The role "chatd.auth.v1": who knows the secrets of accounts. Exactly one plugin serves it.
 *
 * The core keeps accounts, devices and their tokens; this role is asked only when somebody proves
 * to be the owner of an account, and when that proof is set or changed. All functions are called on
 * LOOP and must not block: return CHATD_PENDING, work on a WORKER, complete() the op.
 *
 * Rules: wipe secrets after use; never log them. Whether an account exists must not show in the
 * answer nor in the time it takes. set_secret() and erase() of one account take effect in the order
 * in which they were asked.
 */
#ifndef CHATD_AUTH_H
#define CHATD_AUTH_H

#include <chatd/plugin.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CHATD_AUTH_V1 "chatd.auth.v1"

typedef struct chatd_auth_v1 {
  uint32_t size;
  uint32_t reserved; /* 0 */

  /* Sets the secret of an account that is about to be created, or replaces it. Durable once
   * answered. OK; INVALID, TOO_LARGE: not acceptable, the detail says why in words for the person;
   * UNSUPPORTED: secrets are set elsewhere (a directory); UNAVAILABLE, INTERNAL. */
  chatd_status (*set_secret)(void *self, chatd_op op, chatd_str user, chatd_str secret);

  /* OK: it is the secret of `user`. DENIED: it is not, or there is no such account. LIMIT: too many
   * wrong ones, whether this one is right is not said; see retry_after_ms. UNAVAILABLE, INTERNAL.
   * `network`: who asks, as far as that can be seen: an IPv4 address, or the /64 of an IPv6 one
   * ("2001:db8:1:2::/64"), which is what one customer has. For counting, so that wrong secrets from
   * elsewhere need not lock the owner out. */
  chatd_status (*verify)(void *self, chatd_op op, chatd_str user, chatd_str network,
                         chatd_str secret);

  /* Forgets the account. OK also when there was nothing to forget; UNAVAILABLE, INTERNAL. */
  chatd_status (*erase)(void *self, chatd_op op, chatd_str user);
} chatd_auth_v1;

#ifdef __cplusplus
}
#endif

#endif
