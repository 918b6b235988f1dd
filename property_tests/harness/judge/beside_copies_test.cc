// SPDX-License-Identifier: Apache-2.0
// Goal: what a promise says beside copies is kept, too: the kernel, the address space, pages, other threads, rare
// operations, and what a design says of itself. Method: rows made by hand, each with one thing wrong.
#include "harness/judge/beside_copies.h"

#include "harness/judge/promises.h"
#include "property_tests/catch.h"
#include "property_tests/made_cells.h"

namespace copycost {
namespace {

using made::always;

struct bench {
  explicit bench(bool framed = false) : toys("toy", work(framed)) {
    design = &toys.add("slice");
    design->zero_copy = true;
    design->promises = {{"one", bound::exact, always<0>, always<0>, growth::constant, nullptr, ""}};
    row.what = toys.at("slice", params{{"size", 65536}});
    row.ops = 8;
    row.by = write_means::userfaultfd;
  }
  static workload_entry work(bool framed) {
    workload_entry e = made::scripted_workload("one");
    e.traits.payload = framed ? payload_use::framed : payload_use::read;
    e.kernel_bytes = [](const params&) { return 100.0; };
    e.syscalls = [](const params&) { return 2.0; };
    return e;
  }
  promise& promised() { return design->promises[0]; }
  made::cell_table toys;
  design_entry* design = nullptr;
  audit_row row;
};

reasons why(const bench& b) { return judge(b.row).reasons; }

TEST_CASE("beside copies: kernel bytes and system calls are those that the workload declares, and not one more") {
  bench b;
  b.row.kernel_bytes = 100;
  b.row.syscalls = 2;
  CHECK(why(b).empty());
  b.row.kernel_bytes = 101;
  CHECK(why(b) == reasons{"promised at most 100 kernel B/op, measured 101"});
  b.row.kernel_bytes = 0;
  b.row.syscalls = 2.125;
  CHECK(why(b) == reasons{"promised at most 2 system calls/op, measured 2.125"});
  b.promised().syscalls = always<1>;
  CHECK(why(b) == reasons{"system calls or address space are promised without a reason"});
  b.promised().why = "a file now and then";
  CHECK(why(b).empty());
}

TEST_CASE("beside copies: address space is nothing unless it is promised") {
  bench b;
  b.row.mapped_bytes = 4096;
  CHECK(why(b) == reasons{"promised at most 0 mapped B/op, measured 4096"});
  b.promised().mapped = always<4096>;
  b.promised().why = "a region";
  CHECK(why(b).empty());
}

TEST_CASE("beside copies: what happens in no role breaks a promise that does not name it") {
  const struct {
    double elsewhere_counts::*count;
    amount promise::*named;
    const char* reason;
  } kinds[] = {{&elsewhere_counts::allocs, &promise::else_allocs, "allocations"},
               {&elsewhere_counts::copied, &promise::else_copied, "copied B"},
               {&elsewhere_counts::kernel_bytes, &promise::else_kernel_bytes, "kernel B"},
               {&elsewhere_counts::syscalls, &promise::else_syscalls, "system calls"}};
  for (const auto& kind : kinds) {
    bench b;
    b.row.elsewhere.*kind.count = 3;
    CHECK(why(b) ==
          reasons{"3 " + std::string(kind.reason) + "/op in no role (a thread of the design, a library), promised 0"});
    b.promised().*kind.named = always<3>;
    CHECK(why(b).empty());
  }
}

TEST_CASE("beside copies: a later operation that costs more is red, and no window of it is no reason") {
  bench b;
  b.row.later_allocs = 1e-5;
  CHECK(why(b).empty());
  b.row.later_ops = 32768;
  CHECK(why(b) == reasons{"promised 0 allocations/op, measured 1e-05 over 32768 later operations"});
  b.row.later_allocs = 0;
  b.row.later_copied = 0.5;
  CHECK(why(b) == reasons{"promised 0 copied B/op, measured 0.5 over 32768 later operations"});
}

// Found in the full profile: an index of two digits more, over 4,078 operations.
TEST_CASE("beside copies: what frames a copied payload may grow by a byte, and nothing else may") {
  for (const bool framed : {true, false})
    for (const double promised : {0.0, 4131.0}) {
      bench b(framed);
      b.promised().copied = promised > 0 ? always<4131> : always<0>;
      b.row.later_ops = 4078;
      b.row.later_copied = promised + 0.06;
      reasons out;
      check_later(b.row, b.promised(), out);
      CHECK(out.empty() == (framed && promised > 0));
      b.row.later_copied = promised + 1.1;
      out.clear();
      check_later(b.row, b.promised(), out);
      CHECK(out.size() == 1);
    }
}

TEST_CASE("beside copies: pages above what the contract allows are red, in any window, where the means sees them") {
  bench b;
  b.row.written = {{1, 1, 10, 10}, {1, 1, 11, 10}, {64, 1, 10, 10}};
  CHECK(why(b) == reasons{"11 pages written in 1 operations, where the contract allows 10 (upper bound: userfaultfd)"});
  b.row.by = write_means::fresh_only;
  CHECK(why(b).empty());
  b.row.by = write_means::soft_dirty;
  b.design->peer = true;
  CHECK(why(b).empty());
}

TEST_CASE("beside copies: whoever read payload is named, and a call that was handed payload is a finding") {
  bench b;
  b.row.guarded.by = "somebody()";
  CHECK(why(b) == reasons{"payload was read by somebody()"});
  b.row.guarded.by = "";
  b.row.guarded.faulted_calls = 2;
  CHECK(why(b) == reasons{"2 system calls were handed payload"});
}

TEST_CASE("beside copies: what is retained is bounded from both sides") {
  bench b;
  b.promised().retained = always<8>;
  b.row.live_bytes = 100;
  b.row.retained_bytes = 800;
  CHECK(why(b).empty());
  b.row.retained_bytes = 0;
  CHECK(why(b) == reasons{"the promise is loose: 8x what is live retained promised, 0x measured"});
  b.promised().retained_at_most = true;
  CHECK(why(b).empty());
}

TEST_CASE("beside copies: what a design says of itself has a ceiling that the scenario sets") {
  bench b;
  b.design->handle_payload_bytes = 1;
  CHECK(why(b) == reasons{"says that a handle holds 1 B of payload, where the system allows 0"});
  b.design->handle_payload_bytes = 0;
  b.promised().kind = bound::at_most;
  b.promised().why = "threads";
  b.promised().allocs = always<512>;
  CHECK(why(b).empty());
  b.promised().allocs = always<513>;
  CHECK(why(b) == reasons{"a bound that promises nothing: 513 allocations/op promised, 0 measured"});
}

}  // namespace
}  // namespace copycost
