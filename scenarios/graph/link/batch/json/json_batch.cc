// SPDX-License-Identifier: Apache-2.0
#include "scenarios/graph/link/batch/json/json_batch.h"

#include <new>
#include <optional>

#include "scenarios/graph/items/names/name_table.h"
#include "scenarios/graph/link/batch/json/base64.h"

namespace copycost::graph {

// Reads members in any order; each may stand once.
class json_parser {
 public:
  json_parser(json_batch& into, bytes_view text, const batch_limits& limits)
      : out_(into), in_(*into.scanner_), text_(text), limits_(limits) {}

  result<void> run() {
    if (text_.size() > limits_.bytes) return error{errc::bad_length, 0, limits_.bytes, text_.size()};
    object([this](std::string_view name) { return batch_member(name); });
    if (has(seen_, kVersion) && version_ != 1 && !in_.failed())
      return error{errc::unsupported_version, version_at_, 1, version_};
    in_.end();
    return outcome(has(seen_, kVersion | kNumber | kItems));
  }

 private:
  enum : unsigned { kVersion = 1, kNumber = 2, kItems = 4, kKey = 8, kSource = 16, kHeaders = 32, kPayload = 64 };
  static bool has(unsigned seen, unsigned all) { return (seen & all) == all; }

  result<void> outcome(bool is_complete) const {
    if (fault_) return *fault_;
    if (in_.failed()) return error{errc::bad_text, *in_.fault(), 0, 0};
    if (!is_complete) return error{errc::bad_text, in_.at(), 0, 0};  // a member is missing
    return {};
  }
  void refuse(errc code, std::size_t at, std::uint64_t limit, std::uint64_t got) {
    if (!in_.failed()) fault_ = error{code, at, limit, got};
    in_.fail(at);
  }
  // Calls member(name) for each member: it reads the value, and answers whether it knows the name.
  template <class Member>
  void object(Member member) {
    in_.expect('{');
    if (in_.take('}')) return;
    do {
      const auto name = in_.found();
      in_.expect(':');
      if (!in_.failed() && !member(name.text)) in_.fail(name.at);
    } while (in_.take(','));
    in_.expect('}');
  }
  template <class Element>
  void array(Element element) {
    in_.expect('[');
    if (in_.take(']')) return;
    do element();
    while (in_.take(','));
    in_.expect(']');
  }
  // False when it was there before.
  static bool first(unsigned& seen, unsigned what) {
    const bool is_first = (seen & what) == 0;
    seen |= what;
    return is_first;
  }

  bool batch_member(std::string_view name) {
    if (name == "version") {
      version_at_ = in_.at();
      version_ = in_.number();
      return first(seen_, kVersion);
    }
    if (name == "number") {
      out_.number_ = in_.number();
      return first(seen_, kNumber);
    }
    if (name != "items" || !first(seen_, kItems)) return false;
    array([this] { item(); });
    return true;
  }
  void item() {
    const std::size_t at = in_.at();
    json_item one;
    one.first_header = out_.headers_.size();
    unsigned seen = 0;
    object([&](std::string_view name) { return item_member(name, one, seen); });
    if (!has(seen, kKey | kPayload)) in_.fail(in_.at());
    one.headers = out_.headers_.size() - one.first_header;
    if (out_.items_.size() == limits_.items) refuse(errc::bad_length, at, limits_.items, limits_.items + 1);
    if (!in_.failed()) out_.items_.push_back(one);
  }
  bool item_member(std::string_view name, json_item& one, unsigned& seen) {
    if (name == "key") {
      one.key = in_.number();
      return first(seen, kKey);
    }
    if (name == "source") {
      one.source = a_name();
      return first(seen, kSource);
    }
    if (name == "headers") {
      array([&] { a_header(one); });
      return first(seen, kHeaders);
    }
    if (name != "text" && name != "base64") return false;
    payload(one, name == "base64");
    return first(seen, kPayload);
  }
  std::string_view a_name() {
    const auto found = in_.found();
    if (found.text.size() > kNameMax) refuse(errc::too_large, found.at, kNameMax, found.text.size());
    return found.text;
  }
  void a_header(const json_item& one) {
    const std::size_t at = in_.at(), count = out_.headers_.size() + 1;
    in_.expect('[');
    const std::string_view name = a_name();
    in_.expect(',');
    const std::string_view value = a_name();
    in_.expect(']');
    if (count > limits_.headers) refuse(errc::bad_length, at, limits_.headers, count);
    if (count - one.first_header > kHeadersMax)
      refuse(errc::too_many_headers, at, kHeadersMax, count - one.first_header);
    if (!in_.failed()) out_.headers_.emplace_back(name, value);
  }
  void payload(json_item& one, bool is_base64) {
    const auto found = in_.found();
    if (in_.failed()) return;
    one.position = found.at;
    one.is_borrowed = found.is_borrowed && !is_base64;
    one.payload = std::as_bytes(std::span(found.text));
    if (is_base64) {
      // A text with escapes lies in the scanner's memory already: there is no room for it twice.
      char* const to =
          found.is_borrowed ? in_.room(base64::decoded_max(found.text.size())) : const_cast<char*>(found.text.data());
      const auto decoded = base64::decode(found.text, reinterpret_cast<std::byte*>(to));
      // With escapes the places differ: the text's beginning is what can be said.
      if (decoded.wrong_at) in_.fail(found.at + (found.is_borrowed ? *decoded.wrong_at : 0));
      one.payload = std::as_bytes(std::span(to, decoded.size));
    }
    if (one.payload.size() > kItemMax) refuse(errc::too_large, found.at, kItemMax, one.payload.size());
  }

  json_batch& out_;
  json_scanner& in_;
  bytes_view text_;
  const batch_limits& limits_;
  std::optional<error> fault_;  // where it is more than bad_text
  std::uint64_t version_ = 0, version_at_ = 0;
  unsigned seen_ = 0;
};

result<json_batch> json_batch::parse(bytes_view text, const batch_limits& limits) {
  try {
    json_batch made({reinterpret_cast<const char*>(text.data()), text.size()});
    if (const auto ok = json_parser(made, text, limits).run(); !ok) return ok.error();
    return made;
  } catch (const std::bad_alloc&) {
    return error{errc::out_of_memory, 0, 0, text.size()};
  }
}

}  // namespace copycost::graph
