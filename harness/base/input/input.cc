// SPDX-License-Identifier: Apache-2.0
#include "harness/base/input/input.h"

#include <atomic>

#include "harness/base/failure.h"
#include "harness/base/sha256.h"

namespace copycost {
namespace {

input_set& current() {
  static input_set inputs;
  return inputs;
}

std::string digest_of(std::span<const std::byte> bytes) {
  sha256 sum;
  sum.add(bytes);
  return sum.hex();
}

}  // namespace

input_file input_of_sealed(std::string name, std::shared_ptr<const sealed_bytes> held) {
  static std::atomic<std::uint64_t> readings{0};
  input_file in;
  in.name = std::move(name);
  in.format = "plain";
  in.number = ++readings;
  in.held = std::move(held);
  in.bytes = in.held->view();
  in.sha256 = digest_of(in.bytes);
  return in;
}

input_file input_of_bytes(std::string name, std::span<const std::byte> bytes, bool directory) {
  sealed_writer to(bytes.size());
  to.add(bytes);
  input_file in = input_of_sealed(std::move(name), to.seal());
  if (directory) {
    in.directory = true;
    in.format = "directory";
  }
  return in;
}

std::string needs_file(const input_file& in) {
  return in.directory ? in.name + ": a directory, expected a file" : std::string();
}

void input_set::add(std::string system, input_file file) {
  for (const entry& e : entries_)
    if (e.system == system)
      throw failure(exit_code::usage,
                    "--input " + file.name + ": expected one input" + (system.empty() ? "" : " for " + system));
  entries_.push_back({std::move(system), std::move(file)});
}

const input_file* input_set::of(std::string_view system) const {
  const input_file* found = nullptr;
  for (const entry& e : entries_)
    if (e.system == system || (e.system.empty() && found == nullptr)) found = &e.file;
  return found;
}

std::vector<int> input_set::descriptors() const {
  std::vector<int> out;
  for (const entry& e : entries_) out.push_back(e.file.held->fd());
  return out;
}

const input_set& current_inputs() { return current(); }
const input_file* current_input(std::string_view system) { return current().of(system); }
void set_input(input_set inputs) { current() = std::move(inputs); }

}  // namespace copycost
