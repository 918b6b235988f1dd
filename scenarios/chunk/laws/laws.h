// SPDX-License-Identifier: Apache-2.0
//
// What the judge asks of every chunk design: the laws, and what it makes of a real file.
//
// Threads: safe; immutable tables.
#pragma once
#include <span>
#include <string>

#include "harness/judge/law.h"

namespace copycost::chunk {

// All laws, in the order of laws/*.cc. VALID UNTIL: the program ends.
std::span<const law> laws();

// Reads `in` as one byte stream through the design: cut into chunks of random sizes (the same cuts every time), each
// built, adopted or copied, sliced, put together again and read back as lines. Answers the counts `bytes` and `lines`
// (lines end with '\n'; an unterminated last one counts), and the SHA-256 of the bytes as they come out of the design,
// which is that of the unpacked file. Any file is of the form.
// Throws failure{incorrect} when the design refuses an operation that must succeed, or loses or changes a byte.
input_result verify_input(facade_maker make, const input_file& in);

// Reads `in` as encoded chunks, one behind the other (codec.h), decodes each in both ways and encodes it again. Answers
// the counts `bytes` of payload and `chunks`, and the SHA-256 of the encoded bytes as they come out of the design,
// which is that of the unpacked file. Throws failure{usage} with the position when the file is not of that form, and
// failure{incorrect} when the design changes a byte.
input_result verify_encoded(facade_maker make, const input_file& in);
inline constexpr input_check kVerifyEncoded = &verify_encoded;

// Any file will do.
inline std::string refuses_input(const input_file& in) { return needs_file(in); }
inline void check_input(const input_file&) {}
inline constexpr directory_reader kReadDirectory = nullptr;

}  // namespace copycost::chunk
