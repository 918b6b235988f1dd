// SPDX-License-Identifier: Apache-2.0
//
// Transforms of one item into one, in the three published ways.
//
//   borrow_or_own  sees the item; answers nothing (it passes on as it is) or another item
//   in_place       gets its bytes for writing and answers how many are left: it cannot fail
//   mutate         gets its bytes for writing and may fail: then the item is as it was
//
// Writing goes through make_unique(): in place where the item has its bytes alone, else into a copy of its own, so that
// no other branch sees it.
//
// Threads: one at a time.
// Cost: of the callback. COPIES: in_place and mutate, the item's size where others own its bytes; mutate also where the
// callback cannot say beforehand whether it will fail.
#pragma once
#include <concepts>
#include <memory>
#include <optional>
#include <span>

#include "scenarios/graph/node/control/control_node.h"

namespace copycost::graph {

// F: result<std::optional<item>>(const item&, maker&). Errors of F are take()'s.
template <design D, class F>
class borrow_or_own final : public control_node<D> {
 public:
  using item = typename D::item;
  explicit borrow_or_own(F change, const std::string& type = kBytes, const std::string& type_out = kBytes)
      : control_node<D>({{{"in", type}}, {{"out", type_out}}}), change_(std::move(change)) {}
  result<void> take(unsigned, item& one, outlet<D>& to) override {
    result<std::optional<item>> changed = change_(std::as_const(one), to.maker());
    if (!changed) return changed.error();
    std::optional<item>& other = changed.value();
    return to.send(0, std::move(other ? *other : one));
  }

 private:
  F change_;
};

// F: std::size_t(std::span<std::byte>), how many of the first bytes are left. Once the bytes are changed the item is
// used: what cannot be cut or sent then is tried again later and not given to the callback again.
template <design D, class F>
class in_place final : public control_node<D> {
 public:
  using item = typename D::item;
  explicit in_place(F change, const std::string& type = kBytes, const std::string& type_out = kBytes)
      : control_node<D>({{{"in", type}}, {{"out", type_out}}}), change_(std::move(change)) {}
  // Errors: those of make_unique().
  result<void> take(unsigned, item& one, outlet<D>& to) override {
    if (const auto before = send_uncut(to); !before) return before;
    const auto bytes = to.maker().make_unique(one);
    if (!bytes) return bytes.error();
    const std::size_t left = change_(bytes.value());
    COPYCOST_REQUIRE(left <= one.size());
    if (left == one.size()) {
      this->emit(0, std::move(one), to);
      return {};
    }
    uncut_ = std::move(one);
    left_ = left;
    (void)send_uncut(to);  // what cannot be made now is made later
    return {};
  }
  std::int64_t due_ns() const override { return uncut_.size() > 0 ? 0 : control_node<D>::due_ns(); }
  result<void> on_time(std::int64_t now, outlet<D>& to) override {
    if (const auto cut = send_uncut(to); !cut) return cut;
    return control_node<D>::on_time(now, to);
  }
  result<void> finish(outlet<D>& to) override {
    const auto cut = send_uncut(to);
    if (!cut.ok()) {
      this->drop(1);
      uncut_ = item();
    }
    const auto done = control_node<D>::finish(to);
    return cut.ok() ? done : cut;
  }
  std::uint64_t held() const override { return control_node<D>::held() + (uncut_.size() > 0 ? 1 : 0); }

 private:
  result<void> send_uncut(outlet<D>& to) {
    if (uncut_.size() > 0) {
      auto cut = to.maker().part(uncut_, 0, left_, uncut_.meta());
      if (!cut && may_pass(cut.error())) return cut.error();
      uncut_ = item();
      if (!cut) this->give_up(cut.error());
      if (cut.ok()) this->emit(0, std::move(cut).value(), to);
    }
    return this->send_queued(to);
  }
  F change_;
  item uncut_;  // changed; its first left_ bytes are what is to leave
  std::size_t left_ = 0;
};

// A callback that says beforehand whether it will fail: result<void> check(bytes_view), then
// apply(std::span<std::byte>).
template <class F>
concept checked_change = requires(F f, bytes_view before, std::span<std::byte> bytes) {
  { f.check(before) } -> std::same_as<result<void>>;
  f.apply(bytes);
};

// F: a checked_change, or result<void>(std::span<std::byte>), which is given a copy. Errors of F are take()'s.
template <design D, class F>
class mutate final : public control_node<D> {
 public:
  using item = typename D::item;
  explicit mutate(F change, const std::string& type = kBytes, const std::string& type_out = kBytes)
      : control_node<D>({{{"in", type}}, {{"out", type_out}}}), change_(std::move(change)) {}
  result<void> take(unsigned, item& one, outlet<D>& to) override {
    if (const auto sent = this->send_queued(to); !sent) return sent;
    if constexpr (checked_change<F>) {
      if (const auto good = change_.check(one.bytes()); !good) return good;
      const auto bytes = to.maker().make_unique(one);
      if (!bytes) return bytes.error();
      change_.apply(bytes.value());
      this->emit(0, std::move(one), to);
      return {};
    } else {
      item changed = one.share();
      const auto bytes = to.maker().make_unique(changed);
      if (!bytes) return bytes.error();
      if (const result<void> good = change_(bytes.value()); !good) return good;
      return to.send(0, std::move(changed));
    }
  }

 private:
  F change_;
};

template <design D, class F>
std::unique_ptr<node<D>> make_borrow_or_own(F change) {
  return std::make_unique<borrow_or_own<D, F>>(std::move(change));
}
template <design D, class F>
std::unique_ptr<node<D>> make_in_place(F change) {
  return std::make_unique<in_place<D, F>>(std::move(change));
}
template <design D, class F>
std::unique_ptr<node<D>> make_mutate(F change) {
  return std::make_unique<mutate<D, F>>(std::move(change));
}

}  // namespace copycost::graph
