// SPDX-License-Identifier: Apache-2.0
#include "harness/clock/circumstances.h"

#include <alloca.h>
#include <malloc.h>
#include <unistd.h>

#include <cmath>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <string>
#include <thread>
#include <vector>

#include "harness/base/check.h"
#include "harness/base/child.h"
#include "harness/base/failure.h"
#include "harness/base/rng.h"
#include "harness/ledger/witness/heap_payload.h"
#include "harness/process/streams.h"

namespace copycost {
namespace {

constexpr std::uint64_t kBlocksMin = 128, kBlocksMax = 1024, kPage = 4096, kLine = 64, kStackMax = 8192;
constexpr double kSmallest = 16, kLargest = 65536;

// Blocks of all sizes alike, small ones more often; every second one is freed, in no order. The others stay.
void live_on_the_heap(std::uint64_t seed, std::uint64_t blocks) {
  rng random(seed);
  std::vector<char*> made;
  for (std::uint64_t i = 0; i < blocks; ++i) {
    const double size = kSmallest * std::pow(kLargest / kSmallest, random.uniform());
    made.push_back(static_cast<char*>(std::malloc(static_cast<std::size_t>(size))));
    if (made.back() == nullptr) throw failure(exit_code::internal, "no memory for a launch's circumstances");
    *static_cast<volatile char*>(made.back()) = 1;
  }
  random.shuffle(made);
  for (std::uint64_t i = 0; i < blocks; i += 2) std::free(made[i]);
}

[[gnu::noinline]] void deeper(std::size_t bytes, const std::function<void()>& work) {
  volatile char* const room = static_cast<volatile char*>(alloca(bytes + 1));
  room[0] = 1;
  work();
  room[bytes] = 1;  // behind the call, so that the room is there meanwhile
}

int say_why(const std::exception& e, exit_code code) {
  say(std::string("copycost-clock: ") + e.what() + "\n");
  return static_cast<int>(code);
}

// What the child's end is to say.
int answer_of(const std::function<void()>& work) {
  try {
    std::thread([] {}).join();  // C libraries take cheaper paths in processes that never had a second thread
    work();
    return 0;
  } catch (const failure& e) {
    return say_why(e, e.code);
  } catch (const std::exception& e) {
    return say_why(e, exit_code::internal);
  }
}

}  // namespace

circumstances drawn(std::uint64_t seed, int launch, std::string_view allocator) {
  std::uint64_t mixed = seed;
  for (const char c : allocator) mixed = rng::split(mixed) ^ static_cast<unsigned char>(c);
  rng random(rng::split(mixed) + static_cast<std::uint64_t>(launch));
  circumstances out;
  out.order = random.next();
  out.heap = random.next() >> 1;
  out.order >>= 1;  // numbers in JSON have a sign
  out.heap_blocks = random.between(kBlocksMin, kBlocksMax);
  out.payload_place = kLine * random.below(kPage / kLine);
  out.stack_bytes = 16 * random.below(kStackMax / 16);
  return out;
}

void known_allocator() {
#ifdef M_MMAP_THRESHOLD  // glibc's; other allocators ignore it
  constexpr int kMiB = 1024 * 1024;
  ::mallopt(M_MMAP_THRESHOLD, 32 * kMiB);
  ::mallopt(M_TRIM_THRESHOLD, 64 * kMiB);
#endif
}

void meet(const circumstances& these, const std::function<void()>& work) {
  COPYCOST_REQUIRE(these.payload_place < kPage && these.stack_bytes <= kStackMax && these.heap_blocks <= kBlocksMax);
  g_payload_place = static_cast<std::size_t>(these.payload_place);
  live_on_the_heap(these.heap, these.heap_blocks);
  deeper(static_cast<std::size_t>(these.stack_bytes), work);
}

void on_its_own(const std::function<void()>& work) {
  const ending end = child::fork_apart([&] { return answer_of(work); }).wait();
  if (end.how == ending::kind::unknown) throw failure(exit_code::internal, "a child process: " + end.text());
  if (end.how == ending::kind::signalled) {
    std::signal(end.number, SIG_DFL);
    ::raise(end.number);
    ::_exit(static_cast<int>(exit_code::internal));  // a signal that does not end us
  }
  if (end.number != 0) ::_exit(end.number);  // it has said why
}

}  // namespace copycost
