// SPDX-License-Identifier: Apache-2.0
//
// What a system's errors say: one table a system, with a row a code. A code has the name of its enumerator.
//
//   constexpr error_table kErrors({{{errc::gap, "expected offset {expected}, got {got}"}, {errc::expired, ""}, ...}});
//   kErrors.text(e)  -->  "gap: expected offset 100, got 120"
//
// A row names the error's fields as fmt does: {at}, {expected}, {got}, {got:#x}; {reason} is the operating system's
// words for the number in `got`; a system adds fields of its own (text()). Rows stand in the order of the codes, which
// count from 0: a row that is missing, or there twice, does not compile.
//
// Lifetime: of the program.
// Threads: safe; immutable.
// Cost: of writing a line.
#pragma once
#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

#include "scenarios/common/source_name.h"

namespace copycost {
namespace detail {

// The operating system's words for an error number.
struct words_of_errno {
  std::uint64_t number;
};

}  // namespace detail

template <class Code>
struct error_row {
  Code code;
  std::string_view details;  // empty: the code says it all
};

// Whether the rows are those of all codes, in their order.
template <class Code, std::size_t N>
consteval bool has_each_code_once(const error_row<Code> (&rows)[N]) {
  for (std::size_t i = 0; i < N; ++i)
    if (rows[i].code != static_cast<Code>(i)) return false;
  return source_name<static_cast<Code>(N)>().empty();
}

template <class Code, std::size_t N>
class error_table {
 public:
  consteval explicit error_table(const error_row<Code> (&rows)[N])
      : names_([]<std::size_t... I>(std::index_sequence<I...>) {
          return std::array{source_name<static_cast<Code>(I)>()...};
        }(std::make_index_sequence<N>())) {
    if (!has_each_code_once(rows)) throw "a row is missing, or does not stand in the order of the codes";
    for (std::size_t i = 0; i < N; ++i) details_[i] = rows[i].details;
  }

  // VALID UNTIL: the program ends.
  std::string_view name(Code code) const {
    const auto i = static_cast<std::size_t>(code);
    return i < N ? names_[i] : "unknown";
  }
  // One line, no final period. `more`: fields beside the error's own (fmt::arg).
  template <class Error, class... More>
  std::string text(const Error& e, const More&... more) const {
    std::string line(name(e.code));
    const auto i = static_cast<std::size_t>(e.code);
    if (i >= N || details_[i].empty()) return line;
    return line + ": " +
           fmt::format(fmt::runtime(details_[i]), fmt::arg("at", e.at), fmt::arg("expected", e.expected),
                       fmt::arg("got", e.got), fmt::arg("reason", detail::words_of_errno{e.got}), more...);
  }

 private:
  std::array<std::string_view, N> names_, details_{};
};

}  // namespace copycost

template <>
struct fmt::formatter<copycost::detail::words_of_errno> : fmt::formatter<std::string_view> {
  auto format(copycost::detail::words_of_errno of, fmt::format_context& to) const {
    return fmt::formatter<std::string_view>::format(std::strerror(static_cast<int>(of.number)), to);
  }
};
