// SPDX-License-Identifier: Apache-2.0
// Goal: units read well, names are found by their neighbours, and a file is never half replaced. Method: literals; a
// limit on file sizes stands for a full disk.
#include "harness/base/text.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>

#include "harness/base/failure.h"
#include "property_tests/catch.h"
#include "property_tests/child.h"
#include "property_tests/scratch.h"

namespace copycost {
namespace {

TEST_CASE("text: times have three significant digits") {
  CHECK(format_ns(0) == "0.00 ns");
  CHECK(format_ns(3.518) == "3.52 ns");
  CHECK(format_ns(14.06) == "14.1 ns");
  CHECK(format_ns(141) == "141 ns");
  CHECK(format_ns(1200) == "1.20 us");
  CHECK(format_ns(14'060'000) == "14.1 ms");
  CHECK(format_ns(2.3e9) == "2.30 s");
  CHECK(format_ns(std::nan("")) == "-");
}

TEST_CASE("text: a time that rounds up to the next unit is written in that unit") {
  CHECK(format_ns(9.996) == "10.0 ns");
  CHECK(format_ns(99.96) == "100 ns");
  CHECK(format_ns(999.7) == "1.00 us");
  CHECK(format_ns(999'700) == "1.00 ms");
  CHECK(format_ns(999'700'000) == "1.00 s");
}

TEST_CASE("text: bytes are whole where they are whole") {
  CHECK(format_bytes(0) == "0 B");
  CHECK(format_bytes(64) == "64 B");
  CHECK(format_bytes(4096) == "4 KiB");
  CHECK(format_bytes(1.5 * 1024 * 1024) == "1.50 MiB");
  CHECK(format_bytes(5e12) == "4.55 TiB");
}

TEST_CASE("text: ratios keep what distinguishes them") {
  CHECK(format_ratio(1.149) == "1.15x");
  CHECK(format_ratio(0.0123) == "0.0123x");
  CHECK(format_ratio(12.34) == "12.3x");
  CHECK(format_ratio(1015.2) == "1015x");
  CHECK(format_ratio(1.0 / 0.0) == "-");
}

TEST_CASE("text: the nearest name is one or two slips away, or there is none") {
  const std::vector<std::string> names = {"slice", "share", "fan_out", "hand_over", "hand_over_process"};
  CHECK(nearest("slcie", names) == "slice");
  CHECK(nearest("Share", names) == "share");
  CHECK(nearest("handover", names) == "hand_over");
  CHECK(nearest("zzzzzz", names).empty());
  CHECK(nearest("", names).empty());
  CHECK(nearest("slice", {}).empty());
}

TEST_CASE("text: bytes of strangers are one printable line, from which the bytes come back") {
  CHECK(printable("plain caf\u00e9 \u4e2d\U0001F600") == "plain caf\u00e9 \u4e2d\U0001F600");
  CHECK(printable("a\nb\tc\rd\x1b[0m\x7f") == "a\\nb\\tc\\rd\\x1B[0m\\x7F");
  CHECK(printable("i\xe9") == "i\\xE9");
  CHECK(printable("i\\xE9") == "i\\\\xE9");  // another name
  CHECK(printable("\xc0\x80 \xed\xa0\x80 \xf4\x90\x80\x80 \xe2\x82") ==
        "\\xC0\\x80 \\xED\\xA0\\x80 \\xF4\\x90\\x80\\x80 \\xE2\\x82");
  CHECK(printable(std::string_view("\0", 1)) == "\\x00");
  CHECK(printable("\u0085\u202e\u2028") == "\\xC2\\x85\\xE2\\x80\\xAE\\xE2\\x80\\xA8");
}

TEST_CASE("text: a word for the shell is read by the shell as what it was") {
  const scratch_dir dir;
  for (const std::string& word : {std::string("plain-1.2/x"), std::string("two words"), std::string("it's"),
                                  std::string("i\xe9"), std::string("it's\n\xe9\\"), std::string(),
                                  std::string("$x `y` \"z\" *"), std::string("-n"), std::string("caf\u00e9")}) {
    replace_file(dir.file("script"), "printf %s " + shell_word(word) + "\n");
    const std::string command = "bash " + dir.file("script");
    CAPTURE(shell_word(word));
    std::FILE* const said = popen(command.c_str(), "r");
    REQUIRE(said != nullptr);
    char bytes[64];
    const std::size_t n = std::fread(bytes, 1, sizeof bytes, said);
    pclose(said);
    CHECK(std::string(bytes, n) == word);
  }
}

TEST_CASE("text: splitting drops empty pieces") {
  CHECK(split("a/b//c/", '/') == std::vector<std::string>{"a", "b", "c"});
  CHECK(split("", '/').empty());
  CHECK(split("///", '/').empty());
  CHECK(split("abc", '/') == std::vector<std::string>{"abc"});
}

TEST_CASE("text: a file is replaced in one step and leaves nothing else behind") {
  const scratch_dir dir;
  replace_file(dir.file("a"), "old");
  replace_file(dir.file("a"), "new");
  CHECK(read_file(dir.file("a")) == "new");
  CHECK(dir.names() == std::vector<std::string>{"a"});
}

TEST_CASE("text: read_file and replace_file name the path and the reason") {
  const auto line_of = [](auto&& act) -> std::string {
    try {
      act();
      return "no failure";
    } catch (const failure& e) {
      return std::to_string(static_cast<int>(e.code)) + " " + e.what();
    }
  };
  CHECK(line_of([] { read_file("/nonexistent/a"); }) == "2 /nonexistent/a: cannot read: No such file or directory");
  CHECK(line_of([] { read_file("/"); }) == "2 /: cannot read: Is a directory");
  CHECK(line_of([] { replace_file("/nonexistent/a", "x"); }) ==
        "70 /nonexistent/a: cannot write: No such file or directory");
}

// Runs `act` in a child that may write no more than `bytes` to a file; answers its exit status.
template <class Act>
int with_little_disk(rlim_t bytes, Act act) {
  return test::run_child([&] {
    const rlimit limit{bytes, bytes};
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &limit);
    return act();
  });
}

TEST_CASE("text: on a full disk the old file stays whole and no temporary file stays") {
  const scratch_dir dir;
  replace_file(dir.file("a"), "old");
  const std::string path = dir.file("a");
  const int status = with_little_disk(100, [&] {
    try {
      replace_file(path, std::string(5000, 'x'));
      return 0;
    } catch (const failure& e) {
      const bool said = std::string(e.what()) == path + ": cannot write: File too large";
      return said ? static_cast<int>(e.code) : 1;
    }
  });
  CHECK(status == 70);
  CHECK(read_file(path) == "old");
  CHECK(dir.names() == std::vector<std::string>{"a"});
}

TEST_CASE("text: several files are replaced all or none") {
  const scratch_dir dir;
  replace_file(dir.file("a"), "old a");
  replace_file(dir.file("b"), "old b");
  const std::vector<file_content> next = {{dir.file("a"), "new a"}, {dir.file("b"), std::string(5000, 'x')}};
  const int status = with_little_disk(100, [&] {
    try {
      replace_files(next);
      return 0;
    } catch (const failure& e) {
      return static_cast<int>(e.code);
    }
  });
  CHECK(status == 70);
  CHECK(read_file(dir.file("a")) == "old a");
  CHECK(read_file(dir.file("b")) == "old b");
  CHECK(dir.names() == std::vector<std::string>{"a", "b"});
  replace_files(next);
  CHECK(read_file(dir.file("a")) == "new a");
  CHECK(read_file(dir.file("b")).size() == 5000);
}

}  // namespace
}  // namespace copycost
