// SPDX-License-Identifier: Apache-2.0
#include "scenarios/graph/link/meeting.h"

#include <atomic>
#include <chrono>
#include <thread>

#include "harness/base/failure.h"
#include "harness/base/now.h"
#include "scenarios/common/mapped.h"

namespace copycost::graph {
namespace {

struct listens_at {
  std::atomic<std::uint32_t> port;
};
std::string path_of(const meeting& at) { return "ipc://" + at.folder + "/link-" + std::to_string(at.way); }

std::uint32_t port_of(const meeting& at, std::int64_t patience_ns) {
  const mapped<listens_at> said(at.segment);
  for (const std::int64_t since = now_ns(); now_ns() - since < patience_ns;) {
    if (const std::uint32_t port = said->port.load(std::memory_order_acquire); port != 0) return port;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  throw failure(exit_code::incorrect, "no process listens at the other end of the link");
}

std::string connects_to(const meeting& at, bool over_tcp, std::int64_t patience_ns) {
  return over_tcp ? "tcp://127.0.0.1:" + std::to_string(port_of(at, patience_ns)) : path_of(at);
}

}  // namespace

std::unique_ptr<zeromq_socket> socket_at(const meeting& at, bool over_tcp, std::int64_t patience_ns,
                                         std::int64_t linger_ns) {
  const auto made = [&](zeromq_socket::side which, const std::string& address) {
    return std::make_unique<zeromq_socket>(std::make_shared<const zeromq_context>(), which, address, linger_ns);
  };
  if (at.side != 0) return made(zeromq_socket::side::connects, connects_to(at, over_tcp, patience_ns));
  auto socket = made(zeromq_socket::side::binds, over_tcp ? "tcp://127.0.0.1:*" : path_of(at));
  if (!over_tcp) return socket;
  const std::string& address = socket->address();
  const auto port = static_cast<std::uint32_t>(std::stoul(address.substr(address.rfind(':') + 1)));
  mapped<listens_at>(at.segment)->port.store(port, std::memory_order_release);
  return socket;
}

}  // namespace copycost::graph
