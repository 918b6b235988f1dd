// SPDX-License-Identifier: Apache-2.0
// Laws about what is kept: messages and bytes stay what they were while the inbox goes on, until their batch ends.
#include <algorithm>

#include "scenarios/common/laws/law_list.h"
#include "scenarios/raft/laws/feed.h"

namespace copycost::raft::properties {
namespace {

constexpr std::size_t kOwnerBytes = 128;  // what an owner may take beside what it owns

void what_is_kept_stays_while_the_inbox_goes_on(facade_maker make) {
  const auto f = design_of<facade>(make);
  const drawn_stream s = draw_stream(*f, 40, {.entries = 6, .bytes = 9000});
  check_feed(*f, s.in, s.bytes, {.how = draw_cuts(), .keep = true});
}

void ending_a_batch_loses_nothing_that_has_come(facade_maker make) {
  const auto f = design_of<facade>(make);
  if (!f->batches()) throw not_offered{"batches"};
  drawn_stream s = draw_stream(*f, 20, {.entries = 6, .bytes = 5000});
  if (has_frames(s.in.format) && draw_bool("pieces"))
    s.in.stream_above = static_cast<std::size_t>(draw_number("stream above", 0, 3000));
  check_feed(*f, s.in, s.bytes, {.how = draw_cuts(), .keep = draw_bool("keep"), .applies = true});
}

// One message of each of a stream, through an inbox that is gone afterwards.
std::vector<any_message> received(any_context& x, const drawn_stream& s) {
  std::vector<any_message> all;
  any_inbox inbox(x, s.in);
  std::size_t came = 0;
  for (;;) {
    const arrived a = must(inbox.next());
    if (a.is_message()) must(inbox.message(all.emplace_back()));
    if (a.what != arrival::none) continue;
    if (came == s.bytes.size()) return all;
    const std::span<std::byte> room = must(inbox.space());
    const std::size_t n = std::min(room.size(), s.bytes.size() - came);
    std::copy_n(s.bytes.begin() + static_cast<std::ptrdiff_t>(came), n, room.begin());
    inbox.wrote(n);
    came += n;
  }
}
std::vector<const model_message*> wanted(const drawn_stream& s) {
  std::vector<const model_message*> all;
  for (const made_unit& u : s.units)
    if (u.is_message && u.encoded.size() != 1) all.push_back(&u.arrives);  // a link heartbeat is none
  return all;
}

void messages_outlive_their_inbox(facade_maker make) {
  const auto f = design_of<facade>(make);
  const drawn_stream s = draw_stream(*f, 10, {.entries = 6, .bytes = 3000});
  any_context x(f->context());
  std::vector<any_message> all = received(x, s);
  const auto models = wanted(s);
  RC_ASSERT(all.size() == models.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    const any_message moved = std::move(all[i]);
    no_difference(difference(moved.view(), *models[i]));
    RC_ASSERT(moved.retained_bytes() >= entry_bytes(moved.view()));
  }
}

void entries_shared_out_of_a_message_outlive_it(facade_maker make) {
  const auto f = design_of<facade>(make);
  const drawn_stream s = draw_stream(*f, 6, {.entries = 6, .bytes = 3000});
  const bool compacts = draw_bool("compact");
  any_context x(f->context());
  std::vector<any_message> all = received(x, s);
  const auto models = wanted(s);
  RC_ASSERT(all.size() == models.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    std::vector<any_bytes> entries;
    for (std::size_t e = 0; e < all[i].view().entries.size(); ++e) {
      entries.push_back(must(all[i].share_data(e)));
      const bytes_view data = all[i].view().entries[e].data;
      if (f->zero_copy() && !data.empty()) RC_ASSERT((entries.back().view().data() == data.data()));
    }
    all[i] = {};  // the message goes, its entries stay
    for (std::size_t e = 0; e < entries.size(); ++e) {
      const byte_string& data = models[i]->entries[e].data;
      if (compacts) must(entries[e].compact());
      RC_ASSERT(same_bytes(entries[e].view(), data));
      RC_ASSERT(entries[e].retained_bytes() >= data.size());
      if (compacts && !f->batches()) RC_ASSERT(entries[e].retained_bytes() <= data.size() + kOwnerBytes);
    }
  }
}

void one_message_can_be_used_again_and_again(facade_maker make) {
  const auto f = design_of<facade>(make);
  const drawn_stream s = draw_stream(*f, 20);
  any_context x(f->context());
  const met got = feed(*f, x, s.in, s.bytes);  // decodes into one message
  RC_ASSERT(!got.wrong.has_value());
  std::size_t i = 0;
  const auto models = wanted(s);
  for (const met_unit& u : got.units)
    if (u.message) no_difference(difference(model_view(*u.message).view(), *models.at(i++)));
  RC_ASSERT(i == models.size());
}

void a_cleared_message_is_empty(facade_maker make) {
  const auto f = design_of<facade>(make);
  const drawn_stream s = draw_stream(*f, 5);
  any_context x(f->context());
  for (any_message& m : received(x, s)) {
    m.clear();
    no_difference(difference(m.view(), {}));
    if (!f->batches()) RC_ASSERT(m.retained_bytes() == 0u);
    m.clear();
  }
  any_message fresh;
  no_difference(difference(fresh.view(), {}));
}

}  // namespace

law_list keeping() {
  return {
      law_of<what_is_kept_stays_while_the_inbox_goes_on>("messages and payloads that are kept do not change",
                                                         {.cost = 2}),
      law_of<ending_a_batch_loses_nothing_that_has_come>(
          "applied() between any two reads changes nothing that arrives"),
      law_of<messages_outlive_their_inbox>("a message is good when the inbox is gone, and when it is moved"),
      law_of<entries_shared_out_of_a_message_outlive_it>(
          "an entry's owner keeps it alone, in its place where nothing is copied, and after compact() not much more"),
      law_of<one_message_can_be_used_again_and_again>("decoding into a message forgets what was in it"),
      law_of<a_cleared_message_is_empty>("clear() leaves nothing, and keeps nothing from being freed"),
  };
}

}  // namespace copycost::raft::properties
