// SPDX-License-Identifier: Apache-2.0
#include "property_tests/toys.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <fstream>

#include "harness/base/failure.h"
#include "harness/base/input/input.h"
#include "harness/core/observe.h"

namespace copycost::toys {
namespace {

// Two threads add up the same payload, each `n` times.
class adders final : public episode {
 public:
  void setup(window& w) override { bytes_ = w.payload(1000, 7); }
  void run(window& w, unsigned, std::uint64_t n) override {
    observed(w, [&](auto& see) {
      w.open();
      for (std::uint64_t i = 0; i < n; ++i) see.read(bytes_);
      w.close();
    });
    done_.fetch_add(n);
  }
  tally finish(window& w) override { return {done_, done_, done_ * bytes_.size(), w.results()}; }

 private:
  std::span<std::byte> bytes_;
  std::atomic<std::uint64_t> done_{0};
};

// Two processes take turns on a counter in a shared segment, and each looks at the real input where the cell reads one;
// a third kind of run kills the second.
class turns final : public episode {
 public:
  turns(const params& at, bool dies) : dies_(dies), looks_(reads_input(at)) {}
  void setup(window& w) override {
    void* memory = mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, w.segment(4096), 0);
    if (memory == MAP_FAILED) throw failure(exit_code::internal, "toy: no segment");
    counter_ = static_cast<std::atomic<std::uint64_t>*>(memory);
  }
  void run(window& w, unsigned role, std::uint64_t n) override {
    if (looks_) w.seen().add(current_input("toy")->bytes);
    w.open();
    if (dies_ && role == 1) raise(SIGKILL);
    for (std::uint64_t i = 0; i < n; ++i) {
      while (counter_->load(std::memory_order_acquire) % 2 != role) {
        usleep(1);
        w.waiting();
      }
      w.seen().add(counter_->fetch_add(1, std::memory_order_acq_rel));
    }
    w.close();
    done_ += n;
  }
  tally finish(window& w) override { return {done_, done_, 0, w.results()}; }

 private:
  bool dies_, looks_;
  std::atomic<std::uint64_t>* counter_ = nullptr;
  std::uint64_t done_ = 0;
};

// One process appends to a file in the window's directory and reads it back.
class diary final : public episode {
 public:
  void setup(window& w) override { path_ = w.dir() / "diary"; }
  void run(window& w, unsigned, std::uint64_t n) override {
    const int fd = open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    w.open();
    for (std::uint64_t i = 0; i < n; ++i)
      if (write(fd, &i, sizeof i) != sizeof i || fdatasync(fd) != 0)
        throw failure(exit_code::internal, "toy: cannot write");
    w.close();
    ::close(fd);
    done_ += n;
  }
  tally finish(window& w) override {
    std::ifstream in(path_, std::ios::binary);
    for (std::uint64_t value = 0; in.read(reinterpret_cast<char*>(&value), sizeof value);) w.seen().add(value);
    return {done_, done_, done_ * 8, w.results()};
  }

 private:
  std::filesystem::path path_;
  std::uint64_t done_ = 0;
};

workload_entry entry(std::string_view name, shape form, std::unique_ptr<episode> (*make)(const params&)) {
  static shape forms[8];
  static std::size_t used = 0;
  forms[used] = form;
  workload_entry e;
  e.traits.name = name;
  e.traits.about = "toy";
  e.points = [](profile) { return std::vector<params>{params{}}; };
  switch (used++) {  // shape_of is a plain function: one per toy
    case 0:
      e.shape_of = [](const params&) { return forms[0]; };
      break;
    case 1:
      e.shape_of = [](const params&) { return forms[1]; };
      break;
    case 2:
      e.shape_of = [](const params&) { return forms[2]; };
      break;
    default:
      e.shape_of = [](const params&) { return forms[3]; };
      break;
  }
  e.make = make;
  return e;
}

}  // namespace

std::span<const system_entry> table() {
  static const design_entry only = [] {
    design_entry d;
    d.system = "toy";
    d.name = "plain";
    d.about = "toys";
    d.workloads.push_back(entry("adders", {.threads = 2},
                                [](const params&) -> std::unique_ptr<episode> { return std::make_unique<adders>(); }));
    d.workloads.push_back(entry("turns", {.processes = 2}, [](const params& at) -> std::unique_ptr<episode> {
      return std::make_unique<turns>(at, false);
    }));
    d.workloads.push_back(entry("diary", {.state = batch_state::fresh},
                                [](const params&) -> std::unique_ptr<episode> { return std::make_unique<diary>(); }));
    d.workloads.push_back(entry("dying", {.processes = 2}, [](const params& at) -> std::unique_ptr<episode> {
      return std::make_unique<turns>(at, true);
    }));
    return d;
  }();
  static const std::vector<system_entry> all = {{"toy", "three toys that prove the seam", {&only}}};
  return all;
}

}  // namespace copycost::toys

namespace copycost {
std::span<const system_entry> all_systems() { return toys::table(); }
bool cells_count() { return true; }
}  // namespace copycost
