// SPDX-License-Identifier: Apache-2.0
//
// What the shm design has for itself: pins of readers that live and that died, memory that is used anew, processes that
// take over, and memory that is not a store.
#include <memory>
#include <optional>

#include "property_tests/catch.h"
#include "property_tests/child.h"
#include "property_tests/impls/event_store/shm_common.h"
#include "property_tests/scratch.h"

namespace copycost::event_store::shm_test {
using copycost::test::kill_child, copycost::test::run_child, copycost::test::start_child;

namespace {

std::unique_ptr<shm_store> opened(const store_options& o) {
  auto s = shm_store::open(o);
  REQUIRE(s.ok());
  return std::move(s).value();
}
std::unique_ptr<shm_store> attached(const shm_store& to) {
  auto s = shm_store::attach(to.memory_fd());
  REQUIRE(s.ok());
  return std::move(s).value();
}
auto reader_of(shm_store& s) {
  auto r = s.reader();
  REQUIRE(r.ok());
  return std::move(r).value();
}
errc code_of(const result<std::unique_ptr<shm_store>>& r) {
  REQUIRE_FALSE(r.ok());
  return r.error().code;
}

// Takes everything that was appended away and appends as much again, until `bytes` have gone through.
sequence flow(shm_store& s, sequence from, std::uint64_t bytes) {
  for (std::uint64_t sum = 0; sum < bytes; sum += 8 * 176) {
    REQUIRE(append_numbers(s, from, from + 8).ok());
    from += 8;
    REQUIRE(s.truncate_before(from - 4).ok());
  }
  return from;
}

// A process that attaches `fd`, takes `readers` snapshots by as many readers, and waits to be killed.
pid_t reading_child(int fd, unsigned readers) {
  int ready[2];
  REQUIRE(pipe(ready) == 0);
  const pid_t child = start_child([&] {
    auto seen = shm_store::attach(fd);
    if (!seen.ok()) return 1;
    std::vector<decltype(reader_of(**seen))> all;
    std::vector<decltype(all.front().snapshot())> held;
    for (unsigned i = 0; i < readers; ++i) {
      auto r = (*seen)->reader();
      if (!r.ok()) return 2;
      all.push_back(std::move(r).value());
      held.push_back(all.back().snapshot());
    }
    const char word = 'r';
    if (write(ready[1], &word, 1) != 1) return 3;
    for (;;) pause();
  });
  close(ready[1]);
  char word = 0;
  CHECK(read(ready[0], &word, 1) == 1);
  close(ready[0]);
  return child;
}

}  // namespace

// --- what is pinned -------------------------------------------------------------------------------------------------

TEST_CASE("a snapshot of another attachment is whole until it is dropped, and then the memory is used anew", "[shm]") {
  const auto s = opened(small_memory());
  const auto other = attached(*s);
  auto reader = reader_of(*other);
  REQUIRE(append_numbers(*s, 0, 40).ok());
  auto held = std::make_optional(reader.snapshot());
  sequence next = 40;
  result<void> done;
  while ((done = append_numbers(*s, next, next + 1)).ok()) REQUIRE(s->truncate_before(++next).ok());
  CHECK(done.error().code == errc::store_full);
  CHECK(held->range() == bounds{0, 40});
  CHECK(wrong_with(*held) == nullptr);
  held.reset();
  next = flow(*s, next, 1 << 20);
  CHECK(wrong_with(reader.snapshot()) == nullptr);
}

TEST_CASE("a reader that died keeps nothing", "[shm][kill]") {
  const auto s = opened(small_memory());
  REQUIRE(append_numbers(*s, 0, 40).ok());
  const pid_t child = reading_child(s->memory_fd(), 1);
  sequence next = flow(*s, 40, 64 << 10);
  CHECK(kill_child(child) == 1000 + SIGKILL);
  next = flow(*s, next, 1 << 20);
  CHECK(s->stats().held_bytes < 512 << 10);
}

TEST_CASE("a dead reader's process number that somebody else has now is not taken for the reader", "[shm][kill]") {
  const auto s = opened(small_memory());
  REQUIRE(append_numbers(*s, 0, 40).ok());
  const pid_t child = reading_child(s->memory_fd(), 3);
  CHECK(kill_child(child) == 1000 + SIGKILL);
  auto file = shm_file::attach(s->memory_fd());
  REQUIRE(file.ok());
  shm_pins& pins = (*file)->pins();
  unsigned pinned = 0;
  for (shm_pin& p : pins.pins)
    if (p.epoch != 0) {
      p.pid = static_cast<std::uint32_t>(getpid());
      ++pinned;
    }
  CHECK(pinned == 3);
  flow(*s, 40, 1 << 20);
  for (shm_pin& p : pins.pins) CHECK(p.epoch == 0);
}

TEST_CASE("places of readers that died are given to others, and those of the living are not", "[shm][kill]") {
  const auto s = opened(small_memory());
  REQUIRE(append_numbers(*s, 0, 4).ok());
  for (int i = 0; i < 3; ++i) CHECK(kill_child(reading_child(s->memory_fd(), 200)) == 1000 + SIGKILL);
  const pid_t living = reading_child(s->memory_fd(), 12);
  std::vector<decltype(reader_of(*s))> all;
  for (unsigned i = 12; i < shm_layout::kReaders; ++i) all.push_back(reader_of(*s));
  const auto one_more = s->reader();
  REQUIRE_FALSE(one_more.ok());
  CHECK(one_more.error().code == errc::store_full);
  all.pop_back();
  CHECK(s->reader().ok());
  CHECK(kill_child(living) == 1000 + SIGKILL);
  for (unsigned i = 0; i < 13; ++i) all.push_back(reader_of(*s));
  CHECK(wrong_with(all.front().snapshot()) == nullptr);
}

TEST_CASE("a reader's pin is the oldest epoch of its snapshots, whatever order they are dropped in", "[shm]") {
  const auto s = opened(small_memory());
  const std::uint64_t barriers = GENERATE(0u, 1u);
  if (barriers == 0)  // as where the kernel has none
    REQUIRE(pwrite(s->memory_fd(), &barriers, 8, offsetof(shm_header, barriers)) == 8);
  auto file = shm_file::attach(s->memory_fd());
  REQUIRE(file.ok());
  const auto pin = [&] { return (*file)->pins().pins[0].epoch.load(); };
  auto reader = reader_of(*s);
  using snapshot = decltype(reader.snapshot());
  std::vector<std::unique_ptr<snapshot>> held;
  std::vector<std::uint64_t> epochs;
  sequence next = 0;
  for (unsigned i = 0; i < 3 * shm_reader::kMarks; ++i) {  // more epochs than there is room for without allocating
    for (const std::uint64_t before = (*file)->top().front.epoch; (*file)->top().front.epoch == before; ++next) {
      REQUIRE(append_numbers(*s, next, next + 1, 900).ok());
      REQUIRE(s->truncate_before(next).ok());
    }
    held.push_back(std::make_unique<snapshot>(reader.snapshot()));
    epochs.push_back((*file)->top().front.epoch);
    CHECK(pin() == epochs.front());
  }
  for (const std::size_t i : {5u, 0u, 23u, 1u, 3u, 2u}) {
    CHECK(wrong_with(*held[i]) == nullptr);
    held[i].reset();
  }
  CHECK(pin() == epochs[4]);
  held[4].reset();
  CHECK(pin() == epochs[6]);
  held.clear();
  CHECK(pin() == 0);
  const snapshot again = reader.snapshot();
  CHECK(pin() == (*file)->top().front.epoch);
}

TEST_CASE("snapshots and lists outlive their reader, and then its place is free", "[shm]") {
  const auto s = opened(small_memory());
  REQUIRE(append_numbers(*s, 0, 40).ok());
  auto reader = std::make_optional(reader_of(*s));
  auto held = std::make_optional(reader->snapshot());
  auto list = std::make_optional(reader->read(kStart));
  reader.reset();
  flow(*s, 40, 64 << 10);
  CHECK(wrong_with(*held) == nullptr);
  held.reset();
  sequence next = 0;
  (*list)->for_each([&](const event_view& e) { CHECK(is_number(e, next++)); });
  CHECK(next == 40);
  list.reset();
  std::vector<decltype(reader_of(*s))> all;
  for (unsigned i = 0; i < shm_layout::kReaders; ++i) all.push_back(reader_of(*s));
}

TEST_CASE("memory that nobody looks at goes back to the machine", "[shm]") {
  store_options o = small_memory();
  o.memory_bytes_max = std::size_t{16} << 20;
  const auto s = opened(o);
  REQUIRE(append_numbers(*s, 0, 20'000).ok());
  CHECK(s->stats().held_bytes > 20'000 * 176);
  REQUIRE(s->truncate_before(20'000).ok());
  CHECK(s->stats().held_bytes < 1 << 20);
  REQUIRE(append_numbers(*s, 20'000, 20'100).ok());
  CHECK(wrong_with(reader_of(*s).snapshot()) == nullptr);
}

// --- processes ------------------------------------------------------------------------------------------------------

TEST_CASE("a process that only reads can neither append nor truncate, nor write where events are", "[shm]") {
  const auto s = opened(small_memory());
  REQUIRE(append_numbers(*s, 0, 40).ok());
  const auto other = attached(*s);
  const numbered n(40);
  CHECK(other->append({&n.event, 1}).error().code == errc::locked);
  CHECK(other->truncate_before(3).error().code == errc::locked);
  CHECK(other->stats().events == 40);
  CHECK(other->stats().bytes == s->stats().bytes);
  REQUIRE(append_numbers(*s, 40, 50).ok());
  CHECK(other->stats().events == 50);
  CHECK(other->stats().bytes == s->stats().bytes);
  const int end = run_child([&] {
    signal(SIGSEGV, SIG_DFL);
    auto seen = shm_store::attach(s->memory_fd());
    if (!seen.ok()) return 0;
    auto r = (*seen)->reader();
    if (!r.ok()) return 0;
    const auto list = r->read(kStart, 1);
    list->for_each([](const event_view& e) { *const_cast<std::byte*>(e.payload().data()) = std::byte{0}; });
    return 0;
  });
  CHECK(end != 0);
  CHECK(wrong_with(reader_of(*s).snapshot()) == nullptr);
}

TEST_CASE("there is one writer at a time, also in one process, and the next one goes on", "[shm]") {
  auto s = opened(small_memory());
  const kept_memory memory(s->memory_fd());
  store_options o = small_memory();
  o.memory_fd = memory.fd;
  CHECK(code_of(shm_store::open(o)) == errc::locked);
  REQUIRE(append_numbers(*s, 0, 100).ok());
  CHECK(code_of(shm_store::open(o)) == errc::locked);
  REQUIRE(s->truncate_before(30).ok());
  s.reset();
  s = opened(o);
  CHECK(reader_of(*s).snapshot().range() == bounds{30, 100});
  CHECK(wrong_with(reader_of(*s).snapshot()) == nullptr);
  REQUIRE(append_numbers(*s, 100, 150).ok());
  CHECK(wrong_with(reader_of(*s).snapshot()) == nullptr);
}

TEST_CASE("a reader that stays sees what the next writer appends, and keeps what it saw before", "[shm]") {
  auto s = opened(small_memory());
  const kept_memory memory(s->memory_fd());
  const auto other = attached(*s);
  auto reader = reader_of(*other);
  REQUIRE(append_numbers(*s, 0, 100).ok());
  const auto held = reader.snapshot();
  s.reset();
  store_options o = small_memory();
  o.memory_fd = memory.fd;
  s = opened(o);
  flow(*s, 100, 64 << 10);
  CHECK(held.range() == bounds{0, 100});
  CHECK(wrong_with(held) == nullptr);
  CHECK(reader.snapshot().range() == reader_of(*s).snapshot().range());
  CHECK(wrong_with(reader.snapshot()) == nullptr);
}

TEST_CASE("a log between two numbers of its own is an empty one, for readers and for the next writer", "[shm]") {
  auto s = opened(small_memory());
  const shm_layout l = shm_layout::of(small_memory());
  const memory_file copy(l.bytes);
  copy_memory(s->memory_fd(), copy);
  copy.put(offsetof(shm_top, front) + offsetof(shm_front, first), 7);  // and `end` is still 0
  auto seen = shm_store::attach(copy.fd);
  REQUIRE(seen.ok());
  CHECK(reader_of(**seen).snapshot().range() == bounds{7, 7});
  store_options o = small_memory();
  o.memory_fd = copy.fd;
  s = opened(o);
  REQUIRE(append_numbers(*s, 7, 20).ok());
  CHECK(reader_of(**seen).snapshot().range() == bounds{7, 20});
  CHECK(wrong_with(reader_of(**seen).snapshot()) == nullptr);
}

TEST_CASE("with a directory, memory is what the files say, and nobody may look at what it was", "[shm]") {
  const copycost::scratch_dir files;
  auto s = opened(small_memory());
  const kept_memory memory(s->memory_fd());
  auto other = attached(*s);
  auto reader = std::make_optional(reader_of(*other));
  REQUIRE(append_numbers(*s, 0, 100).ok());
  s.reset();
  store_options o = small_memory();
  o.memory_fd = memory.fd;
  o.dir = files.path();
  o.sync = sync_policy::batch;
  CHECK(code_of(shm_store::open(o)) == errc::locked);
  reader.reset();
  s = opened(o);
  CHECK(reader_of(*other).snapshot().range() == bounds{0, 0});
  REQUIRE(append_numbers(*s, 0, 300).ok());
  REQUIRE(s->truncate_before(100).ok());
  CHECK(wrong_with(reader_of(*other).snapshot()) == nullptr);
  s.reset();
  s = opened(o);
  CHECK(reader_of(*other).snapshot().range() == bounds{100, 300});
  CHECK(wrong_with(reader_of(*other).snapshot()) == nullptr);
}

TEST_CASE("a full store shows everything that it has to every process", "[shm]") {
  const auto s = opened(small_memory());
  const auto other = attached(*s);
  sequence next = 0;
  while (append_numbers(*s, next, next + 1).ok()) ++next;
  CHECK(next > 1000);
  auto reader = reader_of(*other);
  CHECK(reader.snapshot().range() == bounds{0, next});
  CHECK(wrong_with(reader.snapshot()) == nullptr);
  REQUIRE(s->truncate_before(next / 2).ok());
  REQUIRE(append_numbers(*s, next, next + 100).ok());
  CHECK(wrong_with(reader.snapshot()) == nullptr);
}

// --- memory that is not a store -------------------------------------------------------------------------------------

TEST_CASE("memory that is not a store is refused, and stays as it is", "[shm]") {
  CHECK(code_of(shm_store::attach(-1)) == errc::io_failed);
  const memory_file nothing(0), zeros(1 << 20), text(1 << 20);
  text.put(0, 0x2F656C7069746C75);
  CHECK(code_of(shm_store::attach(nothing.fd)) == errc::foreign_file);
  CHECK(code_of(shm_store::attach(zeros.fd)) == errc::foreign_file);
  const auto refused = shm_store::attach(text.fd);
  CHECK(code_of(refused) == errc::foreign_file);
  CHECK(refused.error().at == 0);
  CHECK(refused.error().got == 0x2F656C7069746C75);
  store_options o = small_memory();
  o.memory_fd = text.fd;
  CHECK(code_of(shm_store::open(o)) == errc::foreign_file);
  std::uint64_t word = 0;
  CHECK((pread(text.fd, &word, 8, 0) == 8 && word == 0x2F656C7069746C75));
  const memory_file large(shm_layout::of(o).bytes + 4096);
  for (const int fd : {int{nothing.fd}, int{zeros.fd}, int{large.fd}}) {  // room for a new one
    o.memory_fd = fd;
    auto s = opened(o);
    REQUIRE(append_numbers(*s, 0, 10).ok());
    CHECK(wrong_with(reader_of(*attached(*s)).snapshot()) == nullptr);
    s.reset();
    CHECK(wrong_with(reader_of(*opened(o)).snapshot()) == nullptr);
  }
}

TEST_CASE("a header or a log that cannot be is refused with its place", "[shm]") {
  const auto s = opened(small_memory());
  REQUIRE(append_numbers(*s, 0, 100).ok());
  const shm_layout l = shm_layout::of(small_memory());
  store_options o = small_memory();
  const auto spoilt = [&](std::uint64_t at, std::uint64_t word) {
    const memory_file copy(l.bytes);
    copy_memory(s->memory_fd(), copy);
    copy.put(at, word);
    o.memory_fd = copy.fd;
    const auto as_writer = shm_store::open(o), as_reader = shm_store::attach(copy.fd);
    REQUIRE_FALSE(as_writer.ok());
    REQUIRE_FALSE(as_reader.ok());
    CHECK(as_reader.error() == as_writer.error());
    return as_writer.error();
  };
  CHECK(spoilt(0, 1).code == errc::foreign_file);
  CHECK(spoilt(offsetof(shm_header, version), 2) ==
        error{.code = errc::unsupported_version, .expected = shm_layout::kVersion, .got = 2});
  for (const std::uint64_t at : {offsetof(shm_header, segment_bytes), offsetof(shm_header, segments),
                                 offsetof(shm_header, index_bytes), offsetof(shm_header, bytes)})
    for (const std::uint64_t word : {std::uint64_t{0}, std::uint64_t{8192}, std::uint64_t{1} << 60})
      CHECK(spoilt(at, word).code == errc::foreign_file);
  const std::uint64_t tail = offsetof(shm_top, span) + offsetof(shm_span, tail);
  const std::uint64_t epoch = offsetof(shm_top, front) + offsetof(shm_front, epoch);
  CHECK(spoilt(tail, 1000) == error{.code = errc::foreign_file, .at = tail, .got = 1000});
  CHECK(spoilt(epoch, 0) == error{.code = errc::foreign_file, .at = epoch, .got = 0});
  const std::uint64_t place = l.rows + offsetof(shm_row, place);
  CHECK(spoilt(place, 64) == error{.code = errc::foreign_file, .at = place, .got = 64});
  CHECK(wrong_with(reader_of(*s).snapshot()) == nullptr);
}

TEST_CASE("memory that cannot grow is full before it begins", "[shm]") {
  const int fd = memfd_create("test", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  REQUIRE((ftruncate(fd, 8192) == 0 && fcntl(fd, F_ADD_SEALS, F_SEAL_GROW) == 0));
  store_options o = small_memory();
  o.memory_fd = fd;
  const auto refused = shm_store::open(o);
  CHECK(code_of(refused) == errc::store_full);
  CHECK(refused.error().expected == 8192);
  close(fd);
}

TEST_CASE("memory that is smaller than its header says is refused", "[shm]") {
  const auto s = opened(small_memory());
  const shm_layout l = shm_layout::of(small_memory());
  const memory_file copy(l.bytes);
  copy_memory(s->memory_fd(), copy);
  REQUIRE(ftruncate(copy.fd, static_cast<off_t>(l.bytes - 4096)) == 0);
  CHECK(code_of(shm_store::attach(copy.fd)) == errc::foreign_file);
  CHECK(ftruncate(s->memory_fd(), 4096) != 0);  // ours is sealed
}

}  // namespace copycost::event_store::shm_test
