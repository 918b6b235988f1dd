// SPDX-License-Identifier: Apache-2.0
//
// What a producer says on a byte stream, to the consumer's end of a link. The first two bytes are the plan, the rest is
// what arrives:
//
//   [right:1|number:1|lengths:1|leaves:1|... ] [cut:4|silent:1|...]
//
//   right    the heads of batches are put right, as far as a hostile peer can: checksums, magic, version; and
//            numbers and lengths too, but where these bits say that they stay
//   leaves   the consumer leaves after some items
//   cut      how much arrives at once;  silent: the producer reads nothing, and nothing can be written
//
// What is popped is what a reading of all bytes as one piece finds; the link ends as that one says, stays ended, takes
// no more room than its limits allow, and tells the producer only what it has taken.
#include <algorithm>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "impls/graph/slice/design.h"
#include "property_tests/fuzz/check.h"
#include "scenarios/common/crc32c.h"
#include "scenarios/graph/items/names/name_table.h"
#include "scenarios/graph/link/batch/batch_view.h"
#include "scenarios/graph/link/batch/packing.h"
#include "scenarios/graph/link/stream_link_in.h"

namespace copycost::graph::fuzz {
namespace {

constexpr link_options kOptions{.items = 64, .bytes = 4096, .patience_ns = 0, .linger_ns = kForever / 4};
constexpr std::size_t kPlan = 2;

// slice with a table of names for each input: names of the process would stay from one to the next.
struct with_own_names : slice_design {
  using context = name_table;
  class maker : public slice_maker {
   public:
    explicit maker(context&) : slice_maker(unused()) {}

   private:
    static process_names& unused() {
      static process_names names;
      return names;
    }
  };
};

struct plan {
  bool right, keeps_number, keeps_lengths, leaves, is_silent;
  std::size_t cut;
};
plan plan_of(const std::uint8_t* in) {
  constexpr std::size_t kCuts[] = {~std::size_t{0}, 7, 43, 44, 45, 88, 1, 300};
  return {(in[0] & 1) != 0, (in[0] & 2) != 0, (in[0] & 4) != 0, (in[0] & 8) != 0, (in[1] & 8) != 0, kCuts[in[1] & 7]};
}

// What the peer sent, and what the link answers; every third call finds nothing.
class peer_stream final : public byte_stream {
 public:
  peer_stream(bytes_view all, const plan& p, std::vector<std::byte>& answered)
      : left_(all), plan_(p), answered_(answered) {}
  stream_kind kind() const override { return stream_kind::pipe; }
  io_result read(std::span<std::byte> into) override {
    FUZZ_CHECK(into.size() <= limits_of(kOptions).bytes + 2 * kBatchHead, "more room than the limits allow");
    if (is_closed_) return {io_state::closed, 0, 0};
    if (++calls_ % 3 == 0) return {io_state::would_block, 0, 0};
    const std::size_t n = std::min({left_.size(), into.size(), plan_.cut});
    if (n == 0) return {into.empty() ? io_state::done : io_state::closed, 0, 0};
    std::memcpy(into.data(), left_.data(), n);
    left_ = left_.subspan(n);
    return {io_state::done, n, 0};
  }
  io_result write(std::span<const iovec> parts) override {
    if (is_closed_ || plan_.is_silent) return {io_state::closed, 0, 0};
    if (++calls_ % 3 == 0) return {io_state::would_block, 0, 0};
    const auto* const from = static_cast<const std::byte*>(parts[0].iov_base);
    const std::size_t n = std::min(parts[0].iov_len, plan_.cut);
    answered_.insert(answered_.end(), from, from + n);
    return {io_state::done, n, 0};
  }
  stream_ready wait(bool readable, bool writable, std::int64_t) override { return {readable, writable}; }
  void shutdown_write() override {}
  void close() override { is_closed_ = true; }

 private:
  bytes_view left_;
  const plan& plan_;
  std::vector<std::byte>& answered_;
  unsigned calls_ = 0;
  bool is_closed_ = false;
};

void put_right(std::span<std::byte> in, const plan& p) {
  for (std::uint64_t number = 0; in.size() >= kBatchHead; ++number) {
    std::byte* const head = in.data();
    const auto body = in.subspan(kBatchHead);
    wire::store(head, kBatchMagic);
    wire::store(head + 4, kBatchVersion);
    const auto form = static_cast<std::uint16_t>(wire::load<std::uint16_t>(head + 6) & 1);
    wire::store(head + 6, form);
    if (!p.keeps_number) wire::store(head + 8, number);
    auto packed = wire::load<std::uint32_t>(head + 32);
    if (!p.keeps_lengths) {
      if (packed > body.size()) packed = static_cast<std::uint32_t>(packed % (body.size() + 1));
      wire::store(head + 32, packed);
      if (form == 0) wire::store(head + 28, packed);
    }
    const std::size_t here = std::min<std::size_t>(packed, body.size());
    wire::store(head + 36, crc32c(0, body.first(here)));
    wire::store(head + 40, crc32c(0, in.first(40)));
    in = body.subspan(here);
  }
}

struct plain_item {
  std::uint64_t key;
  std::string source;
  std::vector<std::pair<std::string, std::string>> headers;
  std::vector<std::byte> payload;
  friend bool operator==(const plain_item&, const plain_item&) = default;
};

// All that a link may pop, and how it ends.
struct reading {
  std::vector<plain_item> items;
  std::vector<std::uint64_t> after;  // how many there are after each batch
  errc end = errc::peer_gone;
  bool is_refused = false;

  // How many items the batches have of which so many were popped.
  std::uint64_t opened_by(std::size_t popped) const {
    return popped == 0 ? 0 : *std::ranges::lower_bound(after, popped);
  }
  std::size_t refuse(errc why) {
    end = why;
    is_refused = true;
    return 0;
  }
};

void note_items(const batch_view& batch, reading& out) {
  for (std::uint32_t i = 0; i < batch.items(); ++i) {
    const batch_item one = batch.item(i);
    plain_item made{one.key, std::string(batch.name(one.source)), {}, {one.payload.begin(), one.payload.end()}};
    for (std::uint32_t k = 0; k < one.headers; ++k) {
      const auto [name, value] = batch.header_at(one.first_header + k);
      made.headers.emplace_back(batch.name(name), batch.name(value));
    }
    out.items.push_back(std::move(made));
  }
  out.after.push_back(out.items.size());
}

result<void> note_batch(bytes_view whole, reading& out) {
  const auto head = read_whole(whole, limits_of(kOptions));
  if (!head) return head.error();
  bytes_view body = whole.subspan(kBatchHead);
  std::unique_ptr<std::byte[]> room;
  if (head->form == batch_form::zstd) {
    if (const auto ok = batch_unpacker::check(head.value(), body); !ok) return ok;
    room.reset(new std::byte[head->unpacked]);
    batch_unpacker unpacker;
    if (const auto ok = unpacker.unpack(head.value(), body, {room.get(), head->unpacked}); !ok) return ok;
    body = {room.get(), head->unpacked};
  }
  const auto batch = batch_view::parse(head.value(), body);
  if (!batch) return batch.error();
  note_items(batch.value(), out);
  return {};
}

// The batch that `in` begins with, and how many bytes it has; 0: nothing comes after what was noted.
std::size_t note_next(bytes_view in, std::uint64_t number, reading& out) {
  const auto head = read_head(in.first(kBatchHead), limits_of(kOptions));
  if (!head) return out.refuse(head.error().code);
  if (head->number != number) return out.refuse(errc::broken_link);
  if (head->items == 0) {
    out.end = errc::closed;
    return 0;
  }
  if (in.size() - kBatchHead < head->packed) return 0;
  const std::size_t size = kBatchHead + head->packed;
  if (const auto ok = note_batch(in.first(size), out); !ok) return out.refuse(ok.error().code);
  return size;
}

reading read_all(bytes_view in) {
  reading out;
  for (std::uint64_t number = 0; in.size() >= kBatchHead; ++number) {
    const std::size_t size = note_next(in, number, out);
    if (size == 0) break;
    in = in.subspan(size);
  }
  return out;
}

plain_item plain(const slice_item& one, const with_own_names::context& x) {
  const metadata meta = one.meta();
  plain_item out{meta.key, std::string(x.name(meta.source)), {}, {one.bytes().begin(), one.bytes().end()}};
  for (const header& h : meta.headers) out.headers.emplace_back(x.name(h.name), x.name(h.value));
  return out;
}

// Pops one by one and some at a time in turn, up to `most` items. Answers how the link ended, if it did.
std::optional<errc> pop_all(stream_link_in<with_own_names>& link, std::size_t most, std::vector<slice_item>& all) {
  slice_item some[3];
  for (std::size_t turn = 0; all.size() < most; ++turn) {
    std::size_t n = 1;
    std::optional<errc> wrong;
    if (turn % 4 == 0) {
      if (const auto ok = link.pop(some[0], 0); !ok) wrong = ok.error().code;
    } else if (const auto got = link.pop_some(some); got) {
      n = got.value();
    } else {
      wrong = got.error().code;
    }
    if (wrong == errc::late) continue;
    if (wrong) return wrong;
    for (slice_item& one : std::span(some).first(n)) all.push_back(std::exchange(one, {}));
  }
  return std::nullopt;
}

void check_answers(const std::vector<std::byte>& answered, const reading& expected) {
  std::uint64_t before = 0;
  for (std::size_t at = 0; at + 8 <= answered.size(); at += 8) {
    const auto taken = wire::load<std::uint64_t>(answered.data() + at);
    FUZZ_CHECK(taken > before && std::ranges::count(expected.after, taken) == 1, "answered more than it has taken");
    before = taken;
  }
}

void run(bytes_view in, const plan& p) {
  const reading expected = read_all(in);
  with_own_names::context names;
  std::vector<std::byte> answered;
  std::vector<slice_item> all;
  {
    stream_link_in<with_own_names> link(names, std::make_unique<peer_stream>(in, p, answered), kOptions);
    const auto end = pop_all(link, p.leaves ? expected.items.size() / 2 : ~std::size_t{0}, all);
    if (p.leaves) {
      link.abandon();
      FUZZ_CHECK(link.stats().undelivered == expected.opened_by(all.size()) - all.size(), "left and not counted");
    } else {
      FUZZ_CHECK(end == expected.end && all.size() == expected.items.size(), "the link ended elsewhere");
      FUZZ_CHECK(link.stats().refused == (expected.is_refused ? 1 : 0), "refused and not counted");
      FUZZ_CHECK(link.stats().undelivered == 0, "something was left");
      slice_item more;
      const auto again = link.pop(more, 0);
      FUZZ_CHECK(!again && again.error().code == end, "an end that does not stay");
    }
    FUZZ_CHECK(link.stats().items == all.size(), "items that nobody counted");
  }
  check_answers(answered, expected);
  const bool is_answered = !p.leaves && !p.is_silent && expected.end == errc::closed && !expected.after.empty();
  FUZZ_CHECK(!is_answered || (answered.size() >= 8 && wire::load<std::uint64_t>(&answered.back() - 7) == all.size()),
             "closed, and not all is answered");
  // The link is gone, and its items are what they were.
  FUZZ_CHECK(all.size() <= expected.items.size(), "items from nowhere");
  for (std::size_t i = 0; i < all.size(); ++i)
    FUZZ_CHECK(plain(all[i], names) == expected.items[i], "another item than was sent");
}

}  // namespace
}  // namespace copycost::graph::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace copycost::graph::fuzz;
  if (size < kPlan) return -1;
  const plan p = plan_of(data);
  std::vector<std::byte> in(size - kPlan);
  if (!in.empty()) std::memcpy(in.data(), data + kPlan, in.size());
  if (p.right) put_right(in, p);
  run(in, p);
  return 0;
}
