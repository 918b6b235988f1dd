// SPDX-License-Identifier: Apache-2.0
//
// What requests and responses carry: an envelope around the payload.
//
//   request    [u64 LE n|service][u64 LE n|method][u64 LE n|payload]
//   response   [success 0/1][0 | 1|u64 LE n|payload][0 | 1|u64 LE n|error text]
//
// Decoded envelopes are views of their input. Input that no envelope can have is an error with its place: a flag other
// than 0 and 1, a length beyond the end, text that is not UTF-8, bytes behind the end.
//
// Threads: safe; pure functions and values.
// Cost: some nanoseconds beside the check of the text.
#pragma once
#include <optional>
#include <string_view>
#include <vector>

#include "scenarios/raft/wire/error.h"
#include "scenarios/raft/wire/message.h"

namespace copycost::raft {

inline constexpr std::string_view kRaftService = "raft", kMessageMethod = "raft.message";

struct rpc_request {
  std::string_view service, method;
  bytes_view payload;
};
struct rpc_response {
  bool success = true;
  std::optional<bytes_view> payload;
  std::optional<std::string_view> error_text;
};

std::size_t encoded_size(const rpc_request& r);
std::size_t encoded_size(const rpc_response& r);
// Replaces what is in `out`. COPIES: the payload.
void encode(const rpc_request& r, std::vector<std::byte>& out);
void encode(const rpc_response& r, std::vector<std::byte>& out);

// Errors: malformed_envelope (at: `at` and the byte in the payload). VALID UNTIL: the input is gone.
result<rpc_request> parse_request(bytes_view in, std::uint64_t at = 0);
result<rpc_response> parse_response(bytes_view in, std::uint64_t at = 0);

}  // namespace copycost::raft
