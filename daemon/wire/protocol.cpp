#include "daemon/wire/describe.hpp"
#include "daemon/wire/events.hpp"
#include "daemon/wire/limits.hpp"
#include "daemon/wire/methods/table.hpp"
#include "daemon/wire/openrpc.hpp"
#include "daemon/wire/record.hpp"
#include "daemon/wire/room_content.hpp"
#include "daemon/wire/server_info.hpp"

#include <fmt/format.h>

namespace chatd::wire {
namespace {

void append_fields(std::string& out, const std::vector<FieldDescription>& fields,
                   std::string_view what) {
  if (fields.empty()) {
    out += fmt::format("No {}s.\n\n", what);
    return;
  }
  out += fmt::format("| {} | type | meaning |\n| --- | --- | --- |\n", what);
  for (const FieldDescription& field : fields)
    out += fmt::format("| `{}`{} | {} | {} |\n", field.name, field.is_required ? "" : " (optional)",
                       field.type, field.sentence);
  out += '\n';
}

std::string error_words(ErrorSet errors) {
  std::string out;
  for (int i = 0; i < kCodeCount; ++i) {
    if ((errors >> i & 1u) == 0) continue;
    if (!out.empty()) out += ", ";
    out += fmt::format("`{}`", name(static_cast<Code>(i)));
  }
  return out;
}

template <class T>
void append_method(std::string& out, NamedTypes& types) {
  constexpr const MethodInfo& info = T::kMethod;
  out += fmt::format("### {}\n\n{}\n\n", info.name, info.summary);
  if (info.access != Access::admin)
    out += fmt::format("Who: {}. Doors: WebSocket{}.\n\n",
                       info.access == Access::anyone ? "anyone" : "a logged-in device",
                       info.is_over_http ? ", `POST /rpc`" : "");
  append_fields(out, describe<T>(types, Side::taken), "parameter");
  append_fields(out, describe<typename T::Answer>(types, Side::said), "result");
  if (info.errors != 0) out += fmt::format("Errors: {}.\n\n", error_words(info.errors));
}

template <class T>
void append_kind(std::string& out, NamedTypes& types, RecordKind kind) {
  out += fmt::format("### kind {}\n\n", name(kind));
  append_fields(out, describe<T>(types, Side::said), "member");
}

std::string server_chapter(NamedTypes& types) {
  std::string out = fmt::format(
      "## What a server says of itself\n\nOne JSON object at `GET {}`; pages of all allowed "
      "origins "
      "may read it. More members may come.\n\n",
      ServerInfo::kPath);
  append_fields(out, describe<ServerInfo>(types, Side::said), "member");
  return out;
}

// What stands in the records that the server itself makes.
std::string contents_chapter(NamedTypes& types) {
  std::string out = "## Contents of the server's records\n\n";
  append_kind<CreateContent>(out, types, RecordKind::create);
  append_kind<MemberContent>(out, types, RecordKind::member);
  append_kind<MetaContent>(out, types, RecordKind::meta);
  append_kind<HubMoveContent>(out, types, RecordKind::hub_move);
  append_kind<ServerContent>(out, types, RecordKind::server);
  append_kind<RedactContent>(out, types, RecordKind::redact);
  append_kind<ReactionContent>(out, types, RecordKind::reaction);
  return out;
}

std::string limits_chapter() {
  struct Row {
    std::string_view what;
    std::uint64_t limit;
    std::string_view why;
  };
  const Row rows[] = {
      {"bytes of one message to the server", kMaxFrameBytes,
       "the longest text in any script passes"},
      {"characters of `text` and `ciphertext`", kMaxTextCharacters, "logs and essays people paste"},
      {"depth of lists and objects in a request", kMaxJsonDepth, "deeper than any honest one"},
      {"bytes of a request's `id` that is a string", kMaxRequestIdBytes, "it is given back"},
      {"bytes of the name of a plugin's method", kMaxPluginMethodBytes, ""},
      {"largest whole number taken", kMaxExactInteger, "2^53 - 1: exact in every JSON reader"},
      {"characters of a password", kMaxPasswordCharacters, "long pass phrases, not files"},
      {"characters of the name of a person, room or device", kMaxNameCharacters, ""},
      {"characters of a status text", kMaxStatusCharacters, ""},
      {"characters of a topic", kMaxTopicCharacters, ""},
      {"characters of any other string", Bounds{}.max_code_points, ""},
      {"members of a room", kMaxRoomMembers, "what one message costs stays bounded"},
      {"records of one page of history", kMaxPageRecords, "50 unless told"},
      {"bytes of records of one page of history", kMaxPageBytes, "at least one record comes"},
      {"cursors in one `sync`", kMaxSyncCursors, "as many as fit"},
      {"ms that `sync.poll` waits", kMaxPollMs, "below the idle limits of proxies"},
      {"bytes of live events that wait for a slow connection", kMaxLiveBytes, "then `sync.behind`"},
      {"live events that wait for a slow connection", kMaxLivePackets, "then `sync.behind`"},
      {"bytes of answers that wait for a slow connection", kMaxSendBytes,
       "who asks without reading is disconnected"},
  };
  std::string out =
      "## Limits\n\nCharacters are Unicode code points.\n\n"
      "| at most | | because |\n| --- | --- | --- |\n";
  for (const Row& row : rows)
    out += fmt::format("| {} | {} | {} |\n", row.what, row.limit, row.why);
  return out;
}

}  // namespace

std::string protocol_chapters() {
  NamedTypes types = raw_types();
  std::string out = "## Methods\n\n";
  std::string admin = "## Methods of the control socket\n\nFor `chatctl`; never for clients.\n\n";
  for_each_method([&]<class T>() {
    append_method<T>(T::kMethod.access == Access::admin ? admin : out, types);
  });
  out += admin;
  out += "## Events\n\n";
  for_each_event([&]<class E>() {
    out += fmt::format("### {}\n\n{}\n\n", E::kEvent.name, E::kEvent.summary);
    append_fields(out, describe<E>(types, Side::said), "parameter");
  });
  out += contents_chapter(types);
  out += server_chapter(types);
  out += "## Types\n\n";
  for (const auto& [name, fields] : types) {
    out += fmt::format("### type {}\n\n", name);
    append_fields(out, fields, "field");
  }
  out += "## Errors\n\n| `data.code` | `code` | meaning |\n| --- | --- | --- |\n";
  for (int i = 0; i < kCodeCount; ++i) {
    const auto code = static_cast<Code>(i);
    out += fmt::format("| `{}` | {} | {} |\n", name(code), rpc_number(code), sentence(code));
  }
  out += '\n';
  out += limits_chapter();
  return out;
}

}  // namespace chatd::wire
