// SPDX-License-Identifier: Apache-2.0
//
// Private to the slice design: counted segments, and the immutable directory that shows them to readers.
//
//   place -> root [first of leaf|leaf*]...   one new root and one new leaf for each new segment (64 of them a leaf)
//                        v
//            leaf [first of segment|segment*] x 64
//                                   v
//            segment [records ........ places]        2 MiB; a huge page where the kernel gives one
//   root also owns the entities' index of its generation
//
// Lifetime: each is destroyed when the last root, leaf or reader that holds it is gone.
// Threads: safe; immutable, except the free end of the last segment, which only the writer looks at.
// Cost: a root a segment, some 8,000 events of 128 bytes.
// Source: path copying, Driscoll, Sarnak, Sleator, Tarjan, "Making data structures persistent" (1989).
#pragma once
#include <memory>

#include "impls/event_store/common/index_area.h"
#include "impls/event_store/common/log_reader.h"
#include "impls/event_store/common/segment_layout.h"

namespace copycost::event_store {

struct slice_segment : counted {
  sequence first;
  std::size_t bytes;  // of the whole block
  segment_layout layout;
  // Null when there is no memory.
  static slice_segment* make(sequence first, std::size_t bytes);
  static void destroy(slice_segment*);
};

struct slice_leaf : counted {
  static constexpr unsigned kSegments = 64;
  unsigned count = 0;
  sequence first[kSegments];
  slice_segment* segments[kSegments];  // owned
  static void destroy(slice_leaf*);
};

struct slice_root : counted {
  unsigned leaves = 0;
  counted_index* index = nullptr;  // owned
  struct entry {
    sequence first;
    slice_leaf* leaf;  // owned
  };
  entry* entries() { return reinterpret_cast<entry*>(this + 1); }
  const entry* entries() const { return reinterpret_cast<const entry*>(this + 1); }  // VALID UNTIL: this is gone
  // Without segments. Takes over the index.
  static slice_root* make(owner<counted_index> index);
  // The segments [skip, keep) of this one, and `more` behind them if it is not null. Leaves that stay as they are are
  // shared.
  slice_root* changed(unsigned skip, unsigned keep, owner<slice_segment> more, owner<counted_index> with) const;
  static void destroy(slice_root*);

  struct spot {
    unsigned leaf, segment;
  };
  // The segment that `seq` is in, or would be. REQUIRES: there is a segment, and seq is not in front of it.
  spot locate(sequence seq) const;
  // The n-th segment of all.
  spot nth(unsigned n) const;
  slice_segment* at(spot s) const { return entries()[s.leaf].leaf->segments[s.segment]; }
  // The first sequence of the segment behind; kStart: there is none.
  sequence next_first(spot s) const;
  unsigned segments() const;
};

// What a reader holds: a root, or another reader's root for as long as that lasts.
class slice_log {
 public:
  explicit slice_log(owner<slice_root> root) : root_(root.get()), owned_(std::move(root)) {}
  record_place find(sequence seq) const {
    const slice_root::spot s = root_->locate(seq);
    const slice_segment* segment = root_->at(s);
    return {segment->layout.record(seq - segment->first), root_->next_first(s)};
  }
  const entity_index& index() const { return root_->index->area->index(); }
  slice_log borrow() const { return slice_log(root_); }

 private:
  explicit slice_log(const slice_root* root) : root_(root) {}
  const slice_root* root_;
  owner<slice_root> owned_;
};

}  // namespace copycost::event_store
