// SPDX-License-Identifier: Apache-2.0
//
// Laws about stores in a directory that are closed and opened again, and about files that are damaged.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include "scenarios/common/laws/law_list.h"
#include "scenarios/event_store/laws/crash.h"
#include "scenarios/event_store/laws/durable.h"
#include "scenarios/event_store/laws/other_process.h"
#include "scenarios/event_store/laws/twin.h"

namespace copycost::event_store::properties {
namespace {

void reopened_store_is_the_same(facade_maker make) {
  auto f = design_of<facade>(make);
  const home files;
  store_options o = draw_durable(*f, files);
  o.first = draw_number("first sequence", 0, 3);
  twin t(std::move(f), o);
  rng random = draw_rng("content");
  for (std::uint64_t n = draw_number("rounds", 1, 5); n > 0; --n) {
    for (std::uint64_t k = random.below(6); k > 0; --k) t.append(random_batch(random, random_batch_size(random)));
    if (random.below(3) == 0) must(t.store().sync());
    if (random.below(3) == 0) t.append_in_place(random_draft(random));
    if (random.below(4) == 0) set_clock(clock_ms() - random.below(5000));
    if (random.below(4) == 0) set_clock(clock_ms() + 1);
    t.reopen();
    t.check();
    const store_stats s = t.store().stats();
    RC_ASSERT(s.cut_bytes == 0u);
    RC_ASSERT(s.cut_before == kStart);
  }
}

void truncation_survives_reopening(facade_maker make) {
  auto f = design_of<facade>(make);
  const home files;
  const store_options o = draw_durable(*f, files);
  twin t(std::move(f), o);
  rng random = draw_rng("content");
  for (std::uint64_t n = draw_number("rounds", 1, 6); n > 0; --n) {
    for (std::uint64_t k = random.below(4); k > 0; --k) t.append(random_batch(random, random_batch_size(random)));
    const std::uint64_t count = t.range().count();
    t.truncate(t.range().first + (random.below(3) == 0 ? count : random.below(count + 1)));
    if (random.below(4) == 0) set_clock(clock_ms() - 1000);  // ids rise all the same
    t.reopen();
    t.check();
  }
  t.append(random_batch(random, 2));
  t.check();
}

void retention_survives_reopening(facade_maker make) {
  auto f = design_of<facade>(make);
  const home files;
  store_options o = draw_durable(*f, files);
  if (draw_bool("by events"))
    o.events_max = draw_number("events_max", 1, 40);
  else
    o.bytes_max = draw_number("bytes_max", 1, 10'000);
  twin t(std::move(f), o);
  rng random = draw_rng("content");
  for (std::uint64_t n = draw_number("rounds", 1, 6); n > 0; --n) {
    for (std::uint64_t k = random.below(8); k > 0; --k) t.append(random_batch(random, random_batch_size(random)));
    t.reopen();
    t.check();
  }
}

// What is in the directory counts, not what a later opening asks for.
void store_keeps_its_numbers(facade_maker make) {
  const auto f = design_of<facade>(make);
  const home files;
  store_options o = draw_durable(*f, files);
  o.first = draw_number("first sequence", 0, 50);
  const std::uint64_t seed = draw_number("seed", 0, 99), rounds = draw_number("rounds", 1, 4);
  sequence end = o.first;
  for (std::uint64_t n = 0; n < rounds; ++n) {
    const auto store = must(f->open(o));
    bounds range;
    if (const std::string text = wrong_with_numbers(*store, seed, range); !text.empty()) RC_FAIL(text);
    RC_ASSERT(range.end == end);
    for (std::uint64_t k = draw_number("events", 1, 30); k > 0; --k, ++end) {
      const owned_draft d = crash_event(seed, end);
      const draft one = d.view();
      RC_ASSERT(must(store->append({&one, 1})).first == end);
    }
    o.first = draw_number("another first", 0, 1000);
    o.seed += 1;
    o.segment_bytes = std::size_t{4096} << draw_number("size of segments", 0, 2);
    o.file_bytes = std::size_t{4096} << draw_number("size of files", 0, 4);
    o.sync = draw_sync_policy();
  }
}

void directory_has_one_writer(facade_maker make) {
  const auto f = design_of<facade>(make);
  const home files;
  const store_options o = draw_durable(*f, files);
  {
    const auto store = must(f->open(o));
    const owned_draft d = crash_event(1, 0);
    const draft one = d.view();
    must(store->append({&one, 1}));
    notes on;
    other_process second(on, [&] {
      const auto opened = f->open(o);
      if (opened.ok())
        on.add("a second process may write");
      else if (opened.error().code != errc::locked)
        on.add(to_string(opened.error()));
    });
    RC_ASSERT(second.wait());
    on.check();
    const auto again = f->open(o);
    RC_ASSERT_FALSE(again.ok());
    RC_ASSERT((again.error() == error{.code = errc::locked}));
  }
  const auto store = must(f->open(o));
  bounds range;
  if (const std::string text = wrong_with_numbers(*store, 1, range); !text.empty()) RC_FAIL(text);
  RC_ASSERT(range.end == 1u);
}

using contents = std::map<std::string, std::string>;

contents read_files(const home& files) {
  contents all;
  for (const auto& entry : std::filesystem::directory_iterator(files.path())) {
    std::ifstream in(entry.path(), std::ios::binary);
    all[entry.path().string()] = {std::istreambuf_iterator<char>(in), {}};
  }
  return all;
}
void write_files(const contents& all) {
  for (const auto& [path, bytes] : all) std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

// A store with events that were appended one by one, each on the disk before the next; the files as they are at the
// end, and which of them hold the last event.
struct damaged_store {
  std::uint64_t events;
  contents files;
  std::vector<std::string> of_last;
};
damaged_store make_store(facade& f, const home& files, const store_options& o) {
  damaged_store out{draw_number("events", 1, 40), {}, {}};
  contents before;
  for (std::uint64_t i = 0; i < out.events; ++i) {
    if (i + 1 == out.events) before = read_files(files);
    const auto store = must(f.open(o));
    const owned_draft d = crash_event(7, i);
    const draft one = d.view();
    must(store->append({&one, 1}));
  }
  out.files = read_files(files);
  for (const auto& [path, bytes] : out.files)
    if (const auto was = before.find(path); was == before.end() || was->second != bytes) out.of_last.push_back(path);
  return out;
}

// What opening says of it: an error, or a store with the front of the events. Only the last one may be missing, only
// where its own file is damaged, and then it says so.
void check_damaged(facade& f, const store_options& o, const damaged_store& d, bool in_last, std::uint64_t may_lose) {
  const auto store = f.open(o);
  if (!store.ok()) {
    constexpr errc kFitting[] = {errc::corrupt_record, errc::foreign_file, errc::unsupported_version,
                                 errc::missing_segment};
    if (std::ranges::find(kFitting, store.error().code) == std::end(kFitting))
      RC_FAIL("damage is called " + to_string(store.error()));
    return;
  }
  bounds range;
  if (const std::string text = wrong_with_numbers(*store.value(), 7, range); !text.empty()) RC_FAIL(text);
  RC_ASSERT(range.first == 0u);
  if (range.end == d.events) return;  // that byte is not needed
  RC_ASSERT(in_last);
  RC_ASSERT(range.end + may_lose >= d.events);
  const store_stats s = store.value()->stats();
  RC_ASSERT((s.cut_bytes == 0 || s.cut_before == range.end));
  RC_ASSERT((s.cut_bytes > 0 || may_lose > 1));
}

void flipped_bit_is_found(facade_maker make) {
  const auto f = design_of<facade>(make);
  if (!f->on_disk()) throw not_offered{"files of a known form"};
  const home files;
  store_options o = draw_durable(*f, files);
  o.sync = sync_policy::each;
  const damaged_store d = make_store(*f, files, o);
  std::vector<std::string> paths;
  for (const auto& [path, bytes] : d.files)
    if (!bytes.empty()) paths.push_back(path);
  for (int i = 0; i < 8; ++i) {
    contents spoiled = d.files;
    const std::string& path = paths[draw_number("file", 0, paths.size() - 1)];
    std::string& bytes = spoiled[path];
    char& byte = bytes[draw_number("byte", 0, bytes.size() - 1)];
    byte = static_cast<char>(byte ^ (1 << draw_number("bit", 0, 7)));
    write_files(spoiled);
    check_damaged(*f, o, d, std::ranges::find(d.of_last, path) != d.of_last.end(), 1);
    std::filesystem::remove_all(files.path());
    std::filesystem::create_directory(files.path());
    write_files(d.files);
  }
  const auto store = must(f->open(o));  // repaired, everything is there: nothing was thrown away
  RC_ASSERT(store->stats().events == d.events);
}

// The last file ends earlier, as after a write that was cut short: what is whole is kept, and the store goes on.
void cut_file_is_found(facade_maker make) {
  const auto f = design_of<facade>(make);
  if (!f->on_disk()) throw not_offered{"files of a known form"};
  const home files;
  store_options o = draw_durable(*f, files);
  o.sync = sync_policy::each;
  damaged_store d = make_store(*f, files, o);
  std::vector<std::string> paths;
  for (const auto& [path, bytes] : d.files)
    if (!bytes.empty()) paths.push_back(path);
  const std::string& path =
      draw_bool("the last one") ? d.of_last.back() : paths[draw_number("file", 0, paths.size() - 1)];
  std::string& bytes = d.files[path];
  bytes.resize(draw_number("left", 0, bytes.size()));
  write_files(d.files);
  check_damaged(*f, o, d, std::ranges::find(d.of_last, path) != d.of_last.end(), d.events);
  if (const auto opened = f->open(o); !opened.ok()) return;
  bounds range;
  {
    const auto store = must(f->open(o));
    if (const std::string text = wrong_with_numbers(*store, 7, range); !text.empty()) RC_FAIL(text);
    const owned_draft more = crash_event(7, range.end);
    const draft one = more.view();
    RC_ASSERT(must(store->append({&one, 1})).first == range.end);
  }
  const auto store = must(f->open(o));
  bounds later;
  if (const std::string text = wrong_with_numbers(*store, 7, later); !text.empty()) RC_FAIL(text);
  RC_ASSERT((later == bounds{range.first, range.end + 1}));
}

}  // namespace

law_list reopening() {
  return {
      law_of<reopened_store_is_the_same>("closed and opened again, under each sync policy, a store is what it was",
                                         {.cost = 4}),
      law_of<truncation_survives_reopening>("what was truncated stays away, and neither numbers nor ids are used again",
                                            {.cost = 4}),
      law_of<retention_survives_reopening>("the limits of retention hold when the store is opened again", {.cost = 4}),
      law_of<store_keeps_its_numbers>("the options of a new store do not change one that is there", {.cost = 4}),
      law_of<directory_has_one_writer>("a directory that is open is locked, for this process and for others",
                                       {.cost = 20}),
      law_of<flipped_bit_is_found>("a flipped bit is told, or hits what nobody needs; no changed event is ever shown",
                                   {.cost = 10}),
      law_of<cut_file_is_found>("of a file that ends early the whole records are kept, and the rest is told and cut",
                                {.cost = 4}),
  };
}

}  // namespace copycost::event_store::properties
