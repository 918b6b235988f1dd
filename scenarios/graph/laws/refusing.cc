// SPDX-License-Identifier: Apache-2.0
//
// Laws of what is refused: the error says what and how much, and nothing else has changed.
#include <sys/mman.h>

#include <algorithm>

#include "harness/base/failure.h"
#include "harness/judge/drawn.h"
#include "scenarios/common/laws/law_list.h"
#include "scenarios/graph/laws/draw.h"

namespace copycost::graph::properties {
namespace {

constexpr std::string_view kRefusedClasses[] = {"a copy that is too large",
                                                "adopted memory that is too large",
                                                "a draft that is too large",
                                                "a copy with too many headers",
                                                "adopted memory with too many headers",
                                                "a draft with too many headers",
                                                "a part with too many headers",
                                                "a part behind the end"};

// More addresses than an item may have bytes, at which reading and writing end the program.
class forbidden_memory {
 public:
  forbidden_memory() : at_(mmap(nullptr, kBytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)) {
    if (at_ == MAP_FAILED) throw failure(exit_code::internal, "no room for addresses that nothing lies at");
  }
  ~forbidden_memory() { munmap(at_, kBytes); }
  forbidden_memory(const forbidden_memory&) = delete;
  forbidden_memory& operator=(const forbidden_memory&) = delete;
  // VALID UNTIL: this object is destroyed.
  std::span<std::byte> first(std::size_t n) const { return {static_cast<std::byte*>(at_), n}; }

  static constexpr std::size_t kBytes = kItemMax + 4096;

 private:
  void* at_;
};

struct refused_operation {
  ground& g;
  std::size_t too_large;  // bytes
  model_meta many;        // more headers than an item may have
  const any_item& whole;
  const model_item& m;

  template <class T>
  void must_refuse(const result<T>& design, const result<void>& model) const {
    RC_ASSERT_FALSE(agree(design, model));
  }
  // Memory that is still the caller's, and then given back once.
  void adopt(const model_meta& meta, std::span<std::byte> bytes) const {
    int released = 0;
    foreign_bytes f(
        bytes, [](void* count, std::byte*, std::size_t) { ++*static_cast<int*>(count); }, &released);
    must_refuse(g.m.adopt(numbered(g.x, meta).is, std::move(f)), oracle::may_make(meta, bytes.size()));
    RC_ASSERT((f.bytes().data() == bytes.data() && f.bytes().size() == bytes.size() && released == 0));
    f.reset();
    RC_ASSERT(released == 1);
  }
  void part(std::size_t pos, std::size_t len, const model_meta& meta) const {
    const auto expected = oracle::part(m, pos, len, meta);
    RC_ASSERT_FALSE(agree(g.m.part(whole, pos, len, numbered(g.x, meta).is), expected));
  }
  void run(std::uint64_t which) const {
    drawn(kRefusedClasses[which]);
    const forbidden_memory nothing;
    const model_meta& own = m.meta;
    byte_string few(3);
    switch (which) {
      case 0:
        return must_refuse(g.m.copy(numbered(g.x, own).is, nothing.first(too_large)), oracle::may_make(own, too_large));
      case 1:
        return adopt(own, nothing.first(too_large));
      case 2:
        return must_refuse(g.m.build(numbered(g.x, own).is, too_large), oracle::may_make(own, too_large));
      case 3:
        return must_refuse(g.m.copy(numbered(g.x, many).is, few), oracle::may_make(many, 3));
      case 4:
        return adopt(many, few);
      case 5:
        return must_refuse(g.m.build(numbered(g.x, many).is, 3), oracle::may_make(many, 3));
      case 6:
        return part(0, 0, many);
      default:
        return part(m.bytes.size() + too_large - kItemMax, 0, own);
    }
  }
};

void what_is_refused_changes_nothing(facade_maker make) {
  ground g(make);
  const model_item m = draw_item("item");
  const any_item one = draw_made(g, m, "way");
  refused_operation all{g, kItemMax + draw_number("too many bytes", 1, 4096), m.meta, one, m};
  all.many.headers.resize(kHeadersMax + draw_number("too many headers", 1, 9), {"content-type", "text/plain"});
  const std::uint64_t owners = one.use_count(), held = one.held_bytes();
  for (std::uint64_t n = draw_number("refused operations", 1, 3); n > 0; --n) {
    all.run(draw_number("operation", 0, 7));
    check_equals(g.x, one, m);
    RC_ASSERT((one.use_count() == owners && one.held_bytes() == held));
  }
  const model_item next = draw_small_item("next");  // the maker works on
  check_equals(g.x, draw_made(g, next, "next way"), next);
}

}  // namespace

law_list refusing() {
  return {
      law_of<what_is_refused_changes_nothing>(
          "what is too large, has too many headers or lies behind the end is refused, and nothing is changed by it",
          {.draws = kRefusedClasses}),
  };
}

}  // namespace copycost::graph::properties
