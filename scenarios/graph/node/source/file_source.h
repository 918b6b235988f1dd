// SPDX-License-Identifier: Apache-2.0
//
// A source that sends the lines or records of a file, without copying them: the file is mapped, a window at a time, the
// window is adopted as one item, and what is sent are its parts.
//
//   file --map--> [window: one item] --part()--> line, line, line ... --> "out":bytes
//
// The key of an item counts from 0. All items together are the file, byte for byte. Designs that do not refer to
// payload where it is copy each item once.
//
// Lifetime: a window stays mapped until the last item of it is gone.
// Threads: one at a time.
// Cost: a part an item, a look for the end of its line, and a mapping for a window.
#pragma once
#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "scenarios/graph/node/node.h"
#include "scenarios/graph/node/source/mapped_file.h"
#include "scenarios/graph/node/source/windows.h"

namespace copycost::graph {

struct file_source_options {
  std::uint64_t record = 0;                         // bytes of each item; 0: lines
  std::uint64_t window = std::uint64_t{256} << 20;  // bytes that are mapped at once, up to kItemMax; whole pages are
  std::uint64_t at_once = 64;                       // items that one produce() sends at most
  name_id source = 0;                               // of each item
};

template <design D>
class file_source final : public node<D> {
 public:
  using typename node<D>::item;

  // Errors: those of mapped_file::open(); bad_parameter for a window or a number of items that is 0, and for a window
  // or a record that is larger than an item may be.
  static result<std::unique_ptr<file_source>> open(const std::string& path, const file_source_options& options = {}) {
    const std::uint64_t record_max = kItemMax - mapped_file::page();  // a window holds one, wherever it begins
    if (options.window == 0 || options.window > kItemMax)
      return error{errc::bad_parameter, 0, kItemMax, options.window};
    if (options.record > record_max) return error{errc::bad_parameter, 0, record_max, options.record};
    if (options.at_once == 0) return error{errc::bad_parameter, 0, 1, 0};
    auto file = mapped_file::open(path);
    if (!file) return file.error();
    return std::unique_ptr<file_source>(new file_source(std::move(file).value(), options));
  }

  // VALID UNTIL: the node is destroyed.
  const port_list& ports() const override { return ports_; }
  // After an error the same item is the next one, but where the file itself is wrong (truncated_input, too_large): then
  // the source has ended, and unread() says how much of the file was not sent.
  result<turn> produce(outlet<D>& out) override {
    for (std::uint64_t i = 0; i < options_.at_once; ++i) {
      if (has_ended()) return finished(out);
      if (i > 0 && !out.has_room(0)) return turn::more;
      if (const auto ok = send_next(out); !ok) return ok.error();
    }
    return has_ended() ? finished(out) : turn::more;
  }

  std::uint64_t items() const { return items_; }  // that were sent
  // Bytes of the file that were not sent.
  std::uint64_t unread() const { return file_.size() - pieces_.at(); }

 private:
  file_source(mapped_file file, const file_source_options& options)
      : options_(options),
        file_(std::move(file)),
        pieces_(file_.size(), options.record,
                whole_pages(std::max(options.window, options.record + mapped_file::page())), mapped_file::page()) {}
  static std::uint64_t whole_pages(std::uint64_t size) {
    const std::uint64_t page = mapped_file::page();
    return (size + page - 1) / page * page;
  }

  bool has_ended() const { return is_wrong_ || pieces_.ended(); }
  turn finished(outlet<D>& out) {
    whole_ = item();
    mapped_.reset();
    out.maker().end_batch();
    return turn::done;
  }
  result<void> send_next(outlet<D>& out) {
    file_range one = pieces_.next(seen_.begin, window());
    while (one.size == 0) {
      if (const auto ok = map_next(out.maker()); !ok) return ok;
      one = pieces_.next(seen_.begin, window());
    }
    auto made = make(out.maker(), one);
    if (!made) return made.error();
    if (const auto ok = out.send(0, std::move(made).value()); !ok) return ok;
    pieces_.pass(one.size);
    ++items_;
    return {};
  }
  result<void> map_next(typename D::maker& by) {
    const auto range = pieces_.window(seen_);
    if (!range) {
      is_wrong_ = true;
      return range.error();
    }
    auto bytes = file_.map(range->begin, range->size);
    if (!bytes) {
      is_wrong_ = bytes.error().code == errc::truncated_input;
      return bytes.error();
    }
    if constexpr (D::traits.zero_copy) {
      // A design that frees batches as a whole frees a window when the items of it are gone.
      whole_ = item();
      seen_ = {};
      by.end_batch();
      auto whole = by.adopt({options_.source, 0, {}}, std::move(bytes).value());
      if (!whole) return whole.error();
      whole_ = std::move(whole).value();
    } else {
      mapped_ = std::move(bytes).value();
    }
    seen_ = range.value();
    return {};
  }
  // VALID UNTIL: the next window is mapped.
  bytes_view window() const {
    if constexpr (D::traits.zero_copy)
      return whole_.bytes();
    else
      return mapped_.bytes();
  }
  result<item> make(typename D::maker& by, const file_range& one) {
    const metadata meta{options_.source, items_, {}};
    if constexpr (D::traits.zero_copy)
      return by.part(whole_, one.begin - seen_.begin, one.size, meta);
    else
      return by.copy(meta, window().subspan(one.begin - seen_.begin, one.size));
  }

  const file_source_options options_;
  const mapped_file file_;
  file_pieces pieces_;
  file_range seen_;       // what is mapped
  item whole_;            // the window, where the design refers to payload
  foreign_bytes mapped_;  // the window, where it does not
  std::uint64_t items_ = 0;
  bool is_wrong_ = false;
  const port_list ports_{{}, {{"out"}}};
};

}  // namespace copycost::graph
