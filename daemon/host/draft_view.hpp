#pragma once

#include "daemon/core/ports/plugins.hpp"
#include <chatd/hooks.h>

#include <string>
#include <string_view>

namespace chatd::host {

// A draft as plugins see it. Points into the draft, which must outlive it unchanged.
class DraftView {
 public:
  explicit DraftView(const core::Draft& draft);
  DraftView(const DraftView&) = delete;
  DraftView& operator=(const DraftView&) = delete;

  [[nodiscard]] const chatd_draft* get() const { return &view_; }

 private:
  std::string room_;
  std::string device_;
  std::string client_msg_id_;
  std::string text_;
  chatd_draft view_{};
};

// The string "text" of a JSON object, unescaped; empty when there is none.
[[nodiscard]] std::string text_of(std::string_view content);

// Whether content that a plugin made may stand in a record of that kind.
[[nodiscard]] bool is_content(wire::RecordKind kind, const std::string& content);

// Whether it is one JSON object (or value) that can be put into an answer as it is.
[[nodiscard]] bool is_json(std::string_view text);

}  // namespace chatd::host
