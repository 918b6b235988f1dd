// SPDX-License-Identifier: Apache-2.0
//
// One end of an ordered stream of bytes in both directions, whatever carries it. Only wait() blocks. No operation
// raises SIGPIPE.
//
//   kind          carried by                                ends live in
//   socketpair    a Unix stream socket pair                 one process or two
//   unix          a Unix stream socket, bound and accepted  one process or two
//   tcp           TCP on loopback, sending at once          one process or two (TCP_NODELAY)
//   tcp_delayed   TCP on loopback, small sends collected    one process or two (Nagle's algorithm)
//   pipe          a byte ring in private memory             one process: one thread or two
//   ring          a byte ring in a shared segment           one process or two; futex wake-ups; a dead peer is noticed
//
// Lifetime: owns its end; destroying it hangs up.
// Threads: an end belongs to one thread at a time; the two ends of a pair may be used by two threads.
// Cost: sockets one system call an operation, and the kernel copies every byte twice, in and out; rings no system call
// unless a side sleeps, and each end copies every byte once.
#pragma once
#include <sys/uio.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "scenarios/common/streams/ready.h"

namespace copycost {

enum class stream_kind : std::uint8_t { socketpair, unix_socket, tcp, tcp_delayed, pipe, ring };
inline constexpr std::array kStreamKinds{stream_kind::socketpair,  stream_kind::unix_socket, stream_kind::tcp,
                                         stream_kind::tcp_delayed, stream_kind::pipe,        stream_kind::ring};
// "socketpair", "unix", "tcp", "tcp_delayed", "pipe", "ring". VALID UNTIL: the program ends.
std::string_view name_of(stream_kind);
std::optional<stream_kind> stream_kind_named(std::string_view name);
// Whether the bytes go through the kernel, and whether the ends may live in two processes.
constexpr bool is_socket(stream_kind k) { return k <= stream_kind::tcp_delayed; }
constexpr bool joins_processes(stream_kind k) { return k != stream_kind::pipe; }

enum class io_state : std::uint8_t {
  done,         // bytes > 0 were moved (or none were asked for)
  would_block,  // nothing can be moved now
  // Nothing will be moved any more: the peer shut its direction down (code 0), died or reset (code: errno).
  closed,
  failed,  // code: errno
};
struct [[nodiscard]] io_result {
  io_state state = io_state::done;
  std::size_t bytes = 0;
  int code = 0;
  bool is(io_state s) const { return state == s; }
};

struct stream_counters {
  std::uint64_t system_calls = 0;                 // reads, writes, waits and wake-ups that entered the kernel
  std::uint64_t read_calls = 0, write_calls = 0;  // operations, whether they moved anything or not
  std::uint64_t bytes_in = 0, bytes_out = 0;
  std::uint64_t kernel_bytes = 0;  // copied by the kernel on behalf of this end
  std::uint64_t user_bytes = 0;    // copied by this end itself (rings)
};

inline constexpr std::int64_t kForever = INT64_MAX;

class byte_stream {
 public:
  byte_stream() = default;
  virtual ~byte_stream() = default;
  byte_stream(const byte_stream&) = delete;
  byte_stream& operator=(const byte_stream&) = delete;

  virtual stream_kind kind() const = 0;

  // Some bytes, at most into.size(). States: done, would_block, closed, failed.
  virtual io_result read(std::span<std::byte> into) = 0;
  // Some of the parts' bytes from the first one on, in one operation; at most IOV_MAX parts at a time, so the caller
  // goes on with what is left (drop_front). States: as read().
  virtual io_result write(std::span<const iovec> parts) = 0;

  // Waits until a read (write) would not answer would_block, at most until `deadline_ns` of now_ns(); a deadline that
  // has passed only looks. Answers what holds. May answer nothing early when a signal comes.
  virtual stream_ready wait(bool readable, bool writable, std::int64_t deadline_ns) = 0;

  // The peer reads what was written and then the end of the stream; reading goes on here.
  virtual void shutdown_write() = 0;
  // Hangs up both directions. Later operations answer closed.
  virtual void close() = 0;

  // For poll(); -1 where there is none (rings). VALID UNTIL: close().
  virtual int descriptor() const { return -1; }

  const stream_counters& counters() const { return counters_; }  // VALID UNTIL: this is destroyed

 protected:
  stream_counters counters_;
};

// The parts without their first n bytes, in place. REQUIRES: they have so many. VALID UNTIL: the parts are gone.
std::span<iovec> drop_front(std::span<iovec> parts, std::size_t n);

// All of the parts (which are used up), or until the deadline. States: done, closed, failed (code ETIMEDOUT: the
// deadline passed); bytes: how many were written.
io_result write_all(byte_stream& to, std::span<iovec> parts, std::int64_t deadline_ns);
// Fills the span, or as far as it goes until the deadline. States and bytes: as write_all.
io_result read_all(byte_stream& from, std::span<std::byte> into, std::int64_t deadline_ns);

}  // namespace copycost
