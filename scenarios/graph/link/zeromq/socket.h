// SPDX-License-Identifier: Apache-2.0
//
// One end of a pair of sockets of libzmq, which joins two threads or two processes.
//
//   inproc://NAME         threads of one process that share a context; libzmq hands pointers over
//   ipc://PATH            a Unix socket; libzmq's threads read and write it
//   tcp://127.0.0.1:PORT  TCP on loopback; "*" as the port: one that is free, which address() says
//
// Only wait() blocks. What was sent before an end is destroyed goes out for `linger_ns`; then it is forgotten.
//
// Lifetime: a socket keeps its context; both are this process's: a child made by fork() has no part in them.
// Threads: a context is safe; a socket is one thread's at a time.
// Cost: a message is handed to a thread of libzmq, which makes the system calls; a look for one costs no system call
// where the socket is busy.
// Source: libzmq, zmq_socket_monitor(3), zmq_tcp(7), zmq_ipc(7).
#pragma once
#include <cstdint>
#include <memory>
#include <string>

#include "scenarios/graph/link/zeromq/message.h"

namespace copycost::graph {

class zeromq_context {
 public:
  // Throws failure{internal}.
  zeromq_context();
  ~zeromq_context();  // waits until what its sockets sent is out, or their time to linger is over
  zeromq_context(const zeromq_context&) = delete;
  zeromq_context& operator=(const zeromq_context&) = delete;
  // VALID UNTIL: this is destroyed.
  void* raw() const { return is_; }

 private:
  void* is_;
};

class zeromq_socket {
 public:
  enum class side { binds, connects };
  // Throws failure{internal} with the address and the reason. Either side may come first, except in inproc: there the
  // one that binds does.
  zeromq_socket(std::shared_ptr<const zeromq_context> x, side which, const std::string& address,
                std::int64_t linger_ns);
  ~zeromq_socket();
  zeromq_socket(const zeromq_socket&) = delete;
  zeromq_socket& operator=(const zeromq_socket&) = delete;

  const std::string& address() const { return address_; }  // VALID UNTIL: this is destroyed
  // False: there is no room now, or no peer came yet; the message is unchanged. Errors: peer_gone.
  result<bool> send(zeromq_message& m);
  // False: none has come. Errors: peer_gone, when nothing is left that had come whole.
  result<bool> receive(zeromq_message& into);
  // Waits until send() or receive() may do more, until the deadline of now_ns(). May return early.
  void wait(bool readable, bool writable, std::int64_t deadline_ns);
  // Whether a peer has come, and whether it hung up or died. In inproc it is not seen.
  bool has_come();
  bool is_gone();

 private:
  void look_at_events();

  const std::shared_ptr<const zeromq_context> context_;
  void* is_ = nullptr;
  void* events_ = nullptr;  // what libzmq says of the connection
  std::string address_;
  bool has_come_ = false, is_gone_ = false;
};

}  // namespace copycost::graph
