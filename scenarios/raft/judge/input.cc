// SPDX-License-Identifier: Apache-2.0
//
// What the raft system makes of captured traffic: the file is fed to a design as etcd's peer stream in pieces of many
// sizes; every message is compared with the oracle's, kept for a while, and sent on in every wire format that the
// design speaks, to a second inbox that must find the same.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "harness/base/failure.h"
#include "harness/base/rng.h"
#include "harness/base/sha256.h"
#include "scenarios/raft/any_raft.h"
#include "scenarios/raft/laws/laws.h"
#include "scenarios/raft/oracle/oracle.h"

namespace copycost::raft {
namespace {

constexpr std::uint64_t kSeed = 1;  // where the cuts are: the same in every run and for every design
constexpr std::size_t kKept = 64;   // messages that are kept while others arrive
constexpr std::uint64_t kBatchBytes = 16 * kMiB;
constexpr std::size_t kPrefix = kLengthBytes;

[[noreturn]] void refuse(const input_file& in, std::uint64_t at, const std::string& what) {
  throw failure(exit_code::usage, fmt::format("{}: at byte {}: {}", in.name, at, what));
}
// The same with the place that the error names.
[[noreturn]] void refuse(const input_file& in, const error& e) {
  throw failure(exit_code::usage, in.name + ": " + to_string(e));
}

// The record that begins at `at`. Throws failure{usage}.
bytes_view record_at(const input_file& in, std::uint64_t at) {
  const bytes_view rest = bytes_view(in.bytes).subspan(static_cast<std::size_t>(at));
  if (rest.size() < kPrefix)
    refuse(in, at, fmt::format("truncated: {} bytes, expected a record's length of {}", rest.size(), kPrefix));
  const std::uint64_t size = load_big(rest.data()), limit = wire_limits{}.payload;
  if (size > limit) refuse(in, {errc::payload_too_large, at, limit, size});
  if (rest.size() - kPrefix < size)
    refuse(in, at, fmt::format("truncated: a record of {} bytes, of which {} are there", size, rest.size() - kPrefix));
  return rest.first(kPrefix + static_cast<std::size_t>(size));
}

// One wire format that messages are sent on in: an encoder, and an inbox at the other end.
class onward {
 public:
  // `from` and `to` are those of an append stream.
  onward(any_context& x, wire_format w, std::uint64_t from = 0, std::uint64_t to = 0)
      : options_{.format = w, .from = from, .to = to},
        model_(options_),
        encoder_(x, options_),
        inbox_(x, {.format = w, .from = from, .to = to}) {}

  // Answers what is wrong, or nothing.
  std::string send(const message_view& m, const model_message& said) {
    const model_message arrives = model_.arrives(said);
    const auto expected = model_.message(said);
    if (const auto ok = encoder_.message(m, frame_, nullptr); !ok) return "is not encoded: " + to_string(ok.error());
    byte_string bytes;
    for (const iovec& part : frame_.parts()) {
      const auto* const data = static_cast<const std::byte*>(part.iov_base);
      bytes.insert(bytes.end(), data, data + part.iov_len);
    }
    if (!expected || bytes != expected.value()) return "is encoded to other bytes";
    return receive(bytes, arrives);
  }

 private:
  std::string receive(const byte_string& bytes, const model_message& arrives) {
    for (std::size_t came = 0;;) {
      auto a = inbox_.next();
      if (!a) return to_string(a.error());
      if (a->what != arrival::none) {
        if (const auto ok = inbox_.message(message_); !ok) return to_string(ok.error());
        return came == bytes.size() ? difference(message_.view(), arrives) : "ends too early";
      }
      if (came == bytes.size()) return "does not arrive";
      auto room = inbox_.space();
      if (!room) return to_string(room.error());
      const std::size_t n = std::min(room->size(), bytes.size() - came);
      std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(came), n, room->begin());
      inbox_.wrote(n);
      came += n;
    }
  }

  encoder_options options_;
  oracle::model_writer model_;
  any_encoder encoder_;
  any_inbox inbox_;
  any_frame frame_;
  any_message message_;
};

class input_reader {
 public:
  input_reader(facade_maker make, const input_file& in)
      : in_(in),
        facade_(design_of<facade>(make)),
        context_(facade_->context()),
        inbox_(std::make_unique<any_inbox>(context_, inbox_options{.format = format()})),
        random_(kSeed) {
    for (const wire_format w : {wire_format::compat, wire_format::native, wire_format::etcd_message})
      if (facade_->speaks(w)) onward_.push_back(std::make_unique<onward>(context_, w));
  }

  input_result verify() {
    while (done_ < in_.bytes.size()) one_record();
    look_again();
    if (facade_->speaks(wire_format::etcd_message))
      if (const auto ok = inbox_->ended(); !ok) wrong("the stream does not end: " + to_string(ok.error()));
    json::object types;
    for (std::size_t i = 0; i < kMessageTypes; ++i)
      if (by_type_[i] != 0) types.emplace_back(std::string(name_of(static_cast<message_type>(i))), by_type_[i]);
    return {
        sum_.hex(),
        {{"messages", messages_}, {"by_type", std::move(types)}, {"entries", entries_}, {"entry_bytes", entry_bytes_}}};
  }

 private:
  struct kept {
    any_message message;
    model_message said;
  };

  // The capture's own format where the design speaks it; otherwise the first that it does, around the same messages.
  wire_format format() const {
    for (const wire_format w : {wire_format::etcd_message, wire_format::native, wire_format::compat})
      if (facade_->speaks(w)) return w;
    throw failure(exit_code::incorrect, "the design speaks no format that carries every message");
  }
  [[noreturn]] void wrong(const std::string& what) const {
    throw failure(exit_code::incorrect, fmt::format("{}: at byte {}: {}", in_.name, done_, what));
  }

  void one_record() {
    const bytes_view record = record_at(in_, done_);
    auto said = oracle::decode(record.subspan(kPrefix), done_ + kPrefix, wire_limits{});
    if (!said) refuse(in_, said.error());
    any_message m = next_message(record);
    if (const std::string d = difference(m.view(), *said); !d.empty()) wrong(d);
    count(m.view());
    add_to_sum(m.view());
    send_on(m.view(), *said);
    keep(std::move(m), std::move(said).value());
    done_ += record.size();
  }

  // Feeds the inbox in pieces until it gives the message of this record.
  any_message next_message(bytes_view record) {
    const bool as_captured = facade_->speaks(wire_format::etcd_message);
    byte_string framed;
    if (!as_captured) {
      framed = oracle::frame(framing_of(format()), {}, record.subspan(kPrefix));
      source_ = framed;
      given_ = 0;
    } else if (source_.empty()) {
      source_ = in_.bytes;
    }
    for (;;) {
      auto a = inbox_->next();
      if (!a) wrong(to_string(a.error()));
      if (a->what == arrival::unit) {
        if (as_captured && (a->at != done_ || a->payload.size() != record.size() - kPrefix))
          wrong(fmt::format("the design finds {} bytes at byte {}", a->payload.size(), a->at));
        any_message m;
        if (const auto ok = inbox_->message(m); !ok) wrong(to_string(ok.error()));
        return m;
      }
      give();
    }
  }
  void give() {
    auto room = inbox_->space();
    if (!room) wrong(to_string(room.error()));
    constexpr std::uint64_t kMost[] = {1, 30, 1460, 16 * kKiB, kMiB};
    const std::size_t n =
        std::min({room->size(), source_.size() - given_,
                  static_cast<std::size_t>(random_.between(1, kMost[random_.below(std::size(kMost))]))});
    if (n == 0) wrong("the design asks for more than there is");
    std::copy_n(source_.begin() + static_cast<std::ptrdiff_t>(given_), n, room->begin());
    inbox_->wrote(n);
    given_ += n;
  }

  void send_on(const message_view& m, const model_message& said) {
    for (const auto& on : onward_)
      if (const std::string d = on->send(m, said); !d.empty()) wrong("sent on: " + d);
    if (said.head.type != message_type::append || !facade_->speaks(wire_format::etcd_append)) return;
    auto& on = appends_[{said.head.from, said.head.to}];  // a stream for each two members
    if (on == nullptr) on = std::make_unique<onward>(context_, wire_format::etcd_append, said.head.from, said.head.to);
    if (const std::string d = on->send(m, said); !d.empty()) wrong("sent on in an append stream: " + d);
  }

  void count(const message_view& m) {
    ++messages_;
    ++by_type_[static_cast<std::size_t>(m.head.type)];
    entries_ += m.entries.size();
    entry_bytes_ += entry_bytes(m);
  }
  // The record as it comes out of the design.
  void add_to_sum(const message_view& m) {
    const byte_string body = oracle::encode(model_of(m));
    std::array<std::byte, kPrefix> length;
    store_big(length.data(), body.size());
    sum_.add(length);
    sum_.add(body);
  }

  // Some messages stay for a while; those that go were what they are.
  void keep(any_message m, model_message said) {
    if (random_.below(4) == 0) kept_.push_back({std::move(m), std::move(said)});
    if (kept_.size() < kKept && done_ - batch_begin_ < kBatchBytes) return;
    look_again();
    kept_.clear();
    batch_begin_ = done_;
    context_.applied();
  }
  void look_again() const {
    for (const kept& k : kept_)
      if (const std::string d = difference(k.message.view(), k.said); !d.empty()) wrong("a kept message changed: " + d);
  }

  const input_file& in_;
  std::unique_ptr<facade> facade_;
  any_context context_;
  std::unique_ptr<any_inbox> inbox_;
  rng random_;
  std::vector<std::unique_ptr<onward>> onward_;
  std::map<std::pair<std::uint64_t, std::uint64_t>, std::unique_ptr<onward>> appends_;
  bytes_view source_;
  std::size_t given_ = 0;
  std::uint64_t done_ = 0, batch_begin_ = 0;
  std::vector<kept> kept_;
  sha256 sum_;
  std::uint64_t messages_ = 0, entries_ = 0, entry_bytes_ = 0;
  std::array<std::uint64_t, kMessageTypes> by_type_{};
};

constexpr std::string_view kExpected = "expected etcd's peer stream: [u64 big-endian length][raftpb.Message], repeated";

}  // namespace

void check_input(const input_file& in) {
  for (std::uint64_t at = 0; at < in.bytes.size();) {
    const bytes_view record = record_at(in, at);
    if (const auto said = oracle::decode(record.subspan(kPrefix), at + kPrefix, wire_limits{}); !said)
      refuse(in, said.error());
    at += record.size();
  }
}

input_result verify_input(facade_maker make, const input_file& in) { return input_reader(make, in).verify(); }

std::string refuses_input(const input_file& in) {
  if (std::string refusal = needs_file(in); !refusal.empty()) return refusal;
  const auto because = [&](const std::string& why) { return fmt::format("{}: {}; {}", in.name, why, kExpected); };
  if (in.bytes.empty()) return because("empty");
  const bytes_view all = in.bytes;
  if (all.size() < kPrefix) return because(fmt::format("{} bytes", all.size()));
  const std::uint64_t size = load_big(all.data()), limit = wire_limits{}.payload;
  if (size > limit) return because(fmt::format("at byte 0: a record of {} bytes, limit {}", size, limit));
  const bytes_view body = all.subspan(kPrefix);
  if (body.size() < size) {
    // Cut by the end of the file: with zeros for what is missing, nothing may be wrong before them.
    byte_string padded(body.begin(), body.end());
    padded.resize(static_cast<std::size_t>(size));
    const auto cut = oracle::decode(padded, kPrefix, wire_limits{});
    return cut || cut.error().at + wire::kVarintMax >= all.size() ? std::string() : because(to_string(cut.error()));
  }
  const auto first = oracle::decode(body.first(static_cast<std::size_t>(size)), kPrefix, wire_limits{});
  return first ? std::string() : because(to_string(first.error()));
}

}  // namespace copycost::raft
