// SPDX-License-Identifier: Apache-2.0
#include "harness/process/last_words.h"

#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cstring>

namespace copycost {
namespace {

std::atomic<const at_work*> g_now = nullptr;

void write_all(std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = write(STDERR_FILENO, text.data(), text.size());
    if (n <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(n));
  }
}

}  // namespace

at_work::at_work(std::string_view what) : what_(what), before_(g_now.load()) { g_now.store(this); }

at_work::~at_work() { g_now.store(before_); }

// Async-signal-safe. The handler is gone by now, so that the signal ends the process when it comes again.
void detail_last_words(int signal_number) {
  if (const at_work* const now = g_now.exchange(nullptr)) {
    const char* const name = sigabbrev_np(signal_number);
    const char digits[] = {static_cast<char>('0' + signal_number / 10), static_cast<char>('0' + signal_number % 10), 0};
    const char* const number = signal_number < 10 ? digits + 1 : digits;
    short_text said("copycost: ");
    said.add(now->what_.view()).add(": the process ended by signal ").add(number).add(" (");
    said.add(name != nullptr ? name : "?").add(")\n");
    write_all(said.view());
  }
  raise(signal_number);
}

void tell_last_words() {
  struct sigaction how {};
  how.sa_handler = detail_last_words;
  how.sa_flags = static_cast<int>(SA_RESETHAND) | SA_NODEFER;
  for (const int one : {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT}) sigaction(one, &how, nullptr);
}

}  // namespace copycost
