// SPDX-License-Identifier: Apache-2.0
//
// protobuf_arena: libprotobuf with its arena: the objects of a message lie in one arena and go at once. Each decoding
// has a fresh arena, or (a message that is used again) one that was reset.
//
//   arena [Message|Entry|string|Entry|string|...]      strings longer than 15 bytes keep their bytes on the heap
//
// What goes where else is drawn in ../common/protobuf_codec.h.
//
// Lifetime: as protobuf_codec.h says.
// Threads: as protobuf_codec.h says.
// Cost: libprotobuf's.
#pragma once
#include <google/protobuf/arena.h>

#include "impls/raft/common/protobuf_codec.h"

namespace copycost::raft {

class arena_owner {
 public:
  // A message in an arena that holds nothing else. VALID UNTIL: the next call.
  raftpb::Message& ready() {
    if (arena_ == nullptr)
      arena_ = std::make_unique<google::protobuf::Arena>();
    else
      arena_->Reset();
    return *google::protobuf::Arena::CreateMessage<raftpb::Message>(arena_.get());
  }
  void clear() {
    if (arena_ != nullptr) arena_->Reset();
  }

 private:
  std::unique_ptr<google::protobuf::Arena> arena_;
};

struct protobuf_arena_design : protobuf_codec<protobuf_message<arena_owner>> {};
static_assert(design<protobuf_arena_design>);

}  // namespace copycost::raft
