#include "daemon/host/loader.hpp"

#include <fmt/format.h>

#include <utility>

namespace chatd::host {

std::optional<Loaded> load(const std::vector<std::filesystem::path>& dirs,
                           const WantedPlugin& wanted, Mistakes& mistakes) {
  const auto refuse = [&](const std::string& why) {
    mistakes.push_back(
        {wanted.name, {}, fmt::format("plugin {} is refused: {}", wanted.name, why)});
    return std::nullopt;
  };
  std::filesystem::path file;
  for (const Setting& setting : wanted.settings)
    if (setting.key == "file") file = setting.value;
  if (file.empty()) {
    auto found = find_plugin(dirs, wanted.name);
    if (!found) return refuse(found.error().message);
    file = *std::move(found);
  }
  if (!file.is_absolute()) return refuse("its file must be an absolute path: " + file.string());
  auto library = Library::open(file, wanted.name);
  if (!library) return refuse(library.error().message);
  auto config = check_config(wanted.name, (*library)->schema(), wanted.settings);
  if (!config) {
    mistakes.insert(mistakes.end(), config.error().begin(), config.error().end());
    return std::nullopt;
  }
  return Loaded{*std::move(library), *std::move(config)};
}

}  // namespace chatd::host
