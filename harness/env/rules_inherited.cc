// SPDX-License-Identifier: Apache-2.0
//
// What this process has from its starter, and where durable cells keep their files. What was put right is no
// disturbance.
#include "harness/env/rule.h"

namespace copycost::env::rule {
check environment(const symptoms& s) {
  const std::string found = s.machine.inherited.environment.str();
  if (found.empty()) return ok("environment", "nothing in it changes a result");
  return warn("environment", found + ": left out, so that what it asks for does not happen here", "unset it");
}

// Signals and streams are put right when the program starts: said, and no more.
check settings(const symptoms& s) {
  const inherited_facts& i = s.machine.inherited;
  std::string found;
  if (!i.signals.empty()) found += "signals: " + i.signals.str();
  if (!i.streams.empty()) found += (found.empty() ? "closed: " : "; closed: ") + i.streams.str();
  if (i.directory == std::string_view("gone"))
    found += std::string(found.empty() ? "" : "; ") + "the working directory is gone";
  return ok("settings", found.empty() ? "as they should be" : found + " (put right)");
}

check priority(const symptoms& s) {
  const std::string found = s.machine.inherited.priority.str();
  if (found.empty() || found == "nice 0, other") return ok("priority", found.empty() ? "usual" : found);
  return warn("priority", found + ": others run before this process, or wait for it", "start without nice and chrt");
}

// Open files and the stack are put right; these end a run that is too large for them.
check resource_limits(const symptoms& s) {
  const std::string found = s.machine.inherited.limits.str();
  std::string tight;
  for (const std::string one : {"fsize", "as", "data", "cpu"})
    if ((" " + found).find(" " + one + " ") != std::string::npos) tight += (tight.empty() ? "" : ", ") + one;
  if (tight.empty()) return ok("resource_limits", found.empty() ? "none" : found);
  return warn("resource_limits", found + ": " + tight + " may end a cell or a run",
              "ulimit, before the program starts");
}

check preload(const symptoms& s) {
  const inherited_facts& i = s.machine.inherited;
  if (!i.preloaded.empty())
    return bad("preload", i.preloaded.str() + " is loaded into every program by /etc/ld.so.preload",
               "take it out of /etc/ld.so.preload");
  if (!i.tool.empty()) return warn("preload", i.tool.str() + " watches this process", "measure without it");
  return ok("preload", "none");
}

check durable_place(const symptoms& s) {
  const storage& p = s.machine.temporary;
  if (const std::string why = why_not_durable(p); !why.empty())
    return bad("durable_place", why + "; cells that keep files are not measured there",
               "set TMPDIR to a folder on a disk");
  if (p.is == standing::unknown)
    return warn("durable_place", describe(p) + (p.why.empty() ? "" : ", " + p.why) + ": what a sync means is not known",
                "set TMPDIR to a folder on a disk of this machine");
  return ok("durable_place", p.path + " (" + p.type + " on " + p.device + ")");
}

}  // namespace copycost::env::rule
