// SPDX-License-Identifier: Apache-2.0
// What the tests of links over streams share: items that follow from their number, and both ends of a link. Free of
// Catch's macros: children use it too.
#pragma once
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "harness/base/rng.h"
#include "scenarios/common/streams/pairs.h"
#include "scenarios/graph/link/stream_link_in.h"
#include "scenarios/graph/link/stream_link_out.h"

namespace copycost::graph::test {

template <class T>
T must_be(result<T> r) {
  if (!r) std::abort();
  return std::move(r).value();
}

inline std::byte byte_of(std::uint64_t number, std::size_t at) {
  return static_cast<std::byte>(((number + at) * 0x9E3779B97F4A7C15u) >> 56);
}
// The names of the item with that number, in the order source, header, value, header, ...
inline std::vector<std::string> names_of(std::uint64_t number) {
  std::vector<std::string> out{number % 7 == 0 ? "" : "source"};
  for (std::uint64_t i = 0; i < number % 4; ++i) {
    out.push_back("name " + std::to_string(number % 11 + i));
    out.push_back(i == 2 ? "" : "value");
  }
  return out;
}

template <design D>
typename D::item numbered(typename D::context& x, std::uint64_t number, std::size_t size) {
  typename D::maker m(x);
  std::vector<name_id> ids;
  for (const std::string& name : names_of(number)) ids.push_back(must_be(x.intern(name)));
  std::vector<header> headers;
  for (std::size_t i = 1; i < ids.size(); i += 2) headers.push_back({ids[i], ids[i + 1]});
  auto draft = must_be(m.build({ids[0], number, headers}, size));
  for (std::size_t i = 0; i < size; ++i) draft.bytes()[i] = byte_of(number, i);
  return must_be(m.seal(std::move(draft), size));
}
template <design D>
bool is_numbered(const typename D::context& x, const typename D::item& one, std::uint64_t number) {
  const metadata meta = one.meta();
  const auto names = names_of(number);
  if (meta.key != number || x.name(meta.source) != names[0] || 2 * meta.headers.size() + 1 != names.size())
    return false;
  for (std::size_t i = 0; i < meta.headers.size(); ++i)
    if (x.name(meta.headers[i].name) != names[2 * i + 1] || x.name(meta.headers[i].value) != names[2 * i + 2])
      return false;
  for (std::size_t i = 0; i < one.size(); ++i)
    if (one.bytes()[i] != byte_of(number, i)) return false;
  return true;
}
// Small ones most of the time.
inline std::size_t drawn_size(rng& random) {
  const std::size_t sizes[] = {0, 1, 4096, 70'000};
  return random.below(8) == 0 ? sizes[random.below(4)] : random.below(300);
}

// Small buffers: a batch of some items is not taken at once.
inline stream_options narrow() {
  stream_options o;
  o.ring_bytes = 4096;
  o.socket_bytes = 4096;
  return o;
}

// Both ends of a link, each in a context of its own.
template <design D>
struct ends {
  explicit ends(stream_kind kind, const link_options& options = {}, const stream_options& how = {}) {
    auto pair = make_stream_pair(kind, how);
    out = std::make_unique<stream_link_out<D>>(a, std::move(pair.first), options);
    in = std::make_unique<stream_link_in<D>>(b, std::move(pair.second), options);
  }
  typename D::context a, b;
  std::unique_ptr<stream_link_out<D>> out;
  std::unique_ptr<stream_link_in<D>> in;
};

}  // namespace copycost::graph::test
