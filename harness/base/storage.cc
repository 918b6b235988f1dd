// SPDX-License-Identifier: Apache-2.0
#include "harness/base/storage.h"

#include <algorithm>
#include <fstream>
#include <sstream>

namespace copycost {
namespace {

namespace fs = std::filesystem;
constexpr int kLayersMax = 8;

// "\040" is a blank in mountinfo.
std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool octal = text[i] == '\\' && i + 3 < text.size() && text[i + 1] >= '0' && text[i + 1] <= '3';
    if (!octal) {
      out.push_back(text[i]);
      continue;
    }
    out.push_back(static_cast<char>((text[i + 1] - '0') * 64 + (text[i + 2] - '0') * 8 + (text[i + 3] - '0')));
    i += 3;
  }
  return out;
}

std::string option(const std::string& options, const std::string& name) {
  for (std::size_t at = 0; at < options.size();) {
    const std::size_t end = std::min(options.find(',', at), options.size());
    const std::string_view one = std::string_view(options).substr(at, end - at);
    if (one == name) return "yes";
    if (one.starts_with(name + "=")) return std::string(one.substr(name.size() + 1));
    at = end + 1;
  }
  return {};
}

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> all) {
  return std::ranges::find(all, word) != all.end();
}

storage of_layer(storage p, const storage& under, const std::string& layer) {
  p.is = under.is;
  if (p.is != standing::disk) p.why = p.type + " lies on " + layer + ": " + (under.why.empty() ? "unknown" : under.why);
  return p;
}

std::string text_of(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

storage look(const std::string& path, int layers) {
  std::error_code gone;
  const fs::path real = fs::canonical(path, gone);
  const auto mounts = detail::parse_mounts(text_of("/proc/self/mountinfo"));
  const detail::mount* on = gone ? nullptr : detail::mount_of(mounts, real.string());
  storage unknown{path, "unknown",         "unknown",
                  "",   standing::unknown, gone ? "it is not there" : "its mount is not told"};
  if (on == nullptr || layers == 0) return unknown;
  return detail::judged(
      path, *on, [&](const std::string& below) { return look(below, layers - 1); },
      [](const std::string& number) {
        std::string file = text_of("/sys/dev/block/" + number + "/loop/backing_file");
        if (file.ends_with('\n')) file.pop_back();
        return file;
      });
}

}  // namespace

std::string_view to_string(standing s) {
  constexpr std::string_view kNames[] = {"disk", "memory", "unsynced", "unknown"};
  return kNames[static_cast<int>(s)];
}

std::vector<detail::mount> detail::parse_mounts(std::string_view mountinfo) {
  std::vector<mount> all;
  std::istringstream lines{std::string(mountinfo)};
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string id, parent, number, root, point, options, word, type, source, more;
    if (!(words >> id >> parent >> number >> root >> point >> options)) continue;
    while (words >> word && word != "-") {
    }
    if (!(words >> type >> source)) continue;
    words >> more;
    all.push_back({number, unescaped(point), type, unescaped(source), options + "," + unescaped(more)});
  }
  return all;
}

const detail::mount* detail::mount_of(const std::vector<mount>& all, std::string_view path) {
  const mount* best = nullptr;
  for (const mount& m : all) {
    const bool contains = m.mount_point == "/" || path == m.mount_point || path.starts_with(m.mount_point + "/");
    if (contains && (best == nullptr || m.mount_point.size() >= best->mount_point.size())) best = &m;
  }
  return best;
}

storage detail::judged(const std::string& path, const mount& on,
                       const std::function<storage(const std::string&)>& below,
                       const std::function<std::string(const std::string&)>& backing) {
  storage p{path, on.type, on.source, on.mount_point, standing::disk, ""};
  if (is_one_of(on.type, {"tmpfs", "ramfs", "hugetlbfs", "rootfs", "devtmpfs"})) {
    p.is = standing::memory;
    p.why = on.type + " keeps files in memory";
    return p;
  }
  if (on.type == "overlay") {
    const std::string layer = option(on.options, "upperdir");
    if (!option(on.options, "volatile").empty()) {
      p.is = standing::unsynced;
      p.why = "overlay is mounted volatile: it skips syncs";
      return p;
    }
    if (layer.empty()) {
      p.is = standing::unknown;
      p.why = "overlay does not tell what it lies on";
      return p;
    }
    return of_layer(p, below(layer), layer);
  }
  if (on.type.starts_with("nfs") || on.type.starts_with("fuse") ||
      is_one_of(on.type, {"9p", "virtiofs", "cifs", "smb3", "ceph", "vboxsf", "afs", "glusterfs"})) {
    p.is = standing::unknown;
    p.why = on.type + " hands writes to somebody else";
    return p;
  }
  if (on.source.starts_with("/dev/ram") || on.source.starts_with("/dev/zram") || on.source.starts_with("/dev/pmem")) {
    const bool lasting = on.source.starts_with("/dev/pmem");
    if (!lasting) {
      p.is = standing::memory;
      p.why = on.source + " is memory";
    }
    return p;
  }
  if (const std::string file = backing(on.device_number); !file.empty())
    return of_layer(p, below(fs::path(file).parent_path().string()), file);
  if (option(on.options, "barrier") == "0" || !option(on.options, "nobarrier").empty()) {
    p.is = standing::unsynced;
    p.why = on.type + " is mounted without barriers: a sync does not reach the device";
  }
  return p;
}

storage storage_of(const fs::path& folder) {
  try {
    return look(folder.string(), kLayersMax);
  } catch (const std::exception& e) {
    return {folder.string(), "unknown", "unknown", "", standing::unknown, e.what()};
  }
}

std::string describe(const storage& p) { return p.path + " (" + p.type + "): " + std::string(to_string(p.is)); }

std::string why_not_durable(const storage& p) {
  const std::string& where = p.mount_point.empty() ? p.path : p.mount_point;  // the same for every folder on it
  if (p.is == standing::memory) return where + " is memory: " + p.why;
  if (p.is == standing::unsynced) return where + " does not sync: " + p.why;
  return {};
}

}  // namespace copycost
