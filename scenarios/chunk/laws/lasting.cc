// SPDX-License-Identifier: Apache-2.0
//
// The law about long lives: in one context, the second, the thousandth and the 20,000th time is as the first.
#include <fmt/format.h>

#include <algorithm>

#include "harness/judge/drawn.h"
#include "scenarios/chunk/laws/draw.h"
#include "scenarios/common/laws/law_list.h"

namespace copycost::chunk::properties {
namespace {

constexpr std::uint64_t kOften = 20'500;
constexpr std::string_view kTimes[] = {"each operation 20,500 times"};

bool is(const any_chunk& c, const model_chunk& m, stream_id stream, std::size_t pos, std::size_t len) {
  const bytes_view seen = c.view();
  return c.at().stream == stream && c.at().offset == m.offset + pos && c.size() == len && seen.size() == len &&
         std::equal(seen.begin(), seen.end(), m.bytes.begin() + static_cast<std::ptrdiff_t>(pos));
}

// `right(i, pos, len)` of a part of `size` bytes that is another one each time, ends and nothing among them.
template <class Right>
void often(const char* what, std::size_t size, Right&& right) {
  for (std::uint64_t i = 1; i <= kOften; ++i) {
    const std::size_t pos = i % (size + 1), len = i * 7 % (size - pos + 1);
    if (!right(pos, len)) RC_FAIL(fmt::format("{}: wrong the {}. time, [{}, {})", what, i, pos, pos + len));
  }
}

struct long_life {
  facade& f;
  const model_chunk& m;
  any_chunk c;
  stream_id stream = c.at().stream;

  bool fits(const result<any_chunk>& part, std::size_t pos, std::size_t len) const {
    return part.ok() && is(part.value(), m, stream, pos, len);
  }
  bytes_view bytes(std::size_t pos, std::size_t len) const { return bytes_view(m.bytes).subspan(pos, len); }
  place at(std::size_t pos) const { return {stream, m.offset + pos}; }

  void shared_parts() const {
    const std::uint64_t owners = c.use_count();
    often("share", m.size(), [&](std::size_t, std::size_t) { return is(c.share(), m, stream, 0, m.size()); });
    often("slice", m.size(), [&](std::size_t pos, std::size_t len) { return fits(c.slice(pos, len), pos, len); });
    often("advance and truncate", m.size(), [&](std::size_t pos, std::size_t len) {
      any_chunk part = c.share();
      return part.advance(pos).ok() && part.truncate(len).ok() && is(part, m, stream, pos, len);
    });
    often("rebind", m.size(),
          [&](std::size_t pos, std::size_t len) { return fits(f.rebind(c, pos, len, at(pos)), pos, len); });
    RC_ASSERT(c.use_count() == owners);
  }
  void new_bytes() const {
    often("copy", m.size(),
          [&](std::size_t pos, std::size_t len) { return fits(f.copy(at(pos), bytes(pos, len)), pos, len); });
    often("clone", m.size(),
          [&](std::size_t pos, std::size_t len) { return fits(f.clone(must(c.slice(pos, len))), pos, len); });
    often("compact", m.size(), [&](std::size_t pos, std::size_t len) {
      any_chunk part = must(c.slice(pos, len));
      return f.compact(part).ok() && is(part, m, stream, pos, len);
    });
    often("build, seal and take", m.size(), [&](std::size_t pos, std::size_t len) {
      any_builder b = must(f.build(at(pos), len / 2));
      must(b.write(bytes(pos, len / 2)));
      any_chunk front = must(f.seal(std::move(b)));
      auto again = f.take(std::move(front));
      if (!again)
        return again.error().code == errc::not_unique && is(front, m, stream, pos, len / 2);  // it has no owner
      must(again->write(bytes(pos + len / 2, len - len / 2)));
      return fits(f.seal(std::move(again).value()), pos, len);
    });
    often("append", m.size(), [&](std::size_t pos, std::size_t len) {
      any_chunk first = must(c.slice(pos, len / 2));
      const any_chunk next = must(c.slice(pos + len / 2, len - len / 2));
      return f.append(first, next).ok() && is(first, m, stream, pos, len);
    });
  }
  void coded() const {
    const any_chunk wire = must(f.encode(c, {.checksum = true}));
    often("encode", m.size(), [&](std::size_t pos, std::size_t len) {
      const any_chunk part = must(f.encode(must(c.slice(pos, len)), {.checksum = true}));
      return fits(must(f.decode_copy(part.view(), {})).chunk, pos, len);
    });
    often("decode", m.size(),
          [&](std::size_t, std::size_t) { return fits(must(f.decode_alias(wire, {}, 0)).chunk, 0, m.size()); });
  }
  bool fits(const any_chunk& part, std::size_t pos, std::size_t len) const { return is(part, m, stream, pos, len); }
};

void the_twenty_thousandth_time_is_as_the_first(facade_maker make) {
  const auto f = design_of<facade>(make);
  model_chunk m{"s", draw_offset("offset", 67), random_bytes(67, draw_number("payload seed", 0, 9999))};
  const long_life life{*f, m, draw_made(*f, m, "way")};
  life.shared_parts();
  life.new_bytes();
  life.coded();
  check_equals(*f, life.c, m);
  drawn(kTimes[0]);
}

}  // namespace

law_list lasting() {
  return {
      law_of<the_twenty_thousandth_time_is_as_the_first>(
          "each operation 20,500 times in one context, of parts of all sizes", {.cost = 200, .draws = kTimes}),
  };
}

}  // namespace copycost::chunk::properties
