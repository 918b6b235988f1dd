// SPDX-License-Identifier: Apache-2.0
//
// A graph design of standard containers, and nodes that are made of functions, for tests of what runs graphs.
//
// Threads: as contract.h says; alive() from any.
#pragma once
#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "scenarios/graph/build/graph_builder.h"
#include "scenarios/graph/run/runner.h"

namespace copycost::graph::toy {

struct load {
  explicit load(std::size_t size) : bytes(size) { alive().fetch_add(1); }
  ~load() { alive().fetch_sub(1); }
  load(const load&) = delete;
  load& operator=(const load&) = delete;
  static std::atomic<std::int64_t>& alive() {
    static std::atomic<std::int64_t> count{0};
    return count;
  }
  std::vector<std::byte> bytes;
};

class item {
 public:
  item() = default;
  item(metadata meta, std::size_t size) : load_(std::make_shared<load>(size)), meta_{meta.source, meta.key, {}} {}
  item(item&& o) noexcept : load_(std::move(o.load_)), meta_(std::exchange(o.meta_, {})) {}
  item& operator=(item&& o) noexcept {
    load_ = std::move(o.load_);
    meta_ = std::exchange(o.meta_, {});
    return *this;
  }
  std::size_t size() const { return load_ == nullptr ? 0 : load_->bytes.size(); }
  bytes_view bytes() const { return load_ == nullptr ? bytes_view() : bytes_view(load_->bytes); }
  metadata meta() const { return meta_; }
  item share() const {
    item other;
    other.load_ = load_;
    other.meta_ = meta_;
    return other;
  }
  std::uint64_t use_count() const { return static_cast<std::uint64_t>(load_.use_count()); }
  std::uint64_t held_bytes() const { return size(); }
  bool is_empty() const { return load_ == nullptr; }

 private:
  friend class maker;
  std::shared_ptr<load> load_;
  metadata meta_;
};

struct draft {
  item made;
  std::span<std::byte> bytes() { return {const_cast<std::byte*>(made.bytes().data()), made.size()}; }
};
struct context {
  result<name_id> intern(std::string_view) { return name_id{1}; }
  std::string_view name(name_id) const { return {}; }
};

class maker {
 public:
  explicit maker(context&) {}
  result<item> make(std::uint64_t key, std::size_t size) { return item(metadata{0, key, {}}, size); }
  result<item> copy(metadata meta, bytes_view bytes) { return item(meta, bytes.size()); }
  result<item> adopt(metadata meta, foreign_bytes&&) { return item(meta, 0); }
  result<draft> build(metadata meta, std::size_t n) { return draft{item(meta, n)}; }
  result<item> seal(draft&& d, std::size_t) { return std::move(d.made); }
  result<item> part(const item& of, std::size_t, std::size_t, metadata) { return of.share(); }
  result<std::span<std::byte>> make_unique(item& one) {
    return std::span<std::byte>(one.load_->bytes.data(), one.size());
  }
  void end_batch() {}
};

struct toy_design {
  static constexpr design_traits traits{};
  using context = toy::context;
  using maker = toy::maker;
  using item = toy::item;
  using draft = toy::draft;
  // How many of the next calls fail.
  static std::atomic<int>& fan_outs_that_fail() {
    static std::atomic<int> count{0};
    return count;
  }
  static result<void> fan_out(item&& one, std::span<item> to) {
    if (fan_outs_that_fail().load() > 0 && fan_outs_that_fail().fetch_sub(1) > 0) return error{errc::out_of_memory};
    for (item& place : to.subspan(1)) place = one.share();
    to[0] = std::move(one);
    return {};
  }
  static void drop(std::span<item> all) {
    for (item& one : all) one = item();
  }
};
static_assert(design<toy_design>);

using out = outlet<toy_design>;
inline port_list ports_of(unsigned inputs, unsigned outputs, bool required = true) {
  port_list all;
  for (unsigned i = 0; i < inputs; ++i) all.inputs.push_back({"i" + std::to_string(i), kBytes, true});
  for (unsigned i = 0; i < outputs; ++i) all.outputs.push_back({"o" + std::to_string(i), kBytes, required});
  return all;
}

// A node of functions; by default it sends what it takes along its first output, if it has one, and notes what it took.
class toy_node final : public node<toy_design> {
 public:
  toy_node(unsigned inputs, unsigned outputs, bool required = true)
      : took(inputs), ended_ports(inputs), ports_(ports_of(inputs, outputs, required)) {}

  const port_list& ports() const override { return ports_; }
  result<turn> produce(out& to) override { return on_produce ? on_produce(to) : turn::done; }
  result<void> take(unsigned port, item& one, out& to) override {
    const std::uint64_t key = one.meta().key;
    if (on_take)
      if (const auto taken = on_take(port, one, to); !taken) return taken;
    if (!on_take && !ports_.outputs.empty())
      if (const auto sent = to.send(0, std::move(one)); !sent) return sent;
    took[port].push_back(key);
    all.push_back(key);
    return {};
  }
  result<void> ended(unsigned port, out& to) override {
    ++ended_ports[port];
    return on_ended ? on_ended(port, to) : result<void>();
  }
  result<void> finish(out& to) override {
    ++finished;
    return on_finish ? on_finish(to) : result<void>();
  }
  unsigned next_port(const inputs_seen& now) override {
    return on_next_port ? on_next_port(now) : node<toy_design>::next_port(now);
  }
  std::int64_t due_ns() const override { return due; }
  result<void> on_time(std::int64_t now_ns, out& to) override { return on_due ? on_due(now_ns, to) : result<void>(); }

  std::function<result<turn>(out&)> on_produce;
  std::function<result<void>(unsigned, item&, out&)> on_take;
  std::function<result<void>(unsigned, out&)> on_ended;
  std::function<result<void>(out&)> on_finish;
  std::function<unsigned(const inputs_seen&)> on_next_port;
  std::function<result<void>(std::int64_t, out&)> on_due;
  std::int64_t due = kNever;

  std::vector<std::vector<std::uint64_t>> took;  // keys, of each input
  std::vector<std::uint64_t> all;                // of all inputs, in the order in which they were taken
  std::vector<unsigned> ended_ports;
  unsigned finished = 0;

 private:
  port_list ports_;
};

// Sends keys [0, count), some a call, and then says that it is done. Notes in `all` what it sent.
inline std::unique_ptr<toy_node> source(std::uint64_t count, unsigned per_call = 5, std::size_t size = 8,
                                        unsigned outputs = 1) {
  auto made = std::make_unique<toy_node>(0, outputs);
  made->on_produce = [self = made.get(), count, per_call, size](out& to) -> result<turn> {
    for (unsigned i = 0; i < per_call && self->all.size() < count; ++i) {
      item one = to.maker().make(self->all.size(), size).value();
      if (const auto sent = to.send(0, std::move(one)); !sent) return sent.error();
      self->all.push_back(self->all.size());
    }
    return self->all.size() < count ? turn::more : turn::done;
  };
  return made;
}
inline std::unique_ptr<toy_node> pass() { return std::make_unique<toy_node>(1, 1); }
inline std::unique_ptr<toy_node> sink(unsigned inputs = 1) { return std::make_unique<toy_node>(inputs, 0); }

// A builder whose errors end the test, and that still knows its nodes when they run.
class builder {
 public:
  toy_node& add(const std::string& name, std::unique_ptr<toy_node> one, node_options o = {}) {
    toy_node& is = *one;
    COPYCOST_REQUIRE(is_.add(name, std::move(one), std::move(o)).ok());
    return is;
  }
  void connect(const std::string& from, const std::string& to, channel_limits limits = {}) {
    COPYCOST_REQUIRE(is_.connect(from, to, {limits}).ok());
  }
  graph<toy_design> build() { return std::move(is_).build().value(); }

 private:
  graph_builder<toy_design> is_;
};

inline std::vector<std::uint64_t> numbers(std::uint64_t count, std::uint64_t from = 0) {
  std::vector<std::uint64_t> all(count);
  for (std::uint64_t i = 0; i < count; ++i) all[i] = from + i;
  return all;
}
inline constexpr executor_kind kExecutors[] = {executor_kind::threads, executor_kind::pool, executor_kind::manual};

}  // namespace copycost::graph::toy
