// SPDX-License-Identifier: Apache-2.0
#include "scenarios/raft/connection/connection.h"

#include <cerrno>

namespace copycost::raft {

std::string_view name_of(operation o) {
  constexpr std::string_view kNames[kOperations] = {"connect",   "read_frame",    "write",           "request",
                                                    "heartbeat", "snapshot_send", "snapshot_receive"};
  return kNames[static_cast<std::size_t>(o)];
}

result<std::unique_ptr<byte_stream>> connect_peer(const stream_address& to, std::int64_t deadline_ns,
                                                  const stream_options& options) {
  stream_opened opened = connect_stream(to, deadline_ns, options);
  if (opened.stream != nullptr) return std::move(opened.stream);
  if (opened.code == ETIMEDOUT) return timed_out(operation::connect);
  return error{errc::io_failed, 0, 0, static_cast<std::uint64_t>(opened.code)};
}

}  // namespace copycost::raft
