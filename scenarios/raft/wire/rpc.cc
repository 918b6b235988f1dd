// SPDX-License-Identifier: Apache-2.0
#include "scenarios/raft/wire/rpc.h"

#include <bit>
#include <cstring>

#include "harness/ledger/witness/counters.h"
#include "scenarios/common/utf8.h"

namespace copycost::raft {
namespace {

static_assert(std::endian::native == std::endian::little, "lengths are read and written as they lie in memory");
constexpr std::size_t kLength = 8;

bytes_view bytes_of(std::string_view s) { return std::as_bytes(std::span(s.data(), s.size())); }

struct writer {
  std::byte* at;
  void flag(bool b) { *at++ = static_cast<std::byte>(b); }
  void length(std::uint64_t n) {
    std::memcpy(at, &n, sizeof n);
    at += sizeof n;
  }
  void sized(bytes_view v) {
    length(v.size());
    counted_copy(at, v.data(), v.size());
    at += v.size();
  }
};

struct reader {
  bytes_view in;
  std::uint64_t base;
  std::size_t at = 0;

  error bad(std::size_t where) const { return {errc::malformed_envelope, base + where, 0, 0}; }
  result<bool> flag() {
    if (at == in.size()) return bad(at);
    const auto v = static_cast<std::uint8_t>(in[at]);
    if (v > 1) return bad(at);
    ++at;
    return v == 1;
  }
  result<bytes_view> sized() {
    std::uint64_t n = 0;
    if (in.size() - at < kLength) return bad(at);
    std::memcpy(&n, in.data() + at, sizeof n);
    if (n > in.size() - at - kLength) return bad(at);
    const bytes_view v = in.subspan(at + kLength, static_cast<std::size_t>(n));
    at += kLength + v.size();
    return v;
  }
  result<std::string_view> text() {
    auto v = sized();
    if (!v) return v.error();
    const std::size_t valid = utf8::valid_prefix(*v);
    if (valid != v->size()) return bad(at - v->size() + valid);
    return std::string_view(reinterpret_cast<const char*>(v->data()), v->size());
  }
  result<void> end() const { return at == in.size() ? result<void>{} : bad(at); }
};

}  // namespace

std::size_t encoded_size(const rpc_request& r) {
  return 3 * kLength + r.service.size() + r.method.size() + r.payload.size();
}
std::size_t encoded_size(const rpc_response& r) {
  return 3 + (r.payload ? kLength + r.payload->size() : 0) + (r.error_text ? kLength + r.error_text->size() : 0);
}

void encode(const rpc_request& r, std::vector<std::byte>& out) {
  out.resize(encoded_size(r));
  writer w{out.data()};
  w.sized(bytes_of(r.service));
  w.sized(bytes_of(r.method));
  w.sized(r.payload);
}

void encode(const rpc_response& r, std::vector<std::byte>& out) {
  out.resize(encoded_size(r));
  writer w{out.data()};
  w.flag(r.success);
  w.flag(r.payload.has_value());
  if (r.payload) w.sized(*r.payload);
  w.flag(r.error_text.has_value());
  if (r.error_text) w.sized(bytes_of(*r.error_text));
}

result<rpc_request> parse_request(bytes_view in, std::uint64_t at) {
  reader r{in, at};
  auto service = r.text();
  if (!service) return service.error();
  auto method = r.text();
  if (!method) return method.error();
  auto payload = r.sized();
  if (!payload) return payload.error();
  if (auto ok = r.end(); !ok) return ok.error();
  return rpc_request{*service, *method, *payload};
}

result<rpc_response> parse_response(bytes_view in, std::uint64_t at) {
  reader r{in, at};
  rpc_response out;
  auto success = r.flag();
  if (!success) return success.error();
  out.success = *success;
  auto has_payload = r.flag();
  if (!has_payload) return has_payload.error();
  if (*has_payload) {
    auto payload = r.sized();
    if (!payload) return payload.error();
    out.payload = *payload;
  }
  auto has_text = r.flag();
  if (!has_text) return has_text.error();
  if (*has_text) {
    auto text = r.text();
    if (!text) return text.error();
    out.error_text = *text;
  }
  if (auto ok = r.end(); !ok) return ok.error();
  return out;
}

}  // namespace copycost::raft
