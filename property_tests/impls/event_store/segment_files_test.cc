// SPDX-License-Identifier: Apache-2.0
//
// The files of a durable store, byte for byte, and what recovery says of files that are torn, damaged or foreign.
#include "impls/event_store/common/segment_files.h"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "property_tests/catch.h"
#include "scenarios/common/laws/model_disk.h"
#include "scenarios/event_store/oracle/oracle.h"

namespace copycost::event_store {
namespace {

using bytes = std::vector<std::byte>;

std::string hex(bytes_view all) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  std::string text;
  for (const std::byte b : all) {
    text += kDigits[std::to_integer<unsigned>(b) >> 4];
    text += kDigits[std::to_integer<unsigned>(b) & 15u];
  }
  return text;
}

// Keeps what it is given, in pieces of a size that records do not fill.
class collector final : public recovery_sink {
 public:
  void start(sequence first) override { started = first; }
  result<std::span<std::byte>> room(std::size_t size) override {
    pieces_.emplace_back(std::max<std::size_t>(size, 200));
    used_ = 0;
    return std::span<std::byte>(pieces_.back());
  }
  bool take(std::size_t size) override {
    if (++asked_ % 5 == 0) return false;
    seqs.push_back(event_view(pieces_.back().data() + used_).seq());
    used_ += size;
    return true;
  }
  void give_back(sequence end) override {
    while (!seqs.empty() && seqs.back() >= end) seqs.pop_back();
  }
  sequence started = kStart;
  std::vector<sequence> seqs;

 private:
  std::vector<bytes> pieces_;
  std::size_t used_ = 0;
  int asked_ = 0;
};

std::uint64_t noon() { return 0x0123'4567'89AB; }

struct shop {
  model_disk disk;
  store_options options;
  collector sink;
  recovery found;

  shop() {
    options.dir = "/d/e";
    options.files = &disk;
    options.first = 5;
    options.file_bytes = 4096;
    options.now_ms = &noon;
  }
  result<std::unique_ptr<segment_files>> open() {
    sink = {};
    found = {};
    return segment_files::open(options, sink, found);
  }
  // The error that opening answers.
  error refused() {
    const auto opened = open();
    REQUIRE_FALSE(opened.ok());
    return opened.error();
  }
  bytes read(const std::string& name) {
    std::unique_ptr<disk_file> file;
    REQUIRE(disk.open("/d/e/" + name, false, file) == 0);
    bytes all(file->size());
    std::size_t got = 0;
    REQUIRE(file->read(0, all, got) == 0);
    return all;
  }
  void write(const std::string& name, const bytes& all) {
    std::unique_ptr<disk_file> file;
    if (disk.open("/d/e/" + name, false, file) != 0) REQUIRE(disk.open("/d/e/" + name, true, file) == 0);
    const bytes_view piece = all;
    REQUIRE(file->resize(0) == 0);
    REQUIRE(file->write(0, {&piece, 1}) == 0);
  }
  void flip(const std::string& name, std::size_t at) {
    bytes all = read(name);
    all.at(at) ^= std::byte{4};
    write(name, all);
  }
};

constexpr const char* kName = "00000000000000000005.events";
constexpr std::size_t kRecord = 64;  // of record(); 63 of them fill a file, so that files begin with 5, 68, 131, ...

bytes record(sequence seq, sequence behind = 0, bool more = false) {
  owned_draft d;
  d.what = kind::created;
  d.entity = "bead";
  d.time = 1;
  d.payload = {std::byte{'h'}, std::byte{'i'}};
  bytes all(padded(d.record_bytes()), std::byte{0xEE});
  write_record(all.data(), seq, {0x11, seq}, d.view());
  seal_record(all.data(), behind, more);
  return all;
}
void append(segment_files& to, sequence seq, sequence behind = 0) {
  const bytes all = record(seq, behind);
  const bytes_view piece = all;
  REQUIRE(to.write({&piece, 1}, seq, 1, {0x11, seq}).ok());
  REQUIRE(to.sync().ok());
}
// One append of several events; `behind` is that of the first one.
void append_batch(segment_files& to, sequence first, sequence end, sequence behind = 0) {
  bytes all;
  for (sequence seq = first; seq < end; ++seq) {
    const bytes one = record(seq, behind + (seq - first), seq + 1 < end);
    all.insert(all.end(), one.begin(), one.end());
  }
  const bytes_view piece = all;
  REQUIRE(to.write({&piece, 1}, first, end - first, {0x11, end - 1}).ok());
  REQUIRE(to.sync().ok());
}
// Files with the events [5, end).
void fill(shop& s, sequence end, sequence behind = 0) {
  auto files = s.open();
  REQUIRE(files.ok());
  for (sequence seq = 5; seq < end; ++seq) append(*files.value(), seq, behind);
}
std::vector<sequence> numbers(sequence from, sequence end) {
  std::vector<sequence> all;
  for (; from < end; ++from) all.push_back(from);
  return all;
}

TEST_CASE("a file is these bytes") {
  shop s;
  fill(s, 6);
  const bytes all = s.read(kName);
  REQUIRE(all.size() == kFileHeader + kRecord);
  // The example in the README of this folder.
  CHECK(hex(bytes_view(all).first(kFileHeader)) ==
        "63636576656E7473"
        "01000000"
        "99CF3DB5"
        "0500000000000000"
        "AB89674523010000"
        "00000000000000000000000000000000"
        "00000000000000000000000000000000");
  CHECK(hex(bytes_view(all).subspan(kFileHeader)) == hex(record(5)));
  const bytes mark = s.read("first");
  REQUIRE(mark.size() == 4096 + kMark);
  CHECK(hex(bytes_view(mark).first(kMark)) ==
        "636366697273740A"
        "01000000"
        "284EC201"
        "0500000000000000");
  CHECK(hex(bytes_view(mark).subspan(4096)) == hex(bytes_view(mark).first(kMark)));
}

TEST_CASE("names of files are in the order of their events") {
  CHECK(file_name(5) == kName);
  CHECK(file_name(~std::uint64_t{0}) == "18446744073709551615.events");
  CHECK(first_of(kName) == sequence{5});
  for (const char* other : {"", "5.events", "0000000000000000000x.events", "99999999999999999999.events", "first",
                            "00000000000000000005.events.new", "-0000000000000000005.events"})
    CHECK_FALSE(first_of(other).has_value());
}

TEST_CASE("what was written is found again, over many files") {
  shop s;
  fill(s, 300);
  const auto files = s.open();
  REQUIRE(files.ok());
  CHECK(s.sink.started == 5);
  CHECK(s.sink.seqs == numbers(5, 300));
  CHECK(s.found.end == 300);
  CHECK(s.found.last_id == ulid{0x11, 299});
  CHECK(s.found.cut_bytes == 0);
  CHECK(files.value()->files() == 5);
}

TEST_CASE("a file goes on with the id of the event in front of it") {
  shop s;
  fill(s, 69);
  const auto header = decode_header(s.read(file_name(68)), 68);
  REQUIRE(header.ok());
  CHECK(header.value() == file_header{68, noon(), {0x11, 67}});
}

TEST_CASE("a record that was cut anywhere is cut off, and the store goes on there") {
  for (std::size_t left = 0; left < kRecord; ++left) {
    shop s;
    fill(s, 8);
    bytes all = s.read(kName);
    all.resize(kFileHeader + 2 * kRecord + left);
    s.write(kName, all);
    const auto files = s.open();
    REQUIRE(files.ok());
    CHECK(s.sink.seqs == numbers(5, 7));
    CHECK(s.found.cut_bytes == left);
    CHECK(s.found.cut_before == (left == 0 ? kStart : 7));
    append(*files.value(), 7);
    CHECK(s.read(kName).size() == kFileHeader + 3 * kRecord);
  }
}

TEST_CASE("a hole in front of records that did not count on it is cut off with them") {
  shop s;
  fill(s, 12, 3);
  bytes all = s.read(kName);
  std::fill_n(all.begin() + kFileHeader + 4 * kRecord, kRecord, std::byte{0});  // event 9: 10 to 12 say "3 behind"
  s.write(kName, all);
  REQUIRE(s.open().ok());
  CHECK(s.sink.seqs == numbers(5, 9));
  CHECK(s.found.cut_before == 9);
  CHECK(s.found.cut_bytes == 3 * kRecord);
  CHECK(s.read(kName).size() == kFileHeader + 4 * kRecord);
}

TEST_CASE("the same hole is damage when a later record knew it on the disk") {
  shop s;
  fill(s, 12, 1);
  bytes all = s.read(kName);
  std::fill_n(all.begin() + kFileHeader + 4 * kRecord, kRecord, std::byte{0});  // event 11 knew 9 on the disk
  s.write(kName, all);
  CHECK(s.refused() == error{.code = errc::corrupt_record, .seq = 9, .at = kFileHeader + 4 * kRecord});
  CHECK(s.read(kName) == all);  // nothing was thrown away
}

TEST_CASE("of a batch that was cut anywhere nothing is found, and the store goes on in front of it") {
  for (std::size_t left = 0; left < 4 * kRecord; left += left % kRecord == 1 ? 31 : 1) {
    INFO(left);
    shop s;
    fill(s, 8);
    append_batch(*s.open().value(), 8, 12);
    bytes all = s.read(kName);
    all.resize(kFileHeader + 3 * kRecord + left);
    s.write(kName, all);
    const auto files = s.open();
    REQUIRE(files.ok());
    CHECK(s.sink.seqs == numbers(5, 8));
    CHECK(s.found.end == 8);
    CHECK(s.found.last_id == ulid{0x11, 7});
    CHECK(s.found.cut_bytes == left);
    CHECK(s.found.cut_before == (left == 0 ? kStart : 8));
    append(*files.value(), 8);
    CHECK(s.read(kName).size() == kFileHeader + 4 * kRecord);
  }
}

TEST_CASE("a hole in a batch is cut off with all of it, or is damage when a later record knew it on the disk") {
  for (const bool known : {false, true}) {
    shop s;
    fill(s, 8);
    append_batch(*s.open().value(), 8, 12);
    append_batch(*s.open().value(), 12, 14, known ? 0 : 4);
    bytes all = s.read(kName);
    std::fill_n(all.begin() + kFileHeader + 5 * kRecord, kRecord, std::byte{0});  // event 10
    s.write(kName, all);
    if (known) {
      CHECK(s.refused() == error{.code = errc::corrupt_record, .seq = 10, .at = kFileHeader + 5 * kRecord});
      CHECK(s.read(kName) == all);
      continue;
    }
    REQUIRE(s.open().ok());
    CHECK(s.sink.seqs == numbers(5, 8));
    CHECK(s.found.cut_before == 8);
    CHECK(s.found.cut_bytes == 6 * kRecord);
  }
}

TEST_CASE(
    "a batch without its end is damage where it was synced: in a full file, and in front of where the log begins") {
  shop s;
  fill(s, 66);
  append_batch(*s.open().value(), 66, 68);  // fills the file
  append(*s.open().value(), 68);
  CHECK(s.open().value()->files() == 2);
  CHECK(s.sink.seqs == numbers(5, 69));
  bytes all = s.read(kName);
  const bytes whole = all;
  all.resize(all.size() - kRecord);
  s.write(kName, all);
  CHECK(s.refused() == error{.code = errc::corrupt_record, .seq = 67, .at = kFileHeader + 62 * kRecord});
  s.write(kName, whole);
  CHECK(s.open().ok());

  shop other;
  {
    const auto files = other.open();
    append_batch(*files.value(), 5, 9);
    REQUIRE(files.value()->keep_from(7).ok());
  }
  all = other.read(kName);
  all.resize(all.size() - kRecord);
  other.write(kName, all);
  CHECK(other.refused() == error{.code = errc::corrupt_record, .seq = 8, .at = kFileHeader + 3 * kRecord});
}

TEST_CASE("a flipped bit in any byte of a durable record is told with its number and place") {
  shop s;
  fill(s, 8);
  for (std::size_t at = 0; at < kRecord; ++at) {
    s.flip(kName, kFileHeader + kRecord + at);
    CHECK(s.refused() == error{.code = errc::corrupt_record, .seq = 6, .at = kFileHeader + kRecord});
    s.flip(kName, kFileHeader + kRecord + at);
  }
  CHECK(s.open().ok());
}

TEST_CASE("a flipped bit in any byte of a header is told") {
  shop s;
  fill(s, 8);
  for (std::size_t at = 0; at < kFileHeader; ++at) {
    s.flip(kName, at);
    const error e = s.refused();
    if (at < 8)
      CHECK(e.code == errc::foreign_file);
    else if (at < 12)
      CHECK(e.code == errc::unsupported_version);
    else
      CHECK(e == error{.code = errc::corrupt_record, .seq = 5, .at = 12});
    s.flip(kName, at);
  }
  CHECK(s.open().ok());
}

TEST_CASE("one half of the mark is enough, and mends the other one") {
  shop s;
  fill(s, 8);
  const bytes whole = s.read("first");
  for (const std::size_t place : kMarkPlaces)
    for (std::size_t at = 0; at < kMark; ++at) {
      s.flip("first", place + at);
      CHECK(s.open().ok());
      CHECK(s.read("first") == whole);
    }
  s.flip("first", 3);
  s.flip("first", 4096 + 20);
  CHECK(s.refused().code == errc::foreign_file);
}

TEST_CASE("a file in the middle that ends early is damage, and one that is gone is missed") {
  shop s;
  fill(s, 180);
  const std::string middle = file_name(68);
  const bytes whole = s.read(middle);
  bytes all = whole;
  all.resize(all.size() - 5);
  s.write(middle, all);
  CHECK(s.refused() == error{.code = errc::corrupt_record, .seq = 130, .at = kFileHeader + 62 * kRecord});
  all.resize(kFileHeader + 62 * kRecord);
  s.write(middle, all);
  CHECK(s.refused() == error{.code = errc::missing_segment, .seq = 130, .expected = 131});
  REQUIRE(s.disk.remove("/d/e/" + middle) == 0);
  CHECK(s.refused() == error{.code = errc::missing_segment, .seq = 68, .expected = 131});
  s.write(middle, whole);
  CHECK(s.open().ok());
  REQUIRE(s.disk.remove("/d/e/" + std::string(kName)) == 0);
  CHECK(s.refused() == error{.code = errc::missing_segment, .seq = 5, .expected = 68});
}

TEST_CASE("without the mark, or with nothing but it, the store is not whole") {
  shop s;
  fill(s, 8);
  const bytes mark = s.read("first");
  REQUIRE(s.disk.remove("/d/e/first") == 0);
  CHECK(s.refused() == error{.code = errc::missing_segment, .seq = kStart, .expected = 5});
  s.write("first", mark);
  REQUIRE(s.disk.remove("/d/e/" + std::string(kName)) == 0);
  CHECK(s.refused() == error{.code = errc::missing_segment, .seq = 5, .expected = 6});
}

TEST_CASE("a foreign file and a newer version are told") {
  shop s;
  fill(s, 8);
  bytes all = s.read(kName);
  const bytes whole = all;
  std::fill_n(all.begin(), 8, std::byte{'x'});
  s.write(kName, all);
  CHECK(s.refused() == error{.code = errc::foreign_file, .got = 0x7878787878787878});
  all = whole;
  all[8] = std::byte{2};
  s.write(kName, all);
  CHECK(s.refused() == error{.code = errc::unsupported_version, .at = 8, .expected = 1, .got = 2});
  s.write(kName, {});
  CHECK(s.refused() == error{.code = errc::corrupt_record, .seq = 5, .at = 0});
}

TEST_CASE("truncation removes whole files, and is found again in the middle of one") {
  shop s;
  fill(s, 180);
  {
    const auto files = s.open();
    REQUIRE(files.ok());
    REQUIRE(files.value()->keep_from(70).ok());
    CHECK(files.value()->files() == 2);
    REQUIRE(files.value()->remove_files_before(130).ok());
    CHECK(files.value()->files() == 2);
  }
  {
    const auto files = s.open();
    REQUIRE(files.ok());
    CHECK(s.sink.started == 70);
    CHECK(s.sink.seqs == numbers(70, 180));
    REQUIRE(files.value()->remove_files_before(140).ok());
    CHECK(files.value()->files() == 1);
  }
  {
    const auto files = s.open();
    REQUIRE(files.ok());
    CHECK(s.sink.seqs == numbers(131, 180));
    REQUIRE(files.value()->keep_from(180).ok());
    CHECK(files.value()->files() == 1);
  }
  REQUIRE(s.open().ok());
  CHECK(s.sink.seqs.empty());
  CHECK(s.found.end == 180);
  CHECK(s.found.last_id == ulid{0x11, 179});
}

TEST_CASE("files that were being made are removed, and others left alone") {
  shop s;
  fill(s, 8);
  s.write("first.new", {std::byte{1}});
  s.write("00000000000000000008.events.new", {});
  s.write("notes.new", {std::byte{2}});
  REQUIRE(s.open().ok());
  std::vector<std::string> names;
  REQUIRE(s.disk.list("/d/e", names) == 0);
  std::ranges::sort(names);
  CHECK(names == std::vector<std::string>{kName, "first", "notes.new"});
}

}  // namespace
}  // namespace copycost::event_store
