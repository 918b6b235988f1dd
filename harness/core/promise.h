// SPDX-License-Identifier: Apache-2.0
//
// What a design promises that an operation costs. A promise names its workload by type and its parts by name; a promise
// that lacks a part, has one twice, or names one wrongly does not compile. A family holds the promises of designs that
// own bytes alike, and each of them amends it:
//
//   inline promise_family view_family() {
//     return {promised<share>().exact().allocs(none).copied(none),
//             promised<hand_over>().at_most("two threads").allocs(none).copied(none).grows()};
//   }
//   d.promises = view_family().amended({promised<share>().exact().allocs(one).copied(none)});
//
// Threads: a value; safe once it is registered.
#pragma once
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/base/failure.h"
#include "harness/core/workload.h"

namespace copycost {

// Bytes or calls per operation as a function of the cell's parameters.
using amount = double (*)(const params&);

enum class bound { exact, at_most };
enum class growth { constant, linear };

// What a design declares for a workload. The judge holds it to every cell of that workload.
struct promise {
  std::string_view workload;
  bound kind = bound::exact;
  amount allocs = nullptr;          // allocation calls per operation
  amount copied = nullptr;          // payload bytes copied per operation
  growth grows = growth::constant;  // of the cost of an operation with the payload's size
  amount retained = nullptr;        // bytes held over bytes live afterwards, at most; null: nothing is kept
  std::string_view why;             // REQUIRED for at_most
  bool allocs_at_most = false;      // allocations are a bound where the copies are exact; then `why` says why
  bool retained_at_most = false;    // what is retained is a bound where the copies are exact; the same
  // What else an operation may ask of the machine, at most, beyond what the workload declares
  // (workload_entry::kernel_bytes, syscalls). Null: nothing. Each needs a reason.
  amount mapped = nullptr;        // bytes of address space from mmap, mremap, brk
  amount syscalls = nullptr;      // calls
  amount kernel_bytes = nullptr;  // bytes that go through the kernel
  // What may happen in no role, per operation and at most: in a thread of the design, in a library. Null: nothing.
  amount else_allocs = nullptr, else_copied = nullptr, else_syscalls = nullptr, else_kernel_bytes = nullptr;
  const workload_traits* of = nullptr;  // of the workload's type; null where a promise is made by hand (tests)
};

// Amounts that every system has.
namespace amounts {
inline double none(const params&) { return 0; }
inline double one(const params&) { return 1; }
inline double two(const params&) { return 2; }
// A parameter of the cell.
inline double number(const params& at, std::string_view key) { return static_cast<double>(at.number(key)); }
inline double size(const params& at) { return number(at, "size"); }
}  // namespace amounts

// A promise in the making. `said`: the parts that it has. Each is said once, and it is a promise as soon as it says how
// strict it is, what is allocated and what is copied.
template <class W, unsigned said = 0>
class promise_maker {
  static constexpr bool is_new(unsigned parts) { return (said & parts) == 0; }

 public:
  enum part : unsigned { kBound = 1, kAllocs = 2, kCopied = 4, kGrowth = 8, kRetained = 16, kWhy = 32, kMapped = 64 };

  constexpr explicit promise_maker(const promise& made) : made_(made) {}
  constexpr operator promise() const requires((said & (kBound | kAllocs | kCopied)) == (kBound | kAllocs | kCopied)) {
    return made_;
  }

  // Neither more nor less.
  constexpr auto exact() const requires(is_new(kBound)) {
    return having<kBound>([](promise& p) { p.kind = bound::exact; });
  }
  // No more, because of `why`.
  constexpr auto at_most(std::string_view why) const requires(is_new(kBound | kWhy)) {
    return having<kBound | kWhy>([&](promise& p) {
      p.kind = bound::at_most;
      p.why = why;
    });
  }
  constexpr auto allocs(amount calls) const requires(is_new(kAllocs)) {
    return having<kAllocs>([&](promise& p) { p.allocs = calls; });
  }
  // No more, where the copies are exact.
  constexpr auto allocs_at_most(amount calls, std::string_view why) const requires(is_new(kAllocs | kWhy)) {
    return having<kAllocs | kWhy>([&](promise& p) {
      p.allocs = calls;
      p.allocs_at_most = true;
      p.why = why;
    });
  }
  constexpr auto copied(amount bytes) const requires(is_new(kCopied)) {
    return having<kCopied>([&](promise& p) { p.copied = bytes; });
  }
  // The cost of an operation grows with the payload's size: its copies, its pieces, what it reads. Without this word
  // the audit asks that an operation copies as much at every size.
  constexpr auto grows() const requires(is_new(kGrowth)) {
    return having<kGrowth>([](promise& p) { p.grows = growth::linear; });
  }
  // Bytes held over bytes live afterwards, at most; not half of it either, unless it is only a bound.
  constexpr auto retained(amount times) const requires(is_new(kRetained)) {
    return having<kRetained>([&](promise& p) { p.retained = times; });
  }
  constexpr auto retained_at_most(amount times) const requires(is_new(kRetained)) {
    return having<kRetained>([&](promise& p) {
      p.retained = times;
      p.retained_at_most = true;
    });
  }
  // Address space, and the calls for it, beyond what the workload declares.
  constexpr auto mapped(amount bytes, amount calls = nullptr) const requires(is_new(kMapped)) {
    return having<kMapped>([&](promise& p) {
      p.mapped = bytes;
      p.syscalls = calls;
    });
  }

 private:
  template <unsigned parts, class Change>
  constexpr auto having(Change change) const {
    promise p = made_;
    change(p);
    return promise_maker<W, said | parts>(p);
  }

  promise made_;
};
// Of the workload of type W.
template <class W>
constexpr promise_maker<W> promised() {
  promise p;
  p.workload = W::traits.name;
  p.of = &W::traits;
  return promise_maker<W>(p);
}

// The promises of designs that own bytes alike, one a workload. Throws failure{internal} for a workload that is
// promised twice, or amended without being there.
class promise_family {
 public:
  promise_family(std::initializer_list<promise> all) {
    for (const promise& p : all) add(p);
  }
  operator std::vector<promise>() const { return all_; }

  // These in place of the family's own.
  promise_family amended(std::initializer_list<promise> others) const {
    promise_family out = *this;
    for (const promise& p : others) {
      promise* const own = out.find(p.workload);
      if (own == nullptr) fail(p, "amends a promise that its family does not make");
      *own = p;
    }
    return out;
  }
  // `change` was applied to each.
  template <class Change>
  promise_family each(Change change) const {
    promise_family out = *this;
    for (promise& p : out.all_) change(p);
    return out;
  }
  // All are bounds, because of `why`.
  promise_family at_most(std::string_view why) const {
    return each([&](promise& p) {
      p.kind = bound::at_most;
      p.why = why;
    });
  }
  // Memory comes from mappings: an operation may ask for so much, in so many calls, where its promise says nothing.
  promise_family with_mappings(amount mapped, amount syscalls, std::string_view why) const {
    return each([&](promise& p) {
      if (p.mapped == nullptr) p.mapped = mapped;
      if (p.syscalls == nullptr) p.syscalls = syscalls;
      if (p.why.empty()) p.why = why;
    });
  }

 private:
  void add(const promise& p) {
    if (find(p.workload) != nullptr) fail(p, "is promised twice");
    all_.push_back(p);
  }
  promise* find(std::string_view workload) {
    for (promise& p : all_)
      if (p.workload == workload) return &p;
    return nullptr;
  }
  [[noreturn]] static void fail(const promise& p, const char* what) {
    throw failure(exit_code::internal, "promises.h: " + std::string(p.workload) + " " + what);
  }

  std::vector<promise> all_;
};

}  // namespace copycost
