// SPDX-License-Identifier: Apache-2.0
//
// A disk that ends its process with SIGKILL when so many bytes were written and operations done: in the middle of a
// write, between the bytes of a record, or between making a file and syncing its directory.
//
// Lifetime: the disk behind it outlives it.
// Threads: that disk's; the fuse is shared by all threads.
#pragma once
#include <algorithm>
#include <atomic>
#include <csignal>
#include <utility>

#include "scenarios/common/disk/disk.h"

namespace copycost {

class fuse_disk final : public disk {
 public:
  fuse_disk(disk& behind, std::uint64_t fuse) : behind_(behind), left_(fuse) {}

  int make_dir(const std::string& path) override {
    burn();
    return behind_.make_dir(path);
  }
  int list(const std::string& dir, std::vector<std::string>& names) override { return behind_.list(dir, names); }
  int open(const std::string& path, bool create, std::unique_ptr<disk_file>& file) override {
    if (create) burn();
    std::unique_ptr<disk_file> real;
    if (const int failed = behind_.open(path, create, real); failed != 0) return failed;
    file = std::make_unique<fuse_file>(*this, std::move(real));
    return 0;
  }
  int rename(const std::string& from, const std::string& to) override {
    burn();
    return behind_.rename(from, to);
  }
  int remove(const std::string& path) override {
    burn();
    return behind_.remove(path);
  }
  int sync_dir(const std::string& dir) override {
    burn();
    return behind_.sync_dir(dir);
  }
  int lock(const std::string& dir, std::unique_ptr<disk_file>& lock) override { return behind_.lock(dir, lock); }

 private:
  class fuse_file final : public disk_file {
   public:
    fuse_file(fuse_disk& of, std::unique_ptr<disk_file> real) : of_(of), real_(std::move(real)) {}
    std::uint64_t size() const override { return real_->size(); }
    int write(std::uint64_t at, std::span<const bytes_view> pieces) override {
      std::size_t all = 0;
      for (const bytes_view p : pieces) all += p.size();
      std::size_t room = of_.take(all);
      if (room == all) return real_->write(at, pieces);
      std::vector<bytes_view> front;
      for (const bytes_view p : pieces) {
        front.push_back(p.first(std::min(room, p.size())));
        room -= front.back().size();
      }
      (void)real_->write(at, front);  // its answer does not matter any more
      return die();
    }
    int read(std::uint64_t at, std::span<std::byte> into, std::size_t& got) override {
      return real_->read(at, into, got);
    }
    int resize(std::uint64_t size) override {
      of_.burn();
      return real_->resize(size);
    }
    void reserve(std::uint64_t size) override {
      of_.burn();
      real_->reserve(size);
    }
    int begin_sync(std::uint64_t at, std::uint64_t size) override {
      of_.burn();
      return real_->begin_sync(at, size);
    }
    int sync() override {
      of_.burn();
      return real_->sync();
    }

   private:
    fuse_disk& of_;
    std::unique_ptr<disk_file> real_;
  };

  static int die() { return std::raise(SIGKILL); }
  // So many of `bytes` are left.
  std::size_t take(std::size_t bytes) {
    std::uint64_t left = left_.load();
    while (!left_.compare_exchange_weak(left, left - std::min<std::uint64_t>(left, bytes))) {
    }
    return static_cast<std::size_t>(std::min<std::uint64_t>(left, bytes));
  }
  void burn() {
    if (take(1) == 0) die();
  }

  disk& behind_;
  std::atomic<std::uint64_t> left_;
};

}  // namespace copycost
