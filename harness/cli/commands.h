// SPDX-License-Identifier: Apache-2.0
//
// The commands, one file each (command_<name>.cc). Each prints its results to stdout and answers an exit code; what it
// cannot do it throws as a failure.
//
// Threads: one command a process.
#pragma once
#include "harness/base/failure.h"
#include "harness/base/json.h"
#include "harness/cli/options.h"

namespace copycost {

exit_code command_list(const options& o);
exit_code list_designs(const options& o);  // list --designs
exit_code command_run(const options& o);
exit_code command_audit(const options& o);
exit_code command_verify(const options& o);
exit_code command_limits(const options& o);
exit_code command_compare(const options& o);
exit_code command_gate(const options& o);
exit_code command_report(const options& o);
exit_code command_doctor(const options& o);

// How wide a table on stdout may be.
std::size_t output_columns();
// Prints the rows: as one JSON object with --json, else the text. Throws failure{internal} when stdout is closed or
// full.
void print(const options& o, const json& doc, const std::string& text);
// The whole program: parses, dispatches, turns failures into one line on stderr and an exit code.
int copycost_main(int argc, char** argv);

}  // namespace copycost
