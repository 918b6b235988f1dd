// SPDX-License-Identifier: Apache-2.0
#include "impls/event_store/common/segment_files.h"

namespace copycost::event_store {
result<std::unique_ptr<segment_files>> segment_files::open(const store_options&, recovery_sink&, recovery&) {
  return error{.code = errc::io_failed};
}
result<void> segment_files::write(std::span<const bytes_view>, sequence, std::size_t) { return {}; }
result<void> segment_files::sync() { return {}; }
result<void> segment_files::keep_from(sequence) { return {}; }
bool segment_files::has_file_before(sequence) const { return false; }
std::uint64_t segment_files::files() const { return 0; }
std::uint64_t segment_files::syncs() const { return 0; }
}  // namespace copycost::event_store
