// SPDX-License-Identifier: Apache-2.0
// Goal: the items of a file are its lines or records, all of them, where the kernel has them, whatever the windows cut.
// Method: drawn files and windows of a page, addresses, outlets that fail, files that are no files.
#include "scenarios/graph/node/source/file_source.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>

#include "harness/ledger/witness/counters.h"
#include "impls/graph/arena/design.h"
#include "impls/graph/copy/design.h"
#include "impls/graph/slice/design.h"
#include "property_tests/scenarios/graph/link/batch/collecting_outlet.h"
#include "property_tests/scratch.h"

namespace copycost::graph {

namespace {

const std::uint64_t kPage = mapped_file::page();

std::string file_with(const scratch_dir& in, const std::string& text) {
  const std::string path = in.file("input");
  std::ofstream(path, std::ios::binary | std::ios::trunc) << text;
  return path;
}
std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> all;
  for (std::size_t at = 0; at < text.size(); at += all.back().size()) {
    const std::size_t end = text.find('\n', at);
    all.push_back(text.substr(at, end == std::string::npos ? end : end + 1 - at));
  }
  return all;
}
template <design D>
struct running {
  typename D::context x;
  collecting_outlet<D> out{x};
  std::unique_ptr<file_source<D>> source;

  running(const std::string& path, const file_source_options& options)
      : source(std::move(file_source<D>::open(path, options)).value()) {}
  void to_the_end() {
    for (;;) {
      const auto turn = source->produce(out);
      REQUIRE(turn.ok());
      if (turn.value() == turn::done) return;
    }
  }
  std::vector<std::string> sent() const {
    std::vector<std::string> all;
    for (const auto& one : out.sent) all.push_back(text_of(one.bytes()));
    return all;
  }
};

}  // namespace

TEMPLATE_TEST_CASE("file_source: items are the lines, whatever the windows cut", "", copy_design, slice_design,
                   arena_design) {
  const scratch_dir dir;
  CHECK(rc::check("any file", [&] {
    const auto parts = *rc::gen::container<std::vector<std::string>>(rc::gen::oneOf(
        rc::gen::container<std::string>(rc::gen::element('a', '\n', '\0', '\r')),
        rc::gen::map(rc::gen::inRange<std::size_t>(0, 10'000), [](std::size_t n) { return std::string(n, 'x'); })));
    std::string text;
    for (const auto& part : parts) text += part + (part.size() % 3 == 0 ? "\n" : "");
    running<TestType> r(file_with(dir, text), {.window = *rc::gen::element<std::uint64_t>(1, kPage, 3 * kPage),
                                               .at_once = *rc::gen::inRange<std::uint64_t>(1, 10)});
    r.to_the_end();
    RC_ASSERT(r.sent() == lines_of(text));
    RC_ASSERT(r.source->items() == r.out.sent.size());
    RC_ASSERT(r.source->unread() == 0u);
    for (std::size_t i = 0; i < r.out.sent.size(); ++i) RC_ASSERT(r.out.sent[i].meta().key == i);
  }));
}

TEST_CASE("file_source: lines end with \\n, the last one may end without") {
  const scratch_dir dir;
  const std::pair<std::string, std::vector<std::string>> all[] = {
      {"", {}}, {"\n", {"\n"}}, {"a", {"a"}}, {"a\n", {"a\n"}}, {"a\n\nb", {"a\n", "\n", "b"}}, {"\r\n", {"\r\n"}}};
  for (const auto& [text, lines] : all) {
    running<slice_design> r(file_with(dir, text), {});
    r.to_the_end();
    CHECK(r.sent() == lines);
  }
}

TEST_CASE("file_source: records have one size, and the end of a file in the middle of one is an error") {
  const scratch_dir dir;
  std::string text(10'007, '\n');
  for (std::size_t i = 0; i < text.size(); ++i) text[i] = static_cast<char>(i % 7);
  for (const std::uint64_t record : {1u, 7u, 1000u, 4096u, 5000u}) {
    running<slice_design> r(file_with(dir, text), {.record = record, .window = 1});
    const std::uint64_t rest = text.size() % record;
    auto turn = r.source->produce(r.out);
    while (turn.ok() && turn.value() == turn::more) turn = r.source->produce(r.out);
    REQUIRE(turn.ok() == (rest == 0));
    if (rest != 0) {
      CHECK(turn.error() == error{errc::truncated_input, text.size() - rest, record, rest});
      const auto after = r.source->produce(r.out);  // the strategy may be to go on: then it has ended
      CHECK((after.ok() && after.value() == turn::done));
    }
    CHECK(r.source->unread() == rest);
    std::string joined;
    for (const std::string& one : r.sent()) {
      CHECK(one.size() == record);
      joined += one;
    }
    CHECK(joined == text.substr(0, text.size() - rest));
  }
}

TEMPLATE_TEST_CASE("file_source: items are the file's pages, not copies of them", "", slice_design, arena_design) {
  const scratch_dir dir;
  const std::string text = "first line\nsecond line\nthird";
  running<TestType> r(file_with(dir, text), {});
  const auto before = t_own_counts.copied_bytes;
  r.to_the_end();
  CHECK(t_own_counts.copied_bytes == before);
  const std::byte* const first = r.out.sent[0].bytes().data();
  CHECK(reinterpret_cast<std::uintptr_t>(first) % kPage == 0);
  CHECK(r.out.sent[2].bytes().data() == first + 23);
  // The source and the file are gone, the items are not.
  r.source.reset();
  CHECK(unlink(dir.file("input").c_str()) == 0);
  CHECK(text_of(r.out.sent[1].bytes()) == "second line\n");
}

TEMPLATE_TEST_CASE("file_source: an item can be written to, and the file is not changed", "", copy_design, slice_design,
                   arena_design) {
  const scratch_dir dir;
  running<TestType> r(file_with(dir, "only line\n"), {});
  r.to_the_end();
  const auto own = r.out.maker().make_unique(r.out.sent[0]);
  REQUIRE(own.ok());
  own.value()[0] = std::byte{'X'};
  CHECK(text_of(r.out.sent[0].bytes()) == "Xnly line\n");
  std::string line;
  std::getline(std::ifstream(dir.file("input")) >> std::ws, line);
  CHECK(line == "only line");
}

TEST_CASE("file_source: an item that could not be sent is the next one") {
  const scratch_dir dir;
  running<slice_design> r(file_with(dir, "a\nb\nc\n"), {});
  r.out.sends_left = 1;
  auto turn = r.source->produce(r.out);
  while (turn.ok()) turn = r.source->produce(r.out);
  CHECK(turn.error().code == errc::closed);
  CHECK(r.source->unread() == 4);
  r.out.sends_left = 10;
  r.to_the_end();
  CHECK(r.sent() == std::vector<std::string>{"a\n", "b\n", "c\n"});
}

TEST_CASE("file_source: it sends no more at once than it was asked to") {
  const scratch_dir dir;
  running<slice_design> r(file_with(dir, "a\nb\nc\n"), {.at_once = 2});
  CHECK(r.source->produce(r.out).value() == turn::more);
  CHECK(r.out.sent.size() == 2);
  CHECK(r.source->produce(r.out).value() == turn::done);
  CHECK(r.source->produce(r.out).value() == turn::done);
}

TEST_CASE("file_source: a file that became shorter is an error, and the source has ended") {
  const scratch_dir dir;
  const std::string line = std::string(2 * kPage - 1, 'x') + "\n";
  running<slice_design> r(file_with(dir, line + line + line), {.window = kPage, .at_once = 1});
  REQUIRE(r.source->produce(r.out).ok());
  REQUIRE(truncate(dir.file("input").c_str(), static_cast<off_t>(2 * kPage)) == 0);
  CHECK(r.source->produce(r.out).error() == error{errc::truncated_input, 2 * kPage, kPage, 0});
  CHECK(r.source->unread() == 4 * kPage);
  CHECK(r.source->produce(r.out).value() == turn::done);
}

TEST_CASE("file_source: what is no file is refused with the reason") {
  const scratch_dir dir;
  const auto reason = [](const std::string& path) {
    const auto opened = file_source<slice_design>::open(path);
    REQUIRE_FALSE(opened.ok());
    CHECK(opened.error().code == errc::no_segment);
    return opened.error().got;
  };
  CHECK(reason(dir.file("none")) == ENOENT);
  CHECK(reason(dir.path()) == EISDIR);
  REQUIRE(mkfifo(dir.file("pipe").c_str(), 0600) == 0);
  CHECK(reason(dir.file("pipe")) == ESPIPE);
  const std::string path = file_with(dir, "x");
  const auto code = [&](const file_source_options& options) {
    return file_source<slice_design>::open(path, options).error().code;
  };
  CHECK(code({.window = 0}) == errc::bad_parameter);
  CHECK(code({.window = kItemMax + 1}) == errc::bad_parameter);
  CHECK(code({.record = kItemMax}) == errc::bad_parameter);
  CHECK(code({.record = ~std::uint64_t{0}}) == errc::bad_parameter);
  CHECK(code({.at_once = 0}) == errc::bad_parameter);
}

TEST_CASE("file_source: a line that no item can hold is an error at its byte") {
  // Of a file with a hole: it takes no room.
  const scratch_dir dir;
  const std::string path = file_with(dir, "short\n");
  REQUIRE(truncate(path.c_str(), static_cast<off_t>(kItemMax + 3 * kPage)) == 0);
  const file_pieces at_start(kItemMax + 3 * kPage, 0, kPage, kPage);
  CHECK(at_start.window({0, kItemMax}).error() == error{errc::too_large, 0, kItemMax, kItemMax + 3 * kPage});
  CHECK(at_start.window({0, kItemMax / 2}).value().size == kItemMax);
  CHECK(at_start.window({}).value().size == kPage);
}

}  // namespace copycost::graph
