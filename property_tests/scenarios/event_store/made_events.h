// SPDX-License-Identifier: Apache-2.0
//
// Single events for tests: a draft with a body, and the record that a projection is shown. Lifetime: owns its bytes.
#pragma once
#include <string>
#include <vector>

#include "scenarios/event_store/oracle/oracle.h"
#include "scenarios/event_store/record/body.h"

namespace copycost::event_store {

inline std::vector<std::byte> bytes_of(std::string_view text) {
  const auto bytes = std::as_bytes(std::span(text.data(), text.size()));
  return {bytes.begin(), bytes.end()};
}
inline bytes_view view_of(std::string_view text) { return std::as_bytes(std::span(text.data(), text.size())); }

inline owned_draft said(std::string entity, const body& b, std::int64_t time = 0, std::string related = {}) {
  return {kind_of(b), {}, std::move(entity), std::move(related), {}, time, bytes_of(encode(b))};
}
inline owned_draft file_event(std::string kind_name, std::string path, std::string from = {}) {
  return {kind::other, std::move(kind_name), std::move(path), std::move(from), "c-0", 0, bytes_of("s | +1 -0")};
}

// An event with a number, to be looked at.
class made_event {
 public:
  made_event(sequence seq, const owned_draft& d) : bytes_(owned_event{seq, {}, d}.padded_bytes()) {
    write_record(bytes_.data(), seq, {}, d.view());
  }
  event_view view() const { return event_view(bytes_.data()); }

 private:
  std::vector<std::byte> bytes_;
};

}  // namespace copycost::event_store
