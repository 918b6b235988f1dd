// SPDX-License-Identifier: Apache-2.0
//
// What can carry a link between two processes, and how its ends are made when both know one file and one folder.
//
//   segment     items are viewed where the producer wrote them (designs that share memory between processes)
//   unix        a Unix stream socket, in batches
//   zeromq_ipc  ZeroMQ over a Unix socket, a message a batch      json  the same, each batch as JSON
//   zeromq_tcp  ZeroMQ over TCP on loopback
//
// Lifetime: the context outlives the links; what the meeting names outlives them, too.
// Threads: one at a time in each process.
// Cost: set-up code.
#pragma once
#include <array>
#include <memory>
#include <string>
#include <string_view>

#include "scenarios/common/must.h"
#include "scenarios/common/streams/pairs.h"
#include "scenarios/graph/link/link.h"
#include "scenarios/graph/link/meeting.h"
#include "scenarios/graph/link/stream_link_in.h"
#include "scenarios/graph/link/stream_link_out.h"
#include "scenarios/graph/link/zeromq/message_link_in.h"
#include "scenarios/graph/link/zeromq/message_link_out.h"

namespace copycost::graph {

enum class carrier { segment, unix_socket, zeromq_ipc, zeromq_tcp, json };
inline constexpr std::array kCarriers{carrier::segment, carrier::unix_socket, carrier::zeromq_ipc, carrier::zeromq_tcp,
                                      carrier::json};
// "shm", "unix", "zeromq_ipc", "zeromq_tcp", "json". VALID UNTIL: the program ends.
constexpr std::string_view name_of(carrier c) {
  constexpr std::array<std::string_view, kCarriers.size()> kNames{"shm", "unix", "zeromq_ipc", "zeromq_tcp", "json"};
  return kNames[static_cast<std::size_t>(c)];
}
constexpr message_form form_of(carrier c) { return c == carrier::json ? message_form::json : message_form::binary; }

// Of the file that both processes know.
template <design D>
std::size_t segment_bytes(carrier c) {
  if constexpr (crosses_processes<D>)
    if (c == carrier::segment) return process_link_of<D>::kSegmentBytes;
  return c == carrier::unix_socket ? stream_segment_bytes(stream_kind::unix_socket) : meeting::kBytes;
}

// Of this process, for items that come and go. Throws refused with the design's error.
template <design D>
std::unique_ptr<typename D::context> context_for(carrier c, const meeting& at) {
  if constexpr (crosses_processes<D>)
    if (c == carrier::segment) return must(process_link_of<D>::context_in(at.segment));
  return std::make_unique<typename D::context>();
}

// The producer's end. A socket of side 0 is made before the other process is started. Throws refused with the error,
// failure{internal}. REQUIRES: of `segment`: the context is that of context_for().
template <design D>
std::unique_ptr<link_out<D>> link_out_over(carrier c, typename D::context& x, const meeting& at,
                                           const link_options& options = {}) {
  if constexpr (crosses_processes<D>)
    if (c == carrier::segment) return must(process_link_of<D>::out(x, at.way, options));
  if (c == carrier::unix_socket)
    return std::make_unique<stream_link_out<D>>(x, open_side(stream_kind::unix_socket, at.segment, at.side), options);
  auto socket = socket_at(at, c == carrier::zeromq_tcp, options.patience_ns, options.linger_ns);
  return std::make_unique<message_link_out<D>>(x, std::move(socket), form_of(c), options);
}
// The consumer's end.
template <design D>
std::unique_ptr<link_in<D>> link_in_over(carrier c, typename D::context& x, const meeting& at,
                                         const link_options& options = {}) {
  if constexpr (crosses_processes<D>)
    if (c == carrier::segment) return must(process_link_of<D>::in(x, at.way, options));
  if (c == carrier::unix_socket)
    return std::make_unique<stream_link_in<D>>(x, open_side(stream_kind::unix_socket, at.segment, at.side), options);
  auto socket = socket_at(at, c == carrier::zeromq_tcp, options.patience_ns, options.linger_ns);
  return std::make_unique<message_link_in<D>>(x, std::move(socket), form_of(c), options);
}

}  // namespace copycost::graph
