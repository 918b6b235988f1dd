// SPDX-License-Identifier: Apache-2.0
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <iterator>

#include "harness/cli/commands.h"
#include "harness/clock/launcher.h"
#include "harness/core/stage.h"
#include "harness/judge/results_instrument.h"
#include "harness/ledger/ledger_instruments.h"
#include "harness/out/terminal.h"

namespace copycost {
namespace {

std::unique_ptr<instrument> make_instrument(std::string_view kind) {
  if (kind == results_instrument::kKind) return std::make_unique<results_instrument>();
  return make_ledger_instrument(kind);
}

void on_interrupt(int) { g_interrupted = true; }

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
  const std::string out = o.json ? doc.dump(1) + "\n" : text;
  if (std::fwrite(out.data(), 1, out.size(), stdout) != out.size() || std::fflush(stdout) != 0)
    throw failure(exit_code::internal, std::string("stdout: cannot write: ") + std::strerror(errno));
}

int copycost_main(int argc, char** argv) {
  if (const auto code = role_main(argc, argv, make_instrument)) return *code;
  options o;
  if (const auto code = parse(argc, argv, o)) return *code;
  struct sigaction action {};
  action.sa_handler = on_interrupt;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  signal(SIGPIPE, SIG_IGN);  // a write that fails says so, and ends the command with its exit code
  signal(SIGXFSZ, SIG_IGN);
  try {
    return static_cast<int>(dispatch(o));
  } catch (const failure& e) {
    std::fprintf(stderr, "copycost: %s\n", e.what());
    return static_cast<int>(e.code);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "copycost: %s\n", e.what());
    return static_cast<int>(exit_code::internal);
  }
}

}  // namespace copycost

int main(int argc, char** argv) { return copycost::copycost_main(argc, argv); }
