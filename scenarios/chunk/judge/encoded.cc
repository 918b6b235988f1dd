// SPDX-License-Identifier: Apache-2.0
//
// What the chunk system makes of a file of encoded chunks, one behind the other: every chunk is decoded in both ways,
// which must agree, and encoded again, which must give the bytes of the file back.
#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "harness/base/failure.h"
#include "harness/base/sha256.h"
#include "scenarios/chunk/laws/any_facade.h"
#include "scenarios/chunk/laws/laws.h"
#include "scenarios/common/must.h"

namespace copycost::chunk {
namespace {

// The byte in the form of one chunk that says whether there is a checksum.
constexpr std::size_t kFlagsAt = 2;

struct position {
  const input_file& in;
  std::uint64_t at;
  std::string text() const { return in.name + ": chunk at byte " + std::to_string(at) + ": "; }
  std::string again() const { return text() + "encoding it again: "; }
};

// What the file is to blame for: exit code 2.
template <class T>
T read(const position& where, result<T> r) {
  if (!r.ok()) throw failure(exit_code::usage, where.text() + to_string(r.error()));
  return std::move(r).value();
}
void require(const position& where, bool holds, const char* what) {
  if (!holds) throw failure(exit_code::incorrect, where.text() + what);
}

}  // namespace

input_result verify_encoded(facade_maker make, const input_file& in) {
  const auto f = design_of<facade>(make);
  sha256 sum;
  std::uint64_t chunks = 0, payload = 0;
  for (std::size_t at = 0; at < in.bytes.size() || chunks == 0; ++chunks) {
    const position where{in, at};
    const bytes_view rest = bytes_view(in.bytes).subspan(at);
    const decoded<any_chunk> own = read(where, f->decode_copy(rest, {}));
    const bytes_view frame = rest.first(own.consumed);
    const any_chunk frame_chunk = must(where.again(), f->copy({}, frame));
    const decoded<any_chunk> alias = must(where.again(), f->decode_alias(frame_chunk, {}, 0));
    require(where, alias.consumed == own.consumed && same_bytes(alias.chunk.view(), own.chunk.view()),
            "both ways of decoding it differ");
    const bool checksum = (std::to_integer<unsigned>(frame[kFlagsAt]) & codec::kFlagChecksum) != 0;
    const any_chunk again = must(where.again(), f->encode(alias.chunk, {.checksum = checksum}));
    require(where, same_bytes(again.view(), frame), "encoded again it is not the same");
    sum.add(again.view());
    payload += own.chunk.size();
    at += own.consumed;
  }
  return {sum.hex(), {{"bytes", payload}, {"chunks", chunks}}};
}

}  // namespace copycost::chunk
