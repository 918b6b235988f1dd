// SPDX-License-Identifier: Apache-2.0
#include "harness/process/settings.h"

#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstring>

namespace copycost {
namespace {

constexpr rlim_t kStackBytes = rlim_t{8} << 20;

short_text name_of_signal(int signal) {
  const char* name = ::sigabbrev_np(signal);
  return name != nullptr ? short_text(name) : short_text("RT").add(digits(static_cast<unsigned>(signal)).view());
}

short_text amount(rlim_t value) { return value == RLIM_INFINITY ? short_text("unlimited") : digits(value); }

}  // namespace

short_text settle_signals() {
  short_text found;
  sigset_t blocked, none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, nullptr, &blocked);
  for (int signal = 1; signal <= SIGRTMAX; ++signal) {
    struct sigaction action {};
    if (::sigaction(signal, nullptr, &action) != 0) continue;
    if (::sigismember(&blocked, signal) == 1) found.list({name_of_signal(signal).view(), " blocked"});
    if ((action.sa_flags & SA_SIGINFO) != 0 || action.sa_handler != SIG_IGN) continue;
    found.list({name_of_signal(signal).view(), " ignored"});
    if (signal == SIGHUP) continue;
    action = {};
    action.sa_handler = SIG_DFL;
    ::sigaction(signal, &action, nullptr);
  }
  for (const int failing : {SIGPIPE, SIGXFSZ}) ::signal(failing, SIG_IGN);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::prctl(PR_SET_THP_DISABLE, 0, 0, 0, 0);
  return found;
}

short_text settle_limits(bool& stack_changed) {
  constexpr struct {
    int which;
    const char* name;
  } kLimits[] = {{RLIMIT_NOFILE, "nofile"}, {RLIMIT_FSIZE, "fsize"}, {RLIMIT_AS, "as"},
                 {RLIMIT_DATA, "data"},     {RLIMIT_STACK, "stack"}, {RLIMIT_NPROC, "nproc"},
                 {RLIMIT_CPU, "cpu"},       {RLIMIT_CORE, "core"},   {RLIMIT_MEMLOCK, "memlock"}};
  short_text found;
  stack_changed = false;
  for (const auto& one : kLimits) {
    rlimit now{};
    if (::getrlimit(static_cast<__rlimit_resource>(one.which), &now) != 0) continue;
    rlimit wanted = now;
    if (one.which == RLIMIT_NOFILE) wanted.rlim_cur = now.rlim_max;
    if (one.which == RLIMIT_STACK) wanted.rlim_cur = std::min(kStackBytes, now.rlim_max);
    const bool changed =
        wanted.rlim_cur != now.rlim_cur && ::setrlimit(static_cast<__rlimit_resource>(one.which), &wanted) == 0;
    stack_changed = stack_changed || (changed && one.which == RLIMIT_STACK);
    if (now.rlim_cur == RLIM_INFINITY && !changed) continue;
    found.list({one.name, " ", amount(now.rlim_cur).view()});
    if (changed) found.add(" (now ").add(amount(wanted.rlim_cur).view()).add(")");
  }
  return found;
}

short_text settle_umask() {
  const mode_t found = ::umask(077);
  ::umask(found & 077);
  char text[8];
  std::snprintf(text, sizeof text, "%04o", static_cast<unsigned>(found));
  return short_text(text);
}

short_text priority() {
  const auto policy = []() -> std::string_view {
    switch (::sched_getscheduler(0) & ~SCHED_RESET_ON_FORK) {
      case SCHED_OTHER:
        return "other";
      case SCHED_BATCH:
        return "batch";
      case SCHED_IDLE:
        return "idle";
      case SCHED_FIFO:
        return "fifo";
      case SCHED_RR:
        return "round robin";
      default:
        return "unknown";
    }
  };
  const int niceness = ::getpriority(PRIO_PROCESS, 0);
  short_text found(niceness < 0 ? "nice -" : "nice ");
  return found.add(digits(static_cast<unsigned>(niceness < 0 ? -niceness : niceness)).view()).add(", ").add(policy());
}

short_text working_directory() {
  struct stat here {};
  return ::stat(".", &here) == 0 && here.st_nlink > 0 ? "there" : "gone";
}

}  // namespace copycost
