// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "harness/clock/rows.h"
#include "harness/output/document.h"

namespace copycost {
namespace {

json testimony_json(const testimony& t) {
  json out = json::of({{"kind", to_string(t.kind)}});
  if (t.says_bytes()) out.set("bytes_per_op", t.bytes_per_op);
  return out;
}

json elsewhere_json(const elsewhere_counts& e) {
  return json::of({{"allocs_per_op", e.allocs},
                   {"alloc_bytes_per_op", e.alloc_bytes},
                   {"payload_bytes_copied_per_op", e.copied},
                   {"kernel_bytes_copied_per_op", e.kernel_bytes},
                   {"syscalls_per_op", e.syscalls}});
}

// The window that comes nearest to what the contract allows, or is furthest beyond it.
json upper_bound_json(const audit_row& row) {
  const auto worst = std::max_element(row.written.begin(), row.written.end(), [](const auto& a, const auto& b) {
    return a.pages - a.allowed < b.pages - b.allowed;
  });
  if (worst == row.written.end()) return {};
  return json::of(
      {{"means", to_string(row.by)}, {"ops", worst->ops}, {"pages", worst->pages}, {"allowed_pages", worst->allowed}});
}

json promise_json(const audit_row& row, const judgement& said) {
  if (said.held_to == nullptr) return {};
  const promise& p = *said.held_to;
  if (p.allocs == nullptr || p.copied == nullptr) return {};
  json out = json::of({{"kind", p.kind == bound::exact ? "exact" : "at_most"},
                       {"allocs", p.allocs(row.what.at)},
                       {"copied", p.copied(row.what.at)},
                       {"grows", p.grows == growth::constant ? "constant" : "linear"},
                       {"kept", said.said == verdict::holds}});
  if (p.retained != nullptr) out.set("retained", p.retained(row.what.at));
  return out.set("why", p.why);
}

}  // namespace

json to_json(const judged_row& judged) {
  const audit_row& row = judged.found;
  const judgement& said = judged.said;
  json reasons = json::array{};
  for (const std::string& r : said.reasons) reasons.push(r);
  json out = json::of({{"cell", row.what.name()},
                       {"system", row.what.system->name},
                       {"workload", row.what.workload->traits.name},
                       {"class", to_string(row.what.workload->traits.cls)},
                       {"design", row.what.design->name},
                       {"params", to_json(row.what.at)}});
  if (!row.error.empty()) return out.set("verdict", to_string(said.said)).set("reasons", reasons);
  out.set("ops", row.ops).set("allocs_per_op", row.allocs).set("alloc_bytes_per_op", row.alloc_bytes);
  out.set("payload_bytes_copied_per_op", row.copied)
      .set("kernel_bytes_copied_per_op", row.kernel_bytes)
      .set("syscalls_per_op", row.syscalls)
      .set("mapped_bytes_per_op", row.mapped_bytes);
  out.set("refcount_ops_per_op", row.refcount_ops)
      .set("page_faults_per_op", row.faults)
      .set("sub_allocs_per_op", row.sub_allocs);
  out.set("peak_live_bytes", row.peak_live_bytes)
      .set("live_bytes", row.live_bytes)
      .set("retained_bytes", row.retained_bytes);
  out.set("retained_over_live", row.live_bytes > 0 ? json(row.retained_over_live()) : json());
  const witnesses& w = row.seen;
  out.set("witnesses", json::of({{"primitive", testimony_json(w.primitive)},
                                 {"interposed", testimony_json(w.interposed)},
                                 {"signature", testimony_json(w.signature)},
                                 {"identity", testimony_json(w.identity)},
                                 {"touch", testimony_json(w.touch)}}));
  out.set("elsewhere", elsewhere_json(row.elsewhere)).set("upper_bound", upper_bound_json(row));
  out.set("guarded_pages", row.guarded.pages).set("covers", row.covers);
  out.set("proof", to_string(row.known)).set("could_hide", row.could_hide);
  return out.set("promise", promise_json(row, said))
      .set("exact", row.what.form().exact())
      .set("verdict", to_string(said.said))
      .set("reasons", reasons);
}

}  // namespace copycost
