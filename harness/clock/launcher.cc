// SPDX-License-Identifier: Apache-2.0
#include "harness/clock/launcher.h"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <system_error>

#include "harness/base/child.h"
#include "harness/base/input/input.h"
#include "harness/base/temp_dir.h"
#include "harness/base/text.h"
#include "harness/core/fault.h"

namespace copycost {

std::atomic<bool> g_interrupted{false};

std::string_view to_string(allocator a) { return a == allocator::glibc ? "glibc" : "mimalloc"; }

std::filesystem::path launch_program(allocator on) {
  std::error_code error;
  const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", error);
  const std::filesystem::path program =
      self.parent_path() / (on == allocator::glibc ? "copycost-clock-glibc" : "copycost-clock");
  if (!std::filesystem::exists(program, error))
    throw failure(exit_code::internal, program.string() + ": not there; it is built beside copycost");
  return program;
}

namespace {

std::size_t count_lines(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::exists(path, error)) return 0;
  const std::string text = read_file(path);  // no input: answers
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

// Waits for the launch; on an interrupt it is asked to end and what it wrote is kept.
ending wait_for(child& launch, const std::string& out, const std::function<void(std::size_t)>& tick) {
  for (bool asked = false;;) {
    if (const auto end = launch.ended()) return *end;
    if (g_interrupted && !asked) {
      launch.kill(SIGTERM);
      asked = true;
    }
    usleep(20'000);
    if (tick) tick(count_lines(out));
  }
}

}  // namespace

launch_answer start_launch(allocator on, const plan& p, const std::function<void(std::size_t)>& tick) {
  const std::string program = launch_program(on).string();
  const temp_dir scratch("launch");
  const std::string plan_path = scratch.file("plan.json"), out_path = scratch.file("out.jsonl");
  plan handed = p;
  handed.inputs = current_inputs().hand_over();
  replace_file(plan_path, to_json(handed).dump());
  launch_answer answer;
  try {
    // What the launch makes lies in the folder that goes away with it, however it ends.
    child launch = child::start(program, {.arguments = {"--plan", plan_path, "--out", out_path},
                                          .variables = {"TMPDIR=" + scratch.path().string()},
                                          .keep = current_inputs().descriptors()});
    const ending end = wait_for(launch, out_path, tick);
    answer.complete = end.well();
    if (!answer.complete) {
      const fault how = fault_of_death(end);
      answer.died = end.how == ending::kind::signalled;
      answer.code = how.code;
      answer.why = (answer.died ? "launch ended by " : "launch ended with ") + how.why;
    }
  } catch (const std::system_error& e) {
    throw failure(exit_code::internal, e.what());
  }
  std::error_code error;
  if (std::filesystem::exists(out_path, error))
    for (const std::string& text : split(read_file(out_path), '\n')) {  // no input: answers
      const json line = json::parse(text, out_path);
      if (is_calibration(line))
        answer.calibrated.push_back(calibration_from_json(line));
      else
        answer.samples.push_back(sample_from_json(line));
    }
  return answer;
}

}  // namespace copycost
