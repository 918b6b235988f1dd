// SPDX-License-Identifier: Apache-2.0
//
// The envelope of requests and responses (the variant's lowest bit): what is accepted encodes to the same bytes, lies
// in memory that ends where it ends, and an error has a place in it.
#include "scenarios/raft/wire/rpc.h"

#include <cstring>
#include <memory>

#include "property_tests/fuzz/check.h"
#include "property_tests/fuzz/plan.h"
#include "property_tests/fuzz/second_opinion.h"

using copycost::bytes_view;
using copycost::same_bytes;
using namespace copycost::raft;

namespace {

constexpr std::uint64_t kAt = 1000;  // where the payload begins

void is_part(bytes_view part, bytes_view all) {
  FUZZ_CHECK(part.empty() || (part.data() >= all.data() && part.data() + part.size() <= all.data() + all.size()),
             "a view of other bytes");
}
void is_part(std::string_view part, bytes_view all) {
  is_part(std::as_bytes(std::span(part.data(), part.size())), all);
}
void views(const rpc_request& r, bytes_view all) {
  is_part(r.service, all);
  is_part(r.method, all);
  is_part(r.payload, all);
}
void views(const rpc_response& r, bytes_view all) {
  if (r.payload) is_part(*r.payload, all);
  if (r.error_text) is_part(*r.error_text, all);
}

template <class T>
void check(const result<T>& r, bytes_view in) {
  static std::vector<std::byte> again;
  if (!r) {
    const error& e = r.error();
    FUZZ_CHECK(e.code == errc::malformed_envelope && e.at >= kAt && e.at <= kAt + in.size(),
               "an error without a place");
    return;
  }
  views(r.value(), in);
  FUZZ_CHECK(encoded_size(r.value()) == in.size(), "of another size");
  encode(r.value(), again);
  FUZZ_CHECK(same_bytes(again, in), "what was decoded encodes to other bytes");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < fuzz::kPlanBytes) return -1;
  const auto in = std::as_bytes(std::span(data, size)).subspan(fuzz::kPlanBytes);
  const std::unique_ptr<std::byte[]> exact(new std::byte[in.size()]);
  if (!in.empty()) std::memcpy(exact.get(), in.data(), in.size());
  const bytes_view own(exact.get(), in.size());
  if ((data[0] & 0x40) != 0)
    check(parse_response(own, kAt), own);
  else
    check(parse_request(own, kAt), own);
  return 0;
}
