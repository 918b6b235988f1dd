// SPDX-License-Identifier: Apache-2.0
//
// A design as the contexts that the laws ask (laws/any_item.h says what they mean). Included once a design, by
// generated files.
//
// Lifetime: contexts do not outlive the facade.
// Threads: one at a time.
// Cost: a virtual call an operation; for laws only.
#pragma once
#include <memory>
#include <utility>
#include <vector>

#include "harness/judge/run_laws.h"
#include "scenarios/common/must.h"
#include "scenarios/graph/laws/any_facade.h"
#include "scenarios/graph/laws/any_link.h"

namespace copycost::graph {

template <design D>
class facade_of final : public facade {
  using item = typename D::item;
  using draft = typename D::draft;

  struct item_box final : item_base {
    explicit item_box(item i) : held(std::move(i)) {}
    std::size_t size() const override { return held.size(); }
    // VALID UNTIL: the item is destroyed, moved from or changed.
    bytes_view bytes() const override { return held.bytes(); }
    // VALID UNTIL: the item is destroyed, moved from or changed.
    metadata meta() const override { return held.meta(); }
    any_item share() const override { return boxed_value(held.share()); }
    std::uint64_t use_count() const override { return held.use_count(); }
    std::uint64_t held_bytes() const override { return held.held_bytes(); }
    result<void> fan_out(std::span<any_item> to) override {
      std::vector<item> all(to.size());
      if (const auto made = D::fan_out(std::move(held), std::span<item>(all)); !made) return made;
      for (std::size_t i = 0; i < all.size(); ++i) to[i] = boxed_value(std::move(all[i]));
      return {};
    }
    void drop(std::span<any_item> all) override {
      std::vector<item> gone(all.size());
      for (std::size_t i = 0; i < all.size(); ++i)
        if (all[i].box() != nullptr) gone[i] = std::move(real(all[i]));
      D::drop(std::span<item>(gone));
      for (any_item& one : all) one = any_item();  // may destroy this box
    }
    any_item moved() override { return boxed_value(std::move(held)); }
    void assign(item_base& from) override { held = std::move(static_cast<item_box&>(from).held); }
    item held;
  };
  struct draft_box final : draft_base {
    explicit draft_box(draft d) : held(std::move(d)) {}
    // VALID UNTIL: the draft is destroyed, moved from or sealed.
    std::span<std::byte> bytes() override { return held.bytes(); }
    draft held;
  };
  struct maker_box final : maker_base {
    explicit maker_box(typename D::context& x) : held(x) {}
    result<any_item> copy(metadata meta, bytes_view bytes) override { return box(held.copy(meta, bytes)); }
    result<any_item> adopt(metadata meta, foreign_bytes&& bytes) override {
      return box(held.adopt(meta, std::move(bytes)));
    }
    result<any_draft> build(metadata meta, std::size_t size) override {
      return in_box<any_draft, draft_box>(held.build(meta, size));
    }
    result<any_item> seal(any_draft&& d, std::size_t used) override {
      return box(held.seal(std::move(held_in<draft_box>(d)), used));
    }
    result<any_item> part(const any_item& of, std::size_t pos, std::size_t len, metadata meta) override {
      const item none;
      return box(held.part(of.box() == nullptr ? none : real(of), pos, len, meta));
    }
    // VALID UNTIL: the item is shared, moved from or destroyed.
    result<std::span<std::byte>> make_unique(any_item& one) override {
      if (one.box() == nullptr) one = boxed_value(item());
      return held.make_unique(real(one));
    }
    void end_batch() override { held.end_batch(); }
    typename D::maker held;
  };
  struct context_box final : context_base {
    context_box() : own(std::make_unique<typename D::context>()), held(*own) {}
    explicit context_box(std::unique_ptr<typename D::context> x) : own(std::move(x)), held(*own) {}
    std::unique_ptr<maker_base> maker() override { return std::make_unique<maker_box>(held); }
    result<name_id> intern(std::string_view name) override { return held.intern(name); }
    // VALID UNTIL: the context is destroyed.
    std::string_view name(name_id id) const override { return held.name(id); }
    const std::unique_ptr<typename D::context> own;
    typename D::context& held;
  };

 public:
  any_context context() override { return any_context(std::make_unique<context_box>()); }
  bool is_zero_copy() const override { return D::traits.zero_copy; }
  std::size_t segment_bytes() const override {
    if constexpr (crosses_processes<D>) return process_link_of<D>::kSegmentBytes;
    return 0;
  }
  any_context context_in([[maybe_unused]] int segment_fd) override {
    if constexpr (crosses_processes<D>)
      return any_context(std::make_unique<context_box>(must(process_link_of<D>::context_in(segment_fd))));
    return any_context();
  }
  std::unique_ptr<link_out<any_design>> out_of([[maybe_unused]] any_context& x, [[maybe_unused]] unsigned way,
                                               [[maybe_unused]] const link_options& options) override {
    if constexpr (crosses_processes<D>)
      return std::make_unique<boxed_link_out<D, item_box>>(
          must(process_link_of<D>::out(held_in<context_box>(x), way, options)));
    return nullptr;
  }
  std::unique_ptr<link_in<any_design>> into([[maybe_unused]] any_context& x, [[maybe_unused]] unsigned way,
                                            [[maybe_unused]] const link_options& options) override {
    if constexpr (crosses_processes<D>)
      return std::make_unique<boxed_link_in<D, item_box>>(
          must(process_link_of<D>::in(held_in<context_box>(x), way, options)));
    return nullptr;
  }

 private:
  static item& real(const any_item& i) { return held_in<item_box>(i); }
  static any_item boxed_value(item i) { return any_item(std::make_unique<item_box>(std::move(i))); }
  static result<any_item> box(result<item> r) { return in_box<any_item, item_box>(std::move(r)); }
};

template <design D>
std::unique_ptr<facade_base> make_facade() {
  return std::make_unique<facade_of<D>>();
}

}  // namespace copycost::graph
