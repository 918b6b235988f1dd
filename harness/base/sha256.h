// SPDX-License-Identifier: Apache-2.0
//
// SHA-256 (FIPS 180-4), incremental: the digest of `verify --input`, over a canonical form that a system's README
// defines.
//
// Lifetime: a value that is moved and not copied.
// Threads: one at a time.
// Cost: OpenSSL's, some 2 GB/s where the processor helps; not for timed code.
// Source: OpenSSL's EVP interface.
#pragma once
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

struct evp_md_ctx_st;

namespace copycost {

class sha256 {
 public:
  sha256();
  void add(std::span<const std::byte> bytes);
  void add(std::string_view text) { add(std::as_bytes(std::span(text.data(), text.size()))); }
  // 64 hexadecimal digits. REQUIRES: called once.
  std::string hex();

 private:
  struct release {
    void operator()(evp_md_ctx_st* context) const;
  };
  std::unique_ptr<evp_md_ctx_st, release> context_;
};

}  // namespace copycost
