// SPDX-License-Identifier: Apache-2.0
//
// Laws of names: the same text has the same number, in every thread and as long as the context lives, and the number
// leads back to the text.
#include <algorithm>
#include <atomic>
#include <latch>
#include <map>
#include <thread>

#include "harness/judge/drawn.h"
#include "scenarios/common/laws/law_list.h"
#include "scenarios/graph/laws/draw.h"

namespace copycost::graph::properties {
namespace {

constexpr std::string_view kNameClasses[] = {"the empty name", "a name of 64 KiB", "a name with a NUL", "a name again",
                                             "a name that begins like another"};

std::string draw_text(const std::string& name) {
  switch (draw_number(name, 0, 5)) {
    case 0:
      return {};
    case 1:
      return std::string(std::size_t{1} << 16, 'x');
    case 2:
      return std::string("a\0b", 3);
    case 3:
      return draw_name("usual");
    case 4:
      return std::string(draw_number("length", 1, 40), 'p');  // each begins like the longer ones
    default:
      return "number " + std::to_string(draw_number("which", 0, 99'999));
  }
}

void a_name_has_one_number(facade_maker make) {
  ground g(make);
  std::map<std::string, name_id> all{{"", 0}};
  std::map<name_id, std::string> back{{0, ""}};
  for (std::uint64_t n = draw_number("names", 1, 40); n > 0; --n) {
    const std::string text = draw_text("text");
    const bool again = all.contains(text);
    const name_id id = must(g.x.intern(text));
    RC_ASSERT(all.try_emplace(text, id).first->second == id);
    RC_ASSERT(same_text(back.try_emplace(id, text).first->second, text));
    drawn("the empty name", text.empty());
    drawn("a name of 64 KiB", text.size() > 60'000);
    drawn("a name with a NUL", text.find('\0') != std::string::npos);
    drawn("a name again", again && !text.empty());
    const auto next = std::next(all.find(text));
    drawn("a name that begins like another", next != all.end() && !text.empty() && next->first.starts_with(text));
  }
  for (const auto& [id, text] : back) RC_ASSERT(same_text(g.x.name(id), text));
  RC_ASSERT(g.x.name(~name_id{0}).empty());
}

// The numbers that a thread got, for names in its own order. Nothing here may throw: an assertion belongs to the thread
// that runs the property.
struct answers {
  std::vector<name_id> ids;
  bool is_right = true;
};

void ask(any_context& x, const std::vector<std::string>& names, std::latch& start, std::uint64_t seed, answers& all) {
  std::vector<std::size_t> order(names.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  rng(seed).shuffle(order);
  start.arrive_and_wait();
  for (const std::size_t i : order) {
    const auto id = x.intern(names[i]);
    all.is_right = all.is_right && id.ok() && x.name(id.value()) == names[i];
    if (all.is_right) all.ids[i] = id.value();
  }
}

// Names that no case before this one had: the race is over who makes a name.
std::vector<std::string> fresh_names(std::uint64_t n) {
  static std::atomic<std::uint64_t> made{0};
  std::vector<std::string> names;
  for (std::uint64_t i = 0; i < n; ++i) names.push_back("fresh " + std::to_string(++made));
  return names;
}

void threads_get_the_same_number(facade_maker make) {
  ground g(make);
  const std::uint64_t count = draw_number("threads", 2, 4), seed = draw_number("seed", 0, 999);
  const std::vector<std::string> names = fresh_names(draw_number("names", 1, 200));
  std::vector<answers> all(count, answers{std::vector<name_id>(names.size()), true});
  {
    std::latch start(static_cast<std::ptrdiff_t>(count));
    std::vector<std::jthread> threads;
    for (std::uint64_t t = 0; t < count; ++t)  // half of them in the same order
      threads.emplace_back([&, t] { ask(g.x, names, start, seed + t / 2, all[t]); });
  }
  for (const answers& each : all) RC_ASSERT((each.is_right && each.ids == all.front().ids));
  for (std::size_t i = 0; i < names.size(); ++i) {
    RC_ASSERT(must(g.x.intern(names[i])) == all.front().ids[i]);
    RC_ASSERT(same_text(g.x.name(all.front().ids[i]), names[i]));
  }
  std::vector<name_id> ids = all.front().ids;
  std::ranges::sort(ids);
  RC_ASSERT(std::ranges::adjacent_find(ids) == ids.end());
}

}  // namespace

law_list naming() {
  return {
      law_of<a_name_has_one_number>("the same text has the same number, another text another one, and back",
                                    {.draws = kNameClasses}),
      law_of<threads_get_the_same_number>("threads that meet over new names get the same numbers",
                                          {.cost = 4, .threads = kThreads}),
  };
}

}  // namespace copycost::graph::properties
