// SPDX-License-Identifier: Apache-2.0
//
// The contract of the raft system: how messages become bytes on a connection, and messages again at the other end. The
// designs differ in who owns the bytes on the way. What the bytes are (wire/units.h, encode.h, parse.h) is the same in
// all of them.
//
//   message --encoder--> frame: parts in order --transport--> inbox: bytes --next()--> unit --message()--> message
//
// Laws that every design keeps (laws/*.cc states them as properties):
//   1. What is decoded is what was encoded, field by field, and encodes to the same bytes.
//   2. How the bytes arrive, in whatever pieces, changes nothing.
//   3. Any prefix of a unit asks for more. Bytes that no unit can have are an error with its offset in the stream, as
//      early as it can be seen. An inbox never takes more memory than the limits, and what has arrived, allow.
//   4. A message stays as it was decoded while the inbox goes on, until its owner or (arena) its batch ends.
//   5. Limits hold on both sides.
//
// Verbs: share adds an owner (in `copy` a clone), compact makes new bytes. Payload is what entries, snapshots and
// contexts carry; only operations marked COPIES: copy it.
//
// Lifetime: a message keeps the bytes that its views show, in designs with batches until applied(). Encoders and
// inboxes do not outlive their context.
// Threads: a context and what is made in it belong to one thread, unless a design says more.
// Cost: of each design, in its promises.h.
#pragma once
#include <sys/uio.h>

#include <array>
#include <concepts>
#include <functional>

#include "scenarios/common/trait_word.h"
#include "scenarios/raft/wire/append_stream.h"
#include "scenarios/raft/wire/units.h"

namespace copycost::raft {

struct encoder_options {
  wire_format format = wire_format::native;
  wire_limits limit = {};
  // Payloads smaller than that are copied beside the head (a design may not refer at all).
  std::size_t copy_below = 0;
  std::uint64_t from = 0, to = 0;  // of an append stream
};
struct inbox_options {
  wire_format format = wire_format::native;
  wire_limits limit = {};
  std::size_t stream_above = ~std::size_t{0};  // payloads larger than that come as pieces, as they arrive (frames only)
  std::uint64_t from = 0, to = 0;              // of an append stream
};

enum class arrival : std::uint8_t {
  none,   // more bytes are needed
  unit,   // a whole unit
  piece,  // some of a large frame's payload
};
// What an inbox has found; with `none`, the head of the large frame that comes in pieces, if one does.
// VALID UNTIL: the next call of next(), space() or wrote().
struct arrived : unit {
  arrival what = arrival::none;
  bytes_view payload;        // of the unit, or the piece
  std::uint64_t offset = 0;  // of the piece in the payload
  bool last = true;          // piece: the payload ends with it
  std::uint64_t at = 0;      // the stream's byte at which the unit begins
  std::size_t needs = 0;     // none: bytes of the unit that must be there; those that are not are still to come
  // Whether the payload is a raftpb.Message in some form.
  bool is_message() const {
    return what == arrival::unit &&
           (kind == unit_kind::frame ? head.type == frame_type::raft_message : kind != unit_kind::link_heartbeat);
  }
};

// Writes a payload where it stays: fills the span.
using payload_writer = std::function<void(std::span<std::byte>)>;

// What a design is beside its operations: `static constexpr design_traits traits` of each.
struct design_traits {
  bool zero_copy = false;  // a message refers to its payload where it arrived
  bool batches = false;  // x.applied() frees a batch at once. REQUIRES: no message, bytes or unfinished unit's payload
                         // of the context is used any more; debug builds and AddressSanitizer catch a use
  bool links = false;    // D::link passes messages to a process of the same host (workloads/pass.h)
  bool drops_anywhere = false;       // any thread may look at bytes and messages and drop them
  bool accepts_more = false;         // its parser is a third party's, and reads some messages that the contract refuses
  bool trusts_lengths = false;       // takes memory for what is claimed before it has come
  bool writes_pieces = false;        // cuts what it sends, and writes each piece on its own
  bool codec_only = false;           // a peer in encoding and decoding: it has no connections
  bool every_size = false;           // is sent at every size; of designs that encode alike, one is
  bool rooms_stay_poisoned = false;  // what an inbox has left is given to others as AddressSanitizer knows it
  bool native = true, compat = true, message = true, append = true;  // the wire formats that it speaks

  constexpr bool speaks(wire_format w) const {
    switch (w) {
      case wire_format::native:
        return native;
      case wire_format::compat:
        return compat;
      case wire_format::etcd_message:
        return message;
      case wire_format::etcd_append:
        return append;
    }
    return false;
  }
  static constexpr std::array<trait_word<design_traits>, 14> words() {
    return {{{&design_traits::zero_copy, "refers to payload"},
             {&design_traits::batches, "batches"},
             {&design_traits::links, "links between processes"},
             {&design_traits::drops_anywhere, "drops anywhere"},
             {&design_traits::accepts_more, "accepts more"},
             {&design_traits::trusts_lengths, "trusts lengths"},
             {&design_traits::writes_pieces, "writes pieces"},
             {&design_traits::codec_only, "codec only"},
             {&design_traits::every_size, "sent at every size"},
             {&design_traits::rooms_stay_poisoned, "rooms stay poisoned"},
             {&design_traits::native, "native"},
             {&design_traits::compat, "compat"},
             {&design_traits::message, "message"},
             {&design_traits::append, "msgappv2"}}};
  }
};

// Designs that free a batch at once, and what stands for them in laws.
template <class D>
inline constexpr bool has_batches = requires(typename D::context x) {
  x.applied();
};

// clang-format off
// Whether the operations are there that the traits speak of, and no others.
template <class D>
concept keeps_to_its_traits = std::same_as<decltype(D::traits), const design_traits> &&
    D::traits.batches == has_batches<D> && D::traits.links == requires { typename D::link; };

// Bytes with an owner.
template <class B>
concept bytes_like = std::movable<B> && std::default_initializable<B> && requires(B b, const B k) {
  { k.view() } -> std::same_as<bytes_view>;               // VALID UNTIL: this is destroyed, moved from or changed
  { k.share() } -> std::same_as<result<B>>;               // one more owner; `copy`: COPIES: size. Errors: out_of_memory
  // Keeps nothing but its own bytes. COPIES: size, unless it does already.
  { b.compact() } -> std::same_as<result<void>>;
  { k.retained_bytes() } -> std::same_as<std::uint64_t>;  // requested bytes that this keeps from being freed
};

// A message and the owner of its payload. Decoding into it again reuses its memory.
template <class M, class B>
concept message_like = std::movable<M> && std::default_initializable<M> && requires(M m, const M k, std::size_t i) {
  { k.view() } -> std::same_as<const message_view&>;      // VALID UNTIL: this is destroyed, moved from or changed
  { k.share_data(i) } -> std::same_as<result<B>>;         // an owner of entry i's data alone. `copy`: COPIES: its size
  { k.retained_bytes() } -> std::same_as<std::uint64_t>;
  { m.clear() } -> std::same_as<void>;                    // an empty message
};

// An encoded unit. VALID UNTIL: parts() of the frame, until it is changed or destroyed, and as long as the payload that
// it was encoded from stays where it is.
template <class F>
concept frame_like = std::movable<F> && std::default_initializable<F> && requires(const F k) {
  { k.parts() } -> std::same_as<std::span<const iovec>>;  // none is empty
  { k.size() } -> std::same_as<std::size_t>;              // bytes of all parts
};

template <class E, class F>
concept encoder_like = requires(E e, F& out, const message_view& m, frame_head h, bytes_view p, const request_id* id) {
  // The unit that carries a message; with an id in formats that have ids. COPIES: at most the payloads (contract of the
  // design). Errors: payload_too_large, too_many_entries, not_in_the_form (field: etcd_append takes appends and link
  // heartbeats only), out_of_memory.
  { e.message(m, out, id) } -> std::same_as<result<void>>;
  // Any frame; the encoder fills in length and checksum. REQUIRES: has_frames(format). Errors: payload_too_large,
  // out_of_memory.
  { e.frame(h, p, out) } -> std::same_as<result<void>>;
};

template <class I, class M, class B>
concept inbox_like = requires(I i, const I k, M& out, std::size_t n) {
  // Where the next bytes go: never empty. Errors: out_of_memory. VALID UNTIL: the next call.
  { i.space() } -> std::same_as<result<std::span<std::byte>>>;
  { i.wrote(n) } -> std::same_as<void>;                   // REQUIRES: n <= what space() answered
  // The next unit or piece. Errors: those of units, checksum_mismatch. Every later call answers the same error.
  { i.next() } -> std::same_as<result<arrived>>;
  // The message in what next() answered. REQUIRES: is_message(), and no other call since. It stays when the inbox goes
  // on. Errors: those of parse_message(), out_of_memory; `out` is then empty, and the stream goes on behind the unit.
  { i.message(out) } -> std::same_as<result<void>>;
  { i.payload() } -> std::same_as<result<B>>;             // an owner of what next() answered. Errors: out_of_memory
  { k.ended() } -> std::same_as<result<void>>;            // the peer sends no more: ok between units. Errors: truncated
  { k.reserved_bytes() } -> std::same_as<std::uint64_t>;  // room taken for what arrives, at present
  { k.position() } -> std::same_as<std::uint64_t>;        // bytes of the stream that were consumed
};

template <class D>
concept design =
    keeps_to_its_traits<D> && bytes_like<typename D::bytes> && message_like<typename D::message, typename D::bytes> &&
    frame_like<typename D::frame> && encoder_like<typename D::encoder, typename D::frame> &&
    inbox_like<typename D::inbox, typename D::message, typename D::bytes> &&
    std::constructible_from<typename D::context> &&
    std::constructible_from<typename D::encoder, typename D::context&, const encoder_options&> &&
    std::constructible_from<typename D::inbox, typename D::context&, const inbox_options&> &&
    requires(typename D::context x, bytes_view v, std::size_t n, const payload_writer& w, const message_view& m,
             std::span<typename D::bytes> owners) {
      { x.copy(v) } -> std::same_as<result<typename D::bytes>>;        // COPIES: v.size(). Errors: out_of_memory
      { x.produce(n, w) } -> std::same_as<result<typename D::bytes>>;  // written where it stays. Errors: out_of_memory
      // A message of one's own: takes the owners; every payload of `m` lies in one of them. Errors: out_of_memory, and
      // then the owners are as they were.
      { x.compose(m, owners) } -> std::same_as<result<typename D::message>>;
    };
// clang-format on

}  // namespace copycost::raft
