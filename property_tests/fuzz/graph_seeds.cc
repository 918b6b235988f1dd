// SPDX-License-Identifier: Apache-2.0
#include "property_tests/fuzz/graph_seeds.h"

#include <fstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "scenarios/graph/items/names/name_table.h"
#include "scenarios/graph/link/batch/json/json_batch.h"
#include "scenarios/graph/link/batch/packing.h"

namespace copycost::graph::fuzz {
namespace {

struct made {
  std::uint64_t key;
  std::string source;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string payload;
};
using made_items = std::vector<made>;

const made_items& some() {
  static const made_items all{
      {1, "camera", {{"type", "frame"}, {"codec", "raw"}}, "some payload"},
      {~std::uint64_t{0}, "", {}, ""},
      {300, "camera", {{"type", ""}}, std::string(90, 'z')},
      {0, "s\xC3\xA9", {{"quote\"d", "back\\slash\n"}, {"type", "frame"}}, "\xE2\x82\xAC \x01"}};
  return all;
}

void write(const std::filesystem::path& folder, const std::string& name, std::string_view plan, std::string_view text) {
  std::filesystem::create_directories(folder);
  std::ofstream out(folder / name, std::ios::binary);
  out << plan << text;
  if (!out.flush()) throw std::runtime_error("cannot write " + (folder / name).string());
}

template <class Writer>
void add_all(Writer& to, name_table& names, const made_items& all) {
  const auto number = [&](const std::string& name) { return names.intern(name).value(); };
  for (const made& one : all) {
    std::vector<header> headers;
    for (const auto& [name, value] : one.headers) headers.push_back({number(name), number(value)});
    const auto ok = to.add(names, {number(one.source), one.key, headers}, std::as_bytes(std::span(one.payload)));
    if (!ok) throw std::runtime_error("an item of a seed: " + to_string(ok.error()));
  }
}

std::string batch_of(const made_items& all, std::uint64_t number, bool is_packed) {
  name_table names;
  batch_writer w;
  add_all(w, names, all);
  std::string out(w.wire_bytes(), '\0');
  const auto room = std::as_writable_bytes(std::span(out));
  if (is_packed) {
    auto packer = batch_packer::make(1);
    out.resize(packer.value().pack(w, number, room).value());
  } else {
    w.copy_to(number, room);
  }
  return out;
}

std::string json_of(const made_items& all, json_payload how) {
  name_table names;
  json_writer w(how);
  add_all(w, names, all);
  return std::string(w.finish(7));
}

}  // namespace

void write_seeds(const std::filesystem::path& folder) {
  const made_items large{{5, "camera", {}, std::string(3000, 'y')}}, one{some()[0]}, none;
  // The first byte: 1 puts the head of a packed batch right, 2 that of a stored one.
  const auto batch = folder / "graph_batch";
  write(batch, "as_it_is", std::string(1, '\0'), batch_of(some(), 3, false));
  write(batch, "stored", "\2", batch_of(some(), 3, false));
  write(batch, "packed", "\1", batch_of(some(), 3, true));
  write(batch, "packed_large", "\1", batch_of(large, 3, true));
  write(batch, "empty", "\2", batch_of(none, 0, false));
  const auto text = folder / "graph_json";
  write(text, "text", "", json_of(some(), json_payload::text));
  write(text, "base64", "", json_of(some(), json_payload::base64));
  write(text, "escapes", "", R"({"number":0, "items":[{"base64":"AA\u003d=","key":1}],"version":1} )");
  write(text, "pair", "", R"({"version":1,"number":0,"items":[{"key":1,"text":"\u00e9\ud83d\ude00\/"}]})");
  const auto stream = folder / "graph_stream";
  const std::string three = batch_of(some(), 0, false) + batch_of(large, 1, true) + batch_of(one, 2, false);
  write(stream, "as_it_is", std::string(2, '\0'), three + batch_of(none, 3, false));
  write(stream, "put_right", "\1\1", three + batch_of(none, 3, false));
  write(stream, "cut_off", "\1\2", three);
}

}  // namespace copycost::graph::fuzz
