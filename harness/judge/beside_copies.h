// SPDX-License-Identifier: Apache-2.0
//
// Part of promises.cc: what a promise says beside copies and allocations: the kernel, the address space, the pages that
// are written, what is done in no role, rare operations, and what a design may say of itself at all.
//
// Threads: safe; pure functions over an audit row, one line a reason.
#pragma once
#include <string>
#include <vector>

#include "harness/ledger/audit.h"

namespace copycost {

using reasons = std::vector<std::string>;

// Bytes through the kernel, system calls, and address space: at most what the workload declares and the design promises
// beyond it.
void check_detours(const audit_row& row, const promise& p, reasons& out);
// Whatever happened in no role is named by the promise.
void check_elsewhere(const audit_row& row, const promise& p, reasons& out);
// Operations after the first ones cost no more than was promised.
void check_later(const audit_row& row, const promise& p, reasons& out);
// A design that promises no copy writes no more pages than the contract allows. Peers, and designs that copy anyhow,
// are shown and not judged.
void check_written(const audit_row& row, const promise& p, reasons& out);
// No thread touched payload, or passed it to a system call.
void check_guarded(const audit_row& row, reasons& out);
// Held bytes are bounded from both sides.
void check_retained(const audit_row& row, const promise& p, reasons& out);
// What the design says of itself lies below what the scenario allows.
void check_ceilings(const audit_row& row, const promise& p, reasons& out);

}  // namespace copycost
