// SPDX-License-Identifier: Apache-2.0
//
// Hands chunks of a design to a second process, by the design's own means (context::process_link) where it can share
// memory between processes, else through a socket; the second process compares them with what it knows. The second
// process is a fork that touches nothing it has inherited but the expected bytes. REQUIRES: one thread in this process.
//
// Cost: a fork and a segment.
#pragma once
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <vector>

#include "harness/base/child.h"
#include "harness/base/failure.h"
#include "harness/base/fd.h"
#include "scenarios/chunk/contract.h"
#include "scenarios/chunk/workloads/parts/socket_link.h"
#include "scenarios/common/must.h"

namespace copycost::chunk {

// What a link between processes offers: workloads/hand_over_process.h says what it means.
template <class L, class C>
concept process_link_like = requires(L& l, C c) {
  { L::kSegmentBytes } -> std::convertible_to<std::size_t>;
  { l.send(std::move(c)) } -> std::same_as<result<void>>;
  { l.receive() } -> std::same_as<result<C>>;
};

template <design D>
struct link_between_processes {
  using type = socket_link<D>;
};
template <design D>
requires process_link_like<typename D::context::process_link, typename D::chunk>
struct link_between_processes<D> {
  using type = typename D::context::process_link;
};

namespace detail {

// What the second process does; answers how many chunks in a row were as expected.
template <design D>
int receive_and_compare(int segment, const std::vector<std::vector<std::byte>>& expected) try {
  typename D::context x;
  typename link_between_processes<D>::type from(x, segment, 1);
  int equal = 0;
  std::uint64_t offset = 0;
  for (const auto& bytes : expected) {
    const auto c = from.receive();
    if (!c.ok()) break;
    const bytes_view view = c.value().view();
    if (c.value().at().offset != offset || !same_bytes(view, bytes)) break;
    offset += bytes.size();
    ++equal;
  }
  return equal;
} catch (...) {
  return -1;
}

template <design D, class Link>
void send_all(typename D::context& x, Link& to, const std::vector<std::vector<std::byte>>& all) {
  std::uint64_t offset = 0;
  for (const auto& bytes : all) {
    must(to.send(must(x.copy({x.intern("stream"), offset}, bytes))));
    offset += bytes.size();
  }
}

}  // namespace detail

// How many of the chunks, from the first on, the second process found as they were sent. REQUIRES: at most 100.
// Throws std::system_error and failure{internal} when the operating system refuses, failure{incorrect} when the link
// does.
template <design D>
int equal_in_another_process(const std::vector<std::vector<std::byte>>& all) {
  using link = typename link_between_processes<D>::type;
  owned_fd segment(::memfd_create("copycost_law", MFD_CLOEXEC));
  if (!segment.valid() || ::ftruncate(segment, static_cast<off_t>(link::kSegmentBytes)) != 0)
    throw failure(exit_code::internal, "no segment for a second process");
  typename D::context x;
  link to(x, segment, 0u);  // before the fork, because a socket is inherited; until the receiver has answered
  child receiver = child::fork_apart([&] { return detail::receive_and_compare<D>(segment, all); });
  segment.reset();
  detail::send_all<D>(x, to, all);
  const ending end = receiver.wait();
  return end.how == ending::kind::exited ? end.number : -1;
}

}  // namespace copycost::chunk
