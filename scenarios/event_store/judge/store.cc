// SPDX-License-Identifier: Apache-2.0
#include "scenarios/event_store/judge/store.h"

#include <algorithm>

#include "harness/core/fault.h"
#include "scenarios/common/must.h"

namespace copycost::event_store {

judged_store::judged_store(facade_maker make, const input_file& in, const input_events& events)
    : design_(design_of<facade>(make)), input_(in.name) {
  options_.first = events.first();
  options_.memory_bytes_max = std::max(options_.memory_bytes_max, std::size_t{4} * events.record_bytes());
  options_.sync = sync_policy::batch;
  options_.file_bytes = std::max<std::size_t>(std::size_t{1} << 20, events.record_bytes() / 8);  // some files, not one
  if (design_->durable()) {
    dir_.emplace("input");
    options_.dir = dir_->path().string();
  }
  open();
}

void judged_store::open() {
  store_ = must(input_ + ": opening: ", design_->open(options_));
  reader_.emplace(must(input_ + ": a reader: ", store_->reader()));
}

void judged_store::reopen() {
  reader_.reset();
  store_.reset();
  open();
}

}  // namespace copycost::event_store
