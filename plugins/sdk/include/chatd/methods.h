/* The role "chatd.methods.v1": methods for clients. A plugin `hello` with a method `greet` gives
 * the clients `x.hello.greet`; it appears in the OpenRPC description with its schema.
 */
#ifndef CHATD_METHODS_H
#define CHATD_METHODS_H

#include <chatd/plugin.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CHATD_METHODS_V1 "chatd.methods.v1"

typedef struct chatd_method {
  uint32_t size; /* sizeof(chatd_method) */
  uint32_t reserved;
  const char *name; /* a-z 0-9 _ . , at most 64: what comes after `x.<plugin>.` */
  const char *summary;
  const char *params_schema; /* JSON Schema of the params object, as text; the plugin checks it */
} chatd_method;

typedef struct chatd_call {
  uint32_t size;
  uint32_t reserved;
  chatd_str method; /* the name as in chatd_method */
  chatd_str user;   /* who calls, always logged in */
  chatd_str device; /* 16 hexadecimal digits */
  chatd_str params; /* one JSON object, valid JSON, otherwise unchecked */
} chatd_call;

typedef struct chatd_methods_v1 {
  uint32_t size;
  uint32_t reserved; /* 0 */

  /* The methods, ended by NULL. */
  const chatd_method *const *methods;

  /* LOOP. OK by complete() with the result as JSON text in the detail; an OK that is returned gives
   * {}. INVALID (params), DENIED, NOT_FOUND, CONFLICT, LIMIT, TOO_LARGE, UNAVAILABLE: told to the
   * caller with the detail; anything else is told as an internal error. */
  chatd_status (*call)(void *self, chatd_op op, const chatd_call *call);
} chatd_methods_v1;

#ifdef __cplusplus
}
#endif

#endif
