// A plugin in C++20: derive from the roles you serve, write a constructor that takes a Host, end
// with CHATD_PLUGIN. Header-only: all of it compiles into the plugin, no C++ crosses the line.
// What the functions may do and answer is said in plugin.h and the header of each role.
#pragma once

#include <chatd/auth.h>
#include <chatd/hooks.h>
#include <chatd/host.hpp>
#include <chatd/methods.h>
#include <chatd/plugin.h>
#include <chatd/storage.hpp>

#include <exception>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace chatd::sdk {

// A question that the host waits for. Either return a status from the function that got it, or
// answer here: at once (`return op.answer(...)`) or later, from any thread, after moving it away
// and returning CHATD_PENDING. Dropped without an answer, it answers UNAVAILABLE.
class Op {
 public:
  Op(Host host, chatd_op id) : host_(host), id_(id) {}
  Op(const Op&) = delete;
  Op& operator=(const Op&) = delete;
  Op(Op&& other) noexcept : host_(other.host_), id_(std::exchange(other.id_, 0)) {}
  Op& operator=(Op&& other) noexcept {
    if (this != &other) {
      drop();
      host_ = other.host_;
      id_ = std::exchange(other.id_, 0);
    }
    return *this;
  }
  ~Op() { drop(); }

  // Returns CHATD_PENDING, so that a function can end with it. Only the first answer counts.
  chatd_status answer(chatd_status status, std::string_view detail = {},
                      std::uint64_t retry_after_ms = 0) {
    if (id_ != 0) host_.complete(std::exchange(id_, 0), status, detail, retry_after_ms);
    return CHATD_PENDING;
  }
  chatd_status ok(std::string_view result = {}) { return answer(CHATD_OK, result); }
  chatd_status deny(std::string_view why) { return answer(CHATD_E_DENIED, why); }
  chatd_status replace(std::string_view content) { return answer(CHATD_REPLACE, content); }

  // For answering through Host::complete(); 0 once it is answered or moved away.
  [[nodiscard]] chatd_op id() const { return id_; }
  // It will not answer by itself any more.
  void disarm() { id_ = 0; }

 private:
  void drop() { answer(CHATD_E_UNAVAILABLE); }

  Host host_;
  chatd_op id_;
};

// The roles. Override what you serve, publicly; the rest costs nothing.

class Auth {
 public:
  Auth() = default;
  Auth(const Auth&) = delete;
  Auth& operator=(const Auth&) = delete;
  virtual ~Auth() = default;
  virtual chatd_status set_secret(Op& op, std::string_view user, std::string_view secret) = 0;
  virtual chatd_status verify(Op& op, std::string_view user, std::string_view network,
                              std::string_view secret) = 0;
  virtual chatd_status erase(Op& op, std::string_view user) = 0;
};

class Hooks {
 public:
  Hooks() = default;
  Hooks(const Hooks&) = delete;
  Hooks& operator=(const Hooks&) = delete;
  virtual ~Hooks() = default;
  virtual chatd_status message_pre_accept(Op&, const chatd_draft&) { return CHATD_PASS; }
  virtual chatd_status room_pre_append(const chatd_draft&, std::string& /*reason*/) {
    return CHATD_PASS;
  }
  virtual chatd_status account_pre_register(Op&, const chatd_registration&) { return CHATD_PASS; }
  virtual chatd_status room_pre_create(Op&, const chatd_new_room&) { return CHATD_PASS; }
  virtual chatd_status room_pre_join(Op&, const chatd_join&) { return CHATD_PASS; }
  virtual chatd_status federation_peer_policy(Op&, const chatd_peer&) { return CHATD_PASS; }
  virtual chatd_status federation_pre_receive(Op&, const chatd_draft&) { return CHATD_PASS; }
};

class Methods {
 public:
  Methods() = default;
  Methods(const Methods&) = delete;
  Methods& operator=(const Methods&) = delete;
  virtual ~Methods() = default;
  // Text constants: name, summary, JSON Schema of the params. Asked once.
  struct Method {
    const char* name;
    const char* summary;
    const char* params_schema;
  };
  [[nodiscard]] virtual std::vector<Method> methods() const = 0;
  virtual chatd_status call(Op& op, const chatd_call& call) = 0;
};

namespace detail {

// The exception wall: nothing thrown leaves a plugin.
template <class Call>
chatd_status walled(Host host, Call call, const char* before = "threw: ") {
  try {
    return call();
  } catch (const std::exception& e) {
    host.error(std::string(before) + e.what());
  } catch (...) {
    host.error("threw something that is no exception");
  }
  return CHATD_E_INTERNAL;
}

// One loaded plugin: the author's object and the tables the host calls it through. The host's
// `self` is this.
template <class T>
class Instance {
 public:
  Instance(Host host) : host_(host), plugin_(host) {
    if constexpr (std::is_base_of_v<Methods, T>) list_methods();
  }
  Instance(const Instance&) = delete;
  Instance& operator=(const Instance&) = delete;

  [[nodiscard]] const void* role(std::string_view id) const {
    if constexpr (std::is_base_of_v<Auth, T>)
      if (id == CHATD_AUTH_V1) return &kAuth;
    if constexpr (std::is_base_of_v<Hooks, T>)
      if (id == CHATD_HOOKS_V1) return &kHooks;
    if constexpr (std::is_base_of_v<Methods, T>)
      if (id == CHATD_METHODS_V1) return &methods_;
    if constexpr (std::is_base_of_v<Storage, T>)
      if (id == CHATD_STORAGE_V1) return &StorageTable<StorageDoor>::kTable;
    return nullptr;
  }

 private:
  // Calls with an op: a status that is returned is the answer, else the Op (moved or dropped) is.
  template <class Call>
  static chatd_status ask(void* self, chatd_op id, Call call) {
    auto& instance = *static_cast<Instance*>(self);
    Op op(instance.host_, id);
    const chatd_status status = walled(instance.host_, [&] { return call(instance.plugin_, op); });
    if (status != CHATD_PENDING) op.disarm();
    return status;
  }

  static constexpr auto make_auth() {
    chatd_auth_v1 table{};
    table.size = sizeof table;
    if constexpr (std::is_base_of_v<Auth, T>) {
      table.set_secret = [](void* self, chatd_op id, chatd_str user, chatd_str secret) {
        return ask(self, id,
                   [&](T& p, Op& op) { return p.set_secret(op, view(user), view(secret)); });
      };
      table.verify = [](void* self, chatd_op id, chatd_str user, chatd_str network,
                        chatd_str secret) {
        return ask(self, id, [&](T& p, Op& op) {
          return p.verify(op, view(user), view(network), view(secret));
        });
      };
      table.erase = [](void* self, chatd_op id, chatd_str user) {
        return ask(self, id, [&](T& p, Op& op) { return p.erase(op, view(user)); });
      };
    }
    return table;
  }

  // &T::f still has the type of &Hooks::f when T doesn't override it: then the slot stays NULL.
  template <class Mine, class Default>
  static constexpr bool overrides = !std::is_same_v<Mine, Default>;

  static constexpr auto make_hooks() {
    chatd_hooks_v1 table{};
    table.size = sizeof table;
    if constexpr (std::is_base_of_v<Hooks, T>) {
      if constexpr (overrides<decltype(&T::message_pre_accept),
                              decltype(&Hooks::message_pre_accept)>)
        table.message_pre_accept = [](void* self, chatd_op id, const chatd_draft* draft) {
          return ask(self, id, [&](T& p, Op& op) { return p.message_pre_accept(op, *draft); });
        };
      if constexpr (overrides<decltype(&T::room_pre_append), decltype(&Hooks::room_pre_append)>)
        table.room_pre_append = [](void* self, const chatd_draft* draft, chatd_str* reason) {
          auto& instance = *static_cast<Instance*>(self);
          instance.reason_.clear();
          const chatd_status status = walled(instance.host_, [&] {
            return instance.plugin_.room_pre_append(*draft, instance.reason_);
          });
          *reason = str(instance.reason_);
          return status;
        };
      if constexpr (overrides<decltype(&T::account_pre_register),
                              decltype(&Hooks::account_pre_register)>)
        table.account_pre_register = [](void* self, chatd_op id, const chatd_registration* who) {
          return ask(self, id, [&](T& p, Op& op) { return p.account_pre_register(op, *who); });
        };
      if constexpr (overrides<decltype(&T::room_pre_create), decltype(&Hooks::room_pre_create)>)
        table.room_pre_create = [](void* self, chatd_op id, const chatd_new_room* room) {
          return ask(self, id, [&](T& p, Op& op) { return p.room_pre_create(op, *room); });
        };
      if constexpr (overrides<decltype(&T::room_pre_join), decltype(&Hooks::room_pre_join)>)
        table.room_pre_join = [](void* self, chatd_op id, const chatd_join* join) {
          return ask(self, id, [&](T& p, Op& op) { return p.room_pre_join(op, *join); });
        };
      if constexpr (overrides<decltype(&T::federation_peer_policy),
                              decltype(&Hooks::federation_peer_policy)>)
        table.federation_peer_policy = [](void* self, chatd_op id, const chatd_peer* peer) {
          return ask(self, id, [&](T& p, Op& op) { return p.federation_peer_policy(op, *peer); });
        };
      if constexpr (overrides<decltype(&T::federation_pre_receive),
                              decltype(&Hooks::federation_pre_receive)>)
        table.federation_pre_receive = [](void* self, chatd_op id, const chatd_draft* draft) {
          return ask(self, id, [&](T& p, Op& op) { return p.federation_pre_receive(op, *draft); });
        };
    }
    return table;
  }

  struct StorageDoor {
    template <class Call>
    static chatd_status call(void* self, Call call) {
      auto& instance = *static_cast<Instance*>(self);
      return walled(instance.host_, [&] { return call(instance.plugin_); });
    }
  };

  void list_methods() {
    for (const Methods::Method& method : plugin_.methods())
      listed_.push_back(
          {sizeof(chatd_method), 0, method.name, method.summary, method.params_schema});
    for (const chatd_method& method : listed_) pointers_.push_back(&method);
    pointers_.push_back(nullptr);
    methods_ = {sizeof methods_, 0, pointers_.data(),
                [](void* self, chatd_op id, const chatd_call* call) {
                  return ask(self, id, [&](T& p, Op& op) { return p.call(op, *call); });
                }};
  }

  static const chatd_auth_v1 kAuth;
  static const chatd_hooks_v1 kHooks;

  const Host host_;
  T plugin_;
  std::string reason_;
  std::vector<chatd_method> listed_;
  std::vector<const chatd_method*> pointers_;
  chatd_methods_v1 methods_{};
};
template <class T>
constexpr chatd_auth_v1 Instance<T>::kAuth = Instance<T>::make_auth();
template <class T>
constexpr chatd_hooks_v1 Instance<T>::kHooks = Instance<T>::make_hooks();

// The ids of the roles that T derives from, ended by NULL.
template <class T>
const char* const* roles_of() {
  static const char* const* const roles = [] {
    static const char* ids[5] = {};
    std::size_t count = 0;
    if (std::is_base_of_v<Auth, T>) ids[count++] = CHATD_AUTH_V1;
    if (std::is_base_of_v<Hooks, T>) ids[count++] = CHATD_HOOKS_V1;
    if (std::is_base_of_v<Methods, T>) ids[count++] = CHATD_METHODS_V1;
    if (std::is_base_of_v<Storage, T>) ids[count++] = CHATD_STORAGE_V1;
    return ids;
  }();
  return roles;
}

template <class T>
chatd_status create(const chatd_host_api* api, chatd_host* raw, void** self) {
  const Host host(api, raw);
  const auto make = [&] {
    *self = new Instance<T>(host);
    return CHATD_OK;
  };
  return walled(host, make, "");  // what a constructor throws is the sentence of the refusal
}

template <class T>
void destroy(void* self) {
  delete static_cast<Instance<T>*>(self);
}

template <class T>
const void* role(void* self, const char* role_id) {
  return static_cast<Instance<T>*>(self)->role(role_id);
}

}  // namespace detail
}  // namespace chatd::sdk

// The last line of a plugin. `schema` is described at chatd_plugin.config_schema; "" for none.
#define CHATD_PLUGIN(Type, plugin_name, plugin_version, plugin_summary, schema)         \
  extern "C" CHATD_EXPORT const chatd_plugin* chatd_plugin_query(uint32_t host_major,   \
                                                                 uint32_t host_minor) { \
    static const chatd_plugin descriptor = {sizeof(chatd_plugin),                       \
                                            CHATD_ABI_MAJOR,                            \
                                            CHATD_ABI_MINOR,                            \
                                            0,                                          \
                                            plugin_name,                                \
                                            plugin_version,                             \
                                            plugin_summary,                             \
                                            schema,                                     \
                                            ::chatd::sdk::detail::roles_of<Type>(),     \
                                            ::chatd::sdk::detail::create<Type>,         \
                                            ::chatd::sdk::detail::destroy<Type>,        \
                                            ::chatd::sdk::detail::role<Type>};          \
    static_cast<void>(host_minor);                                                      \
    return host_major == CHATD_ABI_MAJOR ? &descriptor : nullptr;                       \
  }
