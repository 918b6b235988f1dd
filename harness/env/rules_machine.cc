// SPDX-License-Identifier: Apache-2.0
//
// What the machine is, and how it is set.
#include <fmt/format.h>

#include "harness/env/rule.h"

namespace copycost::env::rule {

check governor(const symptoms& s) {
  const std::string& found = s.machine.governor;
  if (found == "performance") return ok("governor", found);
  if (is_unknown(found)) {
    return warn("governor", "unknown: the kernel shows no frequency control, so the frequency may change unseen",
                "on a virtual machine this belongs to the host; compare only within one launch");
  }
  return warn("governor", found + ": the frequency follows the load, so short cells run slower than long ones",
              "sudo cpupower frequency-set -g performance");
}

check turbo(const symptoms& s) {
  const std::string& found = s.machine.turbo;
  if (found == "off") return ok("turbo", found);
  if (is_unknown(found)) {
    return warn("turbo", "unknown: the frequency may depend on temperature and on what the other cores do",
                "on a virtual machine this belongs to the host; compare only within one launch");
  }
  return warn("turbo", "on: the frequency depends on temperature and on what the other cores do",
              "echo 1 | sudo tee /sys/devices/system/cpu/intel_pstate/no_turbo, or "
              "echo 0 | sudo tee /sys/devices/system/cpu/cpufreq/boost");
}

check smt(const symptoms& s) {
  const std::string& found = s.machine.smt;
  if (found == "off") return ok("smt", found);
  if (is_unknown(found)) {
    return warn("smt", "unknown: two processors may be one core, which halves a cell when both are busy",
                "look at lscpu --extended");
  }
  return warn("smt", "on: a cell slows down when something runs on the other half of its core",
              "echo off | sudo tee /sys/devices/system/cpu/smt/control, or leave the siblings idle with taskset");
}

// Launches are compared because each has its own layout; without randomisation they all have the same one.
check aslr(const symptoms& s) {
  const std::string& found = s.machine.aslr;
  if (found == "on") return ok("aslr", found);
  return warn("aslr", found + ": launches may share one memory layout, so intervals leave out the bias of that layout",
              "sudo sysctl kernel.randomize_va_space=2, and do not start under setarch -R or a debugger");
}

check thp(const symptoms& s) {
  const std::string& found = s.machine.thp;
  if (found == "madvise" || found == "never") return ok("thp", found);
  return warn("thp", found + ": large blocks may get huge pages in one launch and not in the next",
              "echo madvise | sudo tee /sys/kernel/mm/transparent_hugepage/enabled");
}

check numa(const symptoms& s) {
  const unsigned nodes = s.machine.numa_nodes;
  if (nodes == 1) return ok("numa", "1 node");
  if (nodes == 0) return warn("numa", "unknown: memory may be remote", "look at numactl --hardware");
  return warn("numa", fmt::format("{} nodes: memory of another node is slower, and placement changes by launch", nodes),
              "numactl --cpunodebind=0 --membind=0 copycost ...");
}

check virtual_machine(const symptoms& s) {
  const std::string& found = s.machine.virtual_machine;
  if (found == "no") return ok("virtual_machine", found);
  return warn("virtual_machine",
              found + ": the host moves the processors about, so times across cores and wake-ups vary",
              "trust ratios within a launch; measure on the bare machine for absolute times");
}

check cores(const symptoms& s) {
  const unsigned usable = s.machine.cores_usable ? s.machine.cores_usable : s.machine.cores_online;
  if (usable == 0) return warn("cores", "unknown", "look at nproc");
  if (usable == 1) {
    return bad("cores", "1 usable: two threads never run at once, so nothing is seen of contention",
               "use a machine, or an affinity mask, with more processors");
  }
  if (usable < 4) {
    return warn("cores",
                fmt::format("{} usable: contention beyond {} threads is not seen, and two roles leave no core "
                            "for the rest of the system",
                            usable, usable),
                "measure fan-out and contention on a larger machine");
  }
  return ok("cores", fmt::format("{} usable", usable));
}

}  // namespace copycost::env::rule
