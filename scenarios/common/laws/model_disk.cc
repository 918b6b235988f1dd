// SPDX-License-Identifier: Apache-2.0
#include "scenarios/common/laws/model_disk.h"

#include <algorithm>
#include <cerrno>

namespace copycost {

namespace {
constexpr std::size_t kSector = 512;
}

struct model_disk::inode {
  struct change {
    std::uint64_t at;
    content written;
    bool resizes;  // to `at`
  };
  content now, stable;
  std::vector<change> unsynced;

  static void put(content& to, std::uint64_t at, bytes_view piece) {
    if (to.size() < at + piece.size()) to.resize(at + piece.size());
    std::ranges::copy(piece, to.begin() + static_cast<std::ptrdiff_t>(at));
  }
  void write(std::uint64_t at, bytes_view piece) {
    put(now, at, piece);
    unsynced.push_back({at, content(piece.begin(), piece.end()), false});
  }
  // Not simply `now`: what a failed sync has dropped stays away.
  void settle() {
    for (const change& c : unsynced)
      if (c.resizes)
        stable.resize(c.at);
      else
        put(stable, c.at, c.written);
  }
};

// Of another life than the disk's: the machine that held it is gone.
class model_disk::handle final : public disk_file {
 public:
  handle(model_disk& on, file_ptr file) : on_(on), file_(std::move(file)), life_(on.life_) {}

  std::uint64_t size() const override {
    const std::lock_guard lock(on_.mutex_);
    return file_->now.size();
  }
  int write(std::uint64_t at, std::span<const bytes_view> pieces) override {
    const std::lock_guard lock(on_.mutex_);
    if (life_ != on_.life_) return EIO;
    content all;
    for (const bytes_view p : pieces) all.insert(all.end(), p.begin(), p.end());
    const bool was_off = on_.off_;
    const unsigned thirds = on_.fault_ ? on_.fault_->thirds : 2;
    int failed = on_.begin(operation::write);
    if (failed != 0) {
      if (!was_off) file_->write(at, bytes_view(all).first(all.size() * thirds / 3));
      return failed;
    }
    const std::uint64_t grows = at + all.size() > file_->now.size() ? at + all.size() - file_->now.size() : 0;
    if (const std::uint64_t used = on_.used(); used + grows > on_.capacity_) {
      const std::uint64_t over = used + grows - std::max(on_.capacity_, used);
      all.resize(all.size() - std::min<std::uint64_t>(over, all.size()));
      failed = ENOSPC;
    }
    file_->write(at, all);
    return failed;
  }
  int read(std::uint64_t at, std::span<std::byte> into, std::size_t& got) override {
    const std::lock_guard lock(on_.mutex_);
    if (life_ != on_.life_ || on_.off_) return EIO;
    const std::uint64_t size = file_->now.size();
    got = at < size ? std::min<std::size_t>(into.size(), size - at) : 0;
    std::copy_n(file_->now.begin() + static_cast<std::ptrdiff_t>(std::min(at, size)), got, into.begin());
    return 0;
  }
  int resize(std::uint64_t size) override {
    const std::lock_guard lock(on_.mutex_);
    if (life_ != on_.life_) return EIO;
    if (const int failed = on_.begin(operation::resize); failed != 0) return failed;
    file_->now.resize(size);
    file_->unsynced.push_back({size, {}, true});
    return 0;
  }
  // Nothing of it is stable; but it may be what fails.
  int begin_sync(std::uint64_t, std::uint64_t) override {
    const std::lock_guard lock(on_.mutex_);
    if (life_ != on_.life_) return EIO;
    const int failed = on_.begin(operation::sync);
    if (failed != 0 && !on_.off_) file_->unsynced.clear();
    return failed;
  }
  int sync() override {
    const std::lock_guard lock(on_.mutex_);
    if (life_ != on_.life_) return EIO;
    const int failed = on_.begin(operation::sync);
    if (on_.off_) return failed;
    if (failed == 0) file_->settle();
    file_->unsynced.clear();
    return failed;
  }

 private:
  model_disk& on_;
  file_ptr file_;
  std::uint64_t life_;
};

class model_disk::held_lock final : public disk_file {
 public:
  explicit held_lock(model_disk& on) : on_(on), life_(on.life_) {}
  ~held_lock() override {
    const std::lock_guard lock(on_.mutex_);
    if (life_ == on_.life_) on_.locked_ = false;
  }
  std::uint64_t size() const override { return 0; }
  int write(std::uint64_t, std::span<const bytes_view>) override { return EBADF; }
  int read(std::uint64_t, std::span<std::byte>, std::size_t&) override { return EBADF; }
  int resize(std::uint64_t) override { return EBADF; }
  int sync() override { return EBADF; }

 private:
  model_disk& on_;
  std::uint64_t life_;
};

model_disk::model_disk() = default;
model_disk::~model_disk() = default;

void model_disk::fail(operation which, std::uint64_t after, int failed, unsigned thirds) {
  const std::lock_guard lock(mutex_);
  fault_ = {which, after, failed, thirds};
  failed_ = false;
}
bool model_disk::has_failed() const {
  const std::lock_guard lock(mutex_);
  return failed_;
}
void model_disk::heal() {
  const std::lock_guard lock(mutex_);
  fault_.reset();
}
void model_disk::set_capacity(std::uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  capacity_ = bytes;
}
std::uint64_t model_disk::unsynced_bytes() const {
  const std::lock_guard lock(mutex_);
  std::uint64_t bytes = 0;
  for (const auto& [name, file] : names_)
    for (const inode::change& c : file->unsynced) bytes += c.written.size();
  return bytes;
}
void model_disk::go_off_after(std::uint64_t operations) {
  const std::lock_guard lock(mutex_);
  operations_left_ = operations;
}
bool model_disk::is_off() const {
  const std::lock_guard lock(mutex_);
  return off_;
}

int model_disk::begin() {
  if (!off_ && operations_left_-- == 0) off_ = true;
  return off_ ? EIO : 0;
}
int model_disk::begin(operation which) {
  if (const int failed = begin(); failed != 0) return failed;
  if (!fault_ || fault_->which != which || fault_->left-- != 0) return 0;
  const int failed = fault_->failed;
  fault_.reset();
  failed_ = true;
  return failed;
}

std::uint64_t model_disk::used() const {
  std::uint64_t bytes = 0;
  for (const auto& [name, file] : names_) bytes += file->now.size();
  return bytes;
}

int model_disk::make_dir(const std::string& path) {
  const std::lock_guard lock(mutex_);
  if (const int failed = begin(); failed != 0) return failed;
  has_dir_ = true;
  dir_ = path;
  return 0;
}
int model_disk::list(const std::string& dir, std::vector<std::string>& names) {
  const std::lock_guard lock(mutex_);
  if (off_) return EIO;
  if (!has_dir_) return ENOENT;
  names.clear();
  for (const auto& [path, file] : names_) names.push_back(path.substr(dir.size() + 1));
  return 0;
}
int model_disk::open(const std::string& path, bool create, std::unique_ptr<disk_file>& file) {
  const std::lock_guard lock(mutex_);
  const auto there = names_.find(path);
  if (!create) {
    if (off_) return EIO;
    if (there == names_.end()) return ENOENT;
    file = std::make_unique<handle>(*this, there->second);
    return 0;
  }
  if (const int failed = begin(operation::create); failed != 0) return failed;
  if (there != names_.end()) return EEXIST;
  const auto made = std::make_shared<inode>();
  names_[path] = made;
  changes_.push_back({{}, path, made});
  file = std::make_unique<handle>(*this, made);
  return 0;
}
int model_disk::rename(const std::string& from, const std::string& to) {
  const std::lock_guard lock(mutex_);
  if (const int failed = begin(operation::rename); failed != 0) return failed;
  const auto there = names_.find(from);
  if (there == names_.end()) return ENOENT;
  const file_ptr file = there->second;
  names_.erase(there);
  names_[to] = file;
  changes_.push_back({from, to, file});
  return 0;
}
int model_disk::remove(const std::string& path) {
  const std::lock_guard lock(mutex_);
  if (const int failed = begin(); failed != 0) return failed;
  if (names_.erase(path) == 0) return ENOENT;
  changes_.push_back({path, {}, nullptr});
  return 0;
}
int model_disk::sync_dir(const std::string& dir) {
  const std::lock_guard lock(mutex_);
  if (const int failed = begin(operation::sync_dir); failed != 0) return failed;
  if (dir != dir_) {
    has_stable_dir_ = has_dir_;
    return 0;
  }  // the one above
  stable_names_ = names_;
  changes_.clear();
  return 0;
}
int model_disk::lock(const std::string&, std::unique_ptr<disk_file>& lock) {
  const std::lock_guard guard(mutex_);
  if (off_) return EIO;
  if (locked_) return EWOULDBLOCK;
  locked_ = true;
  lock = std::make_unique<held_lock>(*this);
  return 0;
}

// What is left of a file: each sector of each write, and each change of the size, stays or goes.
model_disk::content model_disk::survive(const inode& file, rng& random) {
  content left = file.stable;
  const std::uint64_t chance = random.below(4);  // of 3: nothing stays, some, most, everything
  const auto stays = [&] { return random.below(3) < chance; };
  for (const inode::change& c : file.unsynced) {
    if (c.resizes && stays()) left.resize(c.at);
    for (std::size_t from = 0; from < c.written.size();) {
      const std::uint64_t at = c.at + from;
      const std::size_t size = std::min<std::size_t>(kSector - at % kSector, c.written.size() - from);
      if (stays())
        inode::put(left, at, bytes_view(c.written).subspan(from, size));
      else if (left.size() < at + size && random.below(3) == 0)
        left.resize(at + size);
      from += size;
    }
  }
  return left;
}

void model_disk::power_loss(rng& random) {
  const std::lock_guard lock(mutex_);
  ++life_;
  off_ = locked_ = failed_ = false;
  operations_left_ = ~std::uint64_t{0};
  fault_.reset();
  const std::uint64_t chance = random.below(4);
  names_ = stable_names_;
  for (const name_change& c : changes_) {
    if (random.below(3) >= chance) continue;
    if (!c.from.empty()) names_.erase(c.from);
    if (!c.to.empty()) names_[c.to] = c.file;
  }
  if (!has_stable_dir_ && random.below(2) == 0) {
    names_.clear();
    has_dir_ = false;
  }
  changes_.clear();
  stable_names_ = names_;
  has_stable_dir_ = has_dir_;
  for (auto& [name, file] : names_) {
    auto left = std::make_shared<inode>();  // files that are still open keep the old one
    left->now = left->stable = survive(*file, random);
    file = left;
  }
  stable_names_ = names_;
}

}  // namespace copycost
