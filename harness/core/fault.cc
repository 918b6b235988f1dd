// SPDX-License-Identifier: Apache-2.0
#include "harness/core/fault.h"

#include <sys/resource.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <new>
#include <system_error>

#include "harness/base/temp_dir.h"

namespace copycost {
namespace {

constexpr std::uint64_t kFileRoom = 16u << 20, kAddressRoom = std::uint64_t{4} << 30, kDescriptors = 64;

// The soft limit where it is below `enough`; otherwise nothing is short.
bool limited(int resource, std::uint64_t enough, std::uint64_t& to) {
  rlimit limit{};
  if (getrlimit(static_cast<__rlimit_resource>(resource), &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return false;
  to = limit.rlim_cur;
  return to < enough;
}

bool address_space_limited(std::uint64_t& to) {
  return limited(RLIMIT_AS, kAddressRoom, to) || limited(RLIMIT_DATA, kAddressRoom, to);
}

std::string short_of_room(const std::string& dir) {
  struct statvfs s {};
  if (statvfs(dir.c_str(), &s) != 0 || access(dir.c_str(), W_OK) != 0) return dir + ": " + reason_of(errno);
  const std::uint64_t room = std::uint64_t{s.f_bavail} * s.f_frsize;
  if (room < kFileRoom) return dir + ": " + std::to_string(room) + " bytes are free";
  return s.f_files > 0 && s.f_favail == 0 ? dir + ": no room for another file" : "";
}

fault of_design(std::string why) {
  const std::string shortage = machine_short_of();
  if (shortage.empty()) return {exit_code::incorrect, std::move(why)};
  return {exit_code::internal, std::move(why) + " (" + shortage + ")"};
}

}  // namespace

std::string reason_of(int error) {
  return error != 0 ? std::strerror(error) : "the system gives no reason";  // NOLINT(concurrency-mt-unsafe)
}

std::string machine_short_of() {
  std::uint64_t to = 0;
  if (limited(RLIMIT_FSIZE, kFileRoom, to)) return "files are limited to " + std::to_string(to) + " bytes";
  if (address_space_limited(to)) return "memory is limited to " + std::to_string(to) + " bytes";
  if (limited(RLIMIT_NOFILE, kDescriptors, to)) return "open files are limited to " + std::to_string(to);
  if (std::string there = short_of_room(temporary_folder().string()); !there.empty()) return there;
  return access("/dev/shm", W_OK) == 0 ? short_of_room("/dev/shm") : "";  // where laws put their stores
}

fault fault_of_current_exception() {
  try {
    throw;
  } catch (const failure& e) {
    return e.code == exit_code::incorrect ? of_design(e.what()) : fault{e.code, e.what()};
  } catch (const std::bad_alloc&) {
    return of_design("out of memory");
  } catch (const std::system_error& e) {
    return {exit_code::internal, e.what()};
  } catch (const std::exception& e) {
    return of_design(e.what());
  } catch (...) {
    return of_design("it threw what is no exception of the standard library");
  }
}

fault fault_of_death(const ending& end) {
  const std::string why = end.text();
  if (end.how == ending::kind::exited) {
    const bool ours =
        end.number == static_cast<int>(exit_code::internal) || end.number == static_cast<int>(exit_code::usage);
    return ours ? fault{static_cast<exit_code>(end.number), why} : of_design(why);
  }
  for (const int crash : {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS})
    if (end.how == ending::kind::signalled && end.number == crash) return of_design(why);
  return {exit_code::internal, why};
}

}  // namespace copycost
