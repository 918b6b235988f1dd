// SPDX-License-Identifier: Apache-2.0
#include "impls/event_store/common/durable_file.h"

#include <algorithm>
#include <cerrno>
#include <utility>

namespace copycost::event_store {

error file_error(int failed) {
  if (failed == ENOSPC || failed == EDQUOT) return {.code = errc::disk_full};
  return {.code = errc::io_failed, .got = static_cast<std::uint64_t>(failed)};
}

namespace {

// A file of this name that was begun before is not in use.
int open_new(disk& on, const std::string& path, std::unique_ptr<disk_file>& file) {
  const int failed = on.open(path, true, file);
  if (failed != EEXIST) return failed;
  if (const int stays = on.remove(path); stays != 0) return stays;
  return on.open(path, true, file);
}

}  // namespace

result<std::unique_ptr<disk_file>> make_file(disk& on, const std::string& dir, std::string_view name,
                                             bytes_view content) {
  const std::string path = path_of(dir, name), unfinished = path + std::string(kUnfinished);
  std::unique_ptr<disk_file> file;
  if (const int failed = open_new(on, unfinished, file); failed != 0) return file_error(failed);
  if (const int failed = file->write(0, {&content, 1}); failed != 0) {
    (void)on.remove(unfinished);  // to give the room back; what stays is removed when the store is opened
    return file_error(failed);
  }
  if (const int failed = file->sync(); failed != 0) return sync_error(failed);
  if (const int failed = on.rename(unfinished, path); failed != 0) return file_error(failed);
  if (const int failed = on.sync_dir(dir); failed != 0) return sync_error(failed);
  return file;
}

result<start_mark> start_mark::make(disk& on, const std::string& dir, sequence first) {
  std::array<std::byte, kMarkPlaces[1] + kMark> content{};
  // not payload: a mark
  for (const std::size_t place : kMarkPlaces) std::ranges::copy(encode_mark(first), content.begin() + place);
  auto file = make_file(on, dir, kMarkName, content);
  if (!file.ok()) return file.error();
  return start_mark(std::move(file).value(), first);
}

result<start_mark> start_mark::open(disk& on, const std::string& dir) {
  std::unique_ptr<disk_file> file;
  if (const int failed = on.open(path_of(dir, kMarkName), false, file); failed != 0) return file_error(failed);
  std::optional<error> wrong;
  std::optional<sequence> first;
  bool same = true;
  for (const std::size_t place : kMarkPlaces) {
    std::array<std::byte, kMark> bytes;
    std::size_t got = 0;
    if (const int failed = file->read(place, bytes, got); failed != 0) return file_error(failed);
    const auto mark = decode_mark(bytes_view(bytes).first(got));
    if (!mark.ok()) {
      if (!wrong) {
        wrong = mark.error();
        wrong->at += place;
      }
      continue;
    }
    same = !first || *first == mark.value();
    first = std::max(first.value_or(0), mark.value());
  }
  if (!first) return *wrong;
  start_mark is(std::move(file), *first);
  if (wrong || !same)
    if (const auto mended = is.move(*first); !mended.ok()) return mended.error();
  return is;
}

result<void> start_mark::move(sequence first) {
  const auto bytes = encode_mark(first);
  const bytes_view piece = bytes;
  for (const std::size_t place : kMarkPlaces) {
    if (const int failed = file_->write(place, {&piece, 1}); failed != 0) return file_error(failed);
    if (const int failed = file_->sync(); failed != 0) return sync_error(failed);
  }
  first_ = first;
  return {};
}

}  // namespace copycost::event_store
