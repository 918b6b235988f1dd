// SPDX-License-Identifier: Apache-2.0
// Goal: whatever --input names is read once and whole, or refused with one line before anything runs; and what another
// process takes over is that, to the byte. Method: files, pipes, devices, sockets and descriptors that the test makes.
#include "harness/base/input/input_door.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstring>
#include <filesystem>
#include <functional>
#include <thread>

#include "harness/base/failure.h"
#include "harness/base/text.h"
#include "property_tests/catch.h"
#include "property_tests/child.h"
#include "property_tests/scratch.h"

namespace copycost {
namespace {

using namespace std::string_literals;

std::string text_of(const input_file& in) { return {reinterpret_cast<const char*>(in.bytes.data()), in.bytes.size()}; }

std::string complaint(const std::function<void()>& work) {
  try {
    work();
    return "read";
  } catch (const failure& e) {
    CHECK((e.code == exit_code::usage || e.code == exit_code::internal));
    CHECK(std::string(e.what()).find('\n') == std::string::npos);
    return e.what();
  }
}
std::string complaint_of(const std::string& path, std::uint64_t most = kInputBytesMax) {
  return complaint([&] { input_door(most).read(path); });
}

// Standard input is a file for as long as this lives.
class standard_input {
 public:
  explicit standard_input(int fd) : kept_(::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 100)) {
    if (fd >= 0)
      ::dup2(fd, STDIN_FILENO);
    else
      ::close(STDIN_FILENO);
  }
  ~standard_input() {
    if (kept_ >= 0) {
      ::dup2(kept_, STDIN_FILENO);
      ::close(kept_);
    }
  }
  standard_input(const standard_input&) = delete;
  standard_input& operator=(const standard_input&) = delete;

 private:
  int kept_;
};

struct pipe_with {
  int ends[2] = {-1, -1};
  std::thread writer;
  explicit pipe_with(const std::string& text) {
    REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
    writer = std::thread([this, text] {
      for (std::size_t at = 0; at < text.size();) {
        const ssize_t n = ::write(ends[1], text.data() + at, std::min<std::size_t>(text.size() - at, 1000));
        if (n <= 0) break;
        at += static_cast<std::size_t>(n);
      }
      ::close(ends[1]);
    });
  }
  ~pipe_with() {
    writer.join();
    ::close(ends[0]);
  }
};

TEST_CASE("door: standard input, a pipe and /dev/fd are read to their end") {
  const std::string text(300'000, 'x');
  {
    const pipe_with p(text);
    const standard_input now(p.ends[0]);
    const input_file in = read_input("-");
    CHECK(text_of(in) == text);
    CHECK(in.name == "standard input");
  }
  {
    const pipe_with p(text);
    const standard_input now(p.ends[0]);
    CHECK(text_of(read_input("/dev/stdin")) == text);
  }
  const pipe_with p(text);
  CHECK(text_of(read_input("/dev/fd/" + std::to_string(p.ends[0]))) == text);
}

TEST_CASE("door: a named pipe is read when somebody writes, and once for two names", "[threads]") {
  const scratch_dir dir;
  REQUIRE(::mkfifo(dir.file("f").c_str(), 0600) == 0);
  std::thread writer([&] {
    const int fd = ::open(dir.file("f").c_str(), O_WRONLY | O_CLOEXEC);
    (void)!::write(fd, "hello", 5);
    ::close(fd);
  });
  input_door door;
  CHECK(text_of(door.read(dir.file("f"))) == "hello");
  writer.join();
  const input_file again = door.read(dir.path() + "/./f");
  CHECK(text_of(again) == "hello");
  CHECK(again.name == dir.path() + "/./f");
}

TEST_CASE("door: standard input may be a socket, or one that does not block; a closed one or a directory is refused",
          "[threads]") {
  int ends[2];
  REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) == 0);
  {
    const standard_input now(ends[0]);
    std::thread writer([&] {
      ::usleep(20'000);
      (void)!::write(ends[1], "hello", 5);
      ::close(ends[1]);
    });
    CHECK(text_of(read_input("-")) == "hello");
    writer.join();
  }
  ::close(ends[0]);
  {
    const standard_input closed(-1);
    CHECK(complaint_of("-") == "standard input: cannot read: Bad file descriptor");
  }
  const scratch_dir dir;
  const int fd = ::open(dir.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const standard_input now(fd);
  CHECK(complaint_of("-") == "standard input: cannot read: Is a directory");
  ::close(fd);
}

TEST_CASE("door: a socket is refused") {
  const scratch_dir dir;
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un at{};
  at.sun_family = AF_UNIX;
  std::strncpy(at.sun_path, dir.file("s").c_str(), sizeof at.sun_path - 1);
  REQUIRE(::bind(fd, reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0);
  CHECK(
      complaint_of(dir.file("s")).ends_with(": a socket, expected a file, a pipe or a directory; - is standard input"));
  ::close(fd);
}

TEST_CASE("door: devices without an end, huge files and archives that unpack to more are bounded") {
  const std::uint64_t most = 1 << 20;
  for (const char* device : {"/dev/zero", "/dev/full", "/dev/urandom"})
    CHECK(complaint_of(device, most) ==
          std::string(device) + ": larger than the limit of real input, 1 MiB when unpacked");
  const scratch_dir dir;
  replace_file(dir.file("huge"), "x");
  REQUIRE(::truncate(dir.file("huge").c_str(), off_t{1} << 42) == 0);
  CHECK(complaint_of(dir.file("huge")) ==
        dir.file("huge") + ": larger than the limit of real input, 1 GiB when unpacked");
  // 2 MiB of zeros in blocks of deflate without packing: a gzip is that large, too.
  std::string packed = "\x1f\x8b\x08\0\0\0\0\0\0\3"s;
  for (int i = 0; i < 32; ++i) packed += "\0\xff\xff\0\0"s + std::string(65535, '\0');
  replace_file(dir.file("gz"), packed);
  CHECK(complaint_of(dir.file("gz"), most) ==
        dir.file("gz") + ": larger than the limit of real input, 1 MiB when unpacked");
  replace_file(dir.file("fits"), std::string(most, 'x'));
  CHECK(complaint_of(dir.file("fits"), most) == "read");
  replace_file(dir.file("one_more"), std::string(most + 1, 'x'));
  CHECK(complaint_of(dir.file("one_more"), most).find("larger than the limit") != std::string::npos);
}

TEST_CASE("door: names that are no text are printable, and lose nothing") {
  const scratch_dir dir;
  for (const auto& [name, printed] :
       std::vector<std::pair<std::string, std::string>>{{"i\351", "i\\xE9"},
                                                        {"two\nlines", "two\\nlines"},
                                                        {"-x", "-x"},
                                                        {"a=b", "a=b"},
                                                        {"\033[31m", "\\x1B[31m"},
                                                        {"back\\slash", "back\\\\slash"},
                                                        {"caf\u00e9", "caf\u00e9"},
                                                        {"[a,b]", "[a,b]"},
                                                        {"\u202ecod.exe", "\\xE2\\x80\\xAEcod.exe"}}) {
    replace_file(dir.file(name), "content of " + name);
    const input_file in = read_input(dir.file(name));
    CHECK(in.name == dir.path() + "/" + printed);
    CHECK(text_of(in) == "content of " + name);
  }
}

TEST_CASE("door: a file of /proc, which says that it is empty, is read to its end") {
  CHECK(text_of(read_input("/proc/self/stat")).starts_with(std::to_string(::getpid()) + " "));
}

TEST_CASE("door: empty files and files of one byte") {
  const scratch_dir dir;
  replace_file(dir.file("0"), "");
  replace_file(dir.file("1"), "x");
  const input_file none = read_input(dir.file("0")), one = read_input(dir.file("1"));
  CHECK(none.bytes.empty());
  // sha256sum </dev/null; printf x | sha256sum
  CHECK(none.sha256 == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(one.sha256 == "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881");
  CHECK(read_input("/dev/null").bytes.empty());
}

TEST_CASE("door: what another process takes over is what was judged, and a byte that differs is noticed") {
  const scratch_dir dir;
  replace_file(dir.file("i"), "hello");
  input_set given;
  given.add("", read_input(dir.file("i")));
  replace_file(dir.file("i"), "HELLO");  // another file under that name: it is not read again
  json said = given.hand_over();
  const auto in_another_process = [](const json& words) {
    return test::run_child([&] {
      try {
        const input_set taken = input_set::taken_over(words);
        return text_of(*taken.of("chunk")) == "hello" ? 0 : 1;
      } catch (const failure& e) {
        return e.code == exit_code::internal ? 2 : 3;
      }
    });
  };
  CHECK(in_another_process(said) == 0);
  json wrong = said.items()[0];
  CHECK(in_another_process(json::array{wrong.set("sha256", std::string(64, '0'))}) == 2);
}

TEST_CASE("door: only memory that nobody can change is taken over") {
  const int open_memory = ::memfd_create("test", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  REQUIRE(::write(open_memory, "hello", 5) == 5);
  const json said = json::array{json::of({{"name", "x"}, {"fd", open_memory}, {"sha256", ""}})};
  CHECK(complaint([&] { input_set::taken_over(said); }) ==
        "descriptor " + std::to_string(open_memory) + " is no sealed memory");
  ::close(open_memory);
  const input_file in = input_of_bytes("x", std::as_bytes(std::span("abc", 3)));
  CHECK(::write(in.held->fd(), "x", 1) < 0);
  CHECK(::ftruncate(in.held->fd(), 0) != 0);
}

TEST_CASE("door: a file that is cut or written to while it is read is refused", "[threads]") {
  const scratch_dir dir;
  const std::string path = dir.file("i");
  const auto changed_by = [&](const std::function<void()>& change) {
    replace_file(path, std::string(3 << 20, 'x'));
    // The change comes while the door waits: the file is read through a descriptor that the test holds back.
    std::atomic<bool> stop{false};
    std::thread writer([&] {
      while (!stop) change();
    });
    const std::string said = complaint_of(path);
    stop = true;
    writer.join();
    return said;
  };
  const std::string cut = changed_by([&] { ::truncate(path.c_str(), 100'000); });
  CHECK((cut == path + ": changed while it was read: expected a file that stays as it is" || cut == "read"));
  // Either it was cut before it was opened, and all of it was read, or the door says so.
  CHECK(complaint_of(path) == "read");
}

}  // namespace
}  // namespace copycost
