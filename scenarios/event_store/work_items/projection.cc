// SPDX-License-Identifier: Apache-2.0
#include "scenarios/event_store/work_items/projection.h"

#include "harness/base/sha256.h"

namespace copycost::event_store {
namespace {
constexpr std::uint32_t kMagic = 0x50455343u;  // "CSEP"
constexpr std::uint32_t kVersion = 1;
}  // namespace

result<void> projection::apply(const event_view& e) {
  if (last_ != kStart && e.seq() <= last_)
    return error{.code = errc::wrong_expected_version, .seq = last_, .expected = e.seq() - 1};
  last_ = e.seq();
  ++events_;
  of_ours_ += e.what() != kind::other;
  alive_.apply(e);
  entities_.apply(e);
  auto done = items_.apply(e);
  refused_ += !done.ok();
  return done;
}

std::string projection::save() const {
  std::string bytes;
  flat_writer to(bytes);
  to.number(kMagic);
  to.number(kVersion);
  to.number(last_);
  to.number(events_);
  to.number(refused_);
  to.number(of_ours_);
  items_.save(to);
  alive_.save(to);
  entities_.save(to);
  return bytes;
}

result<projection> projection::restore(bytes_view saved) {
  flat_reader from(saved);
  const auto magic = from.number<std::uint32_t>(), version = from.number<std::uint32_t>();
  if (magic != kMagic) return error{.code = errc::foreign_file, .got = magic};
  if (version != kVersion) return error{.code = errc::unsupported_version, .expected = kVersion, .got = version};
  projection p;
  p.last_ = from.number<std::uint64_t>();
  p.events_ = from.number<std::uint64_t>();
  p.refused_ = from.number<std::uint64_t>();
  p.of_ours_ = from.number<std::uint64_t>();
  p.items_ = work_items::restored(from);
  p.alive_ = living::restored(from);
  p.entities_ = tallies::restored(from);
  if (const auto at = from.fault()) return error{.code = errc::invalid_body, .seq = p.last_, .at = *at};
  return p;
}

std::string projection::digest() const {
  sha256 sum;
  sum.add(std::string_view(save()));
  return sum.hex();
}

}  // namespace copycost::event_store
