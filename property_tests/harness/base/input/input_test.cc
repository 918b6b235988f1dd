// SPDX-License-Identifier: Apache-2.0
// Goal: real input is read whole, or refused with the place where it is damaged. Method: archives made here, then cut
// at every byte and damaged.
#include <zlib.h>
#include <zstd.h>

#include <filesystem>

#include "harness/base/failure.h"
#include "harness/base/input/input_door.h"
#include "harness/base/rng.h"
#include "harness/base/text.h"
#include "property_tests/catch.h"
#include "property_tests/scratch.h"

namespace copycost {
namespace {

std::string sample(std::size_t size) {
  rng numbers(11);
  std::string out(size, ' ');
  for (char& c : out) c = static_cast<char>('a' + numbers.below(4));
  return out;
}

std::string gz(const std::string& plain) {
  z_stream z{};
  REQUIRE(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string out(deflateBound(&z, static_cast<uLong>(plain.size())) + 64, '\0');
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(plain.data()));
  z.avail_in = static_cast<uInt>(plain.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  REQUIRE(deflate(&z, Z_FINISH) == Z_STREAM_END);
  out.resize(z.total_out);
  deflateEnd(&z);
  return out;
}

std::string zst(const std::string& plain) {
  std::string out(ZSTD_compressBound(plain.size()), '\0');
  out.resize(ZSTD_compress(out.data(), out.size(), plain.data(), plain.size(), 3));
  return out;
}

class stored {
 public:
  explicit stored(const std::string& content) { replace_file(path(), content); }
  std::string path() const { return dir_.file("input"); }
  std::string read() const {
    const input_file in = read_input(path());
    return {reinterpret_cast<const char*>(in.bytes.data()), in.bytes.size()};
  }
  // The complaint after the path, or "read".
  std::string complaint() const {
    try {
      read_input(path());
      return "read";
    } catch (const failure& e) {
      CHECK(e.code == exit_code::usage);
      const std::string line = e.what();
      REQUIRE(line.rfind(path() + ": ", 0) == 0);
      return line.substr(path().size() + 2);
    }
  }

 private:
  scratch_dir dir_;
};

TEST_CASE("input: plain, gzip and zstd are told apart by content") {
  for (const std::size_t size : {1u, 1000u, 600'000u}) {
    const std::string plain = sample(size);
    CHECK(stored(plain).read() == plain);
    CHECK(stored(gz(plain)).read() == plain);
    CHECK(stored(zst(plain)).read() == plain);
  }
}

TEST_CASE("input: an empty file and an archive of nothing are empty") {
  CHECK(stored("").read().empty());
  CHECK(stored(gz("")).read().empty());
  CHECK(stored(zst("")).read().empty());
}

TEST_CASE("input: archives that stand behind each other are read as one, whatever their sizes") {
  const std::string one = sample(5000), two = sample(300);
  CHECK(stored(gz(one) + gz(two)).read() == one + two);
  CHECK(stored(zst(one) + zst(two)).read() == one + two);
  CHECK(stored(zst(one) + zst("") + zst(two)).read() == one + two);
  CHECK(stored(gz(one) + gz("") + gz(two)).read() == one + two);
}

TEST_CASE("input: an archive that is cut anywhere is refused") {
  const std::string g = gz(sample(400)), z = zst(sample(400));
  for (std::size_t size = 4; size < g.size(); ++size) {
    CAPTURE(size);
    CHECK(stored(g.substr(0, size)).complaint() ==
          "damaged gzip data at byte " + std::to_string(size) + ": expected a complete archive");
  }
  for (std::size_t size = 4; size < z.size(); ++size) {
    CAPTURE(size);
    CHECK(stored(z.substr(0, size)).complaint() ==
          "damaged zstd data at byte " + std::to_string(size) + ": expected a complete archive");
  }
}

TEST_CASE("input: an archive whose check sum is wrong is refused") {
  std::string g = gz(sample(400));
  g[g.size() - 6] = static_cast<char>(g[g.size() - 6] ^ 1);
  CHECK(stored(g).complaint().rfind("damaged gzip data at byte ", 0) == 0);
}

TEST_CASE("input: garbage behind an archive is refused") {
  CHECK(stored(gz("abc") + "garbage").complaint().rfind("damaged gzip data at byte ", 0) == 0);
  CHECK(stored(zst("abc") + "garbage").complaint().rfind("damaged zstd data at byte ", 0) == 0);
}

TEST_CASE("input: a file that is not there is refused with its path") {
  const scratch_dir dir;
  CHECK_THROWS_WITH(read_input(dir.file("i")), dir.file("i") + ": cannot read: No such file or directory");
  CHECK_THROWS_WITH(read_input(""), "--input: a name of no letter, expected a file");
}

TEST_CASE("input: a directory is one, and is not read") {
  const scratch_dir dir;
  const input_file in = read_input(dir.path());
  CHECK(in.directory);
  CHECK(in.bytes.empty());
  CHECK(needs_file(in) == dir.path() + ": a directory, expected a file");
  const stored file("abc");
  CHECK(needs_file(read_input(file.path())).empty());
  CHECK(read_input(file.path()).number != read_input(file.path()).number);
}

TEST_CASE("input: one for a system, and one for all others") {
  const stored one("1"), other("22");
  input_set all;
  all.add("toy", read_input(one.path()));
  all.add("", read_input(other.path()));
  CHECK(all.of("toy")->bytes.size() == 1);
  CHECK(all.of("chunk")->bytes.size() == 2);
  CHECK(all.of("")->bytes.size() == 2);
  CHECK_THROWS_WITH(all.add("", read_input(one.path())), "--input " + one.path() + ": expected one input");
  CHECK_THROWS_WITH(all.add("toy", read_input(other.path())),
                    "--input " + other.path() + ": expected one input for toy");
  input_set named;
  named.add("toy", read_input(one.path()));
  CHECK(named.of("chunk") == nullptr);
}

TEST_CASE("input: a word is a system's name and a path, unless there is a file of that name") {
  const scratch_dir dir;
  replace_file(dir.file("toy=x"), "abc");
  const std::filesystem::path before = std::filesystem::current_path();
  std::filesystem::current_path(dir.path());
  const input_word file = parse_input_word("toy=x"), named = parse_input_word("toy=y=z"), odd = parse_input_word("T=y");
  std::filesystem::current_path(before);
  CHECK((file.system.empty() && file.path == "toy=x"));
  CHECK((named.system == "toy" && named.path == "y=z"));
  CHECK((odd.system.empty() && odd.path == "T=y"));
  CHECK(parse_input_word("event_store=-").path == "-");
  CHECK(parse_input_word("=x").path == "=x");
}

TEST_CASE("input: the current inputs are none until they are set") {
  set_input({});
  CHECK(current_input() == nullptr);
  const stored file("payload");
  input_set one;
  one.add("", read_input(file.path()));
  set_input(one);
  REQUIRE(current_input() != nullptr);
  CHECK(current_input()->bytes.size() == 7);
  CHECK(current_input()->name == file.path());
  set_input({});
}

}  // namespace
}  // namespace copycost
