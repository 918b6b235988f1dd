// SPDX-License-Identifier: Apache-2.0
//
// Private to stage.cc: one process's share of a stage, and the windows that it lends. See seam.h for the contract.
#pragma once
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "harness/base/temp_dir.h"
#include "harness/core/instrument.h"
#include "harness/core/stage_control.h"
#include "harness/core/workload.h"

namespace copycost::detail {

class stage_window;

// What all windows of one process have in common.
struct process_roles {
  control* shared = nullptr;
  instrument* by = nullptr;
  shape form;
  unsigned process = 0;
  std::function<void()> poll;
  std::vector<std::unique_ptr<stage_window>> windows;  // one per role of this process
  std::uint32_t segments_asked = 0;
  std::optional<temp_dir> dir;  // of the process that made it

  role_record& record(unsigned role) const { return shared->roles[role]; }
  void* scratch(unsigned role) const { return reinterpret_cast<std::byte*>(shared + 1) + role * by->scratch_bytes(); }
};

class stage_window final : public window {
 public:
  stage_window(process_roles& of, unsigned role) : of_(of), role_(role) {}
  unsigned role() const override { return role_; }
  watching watches() const override { return of_.by->watches(); }
  void open() override;
  void close() override;
  void pause() override;
  void resume() override;
  std::int64_t due(std::uint64_t i) override;
  void done(std::uint64_t i) override;
  std::span<std::byte> payload(std::size_t size, std::uint64_t id) override;
  void produced(std::span<const std::byte> where) override { of_.by->produced(where); }
  void consumed(std::span<const std::byte> where) override { of_.by->consumed(where); }
  std::uint16_t epoch() const override { return of_.shared->epoch; }
  int segment(std::size_t size) override;
  std::filesystem::path dir() override;
  void fault_point(int id) override { of_.by->fault_point(id); }
  void waiting() override;
  digest& seen() override { return seen_; }
  std::uint64_t results() override;

 private:
  process_roles& of_;
  unsigned role_;
  digest seen_;
  std::int64_t start_ns_ = 0, paused_ns_ = 0, paused_thread_ns_ = 0;
};

}  // namespace copycost::detail
