// SPDX-License-Identifier: Apache-2.0
#include "scenarios/raft/wire/encode.h"

namespace copycost::raft {
namespace {

std::size_t unknown_size(std::uint32_t where, std::span<const unknown_field> unknown) {
  std::size_t n = 0;
  for (const unknown_field& u : unknown)
    if (u.where == where) n += u.bytes.size();
  return n;
}

}  // namespace

std::size_t encoded_size_with_unknown(const entry_view& e, std::uint32_t index,
                                      std::span<const unknown_field> unknown) {
  return encoded_size(e, index, {}) + unknown_size(index, unknown);
}

std::size_t encoded_size_of_metadata(const snapshot_view& s, std::span<const unknown_field> unknown) {
  return detail::bytes_size(s.metadata_has, metadata_field::conf_state, s.conf_state.size()) +
         detail::number_size(s.metadata_has, metadata_field::index, s.index) +
         detail::number_size(s.metadata_has, metadata_field::term, s.term) +
         unknown_size(unknown_field::kOfMetadata, unknown);
}

std::size_t encoded_size(const snapshot_view& s, std::span<const unknown_field> unknown) {
  std::size_t n = detail::bytes_size(s.has, snapshot_field::data, s.data.size()) +
                  unknown_size(unknown_field::kOfSnapshot, unknown);
  if ((s.has & bit(snapshot_field::metadata)) != 0) {
    const std::size_t size = encoded_size_of_metadata(s, unknown);
    n += 1 + wire::varint_size(size) + size;
  }
  return n;
}

}  // namespace copycost::raft
