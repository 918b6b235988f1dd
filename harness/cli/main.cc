// SPDX-License-Identifier: Apache-2.0
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <memory>

#include "harness/cli/commands.h"
#include "harness/clock/launcher.h"
#include "harness/core/stage.h"
#include "harness/judge/results_instrument.h"
#include "harness/ledger/ledger_instruments.h"
#include "harness/output/terminal.h"
#include "harness/process/inherited.h"
#include "harness/process/last_words.h"
#include "harness/process/streams.h"

namespace copycost {
namespace {

std::unique_ptr<instrument> make_instrument(std::string_view kind) {
  if (kind == results_instrument::kKind) return std::make_unique<results_instrument>();
  return make_ledger_instrument(kind);
}

// The second time nothing is asked: what is left behind is swept by the next run.
void on_interrupt(int signal) {
  g_interrupted = true;
  struct sigaction usual {};
  usual.sa_handler = SIG_DFL;
  sigaction(signal, &usual, nullptr);
}

// What asks a program to end, by a person, a terminal that closes, a supervisor or a limit.
void handle_interrupts() {
  struct sigaction action {
  }, now{};
  action.sa_handler = on_interrupt;
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGALRM, SIGXCPU})
    if (sigaction(signal, nullptr, &now) == 0 && now.sa_handler != SIG_IGN) sigaction(signal, &action, nullptr);
}

exit_code refused(exit_code code, const std::string& line) {
  say("copycost: " + line + "\n");
  return code;
}

exit_code dispatch(const options& o) {
  static constexpr struct {
    std::string_view name;
    exit_code (*run)(const options&);
  } kCommands[] = {{"list", command_list},     {"run", command_run},       {"audit", command_audit},
                   {"verify", command_verify}, {"limits", command_limits}, {"compare", command_compare},
                   {"gate", command_gate},     {"report", command_report}, {"doctor", command_doctor}};
  for (const auto& c : kCommands)
    if (c.name == o.command) return c.run(o);
  return exit_code::usage;
}

}  // namespace

std::size_t output_columns() { return columns_for(STDOUT_FILENO); }

void print(const options& o, const json& doc, const std::string& text) {
  write_out(o.json ? doc.dump(1) + "\n" : text);
}

int copycost_main(int argc, char** argv) {
  if (const auto code = role_main(argc, argv, make_instrument)) return *code;
  options o;
  try {
    if (const auto code = parse(argc, argv, o)) return *code;
    handle_interrupts();
    tell_last_words();
    return static_cast<int>(dispatch(o));
  } catch (const failure& e) {
    return static_cast<int>(refused(e.code, e.what()));
  } catch (const std::exception& e) {
    return static_cast<int>(refused(exit_code::internal, e.what()));
  }
}

}  // namespace copycost

int main(int argc, char** argv) {
  copycost::settle_inherited(argv);
  return copycost::copycost_main(argc, argv);
}
