// SPDX-License-Identifier: Apache-2.0
//
// The graph contract behind virtual functions: any_design satisfies the concept `design`, so that laws, and the graphs
// that laws run, are compiled once and not once a design.
//
//   any_context [box*] -> D::context     any_maker [box*] -> D::maker     any_item [box*] -> D::item
//
// Lifetime: the context outlives its makers and items.
// Threads: those of the value inside.
// Cost: an allocation a value, a virtual call an operation; for laws only.
#pragma once
#include <memory>
#include <utility>

#include "scenarios/common/laws/boxed.h"
#include "scenarios/graph/contract.h"

namespace copycost::graph {

class any_item;

struct item_base {
  virtual ~item_base() = default;
  virtual std::size_t size() const = 0;
  virtual bytes_view bytes() const = 0;  // VALID UNTIL: the item is destroyed, moved from or changed
  virtual metadata meta() const = 0;     // VALID UNTIL: the same
  virtual any_item share() const = 0;
  virtual std::uint64_t use_count() const = 0;
  virtual std::uint64_t held_bytes() const = 0;
  virtual result<void> fan_out(std::span<any_item> to) = 0;
  virtual void drop(std::span<any_item> all) = 0;  // of this design
  virtual any_item moved() = 0;                    // by the design's own move; what that leaves stays in this box
  virtual void assign(item_base& from) = 0;        // the design's own move assignment; `from` may be this very box
};
// Moving one moves the pointer; the design's own moves are in the box, moved() and assign(). Null: an empty item.
class any_item : public boxed<item_base> {
 public:
  using boxed::boxed;
  std::size_t size() const { return is_ == nullptr ? 0 : is_->size(); }
  // VALID UNTIL: the item is destroyed, moved from or changed.
  bytes_view bytes() const { return is_ == nullptr ? bytes_view() : is_->bytes(); }
  // VALID UNTIL: the item is destroyed, moved from or changed.
  metadata meta() const { return is_ == nullptr ? metadata() : is_->meta(); }
  any_item share() const { return is_ == nullptr ? any_item() : is_->share(); }
  std::uint64_t use_count() const { return is_ == nullptr ? 0 : is_->use_count(); }
  std::uint64_t held_bytes() const { return is_ == nullptr ? 0 : is_->held_bytes(); }
};

struct draft_base {
  virtual ~draft_base() = default;
  virtual std::span<std::byte> bytes() = 0;  // VALID UNTIL: the draft is destroyed, moved from or sealed
};
class any_draft : public boxed<draft_base> {
 public:
  using boxed::boxed;
  // VALID UNTIL: the draft is destroyed, moved from or sealed.
  std::span<std::byte> bytes() { return is_->bytes(); }
};

struct maker_base {
  virtual ~maker_base() = default;
  virtual result<any_item> copy(metadata meta, bytes_view bytes) = 0;
  virtual result<any_item> adopt(metadata meta, foreign_bytes&& bytes) = 0;
  virtual result<any_draft> build(metadata meta, std::size_t size) = 0;
  virtual result<any_item> seal(any_draft&& d, std::size_t used) = 0;
  virtual result<any_item> part(const any_item& of, std::size_t pos, std::size_t len, metadata meta) = 0;
  virtual result<std::span<std::byte>> make_unique(any_item& one) = 0;  // VALID UNTIL: the item is shared or destroyed
  virtual void end_batch() = 0;
};

struct context_base {
  virtual ~context_base() = default;
  virtual std::unique_ptr<maker_base> maker() = 0;
  virtual result<name_id> intern(std::string_view name) = 0;
  virtual std::string_view name(name_id id) const = 0;  // VALID UNTIL: the context is destroyed
};
class any_context : public boxed<context_base> {
 public:
  using boxed::boxed;
  result<name_id> intern(std::string_view name) { return is_->intern(name); }
  // VALID UNTIL: the context is destroyed.
  std::string_view name(name_id id) const { return is_->name(id); }
};

class any_maker {
 public:
  explicit any_maker(any_context& x) : is_(x.box()->maker()) {}
  result<any_item> copy(metadata meta, bytes_view bytes) { return is_->copy(meta, bytes); }
  result<any_item> adopt(metadata meta, foreign_bytes&& bytes) { return is_->adopt(meta, std::move(bytes)); }
  result<any_draft> build(metadata meta, std::size_t size) { return is_->build(meta, size); }
  result<any_item> seal(any_draft&& d, std::size_t used) { return is_->seal(std::move(d), used); }
  result<any_item> part(const any_item& of, std::size_t pos, std::size_t len, metadata meta) {
    return is_->part(of, pos, len, meta);
  }
  // VALID UNTIL: the item is shared, moved from or destroyed.
  result<std::span<std::byte>> make_unique(any_item& one) { return is_->make_unique(one); }
  void end_batch() { is_->end_batch(); }

 private:
  std::unique_ptr<maker_base> is_;
};

struct any_design {
  static constexpr design_traits traits{};
  using context = any_context;
  using maker = any_maker;
  using item = any_item;
  using draft = any_draft;

  static result<void> fan_out(any_item&& one, std::span<any_item> to) {
    if (one.box() != nullptr) {
      if (const auto made = one.box()->fan_out(to); !made) return made;
      one = any_item();
    }
    return {};
  }
  static void drop(std::span<any_item> all) {
    for (const any_item& one : all)
      if (one.box() != nullptr) return one.box()->drop(all);
  }
};
static_assert(design<any_design>);

}  // namespace copycost::graph
