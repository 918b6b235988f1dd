// SPDX-License-Identifier: Apache-2.0
//
// A design as the facade that laws and the reading of real input ask (any_store.h). Included once a design, by
// generated files.
#pragma once
#include <memory>
#include <utility>

#include "scenarios/event_store/any_store.h"

namespace copycost::event_store {
namespace boxes {

template <class L>
struct list_box final : list_base {
  explicit list_box(L l) : held(std::move(l)) {}
  std::size_t size() const override { return held.size(); }
  void each(const event_visitor& f) const override { held.for_each(f); }
  L held;
};
template <class L>
result<any_list> box_list(result<L>&& l) {
  return in_box<any_list, list_box<L>>(std::move(l));
}

template <class S>
struct snapshot_box final : snapshot_base {
  explicit snapshot_box(S s) : held(std::move(s)) {}
  bounds range() const override { return held.range(); }
  result<any_list> read(sequence after, std::size_t limit) const override { return box_list(held.read(after, limit)); }
  result<any_list> read_entity(std::string_view entity, sequence after, std::size_t limit) const override {
    return box_list(held.read_entity(entity, after, limit));
  }
  S held;
};

template <class R>
struct reader_box final : reader_base {
  explicit reader_box(R r) : held(std::move(r)) {}
  bounds range() override { return range_of(held); }
  any_snapshot snapshot() override {
    return any_snapshot(std::make_unique<snapshot_box<decltype(held.snapshot())>>(held.snapshot()));
  }
  result<any_list> read(sequence after, std::size_t limit) override { return box_list(held.read(after, limit)); }
  result<any_list> read_entity(std::string_view entity, sequence after, std::size_t limit) override {
    return box_list(held.read_entity(entity, after, limit));
  }
  R held;
};

template <class Store>
struct store_box final : any_store {
  explicit store_box(std::unique_ptr<Store> s) : held(std::move(s)) {}
  result<appended> append(std::span<const draft> batch, std::optional<sequence> expected) override {
    return held->append(batch, expected);
  }
  result<appended> append_in_place(const draft& one, std::size_t payload, const writer& write,
                                   std::optional<sequence> expected) override {
    return held->append_in_place(one, payload, write, expected);
  }
  result<any_reader> reader() override {
    auto r = held->reader();
    return in_box<any_reader, reader_box<typename decltype(r)::value_type>>(std::move(r));
  }
  result<void> truncate_before(sequence before) override { return held->truncate_before(before); }
  result<void> sync() override { return held->sync(); }
  store_stats stats() const override { return held->stats(); }
  int memory_fd() const override {
    if constexpr (requires { held->memory_fd(); })
      return held->memory_fd();
    else
      return -1;
  }
  std::unique_ptr<Store> held;
};

}  // namespace boxes

template <design D>
class facade_of final : public facade {
  using store = typename D::store;

  static result<std::unique_ptr<any_store>> box(result<std::unique_ptr<store>>&& s) {
    if (!s.ok()) return s.error();
    return std::unique_ptr<any_store>(std::make_unique<boxes::store_box<store>>(std::move(s).value()));
  }

 public:
  result<std::unique_ptr<any_store>> open(const store_options& o) override { return box(store::open(o)); }
  result<std::unique_ptr<any_store>> attach([[maybe_unused]] int fd) override {
    if constexpr (D::traits.shared)
      return box(store::attach(fd));
    else
      return error{.code = errc::bad_options};
  }
  bool durable() const override { return D::traits.durable; }
  bool shared() const override { return D::traits.shared; }
  bool on_disk() const override { return D::traits.on_disk; }
};

template <design D>
std::unique_ptr<facade_base> make_facade() {
  return std::make_unique<facade_of<D>>();
}

}  // namespace copycost::event_store
