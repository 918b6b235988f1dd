// SPDX-License-Identifier: Apache-2.0
#include "scenarios/graph/judge/apart.h"

#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <exception>
#include <string>

#include "harness/base/failure.h"
#include "harness/base/refused.h"

namespace copycost::graph::input {
namespace {

// A tally in memory that two processes share.
struct flat_tally {
  std::uint64_t items, bytes, keys;
  std::array<char, 65> digest;
};
flat_tally flat(const tally& t) {
  flat_tally f{t.items, t.bytes, t.keys, {}};
  t.digest.copy(f.digest.data(), f.digest.size() - 1);
  return f;
}
tally whole(const flat_tally& f) { return {f.items, f.bytes, f.keys, f.digest.data()}; }

}  // namespace

struct other_process::said {
  flat_tally in_order, counted;
  std::uint64_t dropped;
  int failed;  // an exit code; 0: it did not
  bool was_refused;
  std::array<char, 1024> why;

  void fails(exit_code code, bool refusal, const char* text) {
    failed = static_cast<int>(code);
    was_refused = refusal;
    std::string(text).copy(why.data(), why.size() - 1);
  }
};

other_process::other_process(const std::function<made_of_input()>& work) {
  void* const memory = mmap(nullptr, sizeof(said), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED)
    throw copycost::failure(exit_code::internal,
                            std::string("cannot share memory with a process: ") + std::strerror(errno));
  said_ = std::shared_ptr<said>(static_cast<said*>(memory), [](said* s) { munmap(s, sizeof *s); });
  process_ = child::fork_apart([&] {
    try {
      const made_of_input made = work();
      said_->in_order = flat(made.in_order);
      said_->counted = flat(made.counted);
      said_->dropped = made.dropped;
    } catch (const refused& e) {
      said_->fails(e.code, true, e.what());
    } catch (const copycost::failure& e) {
      said_->fails(e.code, false, e.what());
    } catch (const std::exception& e) {
      said_->fails(exit_code::internal, false, e.what());
    }
    return 0;
  });
}

other_process::~other_process() = default;

made_of_input other_process::result() {
  const ending how = process_.wait();
  if (!how.well()) throw copycost::failure(exit_code::incorrect, "the other process ended: " + how.text());
  const auto code = static_cast<exit_code>(said_->failed);
  if (said_->failed != 0 && said_->was_refused) throw refused(code, said_->why.data());
  if (said_->failed != 0) throw copycost::failure(code, said_->why.data());
  return {whole(said_->in_order), whole(said_->counted), said_->dropped};
}

}  // namespace copycost::graph::input
