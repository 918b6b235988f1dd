// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>
#include <vector>

#include "harness/cli/commands.h"
#include "harness/cli/selection.h"
#include "harness/output/document.h"
#include "harness/output/table.h"

namespace copycost {
namespace {

// What the card says beside the traits of the contract.
std::vector<std::string_view> words_of(const design_entry& d) {
  std::vector<std::string_view> out;
  if (d.zero_copy) out.push_back("zero copy");
  if (d.peer) out.push_back("peer");
  if (d.handle_payload_bytes > 0) out.push_back("payload in handles");
  out.insert(out.end(), d.traits.begin(), d.traits.end());
  return out;
}

std::string joined(const std::vector<std::string_view>& words) {
  std::string out;
  for (const std::string_view w : words) out += (out.empty() ? "" : ", ") + std::string(w);
  return out.empty() ? "-" : out;
}

}  // namespace

exit_code list_designs(const options& o) {
  options alone = o;
  alone.no_copy = true;  // there are no ratios here
  std::vector<const design_entry*> designs;
  for (const cell& c : select(alone))
    if (std::ranges::find(designs, c.design) == designs.end()) designs.push_back(c.design);
  std::vector<json> rows;
  table t({"design", "bytes are", "traits", "the caller must keep"});
  for (const design_entry* d : designs) {
    json traits = json::array{};
    for (const std::string_view word : words_of(*d)) traits.push(std::string(word));
    rows.push_back(json::of({{"system", d->system},
                             {"design", d->name},
                             {"about", d->about},
                             {"owns", to_string(d->owns)},
                             {"traits", traits},
                             {"obligations", d->obligations},
                             {"pick_when", d->pick_when},
                             {"avoid_when", d->avoid_when}}));
    t.add({std::string(d->system) + "/" + std::string(d->name), std::string(to_string(d->owns)), joined(words_of(*d)),
           std::string(d->obligations)});
  }
  print(o, document(o.seed, rows, true), t.text(output_columns()));
  return exit_code::ok;
}

}  // namespace copycost
