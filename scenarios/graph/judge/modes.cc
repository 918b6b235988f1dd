// SPDX-License-Identifier: Apache-2.0
#include "scenarios/graph/judge/modes.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <string>
#include <utility>

#include "harness/base/failure.h"
#include "harness/base/fd.h"
#include "harness/base/temp_dir.h"
#include "scenarios/graph/judge/apart.h"
#include "scenarios/graph/link/carriers.h"
#include "scenarios/graph/link/hybrid/nodes.h"
#include "scenarios/graph/link/nodes.h"

namespace copycost::graph::input {
namespace {

constexpr std::int64_t kWaitNs = 1'000'000;  // a thread a node: it sleeps at the link

owned_fd shared_file(std::size_t bytes) {
  owned_fd fd(::memfd_create("copycost-link", MFD_CLOEXEC));
  if (!fd.valid() || ::ftruncate(fd, static_cast<off_t>(bytes)) != 0)
    throw copycost::failure(exit_code::internal, std::string("cannot make a file for a link: ") + std::strerror(errno));
  return fd;
}

// Both ends of the links between this process and another one.
class crossing {
 public:
  crossing(facade& f, carrier by, const edge_options& edges) : facade_(f), by_(by) {
    options_.bytes = std::max(options_.bytes, edges.limits.bytes);
    const std::size_t bytes = by == carrier::segment ? f.segment_bytes() : segment_bytes<any_design>(by);
    for (auto& fd : files_)
      if (!fd.valid()) fd = shared_file(bytes);
  }
  any_context context() { return by_ == carrier::segment ? facade_.context_in(files_[0]) : facade_.context(); }
  // REQUIRES: of a Unix socket: side 0 asks before the other process is started.
  std::unique_ptr<link_out<any_design>> out(any_context& x, unsigned way, unsigned side) {
    if (by_ == carrier::segment) return facade_.out_of(x, way, options_);
    return link_out_over<any_design>(by_, x, at(way, side), options_);
  }
  std::unique_ptr<link_in<any_design>> in(any_context& x, unsigned way, unsigned side) {
    if (by_ == carrier::segment) return facade_.into(x, way, options_);
    return link_in_over<any_design>(by_, x, at(way, side), options_);
  }

 private:
  meeting at(unsigned way, unsigned side) const { return {files_[way], folder_.path().string(), way, side}; }

  facade& facade_;
  const carrier by_;
  link_options options_;
  owned_fd files_[2];  // one a link; in a segment the first has all
  const temp_dir folder_{"graph-link"};
};

std::uint64_t lost(const link_stats& s) { return s.undelivered + s.refused; }

made_of_input in_process(facade& f, bytes_view file, const edge_options& edges) {
  any_context x = f.context();
  builder b;
  must(b.add("lines", std::make_unique<line_source>(file)));
  const sinks all = add_consumers(b, "lines", edges);
  runner<any_design> r(must(std::move(b).build()), x);
  must(r.start());
  must_end(r);
  return {all.order->came(), all.count->came(), dropped_in(r)};
}

made_of_input consume(any_context& x, std::unique_ptr<link_in<any_design>> from, const edge_options& edges) {
  auto in = std::make_unique<link_source<any_design>>(std::move(from), kWaitNs);
  const auto& came = *in;
  builder b;
  must(b.add("in", std::move(in)));
  const sinks all = add_consumers(b, "in", edges);
  runner<any_design> r(must(std::move(b).build()), x);
  must(r.start());
  must_end(r);
  return {all.order->came(), all.count->came(), dropped_in(r) + lost(came.stats())};
}
// Answers what was dropped.
std::uint64_t send_lines(any_context& x, std::unique_ptr<link_out<any_design>> to, bytes_view file,
                         const edge_options& edges) {
  auto out = std::make_unique<link_sink<any_design>>(std::move(to));
  const auto& sent = *out;
  builder b;
  must(b.add("lines", std::make_unique<line_source>(file)));
  must(b.add("out", std::move(out)));
  must(b.connect("lines", "out", edges));
  runner<any_design> r(must(std::move(b).build()), x);
  must(r.start());
  must_end(r);
  return dropped_in(r) + lost(sent.stats());
}

template <carrier by>
made_of_input between(facade& f, bytes_view file, const edge_options& edges) {
  crossing c(f, by, edges);
  any_context here;
  std::unique_ptr<link_out<any_design>> out;
  const auto open = [&] {
    here = c.context();
    out = c.out(here, 0, 0);
  };
  if (by == carrier::unix_socket) open();
  other_process other([&] {
    any_context there = c.context();
    return consume(there, c.in(there, 0, 1), edges);
  });
  if (by != carrier::unix_socket) open();
  std::uint64_t dropped = 0;
  try {
    dropped = send_lines(here, std::move(out), file, edges);
  } catch (const refused&) {
    out.reset();
    static_cast<void>(other.result());  // what went wrong there says more
    throw;
  }
  made_of_input made = other.result();
  made.dropped += dropped;
  return made;
}

// Passes on what comes from one process to that process.
made_of_input echo(any_context& x, crossing& c, const edge_options& edges) {
  auto in = std::make_unique<link_source<any_design>>(c.in(x, 0, 1), kWaitNs);
  auto out = std::make_unique<link_sink<any_design>>(c.out(x, 1, 1));
  const auto& came = *in;
  const auto& sent = *out;
  builder b;
  must(b.add("in", std::move(in)));
  must(b.add("out", std::move(out)));
  must(b.connect("in", "out", edges));
  runner<any_design> r(must(std::move(b).build()), x);
  must(r.start());
  must_end(r);
  return {{}, {}, dropped_in(r) + lost(came.stats()) + lost(sent.stats())};
}

// How many items go one way before the other one is taken: so that a file of any length switches.
std::uint64_t items_between_switches(bytes_view file) { return std::clamp<std::size_t>(file.size() / 500, 3, 5000); }

made_of_input both_ways(any_context& x, std::unique_ptr<link_sink<any_design>> out,
                        std::unique_ptr<link_source<any_design>> in, bytes_view file, const edge_options& edges) {
  const auto count = std::make_shared<hybrid_count>();
  const auto& sent = *out;
  const auto& came = *in;
  builder b;
  must(b.add("lines", std::make_unique<line_source>(file)));
  must(b.add("split", std::make_unique<hybrid_split<any_design>>(
                          std::make_unique<switch_by_count>(items_between_switches(file)), count)));
  must(b.add("far_out", std::move(out)));
  must(b.add("far_in", std::move(in)));
  must(b.add("join", std::make_unique<hybrid_join<any_design>>(count)));
  must(b.connect("lines", "split", edges));
  must(b.connect("split:near", "join:near", edges));
  must(b.connect("split:far", "far_out", edges));
  must(b.connect("far_in", "join:far", edges));
  const sinks all = add_consumers(b, "join", edges);
  runner<any_design> r(must(std::move(b).build()), x);
  must(r.start());
  must_end(r);
  return {all.order->came(), all.count->came(), dropped_in(r) + lost(sent.stats()) + lost(came.stats())};
}

made_of_input hybrid(facade& f, bytes_view file, const edge_options& edges) {
  const bool shares = f.segment_bytes() > 0;
  crossing c(f, shares ? carrier::segment : carrier::unix_socket, edges);
  any_context here;
  std::unique_ptr<link_sink<any_design>> out;
  std::unique_ptr<link_source<any_design>> in;
  const auto open = [&] {
    here = c.context();
    out = std::make_unique<link_sink<any_design>>(c.out(here, 0, 0));
    in = std::make_unique<link_source<any_design>>(c.in(here, 1, 0), kWaitNs);
  };
  if (!shares) open();
  other_process other([&] {
    any_context there = c.context();
    return echo(there, c, edges);
  });
  if (shares) open();
  made_of_input made = both_ways(here, std::move(out), std::move(in), file, edges);
  made.dropped += other.result().dropped;
  return made;
}

constexpr mode kModes[] = {{"in_process", in_process},
                           {name_of(carrier::segment), between<carrier::segment>, true},
                           {name_of(carrier::unix_socket), between<carrier::unix_socket>},
                           {name_of(carrier::zeromq_ipc), between<carrier::zeromq_ipc>},
                           {name_of(carrier::zeromq_tcp), between<carrier::zeromq_tcp>},
                           {name_of(carrier::json), between<carrier::json>},
                           {"hybrid", hybrid}};

}  // namespace

std::span<const mode> all_modes() { return kModes; }

}  // namespace copycost::graph::input
