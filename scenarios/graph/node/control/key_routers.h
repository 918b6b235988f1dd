// SPDX-License-Identifier: Apache-2.0
//
// Routers by key: all items of a key leave on the same output, in the order in which they came.
//
//   key_hash  in --> out[output_of_key(key, n)]
//   key_map   in --> out[map[key]], or "default", or dropped and counted
//
// An item whose output has no reader any more is not sent elsewhere, because that would tear its key's order apart: the
// node answers `closed`, and what runs it counts the item.
//
// Threads: one at a time.
// Cost: a hash an item.
// Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators" (2014), the finisher; constants of
// Stafford's variant 13. Lemire, "Fast random integer generation in an interval" (2019), for the range.
#pragma once
#include <memory>
#include <unordered_map>

#include "harness/base/rng.h"
#include "scenarios/graph/node/control/control_node.h"

namespace copycost::graph {

// The same in every process, build and machine. Every bit of the key counts.
constexpr std::uint64_t hash_of_key(std::uint64_t key) {
  std::uint64_t z = key + 0x9e3779b97f4a7c15;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}
// In [0, outputs). REQUIRES: outputs > 0.
constexpr unsigned output_of_key(std::uint64_t key, unsigned outputs) {
  return static_cast<unsigned>((static_cast<wide>(hash_of_key(key)) * outputs) >> 64);
}

template <design D>
class key_hash final : public control_node<D> {
 public:
  // REQUIRES: 1 <= outputs <= kPortsMax.
  explicit key_hash(unsigned outputs, const std::string& type = kBytes)
      : control_node<D>({{{"in", type}}, numbered_ports("out", outputs, type)}), outputs_(outputs) {
    COPYCOST_REQUIRE(outputs > 0);
  }
  // Errors: those of send().
  result<void> take(unsigned, typename D::item& one, outlet<D>& to) override {
    return to.send(output_of_key(one.meta().key, outputs_), std::move(one));
  }

 private:
  const unsigned outputs_;
};

template <design D>
class key_map final : public control_node<D> {
 public:
  using map = std::unordered_map<std::uint64_t, unsigned>;
  // Key to output, of `outputs` outputs; what else comes goes to one more output, "default", or is dropped and counted.
  // Errors: bad_parameter (a key's output that is not there; at: the key).
  static result<std::unique_ptr<key_map>> make(map outputs_of, unsigned outputs, bool has_default,
                                               const std::string& type = kBytes) {
    for (const auto& [key, output] : outputs_of)
      if (output >= outputs) return error{errc::bad_parameter, key, outputs, output};
    port_list ports{{{"in", type}}, numbered_ports("out", outputs, type)};
    if (has_default) ports.outputs.push_back({"default", type});
    return std::unique_ptr<key_map>(new key_map(std::move(ports), std::move(outputs_of), has_default));
  }
  // Errors: those of send().
  result<void> take(unsigned, typename D::item& one, outlet<D>& to) override {
    const auto found = outputs_of_.find(one.meta().key);
    if (found != outputs_of_.end()) return to.send(found->second, std::move(one));
    if (default_ != kWait) return to.send(default_, std::move(one));
    this->drop(1);
    return {};
  }

 private:
  key_map(port_list ports, map outputs_of, bool has_default)
      : control_node<D>(std::move(ports)),
        outputs_of_(std::move(outputs_of)),
        default_(has_default ? static_cast<unsigned>(this->ports().outputs.size() - 1) : kWait) {}  // fits: ports
  const map outputs_of_;
  const unsigned default_;  // kWait: none
};

}  // namespace copycost::graph
