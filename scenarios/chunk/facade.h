// SPDX-License-Identifier: Apache-2.0
//
// A context of one design as the facade that the laws ask (laws/any_facade.h says what it means). Included once a
// design, by generated files.
#pragma once
#include <memory>
#include <utility>
#include <vector>

#include "harness/judge/run_laws.h"
#include "scenarios/chunk/derived/sequence.h"
#include "scenarios/chunk/laws/any_facade.h"
#include "scenarios/chunk/laws/other_process.h"

namespace copycost::chunk {

template <design D>
class facade_of final : public facade {
  using chunk = typename D::chunk;
  using builder = typename D::builder;
  using boxed = result<any_chunk>;

 public:
  boxed adopt(place at, foreign_bytes&& bytes) override { return box(x_.adopt(at, std::move(bytes))); }
  boxed copy(place at, bytes_view bytes) override { return box(x_.copy(at, bytes)); }
  boxed rebind(const any_chunk& of, std::size_t pos, std::size_t len, place at) override {
    return box(x_.rebind(real(of), pos, len, at));
  }
  result<any_builder> build(place at, std::size_t capacity) override { return box(x_.build(at, capacity)); }
  boxed seal(any_builder&& b) override { return box(x_.seal(std::move(real(b)))); }
  result<any_builder> take(any_chunk&& c) override { return box(x_.take(std::move(real(c)))); }
  bool join(any_chunk& first, const any_chunk& next) override { return x_.join(real(first), real(next)); }
  stream_id intern(std::string_view name) override { return x_.intern(name); }
  // VALID UNTIL: the facade is destroyed.
  std::string_view name(stream_id id) const override { return x_.name(id); }

  std::uint64_t end_offset(const any_chunk& c) const override { return copycost::chunk::end_offset(real(c)); }
  // VALID UNTIL: the chunk is destroyed, moved from or changed.
  result<bytes_view> view(const any_chunk& c, std::size_t pos, std::size_t len) const override {
    return copycost::chunk::view(real(c), pos, len);
  }
  boxed slice(const any_chunk& c, range r) const override { return box(copycost::chunk::slice(real(c), r)); }
  result<std::pair<any_chunk, any_chunk>> split_at(const any_chunk& c, std::size_t pos) const override {
    auto parts = copycost::chunk::split_at(real(c), pos);
    if (!parts) return parts.error();
    return std::pair(boxed_value(std::move(parts->first)), boxed_value(std::move(parts->second)));
  }
  boxed clone(const any_chunk& c) override { return box(copycost::chunk::clone<D>(x_, real(c))); }
  result<void> compact(any_chunk& c) override { return copycost::chunk::compact<D>(x_, real(c)); }
  result<bool> compact_if(any_chunk& c, double ratio) override {
    return copycost::chunk::compact_if<D>(x_, real(c), ratio);
  }
  result<joined> append(any_chunk& c, const any_chunk& next) override {
    return copycost::chunk::append<D>(x_, real(c), real(next));
  }
  // VALID UNTIL: the chunk is destroyed, moved from or changed.
  result<std::string_view> as_utf8(const any_chunk& c) const override { return copycost::chunk::as_utf8(real(c)); }
  utf8::lossy_text to_utf8_lossy(const any_chunk& c) const override { return copycost::chunk::to_utf8_lossy(real(c)); }
  std::size_t valid_prefix_len(const any_chunk& c) const override { return copycost::chunk::valid_prefix_len(real(c)); }
  bool equal(const any_chunk& a, const any_chunk& b) const override { return copycost::chunk::equal(real(a), real(b)); }
  std::vector<std::byte> to_vector(const any_chunk& c) const override { return copycost::chunk::to_vector(real(c)); }
  std::unique_ptr<any_sequence> sequence() override { return std::make_unique<row>(x_); }

  boxed encode(const any_chunk& c, encode_options options) override {
    return box(copycost::chunk::encode<D>(x_, real(c), options));
  }
  result<std::size_t> encode_to(const any_chunk& c, any_builder& out, encode_options options) override {
    return copycost::chunk::encode_to<D>(x_, real(c), real(out), options);
  }
  result<decoded<any_chunk>> decode_copy(bytes_view in, const decode_limits& limits) override {
    return box(copycost::chunk::decode_copy<D>(x_, in, limits));
  }
  result<decoded<any_chunk>> decode_alias(const any_chunk& in, const decode_limits& limits, std::size_t pos) override {
    return box(copycost::chunk::decode_alias<D>(x_, real(in), limits, pos));
  }

  void share_and_drop(const any_chunk& c) const override { [[maybe_unused]] const chunk gone = real(c).share(); }

  int equal_in_another_process(const std::vector<std::vector<std::byte>>& all) override {
    return copycost::chunk::equal_in_another_process<D>(all);
  }
  bool joins() const override { return D::traits.joins; }
  bool has_regions() const override { return kRegions; }
  void reset() override {
    if constexpr (kRegions)
      x_.reset();
    else
      throw not_offered{"reset"};
  }

 private:
  static constexpr bool kRegions = D::traits.regions;

  static chunk& real(const any_chunk& c) { return held_in<chunk_box<chunk>>(c); }
  static builder& real(const any_builder& b) { return held_in<builder_box<builder>>(b); }
  static any_chunk boxed_value(chunk c) { return any_chunk(std::make_unique<chunk_box<chunk>>(std::move(c))); }
  static boxed box(result<chunk> r) { return in_box<any_chunk, chunk_box<chunk>>(std::move(r)); }
  static result<any_builder> box(result<builder> r) { return in_box<any_builder, builder_box<builder>>(std::move(r)); }
  static result<decoded<any_chunk>> box(result<decoded<chunk>> r) {
    if (!r) return r.error();
    return decoded<any_chunk>{boxed_value(std::move(r->chunk)), r->consumed};
  }

  class row final : public any_sequence {
   public:
    explicit row(typename D::context& x) : held_(x) {}
    result<void> push(any_chunk c) override { return held_.push(std::move(real(c))); }
    std::uint64_t size() const override { return held_.size(); }
    std::uint64_t end_offset() const override { return held_.end_offset(); }
    std::optional<std::uint64_t> find(std::byte wanted, std::uint64_t from) const override {
      return held_.find(wanted, from);
    }
    std::optional<std::uint64_t> find(bytes_view pattern, std::uint64_t from) const override {
      return held_.find(pattern, from);
    }
    result<std::vector<any_chunk>> lines() const override {
      auto lines = held_.lines();
      if (!lines) return lines.error();
      std::vector<any_chunk> out;
      for (chunk& line : *lines) out.push_back(boxed_value(std::move(line)));
      return out;
    }
    boxed cut(std::uint64_t begin, std::uint64_t end) const override { return box(held_.cut(begin, end)); }

   private:
    copycost::chunk::sequence<D> held_;
  };

  typename D::context x_;
};

template <design D>
std::unique_ptr<facade_base> make_facade() {
  return std::make_unique<facade_of<D>>();
}

}  // namespace copycost::chunk
