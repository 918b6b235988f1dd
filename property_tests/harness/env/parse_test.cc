// SPDX-License-Identifier: Apache-2.0
// The texts of /proc and /sys, as kernels write them, and what must come out.
#include "harness/env/parse.h"

#include <cmath>

#include "property_tests/catch.h"

using namespace copycost::env;

TEST_CASE("a processor list names every processor, and malformed lists name none") {
  CHECK(parse_cpu_list("0-3,8\n") == std::vector<unsigned>{0, 1, 2, 3, 8});
  CHECK(parse_cpu_list("5") == std::vector<unsigned>{5});
  for (const char* text : {"", "\n", "a", "0-", "-3", "3-1", "0,,2", "0-4000000000", "0 1"}) {
    INFO(text);
    CHECK(parse_cpu_list(text).empty());
  }
}

TEST_CASE("sizes of caches are read in bytes") {
  CHECK(parse_size_bytes("48K\n") == 48u * 1024);
  CHECK(parse_size_bytes("32M") == 32u * 1024 * 1024);
  CHECK(parse_size_bytes("1G") == 1024u * 1024 * 1024);
  CHECK(parse_size_bytes("512") == 512u);
  for (const char* text : {"", "K", "12KB", "-1K", "99999999999999999999", "18446744073709551615G"}) {
    INFO(text);
    CHECK_FALSE(parse_size_bytes(text).has_value());
  }
}

TEST_CASE("the processor's model is found on x86-64 and on AArch64") {
  CHECK(parse_cpu_model("processor\t: 0\nmodel\t\t: 17\nmodel name\t: AMD EPYC 9374F 32-Core Processor\n\n"
                        "processor\t: 1\nmodel name\t: another\n") == "AMD EPYC 9374F 32-Core Processor");
  CHECK(parse_cpu_model("processor\t: 0\nCPU implementer\t: 0x41\nCPU part\t: 0xd0c\n") ==
        "implementer 0x41 part 0xd0c");
  CHECK(parse_cpu_model("processor : 0\n").empty());
  CHECK(parse_cpu_model("").empty());
}

TEST_CASE("memory is read in bytes and only under its own key") {
  const char* text = "MemTotal:       24684096 kB\nMemFree:        24295412 kB\nHugePages_Total:       3\n";
  CHECK(parse_meminfo_bytes(text, "MemTotal") == std::uint64_t{24684096} * 1024);
  CHECK(parse_meminfo_bytes(text, "MemFree") == std::uint64_t{24295412} * 1024);
  CHECK_FALSE(parse_meminfo_bytes(text, "Mem").has_value());
  CHECK_FALSE(parse_meminfo_bytes(text, "HugePages_Total").has_value());
  CHECK_FALSE(parse_meminfo_bytes("MemTotal: 18446744073709551615 kB\n", "MemTotal").has_value());
}

TEST_CASE("the setting in brackets is the one that is chosen") {
  CHECK(parse_chosen("always [madvise] never\n") == "madvise");
  CHECK(parse_chosen("[always] madvise never") == "always");
  CHECK(parse_chosen("always never").empty());
  CHECK(parse_chosen("[always").empty());
}

TEST_CASE("load averages are three numbers or nothing") {
  const auto load = parse_load_average("0.50 1.25 12.00 1/84 4980\n");
  REQUIRE(load.has_value());
  CHECK((*load)[0] == 0.5);
  CHECK((*load)[1] == 1.25);
  CHECK((*load)[2] == 12.0);
  for (const char* text : {"", "0.5 1.2", "0.5 x 1.0", "nan 0 0", "-1 0 0"}) {
    INFO(text);
    CHECK_FALSE(parse_load_average(text).has_value());
  }
}

TEST_CASE("stolen time is a share of the busy time, idle time does not dilute it") {
  // busy: user 60 + nice 10 + system 5 + irq 3 + softirq 2 = 80; steal 20; idle and iowait are large.
  const auto share = parse_steal_share("cpu  60 10 5 100000 900 3 2 20 7 7\ncpu0 1 1 1 1 1 1 1 1 0 0\n");
  REQUIRE(share.has_value());
  CHECK(*share == 0.2);
  CHECK(parse_steal_share("cpu 0 0 0 5 0 0 0 0 0 0\n") == 0.0);
  CHECK_FALSE(parse_steal_share("cpu 1 2 3\n").has_value());
  CHECK_FALSE(parse_steal_share("intr 1 2 3 4 5 6 7 8 9\n").has_value());
  CHECK_FALSE(parse_steal_share("").has_value());
}

TEST_CASE("the path of a control group is found in versions 1 and 2 and in the mix of both") {
  const char* mixed = "9:name=systemd:/\n4:memory:/job/17\n1:cpu,cpuacct:/half\n0::/unified:with:colons\n";
  CHECK(parse_cgroup_path(mixed, "cpu") == "/half");
  CHECK(parse_cgroup_path(mixed, "cpuacct") == "/half");
  CHECK(parse_cgroup_path(mixed, "memory") == "/job/17");
  CHECK(parse_cgroup_path(mixed, "") == "/unified:with:colons");
  CHECK_FALSE(parse_cgroup_path(mixed, "pids").has_value());
  CHECK_FALSE(parse_cgroup_path(mixed, "mem").has_value());
  CHECK_FALSE(parse_cgroup_path("garbage\n", "").has_value());
}

TEST_CASE("a quota is a number of processors") {
  CHECK(parse_cpu_max("150000 100000\n") == 1.5);
  REQUIRE(parse_cpu_max("max 100000\n").has_value());
  CHECK(std::isinf(*parse_cpu_max("max 100000\n")));
  for (const char* text : {"", "max", "100000", "0 100000", "100000 0", "-1 100000", "x 100000"}) {
    INFO(text);
    CHECK_FALSE(parse_cpu_max(text).has_value());
  }
}

TEST_CASE("hypervisors are named, unknown ones by their signature") {
  CHECK(hypervisor_name("KVMKVMKVM") == "KVM");
  CHECK(hypervisor_name("Microsoft Hv") == "Hyper-V");
  CHECK(hypervisor_name("SomethingNew") == "SomethingNew");
  CHECK(hypervisor_name("").empty());
}
