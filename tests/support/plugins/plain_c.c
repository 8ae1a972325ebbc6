/* A plugin in C11 with nothing but the headers: the smallest there is. */
#include <chatd/auth.h>
#include <chatd/events.h>
#include <chatd/hooks.h>
#include <chatd/methods.h>
#include <chatd/plugin.h>
#include <chatd/state.h>
#include <chatd/storage.h>
#include <chatd/timer.h>

#include <stdlib.h>
#include <string.h>

struct plain {
  const chatd_host_api *api;
  chatd_host *host;
};
static struct plain instance;

static chatd_status pre_accept(void *self, chatd_op op, const chatd_draft *draft) {
  const struct plain *plain = self;
  static const char kWord[] = "spam";
  chatd_answer answer = {sizeof answer, CHATD_E_DENIED, {"no spam", 7}, 0};
  if (draft->text.size != sizeof kWord - 1 ||
      memcmp(draft->text.data, kWord, draft->text.size) != 0)
    return CHATD_PASS;
  plain->api->complete(plain->host, op, &answer);
  return CHATD_PENDING;
}

/* As one that was built with 1.0: the host must not look behind room_pre_join, where that one has
 * something else. */
static chatd_status never_asked(void *self, chatd_op op, const chatd_peer *peer) {
  (void)self, (void)op, (void)peer;
  abort();
}
static const chatd_hooks_v1 kHooks = {CHATD_SIZE_THROUGH(chatd_hooks_v1, room_pre_join),
                                      0,
                                      pre_accept,
                                      NULL,
                                      NULL,
                                      NULL,
                                      NULL,
                                      never_asked,
                                      NULL};

static chatd_status create(const chatd_host_api *api, chatd_host *host, void **self) {
  static const char kText[] = "hello from C";
  const chatd_str text = {kText, sizeof kText - 1};
  instance.api = api;
  instance.host = host;
  *self = &instance;
  api->log(host, CHATD_LOG_INFO, text);
  return CHATD_OK;
}

static void destroy(void *self) { (void)self; }

static const void *role(void *self, const char *role_id) {
  (void)self;
  return strcmp(role_id, CHATD_HOOKS_V1) == 0 ? &kHooks : NULL;
}

CHATD_EXPORT const chatd_plugin *chatd_plugin_query(uint32_t host_major, uint32_t host_minor) {
  static const char *const kRoles[] = {CHATD_HOOKS_V1, NULL};
  static const chatd_plugin kPlugin = {sizeof(chatd_plugin),
                                       CHATD_ABI_MAJOR,
                                       CHATD_ABI_MINOR,
                                       0,
                                       "plain_c",
                                       "1.0",
                                       "the smallest plugin",
                                       NULL,
                                       kRoles,
                                       create,
                                       destroy,
                                       role};
  (void)host_minor;
  return host_major == CHATD_ABI_MAJOR ? &kPlugin : NULL;
}
