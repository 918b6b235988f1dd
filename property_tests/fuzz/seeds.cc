// SPDX-License-Identifier: Apache-2.0
//
// The first inputs of every target: fuzz_seeds FOLDER [TRACE] writes FOLDER/<target>/<name>. They are made by the
// encoder; from a trace (scenarios/raft/traffic/trace) come small messages of each type, alone and as streams. Few and
// small: the fuzzer makes the others. The same bytes on every machine.
#include <array>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string>

#include "harness/base/input/input_door.h"
#include "impls/raft/copy/design.h"
#include "property_tests/fuzz/graph_seeds.h"
#include "property_tests/fuzz/plan.h"
#include "property_tests/fuzz/recode.h"
#include "scenarios/raft/wire/rpc.h"

using copycost::bytes_view;
using namespace copycost::raft;

namespace {

bytes_view bytes_of(std::string_view text) { return std::as_bytes(std::span(text.data(), text.size())); }

// A message, what it refers to, and its name.
struct made {
  std::string name;
  message_view m;
  std::vector<entry_view> entries;
  std::vector<unknown_field> unknown;
};

made message(std::string name, message_type type, dialect d, std::size_t entries = 0) {
  made x{std::move(name), {}, {}, {}};
  message_head& h = x.m.head;
  h.type = type;
  h.to = 2;
  h.from = 1;
  h.term = 7;
  h.log_term = 7;
  h.index = 300 + entries;
  h.commit = 299;
  for (std::size_t i = 0; i < entries; ++i) {
    entry_view e;
    e.term = 7;
    e.index = h.index + 1 + i;
    e.data = bytes_of("some data of an entry").first(i % 22);
    if (d == dialect::raft_rs && i % 2 == 1) {
      e.context = bytes_of("context");
      e.sync_log = true;
    }
    e.type = static_cast<entry_type>(i % 3);
    e.has = fields_of(d, e);
    x.entries.push_back(e);
  }
  x.m.entries = x.entries;
  x.m.head.has = fields_of(d, x.m);
  return x;
}

// One of everything.
std::vector<made> messages() {
  std::vector<made> all;
  all.push_back(message("heartbeat", message_type::heartbeat, dialect::etcd));
  all.push_back(message("heartbeat_rs", message_type::heartbeat, dialect::raft_rs));
  all.push_back(message("append_1", message_type::append, dialect::etcd, 1));
  all.push_back(message("append_5", message_type::append, dialect::etcd, 5));
  all.push_back(message("append_rs", message_type::append, dialect::raft_rs, 4));
  made full = message("all_fields", message_type::pre_vote, dialect::raft_rs, 2);
  full.m.head.reject = true;
  full.m.head.reject_hint = 4096;
  full.m.head.vote = 3;
  full.m.head.deprecated_priority = 1;
  full.m.head.commit_term = 6;
  full.m.head.priority = ~std::uint64_t{0};
  full.m.context = bytes_of("CampaignTransfer");
  full.m.head.has = fields_of(dialect::raft_rs, full.m);
  all.push_back(std::move(full));
  made snapshot = message("snapshot", message_type::snapshot, dialect::etcd);
  snapshot.m.snapshot = {bytes_of("the state of it all"),
                         bytes_of("\x08\x01\x08\x02\x20\x03"),
                         298,
                         7,
                         bit(snapshot_field::data) | bit(snapshot_field::metadata),
                         bit(metadata_field::conf_state) | bit(metadata_field::index) | bit(metadata_field::term)};
  snapshot.m.head.has = fields_of(dialect::etcd, snapshot.m);
  all.push_back(std::move(snapshot));
  made unknown = message("unknown_fields", message_type::append, dialect::etcd, 2);
  unknown.unknown = {{0, bytes_of("\x40\x01")},
                     {1, bytes_of("\x4a\x02hi")},
                     {1, bytes_of("\x45"
                                  "abcd")},
                     {unknown_field::kOfMessage, bytes_of("\x72\x03\x08\x01\x10")}};
  unknown.m.unknown = unknown.unknown;
  all.push_back(std::move(unknown));
  return all;
}

struct writer {
  std::filesystem::path folder;
  // The plan says: generous limits, nothing in pieces, cut in two in the middle.
  void write(const std::string& target, const std::string& name, std::string_view stream, char variant = 0) const {
    std::filesystem::create_directories(folder / target);
    std::ofstream out(folder / target / name, std::ios::binary);
    const char plan[] = {static_cast<char>(variant << 6), '\x81', '\x02', '\0'};
    out.write(plan, sizeof plan).write(stream.data(), static_cast<std::streamsize>(stream.size()));
    if (!out.flush()) throw std::runtime_error("cannot write " + (folder / target / name).string());
  }
};

class sender {
 public:
  explicit sender(wire_format format) : encoder_(context_, {.format = format, .limit = {}, .from = 1, .to = 2}) {}
  std::string message(const message_view& m, const request_id* id = nullptr) {
    if (!encoder_.message(m, frame_, id)) return {};
    return flat();
  }
  std::string frame(const frame_head& h, std::string_view payload) {
    if (!encoder_.frame(h, bytes_of(payload), frame_)) return {};
    return flat();
  }

 private:
  std::string flat() const {
    std::string all;
    for (const iovec& part : frame_.parts()) all.append(static_cast<const char*>(part.iov_base), part.iov_len);
    return all;
  }
  copy_design::context context_;
  copy_design::frame frame_;
  copy_design::encoder encoder_;
};

void framed(const writer& to, const std::vector<made>& all, wire_format format, char variant) {
  const std::string prefix = std::string(name_of(format)) + "_";
  sender s(format);
  request_id id;
  for (std::size_t i = 0; i < id.bytes.size(); ++i) id.bytes[i] = static_cast<std::byte>(i);
  std::string together;
  for (const made& x : all) {
    const std::string one = s.message(x.m, x.name == "append_1" ? &id : nullptr);
    to.write("frames", prefix + x.name, one, variant);
    together += one;
  }
  const bool native = format == wire_format::native;
  for (unsigned type = 0; type < kFrameTypes; ++type) {
    frame_head h;
    h.type = static_cast<frame_type>(type);
    h.id = id;
    h.flags = static_cast<std::uint8_t>(type % 2 | (native && type == 0 ? frame_flag::piece : 0));
    h.stream = native ? type : 0;
    if (h.type == frame_type::raft_message) h.flags = 0;
    together += s.frame(h, std::string_view("payload").substr(0, h.type == frame_type::raft_message ? 0 : type));
  }
  to.write("frames", prefix + "together", together, variant);
}

void appended(const writer& to, std::vector<made> all) {
  sender s(wire_format::etcd_append);
  std::string stream;
  made first = message("", message_type::append, dialect::etcd, 3);
  stream += s.message(first.m);
  for (std::size_t n : {1u, 0u, 2u, 4u}) {  // these follow: elided
    made next = message("", message_type::append, dialect::etcd, n);
    next.m.head.index = first.m.head.index + 3;
    for (std::size_t i = 0; i < n; ++i) next.entries[i].index = next.m.head.index + 1 + i;
    stream += s.message(next.m);
    first = message("", message_type::append, dialect::etcd, 0);
    first.m.head.index = next.m.head.index + n - 3;
  }
  message_view link;
  link.head.type = message_type::heartbeat;
  stream += s.message(link);
  to.write("append_stream", "elided", stream);
  made begins = message("", message_type::append, dialect::etcd, 3);
  begins.m.head.term = begins.m.head.log_term = begins.m.head.index = 0;
  to.write("append_stream", "begins_elided", sender(wire_format::etcd_append).message(begins.m));
  for (const made& x : all)
    if (x.m.head.type == message_type::append)
      to.write("append_stream", x.name, sender(wire_format::etcd_append).message(x.m));
}

template <class Envelope>
void enveloped(const writer& to, const std::string& name, const Envelope& e, char variant) {
  std::vector<std::byte> out;
  encode(e, out);
  to.write("rpc", name, {reinterpret_cast<const char*>(out.data()), out.size()}, variant);
}

// The first small messages of each type: raftpb/trace_*, and together in the streams.
void traced(const writer& to, const std::string& path) {
  constexpr std::size_t kOfEach = 3, kLargest = 600;
  const copycost::input_file file = copycost::read_input(path);
  std::array<std::size_t, kMessageTypes> seen{};
  std::string records, appends;
  sender s(wire_format::etcd_append);
  for (bytes_view rest = file.bytes; rest.size() >= kLengthBytes;) {
    const auto size = static_cast<std::size_t>(load_big(rest.data()));
    if (size > rest.size() - kLengthBytes) throw std::runtime_error(path + ": a record is cut");
    const bytes_view record = rest.first(kLengthBytes + size), one = record.subspan(kLengthBytes);
    rest = rest.subspan(record.size());
    message_parts parts;
    entry_vector entries;
    if (size > kLargest || !fuzz::parsed(one, 0, {}, parts, entries)) continue;
    const auto type = static_cast<std::size_t>(parts.view.head.type);
    if (parts.view.head.type == message_type::append && appends.size() < 4 * kLargest) appends += s.message(parts.view);
    if (++seen[type] > kOfEach) continue;
    const auto text = [](bytes_view v) { return std::string_view(reinterpret_cast<const char*>(v.data()), v.size()); };
    to.write("raftpb", "trace_" + std::string(name_of(parts.view.head.type)) + std::to_string(seen[type]), text(one));
    records += text(record);
  }
  to.write("message_stream", "trace", records);
  to.write("append_stream", "trace", appends);
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 2 && argc != 3) {
    std::cerr << "usage: fuzz_seeds FOLDER [TRACE]\n";
    return 2;
  }
  const writer to{argv[1]};
  const std::vector<made> all = messages();
  framed(to, all, wire_format::compat, 0);
  framed(to, all, wire_format::native, 1);
  appended(to, all);
  enveloped(to, "request", rpc_request{kRaftService, kMessageMethod, bytes_of("payload")}, 0);
  enveloped(to, "response", rpc_response{}, 1);
  enveloped(to, "failure",
            rpc_response{false, bytes_of("half"), "Unknown method: \xC3\xA9t\xE2\x82\xAC\xF0\x9F\x98\x80"}, 1);
  std::string together;
  char variant = 0;
  for (const made& x : all) {
    fuzz::journal encoded;
    const bytes_view alone = fuzz::note_encoded(x.m, encoded);
    to.write("raftpb", x.name, {reinterpret_cast<const char*>(alone.data()), alone.size()}, variant++ & 3);
    const std::string one = sender(wire_format::etcd_message).message(x.m);
    to.write("message_stream", x.name, one);
    together += one;
  }
  to.write("message_stream", "together", together);
  if (argc == 3) traced(to, argv[2]);
  copycost::graph::fuzz::write_seeds(to.folder);
  return 0;
} catch (const std::exception& e) {
  std::cerr << "fuzz_seeds: " << e.what() << '\n';
  return 1;
}
