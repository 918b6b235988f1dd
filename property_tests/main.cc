// SPDX-License-Identifier: Apache-2.0
// The main() of every test program: a test program may be started as a role of a stage, like copycost itself.
#define CATCH_CONFIG_RUNNER
#include "harness/core/stage.h"
#include "harness/judge/results_instrument.h"
#include "property_tests/catch.h"

int main(int argc, char** argv) {
  using namespace copycost;
  const auto make = [](std::string_view kind) -> std::unique_ptr<instrument> {
    if (kind == results_instrument::kKind) return std::make_unique<results_instrument>();
    return nullptr;
  };
  if (const auto code = role_main(argc, argv, make)) return *code;
  return Catch::Session().run(argc, argv);
}
