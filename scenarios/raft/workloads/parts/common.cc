// SPDX-License-Identifier: Apache-2.0
#include "scenarios/raft/workloads/parts/common.h"

#include <bit>
#include <cstring>

#include "scenarios/common/crc32c.h"

namespace copycost::raft::workloads {
namespace {

struct type_name {
  std::string_view name;
  message_type type;
};
constexpr type_name kTypes[] = {{"append", message_type::append},
                                {"append_response", message_type::append_response},
                                {"heartbeat", message_type::heartbeat},
                                {"heartbeat_response", message_type::heartbeat_response},
                                {"vote", message_type::vote},
                                {"vote_response", message_type::vote_response},
                                {"pre_vote", message_type::pre_vote},
                                {"pre_vote_response", message_type::pre_vote_response},
                                {"snapshot", message_type::snapshot},
                                {"propose", message_type::propose},
                                {"read_index", message_type::read_index},
                                {"read_index_response", message_type::read_index_response},
                                {"transfer_leader", message_type::transfer_leader},
                                {"timeout_now", message_type::timeout_now}};

// Messages of an append stream until they come round: a full one, and elided ones behind it.
constexpr std::size_t kMessagesMin = 2, kMessagesMax = 16;

// Writes everything, and notes where payload went.
struct noting_writer {
  std::byte* at;
  const std::byte* start;
  std::vector<made_stream::payload_place>& places;
  void payload(bytes_view v) {
    if (v.empty()) return;
    places.push_back({static_cast<std::size_t>(at - start), v.size()});
    std::memcpy(at, v.data(), v.size());  // not payload: the oracle's own bytes
    at += v.size();
  }
};

message_view head_of(const asked& a) {
  message_view m;
  message_head& h = m.head;
  h.type = a.type;
  h.from = kFrom;
  h.to = kTo;
  h.term = kTerm;
  if (a.type == message_type::heartbeat) h.commit = kFirstIndex;
  if (a.type == message_type::append_response) h.index = kFirstIndex + 1;
  if (a.type == message_type::vote || a.type == message_type::pre_vote) {
    h.index = kFirstIndex;
    h.log_term = kTerm;
  }
  if (a.type == message_type::append) {
    h.log_term = kTerm;
    h.index = kFirstIndex;
    h.commit = kFirstIndex;
  }
  return m;
}

void carry(const asked& a, bytes_view payload, message_view& m) {
  if (a.type == message_type::snapshot) {
    m.snapshot.data = payload;
    m.snapshot.index = kFirstIndex;
    m.snapshot.term = kTerm;
    m.snapshot.has =
        static_cast<std::uint8_t>(bit(snapshot_field::metadata) | (payload.empty() ? 0 : bit(snapshot_field::data)));
    m.snapshot.metadata_has = static_cast<std::uint8_t>(bit(metadata_field::index) | bit(metadata_field::term));
  } else if (a.type != message_type::append) {
    m.context = payload;
  }
}

// The bytes in front of the encoded message, once that is there.
void put_head(wire_format w, std::byte* unit, std::size_t head, std::size_t size) {
  if (!has_frames(w)) {
    if (w == wire_format::etcd_append) *unit = kFull;
    store_big(unit + head - kLengthBytes, size);
    return;
  }
  frame_head h;
  h.payload_length = static_cast<std::uint32_t>(size);
  if (w == wire_format::native) h.payload_crc = crc32c(0, {unit + head, size});
  write_head(framing_of(w), h, unit);
}

std::size_t head_bytes(wire_format w) {
  if (has_frames(w)) return head_size(framing_of(w), {});
  return w == wire_format::etcd_append ? 1 + kLengthBytes : kLengthBytes;
}

}  // namespace

params point(std::string_view type, std::uint64_t entries, std::uint64_t size, std::string_view format) {
  params p;
  p.set("type", type);
  if (entries != 0) p.set("entries", entries);
  if (size != 0 || entries != 0) p.set("size", size);
  p.set("format", format);
  return p;
}

asked asked_of(const params& at) {
  asked a;
  const auto type =
      std::find_if(std::begin(kTypes), std::end(kTypes), [&](const auto& t) { return t.name == at.text("type"); });
  const auto format = format_named(at.text("format"));
  if (type == std::end(kTypes) || !format) throw failure(exit_code::internal, "what is asked: " + at.to_string());
  a.type = type->type;
  a.format = *format;
  a.entries = at.has("entries") ? at.number("entries") : 0;
  a.size = at.has("size") ? at.number("size") : 0;
  return a;
}

made_messages::made_messages(const asked& a, bytes_view payload) {
  const bool follows = a.format == wire_format::etcd_append && a.type == message_type::append;
  const std::size_t count =
      follows ? std::bit_floor(std::clamp<std::size_t>(kMiB / (a.payload() + 1), kMessagesMin, kMessagesMax)) : 1;
  entries_.resize(count);
  messages_.resize(count, head_of(a));
  for (std::size_t i = 0; i < count; ++i) {
    message_view& m = messages_[i];
    std::vector<entry_view>& list = entries_[i];
    carry(a, payload, m);
    if (a.type == message_type::append) {
      m.head.index += i * a.entries;
      list.resize(a.entries);
    }
    for (std::size_t k = 0; k < list.size(); ++k) {
      list[k].term = kTerm;
      list[k].index = m.head.index + 1 + k;
      list[k].data = payload.subspan(k * a.size, a.size);
      list[k].has = fields_of(dialect::etcd, list[k]);
    }
    m.entries = list;
    m.head.has = fields_of(dialect::etcd, m);
  }
}

std::vector<std::byte> model_payload(std::uint16_t epoch, std::size_t size) {
  std::vector<std::byte> bytes(size);
  pattern::write(bytes.data(), size, epoch, 0);
  return bytes;
}

made_stream::made_stream(const asked& a, const made_messages& messages, std::size_t least) {
  append_state state{.from = kFrom, .to = kTo};
  for (std::size_t i = 0; bytes.size() < least || i == 0 || i % messages.size() != 0; ++i) {
    const message_view& m = messages[i % messages.size()];
    const bool elided = a.format == wire_format::etcd_append && state.elides(m);
    const std::size_t size = elided ? elided_size(m) : encoded_size(m);
    const std::size_t head = elided ? 1 : head_bytes(a.format), begin = bytes.size();
    bytes.resize(begin + head + size + wire::kVarintMax + wire::kSlack);
    first.push_back(payloads.size());
    noting_writer w{bytes.data() + begin + head, bytes.data(), payloads};
    if (elided) {
      bytes[begin] = kElided;
      encode_elided(m, w);
      state.passed_elided(m.entries.size());
    } else {
      encode_message(m, w);
      put_head(a.format, bytes.data() + begin, head, size);
      if (a.format == wire_format::etcd_append) state.passed_full(m.head, m.entries);
    }
    bytes.resize(begin + head + size);
    ends.push_back(bytes.size());
  }
}

unit_sizes sizes_of(const asked& a) {
  const std::vector<std::byte> payload(a.payload());
  const made_stream stream(a, made_messages(a, payload));
  std::size_t heads = 0;
  for (std::size_t i = 0; i < stream.units(); ++i)
    heads += a.format == wire_format::etcd_append && stream.unit(i)[0] == kElided ? 1 : head_bytes(a.format);
  const auto units = static_cast<double>(stream.units()), bytes = static_cast<double>(stream.bytes.size());
  return {bytes / units, (bytes - static_cast<double>(heads)) / units, static_cast<double>(payload.size())};
}

limit_sum least_of_unit(const asked& a, bool payload_too) {
  const unit_sizes s = sizes_of(a);
  const auto bytes = static_cast<std::uint64_t>(payload_too ? s.unit : s.unit - s.payload);
  return bytes <= kLeastRegisters ? least_turn() : least_read(bytes);
}

}  // namespace copycost::raft::workloads
