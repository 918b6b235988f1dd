// SPDX-License-Identifier: Apache-2.0
//
// What one operation of each workload handles, from the tables of the systems' READMEs: written here a second time, so
// that a slip in a workload's own words is noticed. Values; thread-safe to read.
#pragma once
#include <algorithm>
#include <cmath>
#include <map>
#include <string>

#include "harness/core/registry.h"
#include "scenarios/common/least.h"

namespace copycost::declared {

struct asked {
  double items = 1, payload = 0;  // of one operation; negative: it depends on the payload
  // Bytes that the contract has it read and copy, kernel and framing included: no limit says more. Negative: so many as
  // the episode says that it handled.
  double read = 0, copied = 0;
};
using row = asked (*)(const params&);

inline double number(const params& at, std::string_view key, double otherwise = 0) {
  return at.has(key) ? static_cast<double>(at.number(key)) : otherwise;
}
inline double size(const params& at) { return number(at, "size"); }

// A record: 56 bytes of head, the payload, names of 8 bytes; in steps of 8.
inline double record(double payload, double names = 1) { return 8 * std::ceil((56 + payload + 8 * names) / 8); }
// Wall time of so many readers on the processors that are there.
inline double turns(const params& at) { return std::max(1.0, number(at, "consumers", 1) / usable_processors()); }

// A message of the codec: its payload, and of its unit at most so much more.
inline double carried(const params& at) {
  return at.text("type") == "append" ? number(at, "entries") * size(at) : size(at);
}
inline double unit(const params& at) { return carried(at) + 48 * number(at, "entries") + 128; }

// chunk: handles of half or all of a message, and what reads or copies it.
inline asked half(const params& at) { return {1, size(at) / 2}; }
inline asked whole(const params& at) { return {1, size(at)}; }
inline asked read_whole(const params& at) { return {1, size(at), size(at)}; }
inline asked read_in_parts(const params& at) { return {-1, size(at), size(at)}; }
inline asked cloned(const params& at) { return {1, size(at), 0, size(at)}; }
inline asked coded(const params& at) { return {1, size(at), size(at), (number(at, "alias") != 0 ? 1 : 2) * size(at)}; }
inline asked frames(const params& at) { return {std::ceil(size(at) / number(at, "frame")), size(at)}; }
inline asked to_consumers(const params& at) {
  const double n = number(at, "consumers");
  return {n, n * size(at), n * size(at)};
}
inline asked kept(const params&) { return {1, 16, 0, 16}; }

// event_store: so many events of 64 bytes, appended or read.
inline asked appends(double n, double payload, double names = 1) {
  return {n, n * payload, 0, n * record(payload, names)};
}
inline asked reads(double n, double times = 1) { return {n, n * 64, times * n * record(64)}; }
inline asked batch(const params& at) { return appends(number(at, "batch"), size(at)); }
inline asked durable_batch(const params& at) { return appends(number(at, "batch"), 64, 2); }
inline asked filled(const params& at) { return appends(number(at, "events"), 64); }
inline asked one_event(const params&) { return appends(1, 64); }
inline asked followed(const params&) { return {1, 64, record(64), record(64)}; }
inline asked last_events(const params& at) { return reads(number(at, "count")); }
inline asked of_an_entity(const params&) { return {-1, -1, 100 * record(64)}; }
inline asked replayed(const params& at) { return reads(number(at, "events"), turns(at)); }
inline asked from_files(const params& at) {
  const double n = number(at, "events");
  return {n, n * 64, n * record(64), n * record(64)};
}
// The head of each record says whether it changes the projection.
inline asked projected(const params& at) {
  asked a{number(at, "events"), -1};
  a.read = 56 * number(at, "events");
  return a;
}
inline asked mixed(const params& at) {
  const double r = number(at, "reads"), a = number(at, "writes");
  return {1, 64, r / (r + a) * 10 * record(64), a / (r + a) * record(64)};
}
inline asked nothing(const params&) { return {1, 0}; }

// raft: a payload through the kernel is copied in and out; small ones go beside the head.
inline asked head(const params&) { return {1, 0, 48}; }
inline asked codec(const params& at) { return {1, carried(at), unit(at), unit(at)}; }
inline asked sent(const params& at) {
  const double n = number(at, "followers");
  return {n, n * size(at), 0, 2 * n * std::max(16.0, size(at))};
}
inline asked received(const params& at) { return {1, size(at), size(at), 2 * size(at)}; }
inline asked both_ways(const params& at) { return {1, size(at), size(at), 4 * size(at) + 256}; }
// 70 heartbeats of 0 to 64 bytes, 25 appends of 1 to 64 entries of 256 bytes, 4 of 64 to 512 KiB, a snapshot of 8 MiB.
inline constexpr double kRound = 70 * 32 + 25 * 32.5 * 256 + 4 * 288.0 * 1024 + 8.0 * 1024 * 1024;
inline asked round_of_messages(const params&) { return {100, -1, kRound, 2 * kRound}; }
inline asked any_message(const params&) { return {1, -1, kRound / 100, kRound / 50}; }
inline asked capture(const params&) { return {-1, -1, -1, -1}; }

// graph: items to branches, over edges, through nodes. A consumer that reads the head of an item reads 8 bytes.
inline constexpr double kHead = 8;
inline double read_of_item(const params& at) {
  if (number(at, "read") == 0) return std::min(kHead, size(at));
  if (number(at, "read") == 2) return size(at);
  const double whole = std::floor(size(at) / 1024);
  return 64 * whole + std::min(64.0, size(at) - 1024 * whole);
}
inline asked to_branches(const params& at) {
  const double n = number(at, "branches"), all = n * read_of_item(at);
  return {n, all, all};
}
inline asked to_writers(const params& at) { return {4, 4 * kHead, 4 * kHead, number(at, "writers") * size(at)}; }
inline asked with_headers(const params& at) {
  const double n = number(at, "branches");
  return {n, n * 64, 0, 64};
}
inline asked onto_edges(const params& at) { return {number(at, "branches"), number(at, "branches") * size(at)}; }
inline asked hopped(const params&) { return {1, 8, 8, 8}; }
inline asked of_64(const params&) { return {1, 64}; }
inline asked changed(const params& at) { return {1, kHead, kHead, number(at, "shared") * size(at)}; }
inline asked json_of_100(const params& at) {
  const double text = 100 * (size(at) + 3) + 1;
  return {100, text, text, 100 * size(at)};
}
inline asked text_in_lines(const params& at) { return {-1, size(at), size(at)}; }
inline asked through_nodes(const params& at) { return {1, size(at), kHead, size(at)}; }
inline asked to_a_reader(const params&) { return {1, 64, kHead, 64}; }
inline asked through_threads(const params& at) {
  const double reads = at.text("shape") == "1p1c" ? 1 : 3;
  return {reads, reads * 8, reads * 8, (at.text("shape") == "3p1c" ? 3.0 : 1.0) * 8};
}
inline asked to_four(const params& at) { return {4, size(at)}; }
// Of 16 sizes from 8 to 65,536 bytes; made and changed.
inline asked soaked(const params&) { return {1, 90576.0 / 16, kHead, 2 * 90576.0 / 16}; }

inline const std::map<std::string, row>& table() {
  static const std::map<std::string, row> all = {
      {"chunk/slice", half},
      {"chunk/published", half},
      {"chunk/share", whole},
      {"chunk/contended", whole},
      {"chunk/clone", cloned},
      {"chunk/frames", frames},
      {"chunk/reassemble", read_in_parts},
      {"chunk/codec", coded},
      {"chunk/lines", read_in_parts},
      {"chunk/fan_out", to_consumers},
      {"chunk/retain", kept},
      {"chunk/hand_over", read_whole},
      {"chunk/hand_over_process", read_whole},
      {"event_store/append", batch},
      {"event_store/append_many", filled},
      {"event_store/snapshot", nothing},
      {"event_store/read", last_events},
      {"event_store/read_entity", of_an_entity},
      {"event_store/replay_files", from_files},
      {"event_store/project", projected},
      {"event_store/mix", mixed},
      {"event_store/replay", replayed},
      {"event_store/replay_processes", replayed},
      {"event_store/hold", one_event},
      {"event_store/follow", followed},
      {"event_store/durable_append", durable_batch},
      {"event_store/recover", from_files},
      {"raft/head", head},
      {"raft/encode", codec},
      {"raft/decode", codec},
      {"raft/pieces", codec},
      {"raft/send", sent},
      {"raft/receive", received},
      {"raft/stream", received},
      {"raft/connect", both_ways},
      {"raft/pass", both_ways},
      {"raft/mix", round_of_messages},
      {"raft/mix_latency", any_message},
      {"raft/replay_capture", capture},
      {"graph/fan_out", to_branches},
      {"graph/write_branches", to_writers},
      {"graph/headers", with_headers},
      {"graph/publish", onto_edges},
      {"graph/hop", hopped},
      {"graph/hop_latency", whole},
      {"graph/handles", whole},
      {"graph/weak", of_64},
      {"graph/retain", whole},
      {"graph/transform", changed},
      {"graph/json_strings", json_of_100},
      {"graph/lines", text_in_lines},
      {"graph/chain", through_nodes},
      {"graph/executors", through_nodes},
      {"graph/keys", to_a_reader},
      {"graph/skew", to_a_reader},
      {"graph/disruptor", through_threads},
      {"graph/latency", whole},
      {"graph/slow_consumer", to_four},
      {"graph/soak", soaked},
  };
  return all;
}

// The limits of one cell of each workload, written down once more by hand: a factor that is counted twice is no longer
// a lower bound.
inline const std::map<std::string, std::string>& limits_by_hand() {
  static const std::map<std::string, std::string> all = {
      {"chunk/clone/size:256", "memcpy_hot/size:256"},
      {"chunk/codec/size:4096/alias:0/crc:0", "2 x memcpy_hot/size:4096"},
      {"chunk/codec/size:4096/alias:0/crc:1", "2 x memcpy_hot/size:4096"},
      {"chunk/codec/size:4096/alias:1/crc:0", "memcpy_hot/size:4096"},
      {"chunk/codec/size:4096/alias:1/crc:1", "memcpy_hot/size:4096 + read_hot/size:4096"},
      {"chunk/contended/size:256/threads:1", "handle_move"},
      {"chunk/fan_out/size:4096/consumers:64", "64 x read_hot/size:4096"},
      {"chunk/frames/size:65536/frame:256", "256 x handle_move"},
      {"chunk/hand_over/size:256", "read_hot/size:256"},
      {"chunk/hand_over_process/size:4096", "read_hot/size:4096"},
      {"chunk/lines/size:262144", "read_hot/size:262144"},
      {"chunk/published/size:10000/retained:1", "handle_move"},
      {"chunk/reassemble/size:65536/piece:8192", "read_hot/size:65536"},
      {"chunk/retain/compact:1", "4 x write_hot/size:16384"},
      {"chunk/share/size:4096", "handle_move"},
      {"chunk/slice/size:4096/cold:1", "handle_move"},
      {"event_store/append/batch:16/size:64", "write_hot/size:2048"},
      {"event_store/append/batch:256/size:16384", "257 x write_hot/size:16384"},
      {"event_store/append_many/events:1000", "7.8125 x write_hot/size:16384"},
      {"event_store/durable_append/sync:each/batch:1/writers:1", "overwrite_fdatasync/size:136"},
      {"event_store/durable_append/sync:batch/batch:16/writers:1", "write_hot/size:2176"},
      {"event_store/follow/batch:16", "read_hot/size:128"},
      {"event_store/hold/appends:500/held:1", "write_hot/size:128"},
      {"event_store/mix/reads:1/writes:1", "0.5 x read_hot/size:1280 + 0.5 x write_hot/size:128"},
      {"event_store/project/events:10000", "read_hot/size:560000"},
      {"event_store/read/events:10000/count:100/from:last", "read_hot/size:12800"},
      {"event_store/recover/events:10000", "read_hot/size:1280000"},
      {"event_store/replay/events:10000/consumers:1", "read_hot/size:1280000"},
      {"event_store/replay_files/events:10000/cache:warm", "read_hot/size:1280000"},
      {"event_store/replay_processes/events:100000/consumers:1", "read_hot/size:12800000"},
      {"event_store/snapshot/readers:8/appends:1", "handle_move"},
      {"raft/connect/size:64/by:unix/way:per_message", "9 x syscall + read_hot/size:64"},
      {"raft/connect/size:64/by:unix/way:pipelined", "0.0625 x syscall + read_hot/size:64"},
      {"raft/decode/type:heartbeat/format:compat", "handle_move"},
      {"raft/encode/type:heartbeat/format:native", "handle_move"},
      {"raft/head/type:heartbeat/format:compat/way:encode", "handle_move"},
      {"raft/pass/size:4096/by:link", "read_hot/size:4096"},
      {"raft/pass/size:65536/by:unix", "4 x read_hot/size:16384 + 4 x memcpy_hot/size:16384"},
      {"raft/receive/size:1048576/to:sink", "128 x memcpy_hot/size:16384 + 64 x read_hot/size:16384"},
      {"raft/send/size:4096/followers:1/transport:socketpair/how:gather", "2 x memcpy_hot/size:4096 + 2 x syscall"},
      {"raft/stream/size:4096/streamed:1", "2 x memcpy_hot/size:4096 + 2 x syscall + read_hot/size:4096"},
      {"graph/fan_out/size:4096/branches:4/read:2", "4 x read_hot/size:4096"},
      {"graph/write_branches/size:4096/writers:1", "memcpy_hot/size:4096 + 4 x handle_move"},
      {"graph/headers/headers:4/branches:10", "10 x handle_move"},
      {"graph/publish/size:4096/branches:4", "4 x handle_move"},
      {"graph/hop/batch:32/counted:0", "handle_move"},
      {"graph/hop_latency/size:64", "cache_line_round_trip"},
      {"graph/handles/size:64/premade:0", "handle_move"},
      {"graph/weak/size:64", "handle_move"},
      {"graph/retain/size:1024/branches:10", "write_hot/size:1024"},
      {"graph/transform/size:4096/way:mutate/shared:1", "memcpy_hot/size:4096"},
      {"graph/transform/size:4096/way:mutate/shared:0", "handle_move"},
      {"graph/json_strings/size:64/escaped:50/owned:0", "read_hot/size:6701"},
      {"graph/lines/size:262144", "read_hot/size:262144"},
      {"graph/chain/size:64/nodes:3/work:0", "handle_move"},
      {"graph/executors/size:64/nodes:3/work:0/by:threads", "handle_move"},
      {"graph/keys/keys:16", "handle_move"},
      {"graph/skew/keys:16/work:1000/by:pool", "handle_move"},
      {"graph/disruptor/shape:1p3c/by:ring", "handle_move"},
      {"graph/latency/size:64", "cache_line_round_trip"},
      {"graph/slow_consumer/size:1024/slow:1", "write_hot/size:1024"},
      {"graph/soak", "2 x memcpy_hot/size:5661"},
  };
  return all;
}

inline std::string key_of(const cell& c) {
  return std::string(c.system->name) + "/" + std::string(c.workload->traits.name);
}

inline bool has_row(const cell& c) { return table().contains(key_of(c)); }
// A workload that has no row is held to what its own episode says: its limit reads and copies no more than that.
inline asked of(const cell& c) {
  const auto at = table().find(key_of(c));
  return at == table().end() ? asked{-1, -1, -1, -1} : at->second(c.at);
}

// Roles whose operations are counted as such: of a sender and a receiver, one; of those who do the same, each.
inline std::uint64_t roles_that_count(const cell& c) {
  const shape s = c.form();
  const std::string name(c.workload->traits.name);
  if (s.roles() == 1) return 1;
  const bool same = name == "contended" || name == "replay" || name == "replay_processes" || name == "snapshot" ||
                    name == "durable_append";
  return same ? (s.processes > 1 ? 1 : s.threads - s.scenery) : 1;
}

}  // namespace copycost::declared
