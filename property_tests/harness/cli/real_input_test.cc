// SPDX-License-Identifier: Apache-2.0
// Goal: what is judged, counted and timed is the same real input, whatever --input names, and the result says which it
// was. Method: the program on pipes, devices, odd names and damaged files; its JSON and its result folders.
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <thread>

#include "harness/base/sha256.h"
#include "property_tests/catch.h"
#include "property_tests/harness/cli/program.h"

namespace copycost::cli_test {
namespace {

std::string text_of(std::size_t lines) {
  std::string out;
  for (std::size_t i = 0; i < lines; ++i) out += "line " + std::to_string(i * 7919) + "\n";
  return out;
}
std::string events_of(int count) {
  std::string out;
  for (int i = 0; i < count; ++i)
    out += R"({"seq":)" + std::to_string(i) +
           R"(,"id":"i","entity":"e","kind":"k","time":1,"payload":"p"})"
           "\n";
  return out;
}
std::string digest_of(const std::string& text) {
  sha256 sum;
  sum.add(text);
  return sum.hex();
}

// One cell on the input, timed in two launches.
words timed(const std::string& input, const words& more = {}) {
  words all = {"run",   "--system", "chunk", "--design",   "copy", "--workload", "frames",  "--profile",
               "smoke", "--filter", "input", "--launches", "2",    "--json",     "--input", input};
  all.insert(all.end(), more.begin(), more.end());
  return all;
}
// The program with a pipe as standard input.
answer piped(const std::string& text, const words& arguments) {
  const scratch_dir dir;
  replace_file(dir.file("text"), text);
  std::string line = "cat " + shell_word(dir.file("text")) + " | exec " + shell_word(COPYCOST_PROGRAM);
  for (const std::string& a : arguments) line += " " + shell_word(a);
  return run_program("bash", {"-c", line});
}
std::size_t lines_of(const answer& a) { return static_cast<std::size_t>(std::count(a.err.begin(), a.err.end(), '\n')); }

TEST_CASE("real input: a pipe is read once, and its bytes are those that every launch times") {
  const std::string text = text_of(20'000);
  for (const char* name : {"-", "/dev/stdin"}) {
    const answer a = piped(text, timed(name));
    CAPTURE(name, a.err);
    REQUIRE(a.code == 0);
    const json doc = a.object();
    CHECK(doc["inputs"].items()[0]["sha256"].text() == digest_of(text));
    CHECK(doc["inputs"].items()[0]["bytes"].integer() == static_cast<std::int64_t>(text.size()));
    REQUIRE(doc["rows"].items().size() >= 1);
    // The buffers are the input's: as large as its pieces, of which each launch had every one.
    const std::uint64_t pieces = (text.size() + 65535) / 65536;
    CHECK(doc["rows"].items()[0]["params"]["size"].integer() ==
          static_cast<std::int64_t>((text.size() + pieces - 1) / pieces));
    CHECK(doc["rows"].items()[0]["bytes_per_second"].number() > 0);
  }
}

TEST_CASE("real input: a named pipe is read by run, audit and verify") {
  const scratch_dir dir;
  REQUIRE(::mkfifo(dir.file("f").c_str(), 0600) == 0);
  const std::string text = text_of(1000);
  for (const char* command : {"run", "audit", "verify"}) {
    std::thread writer([&] { std::ofstream(dir.file("f")) << text; });
    words call = timed(dir.file("f"));
    call[0] = command;
    if (call[0] != "run")
      call.erase(std::find(call.begin(), call.end(), "--launches"), std::find(call.begin(), call.end(), "--json"));
    const answer a = copycost(call);
    writer.join();
    CAPTURE(command, a.err);
    REQUIRE(a.code == 0);
    CHECK(a.object()["inputs"].items()[0]["sha256"].text() == digest_of(text));
  }
}

TEST_CASE("real input: a file that another one replaces while launches run is not looked at again") {
  const scratch_dir dir;
  const std::string text = text_of(30'000);
  replace_file(dir.file("i"), text);
  const answer a = copycost(timed(dir.file("i"), {"-o", dir.file("out")}), {.meanwhile = [&](pid_t) {
                              for (int k = 0; k < 200; ++k) {
                                ::usleep(10'000);
                                if (std::filesystem::exists(dir.file("out"))) replace_file(dir.file("i"), "another");
                              }
                            }});
  REQUIRE(a.code == 0);
  const json v = read_json_file(dir.file("out") + "/verdicts.json");
  CHECK(v["inputs"].items()[0]["sha256"].text() == digest_of(text));
  CHECK(v["rows"].items()[0]["verdict"].text() != "broken");
}

TEST_CASE("real input: names that are no text work in run, audit, verify and report") {
  const scratch_dir dir;
  const std::string text = text_of(300);
  for (const std::string name : {"i\351", "two\nlines", "a=b", "[x,y]"}) {
    const std::string path = dir.file(name), out = dir.file("out of " + name);
    replace_file(path, text);
    CAPTURE(name);
    const answer run = copycost(timed(path, {"-o", out}));
    CAPTURE(run.err);
    REQUIRE(run.code == 0);
    const std::string said(run.object()["inputs"].items()[0]["name"].text());
    CHECK(said == printable(path));
    words audit = timed(path, {"-o", out});
    audit[0] = "audit";
    audit.erase(audit.begin() + 11, audit.begin() + 13);
    CHECK(copycost(audit).code == 0);
    const answer verify = copycost({"verify", "--system", "chunk", "--design", "slice", "--json", "--input", path});
    REQUIRE(verify.code == 0);
    const json row = verify.object()["rows"].items()[0];
    CHECK(row["digest"].text() == digest_of(text));
    CHECK(row["replay"].text() == "--input " + shell_word(path));
    const answer report = copycost({"report", out, "-o", out});
    CAPTURE(report.err);
    CHECK(report.code == 0);
    CHECK(std::filesystem::exists(out + "/summary.md"));
  }
}

TEST_CASE("real input: a name that begins with a hyphen, and an empty one") {
  const scratch_dir dir;
  replace_file(dir.file("-x"), "hello\n");
  const std::string call = "cd " + shell_word(dir.path()) + " && exec " + shell_word(COPYCOST_PROGRAM) +
                           " verify --system chunk --design slice --json ";
  CHECK(run_program("bash", {"-c", call + "--input=-x"}).code == 0);
  CHECK(run_program("bash", {"-c", call + "--input ./-x"}).code == 0);
  CHECK(run_program("bash", {"-c", call + "--input chunk=-x"}).code == 0);
  CHECK(run_program("bash", {"-c", call + "--input ''"}).code == 2);
}

TEST_CASE(
    "real input: what has no end, is no file or is packed in a way that is not read is exit code 2 and one line") {
  const scratch_dir dir;
  replace_file(dir.file("xz"), std::string("\xfd"
                                           "7zXZ\0\0\4",
                                           8));
  replace_file(dir.file("skip"), std::string("P*M\x18\0\0\0\0", 8) + "no frame");
  for (const auto& [path, says] : std::vector<std::pair<std::string, std::string>>{
           {"/dev/zero", "larger than the limit of real input, "},
           {dir.file("xz"), "xz data, which is not read: expected plain, gzip or zstd"},
           {dir.file("skip"), "damaged zstd data at byte 8"},
           {dir.file("none"), "cannot read: No such file or directory"},
           {dir.path(), "a directory, expected a file"}})
    for (const char* command : {"verify", "audit", "run", "list"}) {
      if (path == "/dev/zero" && std::string_view(command) != "run") continue;  // a second each
      const answer a =
          copycost({command, "--system", "chunk", "--workload", "lines", "--design", "copy", "--input", path});
      CAPTURE(command, a.err);
      CHECK(a.code == 2);
      CHECK(a.says("copycost: " + path + ": " + says));
      CHECK(lines_of(a) == 1);
      CHECK(a.out.empty());
    }
}

TEST_CASE("real input: zstd with frames to be skipped is unpacked, not measured as it is") {
  const scratch_dir dir;
  // (printf 'P*M\030\0\0\0\0'; printf 'hello\n' | zstd -qc)
  const std::string packed("P*M\x18\0\0\0\0\x28\xb5\x2f\xfd\x04\x58\x31\0\0hello\n\x53\x88\xbd\x91", 27);
  replace_file(dir.file("s"), packed);
  const answer a = copycost({"verify", "--system", "chunk", "--design", "slice", "--json", "--input", dir.file("s")});
  CAPTURE(a.err);
  if (a.code == 0)
    CHECK(a.object()["rows"].items()[0]["digest"].text() == digest_of("hello\n"));
  else
    CHECK(a.says(": damaged zstd data at byte "));
}

TEST_CASE("real input: a fault in its last line is found before anything runs") {
  const scratch_dir dir;
  replace_file(dir.file("e"), events_of(50) + "{oh no}\n");
  for (const char* command : {"run", "audit", "list", "verify"}) {
    const answer a = copycost({command, "--system", "event_store", "--workload", "replay", "--design", "copy,slice",
                               "--profile", "smoke", "--input", dir.file("e")});
    CAPTURE(command, a.err);
    CHECK(a.code == 2);
    CHECK(a.err == "copycost: " + dir.file("e") + ":51: not JSON: expected an event as one JSON object on one line\n");
  }
}

TEST_CASE("real input: smoke measures it in every system") {
  const scratch_dir dir;
  replace_file(dir.file("t"), text_of(100));
  replace_file(dir.file("e"), events_of(100));
  // Three heartbeats, as an etcd member sends them.
  const std::string heartbeat("\0\0\0\0\0\0\0\x0B\x08\x08\x10\x02\x18\x01\x20\x05\x40\xAC\x02", 19);
  replace_file(dir.file("r"), heartbeat + heartbeat + heartbeat);
  const answer a = copycost({"list", "--profile", "smoke", "--design", "copy", "--filter", "input:1", "--json",
                             "--input", "chunk=" + dir.file("t"), "--input", "event_store=" + dir.file("e"), "--input",
                             "raft=" + dir.file("r")});
  CAPTURE(a.err);
  REQUIRE((a.code == 0 || a.code == 70));  // on a busy machine a profile may not fit
  std::vector<std::string> systems;
  const json doc = a.object();
  for (const json& row : doc["rows"].items()) systems.emplace_back(row["system"].text());
  for (const char* system : {"chunk", "event_store", "raft"})
    CHECK(std::count(systems.begin(), systems.end(), system) >= 1);
}

TEST_CASE("real input: one that no selected cell reads is refused, and one for what is not selected is told") {
  const scratch_dir dir;
  replace_file(dir.file("t"), text_of(10));
  replace_file(dir.file("e"), events_of(10));
  const words share = {"list",     "--profile", "smoke",      "--system", "chunk",
                       "--design", "copy",      "--workload", "share",    "--input"};
  words unread = share;
  unread.push_back(dir.file("t"));
  const answer a = copycost(unread);
  CHECK(a.code == 2);
  CHECK(a.err == "copycost: --input " + dir.file("t") +
                     ": no selected cell of profile smoke reads it: expected a selection "
                     "with a cell that has input:1\n");
  words other = share;
  other.push_back("event_store=" + dir.file("e"));
  const answer b = copycost(other);
  CHECK((b.code == 0 || b.code == 70));
  CHECK(b.says("copycost: --input event_store=" + dir.file("e") +
               ": nothing of event_store is selected: nobody reads it\n"));
}

TEST_CASE("real input: the same file for two systems is one reading") {
  const std::string events = events_of(20);
  const answer a = piped(
      events, {"verify", "--design", "slice", "--json", "--input", "chunk=-", "--input", "event_store=/dev/stdin"});
  CAPTURE(a.err);
  REQUIRE(a.code == 0);
  const json doc = a.object();
  for (const json& row : doc["rows"].items()) CHECK(row["sha256"].text() == digest_of(events));
  CHECK(doc["rows"].items().size() == 2);
}

TEST_CASE("real input: files of no byte and of one byte") {
  const scratch_dir dir;
  replace_file(dir.file("0"), "");
  replace_file(dir.file("1"), "x");
  CHECK(copycost({"verify", "--system", "chunk", "--input", dir.file("0")}).code == 0);
  CHECK(copycost(timed(dir.file("0"))).code != 0);  // no cell: nothing to cut
  const answer a = copycost(timed(dir.file("1")));
  CAPTURE(a.err);
  REQUIRE(a.code == 0);
  const json row = a.object()["rows"].items()[0];
  CHECK(row["params"]["size"].integer() == 1);
  CHECK(row["limit"]["expression"].text() == "handle_move");
  CHECK(row["floor"]["expression"].text() == "malloc_memcpy_free/size:1/span:1");
}

}  // namespace
}  // namespace copycost::cli_test
