#include "daemon/host/library.hpp"

#include <chatd/auth.h>
#include <chatd/hooks.h>
#include <chatd/methods.h>
#include <chatd/storage.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <dlfcn.h>
#include <utility>

namespace chatd::host {
namespace {

constexpr std::array<std::string_view, 4> kRoles = {CHATD_AUTH_V1, CHATD_HOOKS_V1, CHATD_METHODS_V1,
                                                    CHATD_STORAGE_V1};
constexpr std::size_t kMaxNameBytes = 32;
constexpr std::size_t kMaxRoles = 16;

bool is_plugin_name(std::string_view name) {
  if (name.empty() || name.size() > kMaxNameBytes || name[0] < 'a' || name[0] > 'z') return false;
  return name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == name.npos;
}

tl::unexpected<Error> refuse(std::string why) { return fail(Code::invalid_params, std::move(why)); }

Status check_roles(const chatd_plugin& plugin) {
  if (plugin.roles == nullptr || plugin.roles[0] == nullptr) return refuse("it serves no role");
  for (std::size_t i = 0; plugin.roles[i] != nullptr; ++i) {
    const std::string_view role = plugin.roles[i];
    if (i >= kMaxRoles) return refuse("its list of roles has no end");
    if (std::find(kRoles.begin(), kRoles.end(), role) == kRoles.end())
      return refuse(fmt::format("it serves the role {}, which this server does not know", role));
  }
  return {};
}

}  // namespace

Result<std::vector<sdk::SchemaKey>> check_descriptor(const chatd_plugin* descriptor,
                                                     std::string_view name) {
  if (descriptor == nullptr)
    return refuse(fmt::format("it says that it can't live with a host of ABI {}.{}",
                              CHATD_ABI_MAJOR, CHATD_ABI_MINOR));
  const chatd_plugin& plugin = *descriptor;
  if (plugin.size < CHATD_SIZE_THROUGH(chatd_plugin, role))
    return refuse(fmt::format("its descriptor has {} bytes where {} are needed", plugin.size,
                              CHATD_SIZE_THROUGH(chatd_plugin, role)));
  if (plugin.abi_major != CHATD_ABI_MAJOR)
    return refuse(fmt::format("it was built for ABI {}, this server has ABI {}", plugin.abi_major,
                              CHATD_ABI_MAJOR));
  if (plugin.abi_minor > CHATD_ABI_MINOR)
    return refuse(fmt::format("it needs ABI {}.{}, this server has {}.{}: update the server",
                              plugin.abi_major, plugin.abi_minor, CHATD_ABI_MAJOR,
                              CHATD_ABI_MINOR));
  if (plugin.name == nullptr || !is_plugin_name(plugin.name))
    return refuse("its name is not one: a-z 0-9 _ , at most 32, starting with a letter");
  if (plugin.name != name)
    return refuse(fmt::format("it calls itself {}, not {}", plugin.name, name));
  if (plugin.version == nullptr || plugin.summary == nullptr)
    return refuse("its descriptor has no version or no summary");
  if (plugin.create == nullptr || plugin.destroy == nullptr || plugin.role == nullptr)
    return refuse("its descriptor lacks create, destroy or role");
  CHATD_CHECK(check_roles(plugin));
  auto schema = sdk::parse_schema(plugin.config_schema == nullptr ? "" : plugin.config_schema);
  if (!schema.ok()) return refuse("its config schema is broken, " + schema.error);
  return std::move(schema.value);
}

Result<std::unique_ptr<Library>> Library::open(const std::filesystem::path& file,
                                               std::string_view name) {
  void* const handle = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) {
    const char* const why = dlerror();
    return refuse(fmt::format("the file can't be loaded: {}", why == nullptr ? "unknown" : why));
  }
  std::unique_ptr<Library> library(new Library(file, handle));
  const auto query = reinterpret_cast<chatd_plugin_query_fn>(dlsym(handle, "chatd_plugin_query"));
  if (query == nullptr)
    return refuse("the file is not a plugin of chatd: it has no chatd_plugin_query");
  try {
    library->descriptor_ = query(CHATD_ABI_MAJOR, CHATD_ABI_MINOR);
  } catch (...) {
    return refuse("its chatd_plugin_query threw an exception");
  }
  CHATD_TRY(library->schema_, check_descriptor(library->descriptor_, name));
  return library;
}

Library::~Library() { dlclose(handle_); }

Result<std::filesystem::path> find_plugin(const std::vector<std::filesystem::path>& dirs,
                                          std::string_view name) {
  std::string looked;
  for (const std::filesystem::path& dir : dirs) {
    std::error_code ec;
    std::filesystem::path file = dir / fmt::format("{}.so", name);
    if (std::filesystem::is_regular_file(file, ec)) return file;
    looked += fmt::format("{}{}", looked.empty() ? "" : ", ", dir.string());
  }
  return fail(Code::not_found, fmt::format("there is no {}.so in {}", name,
                                           looked.empty() ? "any plugin folder" : looked));
}

}  // namespace chatd::host
