// SPDX-License-Identifier: Apache-2.0
#include "harness/base/sha256.h"

#include <openssl/evp.h>

#include <array>
#include <new>

#include "harness/base/check.h"

namespace copycost {

void sha256::release::operator()(evp_md_ctx_st* context) const { EVP_MD_CTX_free(context); }

sha256::sha256() : context_(EVP_MD_CTX_new()) {
  if (context_ == nullptr) throw std::bad_alloc();
  COPYCOST_REQUIRE(EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) == 1);
}

void sha256::add(std::span<const std::byte> bytes) {
  COPYCOST_REQUIRE(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1);
}

std::string sha256::hex() {
  std::array<unsigned char, 32> sum{};
  COPYCOST_REQUIRE(EVP_DigestFinal_ex(context_.get(), sum.data(), nullptr) == 1);
  std::string digits;
  for (const unsigned char byte : sum) {
    digits += "0123456789abcdef"[byte >> 4];
    digits += "0123456789abcdef"[byte & 15];
  }
  return digits;
}

}  // namespace copycost
