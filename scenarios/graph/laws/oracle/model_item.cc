// SPDX-License-Identifier: Apache-2.0
#include "scenarios/graph/laws/oracle/model_item.h"

#include <algorithm>

namespace copycost::graph::oracle {

result<void> may_make(const model_meta& meta, std::uint64_t size) {
  if (size > kItemMax) return error{errc::too_large, 0, kItemMax, size};
  if (meta.headers.size() > kHeadersMax) return error{errc::too_many_headers, 0, kHeadersMax, meta.headers.size()};
  return {};
}

result<model_item> made(const model_meta& meta, bytes_view bytes) {
  if (const auto may = may_make(meta, bytes.size()); !may) return may.error();
  return model_item{meta, {bytes.begin(), bytes.end()}};
}

result<model_item> part(const model_item& of, std::uint64_t pos, std::uint64_t len, const model_meta& meta) {
  if (const auto may = may_make(meta, 0); !may) return may.error();
  const std::uint64_t size = of.bytes.size();
  if (pos > size) return error{errc::out_of_range, pos, size, 0};
  if (len > size - pos)  // names the first position that is not there, or the last number where that does not fit
    return error{errc::out_of_range, len > ~std::uint64_t{0} - pos ? ~std::uint64_t{0} : pos + len, size, 0};
  return made(meta, bytes_view(of.bytes).subspan(pos, len));
}

std::string difference(const model_item& seen, const model_item& expected) {
  if (seen.meta.source != expected.meta.source)
    return "source '" + seen.meta.source + "', expected '" + expected.meta.source + "'";
  if (seen.meta.key != expected.meta.key)
    return "key " + std::to_string(seen.meta.key) + ", expected " + std::to_string(expected.meta.key);
  const auto &headers = seen.meta.headers, &wanted = expected.meta.headers;
  if (headers.size() != wanted.size())
    return std::to_string(headers.size()) + " headers, expected " + std::to_string(wanted.size());
  const auto other = std::ranges::mismatch(headers, wanted).in1 - headers.begin();
  if (const auto i = static_cast<std::size_t>(other); i < headers.size())
    return "header " + std::to_string(i) + " is " + headers[i].first + '=' + headers[i].second + ", expected " +
           wanted[i].first + '=' + wanted[i].second;
  if (seen.bytes.size() != expected.bytes.size())
    return std::to_string(seen.bytes.size()) + " bytes, expected " + std::to_string(expected.bytes.size());
  const auto at = std::ranges::mismatch(seen.bytes, expected.bytes).in1 - seen.bytes.begin();
  if (const auto i = static_cast<std::size_t>(at); i < seen.bytes.size())
    return "byte " + std::to_string(i) + " of " + std::to_string(seen.bytes.size()) + " is " +
           std::to_string(std::to_integer<unsigned>(seen.bytes[i])) + ", expected " +
           std::to_string(std::to_integer<unsigned>(expected.bytes[i]));
  return {};
}

}  // namespace copycost::graph::oracle
