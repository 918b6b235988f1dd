// SPDX-License-Identifier: Apache-2.0
// Goal: a packed file is known by every beginning that its format has, is unpacked whole whatever stands in it and
// however large it is, or is refused with one line that names the format. Method: archives made here, frames put around
// them, and beginnings written out from the formats' descriptions.
#include "harness/base/input/packed.h"

#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <cstring>
#include <vector>

#include "harness/base/failure.h"
#include "harness/base/text.h"
#include "property_tests/catch.h"

namespace copycost {
namespace {

using namespace std::string_literals;

std::string zst(const std::string& plain, bool with_size = true, int window_log = 0,
                const std::string& dictionary = {}) {
  ZSTD_CCtx* const z = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(z, ZSTD_c_contentSizeFlag, with_size ? 1 : 0);
  if (window_log != 0) {
    ZSTD_CCtx_setParameter(z, ZSTD_c_enableLongDistanceMatching, 1);
    ZSTD_CCtx_setParameter(z, ZSTD_c_windowLog, window_log);
  }
  if (!dictionary.empty())
    REQUIRE_FALSE(ZSTD_isError(ZSTD_CCtx_loadDictionary(z, dictionary.data(), dictionary.size())));
  std::string out(ZSTD_compressBound(plain.size()) + 64, '\0');
  ZSTD_inBuffer from{plain.data(), plain.size(), 0};
  ZSTD_outBuffer to{out.data(), out.size(), 0};
  REQUIRE(ZSTD_compressStream2(z, &to, &from, ZSTD_e_continue) <= out.size());
  REQUIRE(ZSTD_compressStream2(z, &to, &from, ZSTD_e_end) == 0);
  ZSTD_freeCCtx(z);
  out.resize(to.pos);
  return out;
}

// `fields` fills what a gzip header may have.
std::string gz(const std::string& plain, gz_header* fields = nullptr) {
  z_stream z{};
  REQUIRE(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  if (fields != nullptr) REQUIRE(deflateSetHeader(&z, fields) == Z_OK);
  std::string out(deflateBound(&z, static_cast<uLong>(plain.size())) + 4096, '\0');
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(plain.data()));
  z.avail_in = static_cast<uInt>(plain.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  REQUIRE(deflate(&z, Z_FINISH) == Z_STREAM_END);
  out.resize(z.total_out);
  deflateEnd(&z);
  return out;
}

std::string skipped(char kind, const std::string& content) {
  std::string out{kind, '\x2a', '\x4d', '\x18'};
  for (int shift = 0; shift < 32; shift += 8) out += static_cast<char>(content.size() >> shift & 255u);
  return out + content;
}

// A source of at most `piece` bytes at once.
byte_source in_pieces(std::string text, std::size_t piece) {
  return [text = std::move(text), piece, at = std::size_t{0}](std::span<std::byte> to) mutable {
    const std::size_t n = std::min({to.size(), text.size() - at, piece});
    std::memcpy(to.data(), text.data() + at, n);
    at += n;
    return n;
  };
}

struct answer {
  std::string text, format;
};
answer unpacked(const byte_source& from) {
  answer out;
  out.format = unpack(from, "a file", [&](std::span<const std::byte> bytes) {
    out.text.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  });
  return out;
}
std::string text_of(const std::string& packed, std::size_t piece = 1 << 20) {
  return unpacked(in_pieces(packed, piece)).text;
}
std::string complaint(const std::string& packed) {
  try {
    return "read: " + text_of(packed);
  } catch (const failure& e) {
    CHECK(e.code == exit_code::usage);
    return e.what();
  }
}

TEST_CASE("packed: zstd frames to be skipped in front, between and behind, of all sixteen kinds") {
  const std::string one = zst("hello "), two = zst("world", false);
  for (char kind = 0x50; kind < 0x60; ++kind)
    for (const std::string& content : {""s, "1234"s, std::string(1 << 19, 'x')}) {
      const std::string skip = skipped(kind, content);
      CAPTURE(static_cast<int>(kind), content.size());
      CHECK(text_of(skip + one) == "hello ");
      CHECK(text_of(skip + skip + one + skip + two + skip) == "hello world");
      CHECK(text_of(skip + one + two, 7) == "hello world");
      CHECK(unpacked(in_pieces(skip, 1)).format == "zstd");
      CHECK(text_of(skip).empty());
    }
}

TEST_CASE("packed: a zstd frame to be skipped that is cut anywhere is damage") {
  const std::string skip = skipped('P', "12345");
  for (std::size_t size = 4; size < skip.size(); ++size)
    CHECK(complaint(skip.substr(0, size)) ==
          "a file: damaged zstd data at byte " + std::to_string(size) + ": expected a complete archive");
  CHECK(complaint(zst("a") + skip.substr(0, 9)).starts_with("a file: damaged zstd data at byte "));
}

TEST_CASE("packed: zstd frames without a size, and of many pieces") {
  std::string plain;
  for (int i = 0; i < 200'000; ++i) plain += std::to_string(i * 7919 % 1000);
  for (const std::size_t piece : {std::size_t{1}, std::size_t{4093}, std::size_t{1} << 20})
    CHECK(text_of(zst(plain, false) + zst(plain, true), piece) == plain + plain);
}

TEST_CASE("packed: zstd data that needs a dictionary, or too large a window, says so") {
  std::string much;
  for (int i = 0; i < 100'000; ++i) much += std::to_string(i);
  CHECK(complaint(zst(much, false, 28)) ==
        "a file: zstd data that needs a window of more than 128 MiB: expected data that zstd unpacks without --long");
  // A dictionary with an id: its magic, the id, and no more that counts here.
  const std::string frame = zst(much, false);
  std::string with_id =
      frame.substr(0, 4) + static_cast<char>(frame[4] | 1) + frame.substr(5, 1) + "\x07" + frame.substr(6);
  CHECK(complaint(with_id) == "a file: zstd data that needs a dictionary: expected data that was packed without one");
}

TEST_CASE("packed: gzip headers with every field") {
  char name[] = "a name", comment[] = "a comment";
  Bytef extra[] = {'A', 'B', 2, 0, 1, 2};
  gz_header all{};
  all.name = reinterpret_cast<Bytef*>(name);
  all.comment = reinterpret_cast<Bytef*>(comment);
  all.hcrc = 1;
  all.extra = extra;
  all.extra_len = sizeof extra;
  all.os = 3;
  all.text = 1;
  const std::string packed = gz("hello", &all);
  CHECK(text_of(packed) == "hello");
  CHECK(text_of(packed + gz(" world"), 3) == "hello world");
  std::string damaged = packed;
  damaged[12] = static_cast<char>(damaged[12] ^ 1);  // under the header's check sum
  CHECK(complaint(damaged).starts_with("a file: damaged gzip data at byte "));
}

TEST_CASE("packed: zeros behind a gzip are a tape's, everything else is damage") {
  for (const std::size_t zeros : {1u, 511u, 600'000u}) {
    CHECK(text_of(gz("hello") + std::string(zeros, '\0')) == "hello");
    CHECK(complaint(gz("hello") + std::string(zeros, '\0') + "x").starts_with("a file: damaged gzip data at byte "));
    CHECK(
        complaint(gz("hello") + std::string(zeros, '\0') + gz("x")).starts_with("a file: damaged gzip data at byte "));
  }
  CHECK(complaint(gz("hello") + "\x1f").starts_with("a file: damaged gzip data at byte "));
}

TEST_CASE("packed: what is packed and not read is named, in each of its beginnings") {
  const struct {
    std::string_view format;
    std::string start;
  } kStarts[] = {
      {"xz",
       "\xfd"
       "7zXZ\0\0\4"s},
      {"bzip2", "BZh91AY&SY"s},
      {"bzip2", "BZh1\x17\x72\x45\x38\x50\x90"s},
      {"lz4",
       "\x04\x22\x4d\x18"
       "abcd"s},
      {"lz4",
       "\x02\x21\x4c\x18"
       "abcd"s},
      {"zip", "PK\3\4"s},
      {"zip", "PK\5\6"s + std::string(18, '\0')},
      {"zip", "PK\7\x08PK\3\4"s},
      {"7z", "7z\xbc\xaf\x27\x1c\0\4"s},
      {"rar", "Rar!\x1a\7\1\0"s},
      {"compress", "\x1f\x9d\x90"s},
      {"pack", "\x1f\x1e"s},
      {"lzip", "LZIP\1\x0c"s},
      {"lzop", "\x89LZO\0\r\n\x1a\n"s},
      {"lrzip", "LRZI\0\6"s},
      {"lzma", "\x5d\0\0\x80\0"s + std::string(8, '\xff') + "x"},
      {"snappy", "\xff\6\0\0sNaPpY"s},
      {"zlib", "\x78\x9c\x4b"s},
      {"zstd before 1.0", "\x27\xb5\x2f\xfd"s},
      {"zstd before 1.0", "\x22\xb5\x2f\xfd"s},
      {"zstd before 1.0", "\xfd\x2f\xb5\x1e"s},
  };
  for (const auto& [format, start] : kStarts) {
    CAPTURE(format);
    const std::string name(format);
    CHECK(complaint(start) == "a file: " + name + " data, which is not read: expected plain, gzip or zstd");
    CHECK(complaint(gz(start)) == "a file: " + name + " data within gzip: expected data that is packed once at most");
    CHECK(complaint(zst(start)) == "a file: " + name + " data within zstd: expected data that is packed once at most");
  }
  CHECK(complaint(gz(gz("x"))) == "a file: gzip data within gzip: expected data that is packed once at most");
  CHECK(complaint(skipped('Q', "1") + "\x04\x22\x4d\x18" + "abcd") ==
        "a file: lz4 data at byte 9, which is not read: expected plain, gzip or zstd");
}

TEST_CASE("packed: text that begins like a short magic is text") {
  for (const std::string& text :
       {"BZh is how bzip2 files begin\n"s, "PK\n"s, "LZIPPER\n"s, "x^2\n"s, "]\0"s, "P*M"s, "\x1f"s, "("s})
    CHECK(complaint(text) == "read: " + text);
}

// The size of a source that makes what it gives. Nothing of it is held.
constexpr std::uint64_t kLarge = (std::uint64_t{1} << 32) + 100'000;

TEST_CASE("packed: a gzip header of more than 4 GiB, and what follows it, is read whole", "[.large]") {
  const std::string first = gz("hello "), rest = gz("world!!");
  const std::string begin = first + rest.substr(0, 3) + '\x08' + rest.substr(4, 6);  // with a name
  const std::string end = '\0' + rest.substr(10);
  std::uint64_t at = 0;
  const answer a = unpacked([&](std::span<std::byte> to) {
    const std::uint64_t whole = begin.size() + kLarge + end.size();
    const std::size_t n = std::min<std::uint64_t>(to.size(), whole - at);
    std::fill_n(to.begin(), n, std::byte{'n'});
    for (std::size_t i = 0; i < n && at + i < begin.size(); ++i) to[i] = static_cast<std::byte>(begin[at + i]);
    for (std::size_t i = n; i-- > 0 && at + i >= begin.size() + kLarge;)
      to[i] = static_cast<std::byte>(end[at + i - begin.size() - kLarge]);
    at += n;
    return n;
  });
  CHECK(a.text == "hello world!!");
}

TEST_CASE("packed: the largest zstd frame to be skipped is skipped, and the place behind it is counted in 64 bits") {
  const std::string begin = "P*M\x18\xff\xff\xff\xff"s, end = zst("behind") + "x";
  constexpr std::uint64_t kSkipped = 0xFFFFFFFF;
  std::uint64_t at = 0;
  std::string text;
  const auto from = [&](std::span<std::byte> to) {
    const std::uint64_t whole = begin.size() + kSkipped + end.size();
    const std::size_t n = std::min<std::uint64_t>(to.size(), whole - at);
    for (std::size_t i = 0; i < n && at + i < begin.size(); ++i) to[i] = static_cast<std::byte>(begin[at + i]);
    for (std::size_t i = n; i-- > 0 && at + i >= begin.size() + kSkipped;)
      to[i] = static_cast<std::byte>(end[at + i - begin.size() - kSkipped]);
    at += n;
    return n;
  };
  const auto sink = [&](std::span<const std::byte> b) {
    text.append(reinterpret_cast<const char*>(b.data()), b.size());
  };
  const std::uint64_t place = begin.size() + kSkipped + end.size() - 1;
  CHECK_THROWS_WITH(unpack(from, "a file", sink),
                    "a file: damaged zstd data at byte " + std::to_string(place) + ": expected a complete archive");
  CHECK(text == "behind");
}

}  // namespace
}  // namespace copycost
