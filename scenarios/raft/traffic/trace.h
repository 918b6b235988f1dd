// SPDX-License-Identifier: Apache-2.0
//
// Captured traffic: records [u64 BE n][raftpb.Message of n bytes], as etcd's message stream has them and as
// scripts/capture_etcd writes them. A small trace of a real cluster is part of the program (trace/README.md); --input
// gives another one.
//
// Lifetime: the bundled trace and the one of the current input live as long as the program.
// Threads: safe; immutable.
// Cost: the first use unpacks, or walks over the lengths.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/input/input.h"
#include "scenarios/raft/wire/message.h"

namespace copycost::raft {

class trace {
 public:
  // Finds the records in bytes that outlive this. `name` is what errors call them.
  // Throws failure{usage}: "NAME: record K at byte N: ...", where a record is larger than what is left.
  trace(bytes_view stream, std::string_view name);

  // VALID UNTIL: the bytes it was made of are gone
  bytes_view stream() const { return stream_; }
  std::size_t size() const { return offsets_.size(); }             // records
  std::size_t offset(std::size_t i) const { return offsets_[i]; }  // of the record's first byte, the length's
  bytes_view message(std::size_t i) const {                        // VALID UNTIL: as stream()
    const std::size_t begin = offsets_[i] + 8, end = i + 1 < size() ? offsets_[i + 1] : stream_.size();
    return stream_.subspan(begin, end - begin);
  }

 private:
  bytes_view stream_;
  std::vector<std::size_t> offsets_;
};

// The trace that the program carries, unpacked when it is asked for the first time.
const trace& bundled_trace();

// Whether there is a current input that can be a capture. Cheap: lengths of the first records are looked at.
bool has_input_trace();
// Empty, or why an input cannot be a capture. Cheap, as above.
std::string refuses_trace(const input_file& in);
// That of the current input. REQUIRES: has_input_trace(). Throws as trace.
const trace& input_trace();

}  // namespace copycost::raft
