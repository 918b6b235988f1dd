// SPDX-License-Identifier: Apache-2.0
//
// What the chunk system makes of a real file: it goes through a row of chunks that are written, adopted, copied, sliced
// and joined, and is read back twice: in pieces cut anew, which are hashed, and as lines, which are counted.
#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "harness/base/failure.h"
#include "harness/base/rng.h"
#include "harness/base/sha256.h"
#include "scenarios/chunk/laws/any_facade.h"
#include "scenarios/chunk/laws/laws.h"
#include "scenarios/common/must.h"

namespace copycost::chunk {
namespace {

constexpr std::uint64_t kSeed = 1;  // where the cuts are: the same in every run and for every design
constexpr std::uint64_t kPieceMax = 64 * 1024;
constexpr std::uint64_t kBatchBytes = 4 * 1024 * 1024;  // of one row: what a design must hold at once

std::string place_in(const input_file& in, std::uint64_t offset) {
  return in.name + ": at byte " + std::to_string(offset) + ": ";
}

// One piece of the file as a chunk, made in one of three ways.
any_chunk made(facade& f, const input_file& in, place at, bytes_view bytes, rng& random) {
  const std::string where = place_in(in, at.offset);
  switch (random.below(3)) {
    case 0: {
      any_builder b = must(where, f.build(at, bytes.size() / 2));
      must(where, b.write(bytes.first(bytes.size() / 3)));
      must(where, b.write(bytes.subspan(bytes.size() / 3)));
      return must(where, f.seal(std::move(b)));
    }
    case 1:
      return must(where, f.adopt(at, foreign_bytes::from_vector({bytes.begin(), bytes.end()})));
    default:
      return must(where, f.copy(at, bytes));
  }
}

// The same chunk after being sliced in two and, sometimes, put together again.
void push_parts(facade& f, const input_file& in, any_chunk c, any_sequence& row, rng& random) {
  const std::string where = place_in(in, c.at().offset);
  auto parts = must(where, f.split_at(c, static_cast<std::size_t>(random.below(c.size() + 1))));
  if (random.below(2) == 0) {
    must(where, f.append(parts.first, parts.second));
    must(where, row.push(std::move(parts.first)));
  } else {
    must(where, row.push(std::move(parts.first)));
    must(where, row.push(std::move(parts.second)));
  }
}

// Compares what comes back out of the design with the file, byte by byte.
class reader {
 public:
  explicit reader(const input_file& in) : in_(in) {}

  // The bytes of a row, in pieces that have nothing to do with how it was made: slices and copies across boundaries.
  void read_bytes(const any_sequence& row, rng& random) {
    for (std::uint64_t pos = 0; pos < row.size();) {
      const std::uint64_t n = std::min(random.between(1, kPieceMax), row.size() - pos);
      const any_chunk piece = must(place_in(in_, end_), row.cut(pos, pos + n));
      if (piece.at().offset != end_)
        throw wrong(end_, "the design puts it at byte " + std::to_string(piece.at().offset));
      check(end_, piece.view());
      sum_.add(piece.view());
      end_ += piece.size();
      pos += n;
    }
  }

  // The lines of the same row. A line that the end of the row cuts off counts where it ends.
  void read_lines(const any_sequence& row, bool last) {
    std::uint64_t next = row.end_offset() - row.size();
    for (const any_chunk& line : must(place_in(in_, next), row.lines())) {
      if (line.at().offset != next)
        throw wrong(next, "the next line begins at byte " + std::to_string(line.at().offset));
      check(next, line.view());
      next += line.size();
      const bool ends = next < row.end_offset();
      if (ends) check(next++, std::as_bytes(std::span("\n", 1)));
      if (ends || last) ++lines_;
    }
    if (next != row.end_offset()) throw wrong(next, "there is no line for what follows");
  }

  input_result result() { return {sum_.hex(), {{"bytes", end_}, {"lines", lines_}}}; }

 private:
  failure wrong(std::uint64_t at, const std::string& what) const {
    return {exit_code::incorrect, in_.name + ": at byte " + std::to_string(at) + ": " + what};
  }
  void check(std::uint64_t at, bytes_view bytes) const {
    const bytes_view rest = bytes_view(in_.bytes).subspan(static_cast<std::size_t>(at));
    if (bytes.size() > rest.size() || !same_bytes(bytes, rest.first(bytes.size())))
      throw wrong(at, "what the design gives back is not what the file holds");
  }

  const input_file& in_;
  sha256 sum_;
  std::uint64_t end_ = 0, lines_ = 0;
};

// [begin, end) of the file through a fresh context.
void verify_batch(facade_maker make, const input_file& in, std::uint64_t begin, std::uint64_t end, rng& random,
                  reader& out) {
  const auto f = design_of<facade>(make);
  const auto row = f->sequence();
  const stream_id stream = f->intern(in.name);
  std::uint64_t at = begin;
  do {  // once for an empty file too: an empty chunk is a chunk
    const std::uint64_t size = std::min(random.between(1, kPieceMax), end - at);
    const bytes_view piece = bytes_view(in.bytes).subspan(static_cast<std::size_t>(at), static_cast<std::size_t>(size));
    push_parts(*f, in, made(*f, in, {stream, at}, piece, random), *row, random);
    at += size;
  } while (at < end);
  out.read_bytes(*row, random);
  out.read_lines(*row, end == in.bytes.size());
}

}  // namespace

input_result verify_input(facade_maker make, const input_file& in) {
  reader out(in);
  rng random(kSeed);
  std::uint64_t begin = 0;
  do {
    const std::uint64_t end = std::min<std::uint64_t>(in.bytes.size(), begin + kBatchBytes);
    verify_batch(make, in, begin, end, random, out);
    begin = end;
  } while (begin < in.bytes.size());
  return out.result();
}

}  // namespace copycost::chunk
