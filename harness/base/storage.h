// SPDX-License-Identifier: Apache-2.0
//
// What a folder lies on: which file system, which device, and whether what is synced there stays.
//
// Lifetime: values own their text.
// Threads: safe.
// Cost: a few small files of /proc and /sys.
#pragma once
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace copycost {

enum class standing {
  disk,      // a file system on a device, or on another one that is
  memory,    // gone with the machine's power: tmpfs, ramfs, or a device or a layer that lies in one
  unsynced,  // on a device, but mounted to skip what makes writes durable
  unknown    // a network, a program, or a layer that the kernel does not name
};
std::string_view to_string(standing s);

struct storage {
  std::string path;         // as it was asked for
  std::string type;         // "ext4", "tmpfs"; "unknown"
  std::string device;       // "/dev/vda1"; "none" and the like where there is none
  std::string mount_point;  // where it is mounted
  standing is = standing::unknown;
  std::string why;  // in words, where `is` is not disk: "tmpfs keeps files in memory"
};

// Never throws; what cannot be found out is unknown.
storage storage_of(const std::filesystem::path& folder);

// "/dev/shm (tmpfs): memory"
std::string describe(const storage& p);

// Why what is durable cannot be measured there, in words; empty where it can, or where it is not known.
std::string why_not_durable(const storage& p);

namespace detail {

// One line of /proc/self/mountinfo.
struct mount {
  std::string device_number, mount_point, type, source, options;  // options: of the mount and of its file system
};
std::vector<mount> parse_mounts(std::string_view mountinfo);

// The mount that a path lies on: the deepest, and of several at one point the last. Null: none.
const mount* mount_of(const std::vector<mount>& all, std::string_view path);

// What the mount says of it. `below` answers for a folder that a layer or a loop device lies on; `backing` names the
// file behind a block device ("259:0"), or is empty.
storage judged(const std::string& path, const mount& on, const std::function<storage(const std::string&)>& below,
               const std::function<std::string(const std::string&)>& backing);

}  // namespace detail
}  // namespace copycost
