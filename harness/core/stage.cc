// SPDX-License-Identifier: Apache-2.0
#include "harness/core/stage.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <mutex>
#include <system_error>
#include <thread>

#include "harness/base/check.h"
#include "harness/base/child.h"
#include "harness/base/failure.h"
#include "harness/base/input/input.h"
#include "harness/core/stage_window.h"
#include "harness/ledger/witness/pattern.h"

namespace copycost {
namespace {

using detail::command;
using detail::control;

std::size_t control_bytes(const shape& form, const instrument& by) {
  return sizeof(control) + form.roles() * by.scratch_bytes();
}

// Runs the roles of one process over one batch; the first exception of any of them is thrown here.
void run_roles(detail::process_roles& all, episode& running, std::uint64_t n) {
  auto one = [&](unsigned k) noexcept {
    detail::stage_window& w = *all.windows[k];
    try {
      running.run(w, w.role(), n);
      all.record(w.role()).seen = w.seen().value();
    } catch (...) {
      all.shared->fail(fault_of_current_exception());
    }
  };
  std::vector<std::thread> others;
  for (unsigned k = 1; k < all.windows.size(); ++k) others.emplace_back(one, k);
  one(0);
  for (std::thread& t : others) t.join();
  if (all.shared->has_failed()) throw failure(all.shared->code, all.shared->line);
}

detail::process_roles make_roles(control* shared, instrument& by, const shape& form, unsigned process) {
  detail::process_roles out;
  out.shared = shared;
  out.by = &by;
  out.form = form;
  out.process = process;
  return out;
}

void lend_windows(detail::process_roles& to) {
  for (unsigned k = 0; k < to.form.threads; ++k)
    to.windows.push_back(std::make_unique<detail::stage_window>(to, to.process * to.form.threads + k));
}

tally merge(const control& shared, unsigned processes) {
  if (processes == 1) return shared.tallies[0];
  tally all;
  digest results;
  for (unsigned p = 0; p < processes; ++p) {
    const tally& t = shared.tallies[p];
    all.ops += t.ops;
    all.items += t.items;
    all.payload_bytes += t.payload_bytes;
    results.add(t.result);
  }
  all.result = results.value();
  return all;
}

}  // namespace

std::uint16_t next_epoch() {
  static std::atomic<std::uint32_t> last{static_cast<std::uint32_t>(getpid())};
  return static_cast<std::uint16_t>(1 + last.fetch_add(1) % (pattern::kEpochs - 1));
}

struct stage::parts {
  cell what;
  detail::process_roles here;
  control* shared = nullptr;
  std::size_t shared_bytes = 0;
  int control_fd = -1;
  std::vector<child> children;  // guarded by children_mutex while roles run
  std::mutex children_mutex;
  std::unique_ptr<episode> running;

  void spawn_roles();
  void give(command order);
  void check_children();
  void check_for_the_dead();
  void stop_children() noexcept;
};

void stage::parts::spawn_roles() {
  const std::string fd = std::to_string(control_fd), kind(here.by->kind()), name = what.name();
  const bool reads = reads_input(what.at);
  const std::string inputs = reads ? current_inputs().hand_over().dump() : "[]";
  for (unsigned p = 1; p < here.form.processes; ++p) try {
      children.push_back(
          child::start(kThisProgram, {.arguments = {"--copycost-role", std::to_string(p), kind, fd, name, inputs},
                                      .family = true,
                                      .keep = reads ? current_inputs().descriptors() : std::vector<int>()}));
    } catch (const std::system_error& e) {
      throw failure(exit_code::internal, std::string("cannot start a role's process: ") + e.code().message());
    }
  detail::wait_until(
      *shared, [&] { return shared->ready.load(std::memory_order_acquire) == children.size(); }, here.poll);
}

// A child that ends while the driver waits for it is a failure with its reason.
void stage::parts::check_children() {
  const std::lock_guard lock(children_mutex);
  for (child& one : children) {
    const auto end = one.id() > 0 ? one.ended() : std::nullopt;
    if (!end) continue;
    one = child();
    const fault died = fault_of_death(*end);
    shared->fail({died.code, "role died: " + died.why});
    throw failure(shared->code, shared->line);
  }
}

// A role that talks to a killed one fails as well, and often first; the reason is the death. Waits a moment for it,
// because a process still ends when its sockets are closed already.
void stage::parts::check_for_the_dead() {
  for (int i = 0; i < 50; ++i) {
    for (child& one : children) {
      const auto end = one.id() > 0 ? one.ended() : std::nullopt;
      if (!end) continue;
      one = child();
      if (end->how != ending::kind::signalled) continue;
      const fault died = fault_of_death(*end);
      throw failure(died.code, "role died: " + died.why);
    }
    if (std::ranges::all_of(children, [](const child& one) { return one.id() <= 0; })) return;
    usleep(2000);
  }
}

void stage::parts::give(command order) {
  if (children.empty()) return;
  shared->answered.store(0, std::memory_order_relaxed);
  const std::uint32_t sequence = shared->order.load(std::memory_order_relaxed) / 4 + 1;
  shared->order.store(sequence * 4 + static_cast<std::uint32_t>(order), std::memory_order_release);
}

void stage::parts::stop_children() noexcept {
  give(command::quit);
  for (child& one : children)
    for (int i = 0; i < 2000 && one.id() > 0 && !one.ended(); ++i) usleep(1000);
  children.clear();  // kills those that are left
}

stage::stage(const cell& what, instrument& by, const stage_options& options) : parts_(std::make_unique<parts>()) {
  const shape form = what.form();
  COPYCOST_REQUIRE(form.roles() <= detail::kRolesMax && form.processes <= detail::kProcessesMax);
  if (const std::string_view why = why_not(form); !why.empty())
    throw failure(exit_code::internal, what.group() + ": " + std::string(why));
  parts_->what = what;
  parts_->shared_bytes = control_bytes(form, by);
  parts_->control_fd = memfd_create("copycost-control", form.processes > 1 ? 0u : static_cast<unsigned>(MFD_CLOEXEC));
  void* memory = MAP_FAILED;
  if (parts_->control_fd >= 0 && ftruncate(parts_->control_fd, static_cast<off_t>(parts_->shared_bytes)) == 0)
    memory = mmap(nullptr, parts_->shared_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, parts_->control_fd, 0);
  if (memory == MAP_FAILED)
    throw failure(exit_code::internal, std::string("cannot share memory with roles: ") + std::strerror(errno));
  parts_->shared = new (memory) control;
  parts_->shared->epoch = options.epoch != 0 ? options.epoch : next_epoch();
  parts_->shared->period_ns = options.period_ns;
  parts_->shared->timeout_s = options.timeout_s;
  parts_->here = make_roles(parts_->shared, by, form, 0);
  parts_->here.poll = [p = parts_.get()] { p->check_children(); };
  lend_windows(parts_->here);
}

stage::~stage() {
  parts_->stop_children();
  parts_->running.reset();
  parts_->here.by->release_payloads();
  if (parts_->shared != nullptr) {
    for (std::uint32_t k = 0; k < parts_->shared->segments; ++k) close(parts_->shared->segment[k].fd);
    munmap(parts_->shared, parts_->shared_bytes);
  }
  if (parts_->control_fd >= 0) close(parts_->control_fd);
}

void stage::setup() {
  parts_->here.by->episode_epoch(parts_->shared->epoch);
  parts_->running = parts_->what.make();
  parts_->running->setup(*parts_->here.windows[0]);
  if (parts_->here.form.processes > 1) parts_->spawn_roles();
}

void stage::run(std::uint64_t n) {
  COPYCOST_REQUIRE(parts_->running != nullptr);
  parts_->shared->n = n;
  parts_->give(command::run);
  try {
    run_roles(parts_->here, *parts_->running, n);
  } catch (const failure&) {
    parts_->check_for_the_dead();
    throw;
  }
  if (!parts_->children.empty())
    detail::wait_until(
        *parts_->shared,
        [&] { return parts_->shared->answered.load(std::memory_order_acquire) == parts_->children.size(); },
        parts_->here.poll);
}

tally stage::finish() {
  control& shared = *parts_->shared;
  parts_->give(command::finish);
  shared.tallies[0] = parts_->running->finish(*parts_->here.windows[0]);
  if (!parts_->children.empty())
    detail::wait_until(
        shared, [&] { return shared.answered.load(std::memory_order_acquire) == parts_->children.size(); },
        parts_->here.poll);
  return merge(shared, parts_->here.form.processes);
}

std::uint16_t stage::epoch() const { return parts_->shared->epoch; }
std::filesystem::path stage::directory() const { return parts_->shared->dir; }
episode& stage::running() { return *parts_->running; }
std::span<const role_record> stage::records() const { return {parts_->shared->roles, parts_->here.form.roles()}; }
void* stage::scratch(unsigned role) const { return parts_->here.scratch(role); }

namespace {

// The other side: a process of the stage obeys the driver's orders until the order to quit comes.
void serve(detail::process_roles& all, episode& running, control& shared, pid_t driver) {
  all.poll = [driver] {
    if (getppid() != driver) _exit(0);  // the driver is gone: no process waits for the answer
  };
  shared.ready.fetch_add(1, std::memory_order_release);
  for (std::uint32_t last = 0;;) {
    detail::wait_until(
        shared, [&] { return shared.order.load(std::memory_order_acquire) / 4 != last; }, all.poll, true);
    const std::uint32_t order = shared.order.load(std::memory_order_acquire);
    last = order / 4;
    switch (static_cast<command>(order % 4)) {
      case command::run:
        run_roles(all, running, shared.n);
        break;
      case command::finish:
        shared.tallies[all.process] = running.finish(*all.windows[0]);
        break;
      case command::quit:
        return;
      case command::none:
        break;
    }
    shared.answered.fetch_add(1, std::memory_order_release);
  }
}

template <class Number>
Number number_of(const char* text) {
  Number out{};
  std::from_chars(text, text + std::strlen(text), out);
  return out;
}

}  // namespace

std::optional<int> role_main(int argc, char** argv, instrument_maker make) {
  if (argc != 7 || std::strcmp(argv[1], "--copycost-role") != 0) return std::nullopt;
  const auto process = number_of<unsigned>(argv[2]);
  const std::unique_ptr<instrument> by = make(argv[3]);
  const auto what = find_cell(argv[5]);
  if (by == nullptr || !what) return static_cast<int>(exit_code::internal);
  const shape form = what->form();
  void* memory =
      mmap(nullptr, control_bytes(form, *by), PROT_READ | PROT_WRITE, MAP_SHARED, number_of<int>(argv[4]), 0);
  if (memory == MAP_FAILED) return static_cast<int>(exit_code::internal);
  control& shared = *static_cast<control*>(memory);
  try {
    set_input(input_set::taken_over(json::parse(argv[6], "inputs")));
    detail::process_roles all = make_roles(&shared, *by, form, process);
    lend_windows(all);
    by->episode_epoch(shared.epoch);
    const std::unique_ptr<episode> running = what->make();
    running->setup(*all.windows[0]);
    serve(all, *running, shared, getppid());
    return 0;
  } catch (...) {
    const fault why = fault_of_current_exception();
    shared.fail(why);
    return static_cast<int>(why.code);
  }
}

}  // namespace copycost
