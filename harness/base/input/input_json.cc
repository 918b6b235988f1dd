// SPDX-License-Identifier: Apache-2.0
#include "harness/base/failure.h"
#include "harness/base/input/input.h"

namespace copycost {

json input_set::record() const {
  json out = json::array{};
  for (const auto& [system, file] : entries_) {
    json one = json::of({{"name", file.name},
                         {"format", file.format},
                         {"bytes", std::uint64_t{file.bytes.size()}},
                         {"sha256", file.sha256}});
    if (!system.empty()) one.set("system", system);
    out.push(std::move(one));
  }
  return out;
}

json input_set::hand_over() const {
  json out = json::array{};
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    json one = record().items()[i];
    out.push(one.set("directory", entries_[i].file.directory).set("fd", entries_[i].file.held->fd()));
  }
  return out;
}

input_set input_set::taken_over(const json& said) {
  input_set out;
  for (const json& one : said.items()) {
    const std::int64_t fd = one["fd"].integer(-1);
    std::shared_ptr<const sealed_bytes> held;
    for (const entry& e : out.entries_)  // two systems may have the same
      if (e.file.held->fd() == fd) held = e.file.held;
    if (held == nullptr) held = std::make_shared<const sealed_bytes>(static_cast<int>(fd));
    input_file in = input_of_sealed(std::string(one["name"].text()), std::move(held));
    in.directory = one["directory"].boolean();
    in.format = one["format"].text();
    if (in.sha256 != one["sha256"].text())
      throw failure(exit_code::internal, in.name + ": not the bytes that were judged: expected the digest " +
                                             std::string(one["sha256"].text()));
    out.add(std::string(one["system"].text()), std::move(in));
  }
  return out;
}

}  // namespace copycost
