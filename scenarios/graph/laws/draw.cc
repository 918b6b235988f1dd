// SPDX-License-Identifier: Apache-2.0
#include "scenarios/graph/laws/draw.h"

#include <array>
#include <ostream>

#include "harness/judge/drawn.h"

namespace copycost::graph::properties {
namespace {

constexpr std::array<std::string_view, kWays> kWayNames{"copy",   "adopt", "build", "build_less",
                                                        "shared", "part",  "branch"};

std::string draw_name(const std::string& name) {
  static const std::vector<std::string> all{"", "a", "source", "content-type", "über", std::string(300, 'x')};
  return all[draw_number(name + " (name)", 0, all.size() - 1)];
}

any_item built(any_maker& m, const metadata& meta, const byte_string& bytes, std::size_t room) {
  auto draft = must(m.build(meta, room));
  const std::span<std::byte> to = draft.bytes();
  RC_ASSERT(to.size() == room);
  std::copy(bytes.begin(), bytes.end(), to.begin());
  return must(m.seal(std::move(draft), bytes.size()));
}

}  // namespace

std::size_t draw_size(const std::string& name) {
  if (draw_number(name + " (kind)", 0, 3) != 0) return static_cast<std::size_t>(draw_number(name, 0, 300));
  const std::uint64_t near = draw_one_of(name, {16, 32, 64, 256, 4096, 65536}) + draw_number(name + " (beside)", 0, 2);
  return static_cast<std::size_t>(near - 1);
}

std::size_t draw_position(const std::string& name, std::size_t size) {
  const std::uint64_t kind = draw_number(name + " (kind)", 0, 3);
  if (kind == 0) return 0;
  return kind == 1 ? size : static_cast<std::size_t>(draw_number(name, 0, size));
}

std::size_t draw_wild_position(const std::string& name, std::size_t size) {
  switch (draw_number(name + " (wild)", 0, 7)) {
    case 0:
      return size + 1;
    case 1:
      return ~std::size_t{0};
    default:
      return draw_position(name, size);
  }
}

model_item draw_metadata(const std::string& name) {
  model_item m;
  m.source = draw_name(name + " source");
  m.key = draw_one_of(name + " key", {0, 1, 7, ~std::uint64_t{0}});
  for (std::uint64_t n = draw_one_of(name + " headers", {0, 1, 4, 17}); n > 0; --n)
    m.headers.emplace_back(draw_name(name + " header"), draw_name(name + " value"));
  return m;
}

model_item draw_item(const std::string& name) {
  model_item m = draw_metadata(name);
  rng random = draw_rng(name);
  m.bytes = random_bytes(draw_size(name + " size"), random);
  drawn("an empty payload", m.bytes.empty());
  drawn("a payload over a page", m.bytes.size() > 4096);
  drawn("no header", m.headers.empty());
  drawn("several headers", m.headers.size() > 1);
  const auto& first = m.headers;
  drawn("a header twice", first.size() > 1 && std::count(first.begin(), first.end(), first.front()) > 1);
  return m;
}

numbered::numbered(any_context& x, const model_item& m) : source_(must(x.intern(m.source))), key_(m.key) {
  for (const auto& [name, value] : m.headers) headers_.push_back({must(x.intern(name)), must(x.intern(value))});
}

way draw_way(const std::string& name) { return static_cast<way>(draw_number(name, 0, kWays - 1)); }
std::ostream& operator<<(std::ostream& out, way w) { return out << kWayNames[static_cast<std::size_t>(w)]; }

any_item make_item(any_context& x, any_maker& m, const model_item& model, way w) {
  const numbered of(x, model);
  const metadata meta = of.meta();
  switch (w) {
    case way::copy:
      return must(m.copy(meta, model.bytes));
    case way::adopt:
      return must(m.adopt(meta, foreign_bytes::from_vector(model.bytes)));
    case way::build:
      return built(m, meta, model.bytes, model.bytes.size());
    case way::build_less:
      return built(m, meta, model.bytes, model.bytes.size() + 37);
    case way::shared:
      return must(m.copy(meta, model.bytes)).share();
    case way::part: {
      byte_string around(model.bytes.size() + 20, std::byte{0xEE});
      std::copy(model.bytes.begin(), model.bytes.end(), around.begin() + 9);
      return must(m.part(must(m.copy({}, around)), 9, model.bytes.size(), meta));
    }
    case way::branch:
      break;
  }
  std::vector<any_item> branches(3);
  must(any_design::fan_out(must(m.copy(meta, model.bytes)), branches));
  return std::move(branches[1]);
}

any_item draw_made(any_context& x, any_maker& m, const model_item& model, const std::string& name) {
  return make_item(x, m, model, draw_way(name));
}

std::string difference(const any_context& x, const any_item& item, const model_item& model) {
  if (item.size() != model.bytes.size())
    return "the size is " + std::to_string(item.size()) + ", not " + std::to_string(model.bytes.size());
  if (!same_bytes(item.bytes(), model.bytes)) return "the payload differs";
  const metadata meta = item.meta();
  if (meta.key != model.key) return "the key is " + std::to_string(meta.key) + ", not " + std::to_string(model.key);
  if (x.name(meta.source) != model.source) return "the source is '" + std::string(x.name(meta.source)) + "'";
  if (meta.headers.size() != model.headers.size())
    return std::to_string(meta.headers.size()) + " headers, not " + std::to_string(model.headers.size());
  for (std::size_t i = 0; i < model.headers.size(); ++i)
    if (x.name(meta.headers[i].name) != model.headers[i].first ||
        x.name(meta.headers[i].value) != model.headers[i].second)
      return "header " + std::to_string(i) + " differs";
  if (item.held_bytes() < item.size()) return "it holds " + std::to_string(item.held_bytes()) + " bytes";
  return {};
}

}  // namespace copycost::graph::properties
