// SPDX-License-Identifier: Apache-2.0
#include "impls/event_store/common/segment_files.h"

#include <algorithm>
#include <cerrno>
#include <utility>

namespace copycost::event_store {

result<std::unique_ptr<segment_files>> segment_files::open(const store_options& o, recovery_sink& sink,
                                                           recovery& found) {
  disk& on = o.files != nullptr ? *o.files : real_disk();
  std::unique_ptr<segment_files> files(new segment_files(o, on));
  if (const auto locked = files->lock_dir(); !locked.ok()) return locked.error();
  auto there = look_into(on, o.dir);
  if (!there.ok()) return there.error();
  if (const auto fine = files->take_over(there.value(), sink, found); !fine.ok()) return fine.error();
  files->files_ = files->firsts_.size();
  return files;
}

result<void> segment_files::lock_dir() {
  std::vector<std::string> names;
  if (disk_.list(dir_, names) == ENOENT) {
    if (const int failed = disk_.make_dir(dir_); failed != 0) return file_error(failed);
    const std::size_t slash = dir_.find_last_of('/');
    const std::string above = slash == std::string::npos ? "." : slash == 0 ? "/" : dir_.substr(0, slash);
    if (const int failed = disk_.sync_dir(above); failed != 0) return sync_error(failed);
  }
  const int failed = disk_.lock(dir_, lock_);
  if (failed == EWOULDBLOCK) return error{.code = errc::locked};
  if (failed != 0) return file_error(failed);
  return {};
}

// A store without events: a file, then the mark. A crash in between leaves a file without records.
result<void> segment_files::make_new(sequence first, bool has_file) {
  if (!has_file)
    if (const auto made = add_file(first); !made.ok()) return made;
  auto mark = start_mark::make(disk_, dir_, first);
  if (!mark.ok()) return mark.error();
  mark_ = std::move(mark).value();
  return {};
}

result<void> segment_files::take_over(const directory_content& there, recovery_sink& sink, recovery& found) {
  end_ = synced_ = found.end = there.firsts.empty() ? options_.first : there.firsts.front();
  if (!there.has_mark && there.firsts.empty()) return make_new(options_.first, false);
  if (there.has_mark) {
    auto mark = start_mark::open(disk_, dir_);
    if (!mark.ok()) return mark.error();
    mark_ = std::move(mark).value();
  }
  const sequence first = mark_ ? mark_->first() : there.firsts.front();
  if (there.firsts.empty() || there.firsts.front() > first)
    return error{.code = errc::missing_segment,
                 .seq = first,
                 .expected = there.firsts.empty() ? first + 1 : there.firsts.front()};
  firsts_.assign(there.firsts.begin(), there.firsts.end());  // not payload: numbers
  forget_files_before(first);
  end_ = firsts_.front();
  sink.start(first);
  for (const sequence file : firsts_)
    if (const auto fine = read_file(file, first, sink, found); !fine.ok()) return fine;
  if (!mark_ && (firsts_.size() > 1 || end_ != first))
    return error{.code = errc::missing_segment, .seq = kStart, .expected = first};
  if (found.cut_bytes > 0)
    if (const auto cut = cut_back(); !cut.ok()) return cut;
  // What the process before has written may be in the machine's memory only, and so may the file's name be.
  if (const auto done = sync(); !done.ok()) return done;
  if (const int failed = disk_.sync_dir(dir_); failed != 0) return refuse(sync_error(failed));
  found.end = end_;
  found.last_id = last_id_;
  return mark_ ? result<void>() : make_new(first, true);
}

// The events of one file, behind those of the files before.
result<void> segment_files::read_file(sequence file, sequence first, recovery_sink& sink, recovery& found) {
  if (file > end_) return error{.code = errc::missing_segment, .seq = end_, .expected = file};
  if (file < end_) return error{.code = errc::corrupt_record, .seq = file, .at = 0};
  if (const int failed = disk_.open(path_of(dir_, file_name(file)), false, last_); failed != 0)
    return file_error(failed);
  const auto is = read_segment(*last_, file, first, sink);
  if (!is.ok()) return is.error();
  end_ = is->next;
  bytes_ = is->at;
  last_id_ = is->last_id;
  const bool is_last = file == firsts_.back();
  if (is->at < is->size) {
    bool damaged = !is_last || is->next < first;
    if (!damaged) {
      const auto was = was_on_disk(*last_, is.value());
      if (!was.ok()) return was.error();
      damaged = was.value();
    }
    if (damaged) return error{.code = errc::corrupt_record, .seq = is->torn, .at = is->torn_at};
    sink.give_back(is->next);
    found.cut_bytes = is->size - is->at;
    found.cut_before = is->next;
    torn_ = true;
  } else if (is_last && is->next < first) {
    return error{.code = errc::missing_segment, .seq = is->next, .expected = first};
  }
  return {};
}

result<void> segment_files::add_file(sequence first) {
  const auto header = encode({.first = first, .created_ms = options_.now_ms(), .before = last_id_});
  auto made = make_file(disk_, dir_, file_name(first), header);
  if (!made.ok()) {
    if (made.error().code == errc::sync_failed) return refuse(made.error());
    return made.error();
  }
  last_ = std::move(made).value();
  bytes_ = kFileHeader;
  reserved_ = 0;
  torn_ = false;
  firsts_.push_back(first);
  files_.store(firsts_.size(), std::memory_order_relaxed);
  return {};
}

result<void> segment_files::write(std::span<const bytes_view> pieces, sequence first, std::size_t events,
                                  const ulid& last) {
  if (refuses_) return *refuses_;
  if (torn_)
    if (const auto mended = cut_back(); !mended.ok()) return mended;
  std::uint64_t bytes = 0;
  for (const bytes_view p : pieces) bytes += p.size();
  if (bytes_ > kFileHeader && bytes_ + bytes > options_.file_bytes) {
    if (const auto done = sync(); !done.ok()) return done;
    if (const auto made = add_file(first); !made.ok()) return made;
  }
  reserve(bytes_ + bytes);
  if (const int failed = last_->write(bytes_, pieces); failed != 0) {
    torn_ = true;
    (void)cut_back();  // an error is found again by the next write
    return file_error(failed);
  }
  bytes_ += bytes;
  end_ = first + events;
  last_id_ = last;
  return {};
}

// Room for what follows, as much as there is and no more than a few MiB: a sync has then no blocks to find, which is a
// tenth to a quarter of its time on ext4. Where the last file ends early, what is left over stays taken.
void segment_files::reserve(std::uint64_t size) {
  constexpr std::uint64_t kLeast = std::uint64_t{64} << 10, kMost = std::uint64_t{4} << 20;
  if (size <= reserved_) return;
  reserved_ = std::max(size, std::min<std::uint64_t>(size + std::clamp(size, kLeast, kMost), options_.file_bytes));
  last_->reserve(reserved_);
}

// Nothing may stay behind the end: whole records there would be taken for events, although no append wrote them.
result<void> segment_files::cut_back() {
  if (const int failed = last_->resize(bytes_); failed != 0) return file_error(failed);
  if (const int failed = last_->sync(); failed != 0) return refuse(sync_error(failed));
  torn_ = false;
  return {};
}

result<void> segment_files::begin_sync(std::uint64_t bytes) {
  if (refuses_) return *refuses_;
  if (const int failed = last_->begin_sync(bytes_ - bytes, bytes); failed != 0) return refuse(sync_error(failed));
  return {};
}

result<void> segment_files::sync() {
  if (refuses_) return *refuses_;
  if (const int failed = last_->sync(); failed != 0) return refuse(sync_error(failed));
  syncs_.fetch_add(1, std::memory_order_relaxed);
  synced_ = end_;
  return {};
}

result<void> segment_files::keep_from(sequence before) {
  if (refuses_) return *refuses_;
  if (before <= mark_->first()) return {};
  if (before > synced_)
    if (const auto done = sync(); !done.ok()) return done;
  if (const auto moved = mark_->move(before); !moved.ok()) {
    if (moved.error().code == errc::sync_failed) return refuse(moved.error());
    return moved;
  }
  forget_files_before(before);
  return {};
}

result<void> segment_files::remove_files_before(sequence before) {
  std::size_t n = 0;
  while (n + 1 < firsts_.size() && firsts_[n + 1] <= before) ++n;
  return n == 0 ? result<void>() : keep_from(firsts_[n]);
}

// The mark says already that they are not needed: in what order they go, and whether after a crash they are gone, does
// not matter. One that cannot be removed is tried again.
void segment_files::forget_files_before(sequence first) {
  while (firsts_.size() > 1 && firsts_[1] <= first) {
    const int failed = disk_.remove(path_of(dir_, file_name(firsts_.front())));
    if (failed != 0 && failed != ENOENT) break;
    firsts_.pop_front();
  }
  files_.store(firsts_.size(), std::memory_order_relaxed);
}

}  // namespace copycost::event_store
