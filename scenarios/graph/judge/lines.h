// SPDX-License-Identifier: Apache-2.0
//
// The nodes of the graph that a real file goes through: a source that hands out its lines, and sinks that count them.
//
//   file [line\n line\n line\n line ...]
//        '--- block, adopted ---'        each line is a part of the item that keeps its block
//
// Lifetime: the file's bytes outlive the source's items.
// Threads: one at a time.
// Cost: COPIES: nothing; in `copy` and `shm`, what adopting and parts cost there.
#pragma once
#include <cstdint>
#include <string>

#include "harness/base/sha256.h"
#include "scenarios/graph/laws/any_item.h"
#include "scenarios/graph/node/node.h"

namespace copycost::graph::input {

// Sends each line with its end as an item whose key is its number; an unterminated last line counts.
class line_source final : public node<any_design> {
 public:
  explicit line_source(bytes_view file) : file_(file) {}
  // VALID UNTIL: the node is destroyed.
  const port_list& ports() const override { return ports_; }
  // Errors: those of the maker and of send(): what was not sent is sent the next time.
  result<turn> produce(outlet<any_design>& to) override;

  static constexpr std::size_t kBlock = std::size_t{1} << 20;  // bytes that are adopted at once; a longer line alone

 private:
  result<void> next_block(any_maker& m);

  const bytes_view file_;
  std::size_t at_ = 0;        // where the next block begins
  any_item block_, line_;     // line_: what could not be sent
  std::size_t in_block_ = 0;  // where the next line begins
  std::uint64_t number_ = 0;
  const port_list ports_{{}, {{"out"}}};
};

// What came to a sink.
struct tally {
  std::uint64_t items = 0, bytes = 0, keys = 0;  // keys: their sum, which is the same in every order
  std::string digest;                            // SHA-256 of the payload in the order in which it came
  friend bool operator==(const tally&, const tally&) = default;
};

class line_sink final : public node<any_design> {
 public:
  // VALID UNTIL: the node is destroyed.
  const port_list& ports() const override { return ports_; }
  result<void> take(unsigned, any_item& one, outlet<any_design>&) override;
  // Ends the digest: REQUIRES: asked once, after the run.
  tally came();

 private:
  tally came_;
  sha256 sum_;
  const port_list ports_{{{"in"}}, {}};
};

}  // namespace copycost::graph::input
