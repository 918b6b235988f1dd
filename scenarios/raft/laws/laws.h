// SPDX-License-Identifier: Apache-2.0
//
// What the judge asks of every raft design: the laws, and what it makes of captured traffic.
//
// Threads: safe; immutable tables.
#pragma once
#include <span>
#include <string>

#include "harness/judge/law.h"

namespace copycost::raft {

// All laws, in the order of laws/*.cc. VALID UNTIL: the program ends.
std::span<const law> laws();

// Reads `in` as etcd's peer stream: [u64 BE length][raftpb.Message], repeated; feeds it to the design in pieces of many
// sizes, decodes every message, keeps some of them, encodes each again in every wire format that the design speaks and
// decodes that. Answers the counts `messages`, `by_type` (an object: raftpb's names and how many), `entries` and
// `entry_bytes`, and the digest: SHA-256 of all records as they come out of the design, which is that of the unpacked
// file. Throws failure{usage} with file and byte offset where the input is malformed, and failure{incorrect} when the
// design loses, changes or invents a byte.
input_result verify_input(facade_maker make, const input_file& in);
// Whether the input looks like that, and whether all of it is: every record is read. Cost of the latter: a slow
// reading.
std::string refuses_input(const input_file& in);
void check_input(const input_file& in);
inline constexpr directory_reader kReadDirectory = nullptr;
inline constexpr input_check kVerifyEncoded = nullptr;

}  // namespace copycost::raft
