// SPDX-License-Identifier: Apache-2.0
//
// copy: a frame is assembled in one piece and written; a received message is copied out of the receive buffer.
//
//   sent      message [vector] [vector] --copy--> frame [head|fields|payload|fields|payload]       one write
//   received  buffer [unit|unit|half...free] --copy--> message [vector: the unit's payload], entries are views of it
//
// As good as copying can be: one buffer a direction that is used again and again, one copy of a message's bytes each way,
// and one allocation for a message that has payload (none for a heartbeat).
//
// Lifetime: a message owns its bytes, and nothing else does. Threads: everything belongs to one. Cost: a copy of the
// payload each way.
#pragma once
#include "impls/raft/common/gather.h"
#include "impls/raft/common/held_message.h"
#include "impls/raft/common/inbox.h"

namespace copycost::raft {

// Bytes that one owner has.
class copy_bytes {
 public:
  copy_bytes() = default;
  copy_bytes(copy_bytes&& o) noexcept : data_(std::move(o.data_)), size_(std::exchange(o.size_, 0)) {}
  copy_bytes& operator=(copy_bytes&& o) noexcept {
    data_ = std::move(o.data_), size_ = std::exchange(o.size_, 0);
    return *this;
  }
  // COPIES: v.size(). Errors: out_of_memory.
  static result<copy_bytes> of(bytes_view v);
  // Bytes that somebody will write at once. Errors: out_of_memory.
  static result<copy_bytes> fresh(std::size_t n);
  // VALID UNTIL: this is destroyed, moved from or changed.
  bytes_view view() const { return {data_.get(), size_}; }
  std::span<std::byte> writable() { return {data_.get(), size_}; }  // VALID UNTIL: as view()
  result<copy_bytes> share() const { return of(view()); }           // COPIES: all of it
  result<copy_bytes> part(bytes_view v) const { return of(v); }     // COPIES: v.size()
  result<void> compact() { return {}; }
  std::uint64_t retained_bytes() const { return size_; }

 private:
  std::unique_ptr<std::byte[]> data_;
  std::size_t size_ = 0;
};

// Where bytes arrive: one buffer, used again.
class copy_room {
 public:
  template <class Context>
  explicit copy_room(Context&) {}
  // VALID UNTIL: reserve() or consumed().
  bytes_view held() const { return {data_.get() + begin_, end_ - begin_}; }
  // COPIES: held(), where it must move to have room behind it.
  result<void> reserve(std::size_t n);
  // VALID UNTIL: as held().
  std::span<std::byte> space() const { return {data_.get() + end_, room_ - end_}; }
  void filled(std::size_t n) { end_ += n; }
  void consumed(std::size_t n) {
    begin_ += n;
    if (begin_ != end_) return;
    begin_ = end_ = 0;
    if (room_ > kKeptRoom) data_.reset(), room_ = 0;
  }
  std::uint64_t reserved_bytes() const { return room_; }
  result<copy_bytes> own(bytes_view payload) const { return copy_bytes::of(payload); }  // COPIES: all of it
  template <class Message>
  result<void> keep(bytes_view payload, Message& m) const {  // COPIES: payload, if the message refers to any of it
    if (!m.refers()) return {};
    auto bytes = copy_bytes::of(payload);
    if (!bytes) return bytes.error();
    m.rebase(payload.data(), bytes->view().data());
    m.set_owner(std::move(bytes).value());
    return {};
  }

 private:
  std::unique_ptr<std::byte[]> data_;
  std::size_t room_ = 0, begin_ = 0, end_ = 0;
};

struct copy_design {
  static constexpr bool kSendsEverySize = true;  // others stand beside it
  using bytes = copy_bytes;
  using message = held_message<copy_bytes>;
  using frame = gather_frame;
  using inbox = basic_inbox<copy_room, message, bytes>;

  class context {
   public:
    result<bytes> copy(bytes_view v) { return bytes::of(v); }  // COPIES: v.size()
    result<bytes> produce(std::size_t n, const payload_writer& write) {
      auto b = bytes::fresh(n);
      if (b && n != 0) write(b->writable());
      return b;
    }
    result<message> compose(const message_view& m, std::span<bytes> owners) { return message::composed(m, owners); }
  };
  class encoder : public gather_encoder {
   public:
    encoder(context&, encoder_options o) : gather_encoder((o.copy_below = ~std::size_t{0}, o)) {}
  };
};
static_assert(design<copy_design>);

}  // namespace copycost::raft
