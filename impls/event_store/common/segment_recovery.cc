// SPDX-License-Identifier: Apache-2.0
#include "impls/event_store/common/segment_recovery.h"

#include <algorithm>

namespace copycost::event_store {

result<directory_content> look_into(disk& on, const std::string& dir) {
  std::vector<std::string> names;
  if (const int failed = on.list(dir, names); failed != 0) return file_error(failed);
  directory_content there;
  for (const std::string& name : names) {
    if (name == kMarkName) there.has_mark = true;
    if (const auto first = first_of(name)) there.firsts.push_back(*first);
    const std::string_view made =
        std::string_view(name).substr(0, name.size() - std::min(name.size(), kUnfinished.size()));
    if (name.ends_with(kUnfinished) && (made == kMarkName || first_of(made)))
      if (const int failed = on.remove(path_of(dir, name)); failed != 0) return file_error(failed);
  }
  std::ranges::sort(there.firsts);
  return there;
}

namespace {

// One pass over the records of a file, from header to end. torn_at says what was read, at says what is there.
class segment_reader {
 public:
  segment_reader(disk_file& file, sequence from, recovery_sink& sink) : file_(file), sink_(sink), from_(from) {}

  result<reading> run(sequence first) {
    is_.size = file_.size();
    std::array<std::byte, kFileHeader> front;
    std::size_t got = 0;
    if (const int failed = file_.read(0, front, got); failed != 0) return file_error(failed);
    const auto header = decode_header(bytes_view(front).first(got), first);
    if (!header.ok()) return header.error();
    is_.at = is_.torn_at = kFileHeader;
    is_.next = is_.torn = first;
    is_.last_id = header->before;
    while (is_.torn_at < is_.size && !stopped_)
      if (const auto fine = read_some(); !fine.ok()) return fine.error();
    return is_;
  }

 private:
  // Fills the room that the sink has, and takes every record that is whole.
  result<void> read_some() {
    const auto room = sink_.room(need_);
    if (!room.ok()) return room.error();
    const std::span<std::byte> into = room->first(std::min<std::uint64_t>(room->size(), is_.size - is_.torn_at));
    std::size_t got = 0;
    if (const int failed = file_.read(is_.torn_at, into, got); failed != 0) return file_error(failed);
    if (got < into.size()) is_.size = is_.torn_at + got;  // it has become shorter since it was opened
    bytes_view rest = into.first(got);
    const bool to_the_end = is_.torn_at + got == is_.size;
    need_ = kRecordHeader;
    while (!rest.empty() && (rest.size() >= kRecordHeader || to_the_end)) {
      std::size_t size = 0;
      const found state = look(rest, size);
      if (state == found::partial && size > 0 && is_.torn_at + size <= is_.size) {
        need_ = size;
        return result<void>();
      }
      if (state != found::whole || event_view(rest.data()).seq() != is_.torn) {
        stopped_ = true;
        return result<void>();
      }
      const ulid id = event_view(rest.data()).id();
      const bool wanted = is_.torn >= from_, more = event_view(rest.data()).more();
      if (wanted && !sink_.take(size)) {
        need_ = size;
        return result<void>();
      }
      is_.torn_at += size;
      ++is_.torn;
      if (!more) {
        is_.at = is_.torn_at;
        is_.next = is_.torn;
        is_.last_id = id;
      }
      rest = rest.subspan(size);
      if (!wanted && is_.torn >= from_) break;  // what stays must be at the front of the room
    }
    return {};
  }

  disk_file& file_;
  recovery_sink& sink_;
  const sequence from_;
  reading is_;
  std::size_t need_ = kRecordHeader;
  bool stopped_ = false;
};

// Whether the head of a record that may stand here says that event `next` was on the disk. Answers how far to go on.
struct trace {
  bool found;
  std::size_t step;
};
trace trace_of(bytes_view head, sequence next, std::uint64_t records) {
  std::size_t size = 0;
  (void)look(head, size);
  if (size == 0) return {false, 8};  // no head
  const event_view e(head.data());
  const bool later = e.seq() > next && e.seq() - next <= records;
  return {later && e.behind() != 0xFFFF && e.seq() - e.behind() > next, size};
}

}  // namespace

result<reading> read_segment(disk_file& file, sequence first, sequence from, recovery_sink& sink) {
  return segment_reader(file, from, sink).run(first);
}

// Records begin at multiples of 8. What is inside of a record that has a right head is its payload, whatever it looks
// like.
result<bool> was_on_disk(disk_file& file, const reading& stopped) {
  constexpr std::size_t kWindow = std::size_t{1} << 20;
  std::vector<std::byte> window(std::min<std::uint64_t>(kWindow, stopped.size - stopped.at));
  const std::uint64_t records = (stopped.size - stopped.at) / kRecordHeader;
  for (std::uint64_t at = stopped.at; at + kRecordHeader <= stopped.size;) {
    std::size_t got = 0;
    if (const int failed = file.read(at, window, got); failed != 0) return file_error(failed);
    if (got < kRecordHeader) break;
    std::size_t i = 0;
    while (i + kRecordHeader <= got) {
      const trace t = trace_of(bytes_view(window).subspan(i, kRecordHeader), stopped.next, records);
      if (t.found) return true;
      i += t.step;
    }
    at += i;
  }
  return false;
}

}  // namespace copycost::event_store
