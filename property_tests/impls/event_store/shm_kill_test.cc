// SPDX-License-Identifier: Apache-2.0
//
// Killing a writer at every single instruction. A child is stepped through its work; what a kill at some instruction
// leaves is what the memory contains before the instruction, and a process that is not there. So at each step at which
// the memory differs from the last, a copy of it without the child is read and written to by another process.
#include <sys/ptrace.h>

#include <array>
#include <atomic>
#include <cstring>

#include "harness/base/sanitizer.h"
#include "property_tests/catch.h"
#include "property_tests/child.h"
#include "property_tests/impls/event_store/shm_common.h"

namespace copycost::event_store::shm_test {
namespace {

// What the child knows to be done, and what it has begun; on a page of both processes.
struct progress {
  std::atomic<std::uint64_t> appended, appending, truncated, truncating;
};
struct shared_progress {
  shared_progress()
      : at(static_cast<progress*>(
            mmap(nullptr, sizeof(progress), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0))) {}
  ~shared_progress() { munmap(at, sizeof(progress)); }
  shared_progress(const shared_progress&) = delete;
  shared_progress& operator=(const shared_progress&) = delete;
  progress* const at;
};

// Takes the store over, appends batches over several segments, and truncates, so that segments are used anew.
int work_of_child(int fd, progress& p) {
  ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
  raise(SIGSTOP);
  store_options o = small_memory();
  o.memory_fd = fd;
  auto s = shm_store::open(o);
  if (!s.ok()) return 1;
  std::uint64_t next = p.appended;
  const auto append = [&](std::uint64_t events, std::size_t payload) {
    std::vector<std::unique_ptr<numbered>> all;
    std::vector<draft> batch;
    for (std::uint64_t i = 0; i < events; ++i) {
      all.push_back(std::make_unique<numbered>(next + i, payload));
      batch.push_back(all.back()->event);
    }
    p.appending = next + events;
    if (!(*s)->append(batch).ok()) return false;
    p.appended = next += events;
    return true;
  };
  const auto truncate = [&](sequence before) {
    p.truncating = before;
    if (!(*s)->truncate_before(before).ok()) return false;
    p.truncated = before;
    return true;
  };
  if (!append(1, 10) || !append(7, 700) || !append(3, 0)) return 2;
  if (!truncate(next - 4) || !append(6, 900) || !truncate(next) || !append(2, 20)) return 3;
  return 0;
}

// Another process's part: reads what is there, takes the store over, and goes on. Null when nothing is wrong.
const char* fault_after_kill(int fd, const progress& p) {
  const memory_file copy(shm_layout::of(small_memory()).bytes);
  copy_memory(fd, copy);
  {
    auto seen = shm_store::attach(copy.fd);
    if (!seen.ok()) return "it cannot be attached";
    auto r = (*seen)->reader();
    if (!r.ok()) return "there is no place for a reader";
    const bounds b = r->snapshot().range();
    if (b.end < p.appended) return "an acknowledged event is lost";
    if (b.end > p.appending) return "an event is there that nobody appended";
    if (b.end != p.appended && b.end != p.appending) return "half of a batch is there";
    if (b.first != p.truncated && b.first != p.truncating) return "it begins somewhere else";
    if (const char* wrong = wrong_with(r->snapshot())) return wrong;
  }
  store_options o = small_memory();
  o.memory_fd = copy.fd;
  auto s = shm_store::open(o);
  if (!s.ok()) return "it cannot be taken over";
  auto r = (*s)->reader();
  if (!r.ok()) return "there is no place for a reader";
  const bounds b = r->snapshot().range();
  if (const char* wrong = wrong_with(r->snapshot())) return wrong;
  if (!append_numbers(**s, b.end, b.end + 30).ok()) return "nothing can be appended";
  if (const char* wrong = wrong_with(r->snapshot())) return wrong;
  if (!(*s)->truncate_before(b.end + 20).ok()) return "nothing can be truncated";
  if (const char* wrong = wrong_with(r->snapshot())) return wrong;
  if ((*s)->stats().held_bytes > 512 << 10) return "memory is lost";
  return nullptr;
}

// Tells the parts of the memory apart that change while the child works.
class watched {
 public:
  explicit watched(int fd) : file_(std::move(shm_file::attach(fd)).value()) {}
  bool has_changed() {
    const shm_layout& l = file_->layout();
    bool changed = false;
    const auto look = [&](std::size_t which, std::uint64_t at, std::size_t bytes) {
      auto& old = last_[which];
      old.resize(bytes);
      if (std::memcmp(old.data(), file_->at(at), bytes) == 0) return;
      std::memcpy(old.data(), file_->at(at), bytes);
      changed = true;
    };
    look(0, 0, sizeof(shm_top));
    look(1, l.rows, 16 * sizeof(shm_row));
    look(2, l.area(0), 4096);
    look(3, l.data, 12 * 4096);
    return changed;
  }

 private:
  std::unique_ptr<shm_file> file_;
  std::array<std::vector<std::byte>, 4> last_;
};

}  // namespace

TEST_CASE("a writer can be killed at any instruction", "[shm][kill]") {
  if (kSanitized) {
    WARN("sanitizers do too much between two instructions of ours: not tested");
    return;
  }
  auto first = shm_store::open(small_memory());
  REQUIRE(first.ok());
  const kept_memory memory((*first)->memory_fd());
  REQUIRE(append_numbers(**first, 0, 12).ok());
  *first = nullptr;
  const shared_progress p;
  p.at->appended = p.at->appending = 12;
  const pid_t child = copycost::test::start_child([&] { return work_of_child(memory.fd, *p.at); });
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  if (!WIFSTOPPED(status)) {
    WARN("this machine does not let a test trace its child: not tested");
    return;
  }
  watched now(memory.fd);
  unsigned steps = 0, states = 0;
  const char* fault = nullptr;
  while (fault == nullptr && WIFSTOPPED(status) && (WSTOPSIG(status) == SIGSTOP || WSTOPSIG(status) == SIGTRAP)) {
    if (now.has_changed()) {
      ++states;
      fault = fault_after_kill(memory.fd, *p.at);
    }
    if (ptrace(PTRACE_SINGLESTEP, child, nullptr, nullptr) != 0)
      fault = "no steps";
    else if (waitpid(child, &status, 0) != child)
      fault = "no child";
    ++steps;
  }
  INFO(steps << " instructions, " << states << " different states");
  if (fault != nullptr) {
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    FAIL(fault);
  }
  REQUIRE(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
  CHECK(states > 300);
  CHECK(p.at->appended == 31);
}

}  // namespace copycost::event_store::shm_test
