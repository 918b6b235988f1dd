// SPDX-License-Identifier: Apache-2.0
// Goal: what a user asks for wrongly is answered with one line that helps and the exit code for it. Method: the
// program.
#include <zlib.h>

#include <set>

#include "property_tests/catch.h"
#include "property_tests/harness/cli/program.h"

namespace copycost::cli_test {
namespace {

// Exit code and the one line, or everything that was said.
std::string said(const words& arguments) {
  const answer a = copycost(arguments);
  CHECK(a.out.empty());
  const auto lines = split(a.err, '\n');
  return std::to_string(a.code) + " " + (lines.size() == 1 ? lines[0] : a.err);
}

TEST_CASE("selection: a name that does not exist is answered with the one that was meant") {
  CHECK(said({"audit", "--design", "slcie"}) == "2 copycost: no design 'slcie'; did you mean 'slice'?");
  CHECK(said({"list", "--system", "chunks"}) == "2 copycost: no system 'chunks'; did you mean 'chunk'?");
  CHECK(said({"run", "--workload", "slice,shre"}) == "2 copycost: no workload 'shre'; did you mean 'share'?");
  const answer law = copycost({"verify", "--law", "slices_compos"});
  CHECK((law.code == 2 && law.says("copycost: no law 'slices_compos'; did you mean 'slices_compose'?\n")));
}

TEST_CASE("selection: a name that is like no other is answered with all that there are") {
  CHECK(said({"audit", "--design", "zzzzzzzz"}).rfind("2 copycost: no design 'zzzzzzzz'; there are: ", 0) == 0);
}

TEST_CASE("selection: a filter that matches nothing is not an empty result") {
  CHECK(said({"audit", "--filter", "^nothing like this$"})
            .rfind("4 copycost: nothing selected: no cell of profile quick matches", 0) == 0);
  CHECK(said({"run", "--filter", "zzz"}).rfind("4 copycost: nothing selected", 0) == 0);
  CHECK(said({"gate", "--filter", "zzz"}).rfind("4 copycost: nothing selected", 0) == 0);
}

TEST_CASE("selection: a command or an option that is misspelt is answered with the one that was meant") {
  CHECK(said({"rn"}) == "2 copycost: no command 'rn'; did you mean 'run'? (copycost --help)");
  CHECK(said({"verfy", "--cases", "1"}) == "2 copycost: no command 'verfy'; did you mean 'verify'? (copycost --help)");
  CHECK(said({"zzzzzzzz"}) == "2 copycost: no command 'zzzzzzzz' (copycost --help)");
  for (const words& wrong : {words{"audit", "--desgn", "slice"}, {"audit", "--desgn=slice"}})
    CHECK(said(wrong).find("; did you mean '--design'?") != std::string::npos);
}

TEST_CASE("selection: nothing selected says where there would be something") {
  const std::string here = said({"audit", "--profile", "smoke", "--workload", "share", "--filter", "size:1048576$"});
  CHECK(here.find("4 copycost: nothing selected: no cell of profile smoke matches; there are ") == 0);
  CHECK(here.find(" in profile ") != std::string::npos);
  const std::string system = said({"audit", "--system", "chunk", "--workload", "durable_append"});
  CHECK(system.find(" in system event_store") != std::string::npos);
  CHECK(said({"audit", "--filter", "^chunk/share/design:copy/size:4096$", "--profile", "smoke", "--shard", "2/2"})
            .find("nothing selected: shard 2/2 of 1 cells is empty") != std::string::npos);
}

TEST_CASE("selection: run takes the cells of copy along that a ratio needs, and audit does not") {
  const words call = {"--profile", "smoke", "--workload", "share", "--design", "slice", "--system", "chunk", "--json"};
  const auto designs = [&](const char* command, const words& more) {
    words all = {command};
    all.insert(all.end(), call.begin(), call.end());
    all.insert(all.end(), more.begin(), more.end());
    std::set<std::string> out;
    const json object = copycost(all).object();
    for (const json& row : object["rows"].items()) out.emplace(row["design"].text());
    return out;
  };
  const std::set<std::string> both = {"copy", "slice"}, one = {"slice"};
  CHECK(designs("run", {"--launches", "1"}) == both);
  CHECK(designs("run", {"--launches", "1", "--no-copy"}) == one);
  CHECK(designs("audit", {}) == one);
}

TEST_CASE("selection: a filter that is no regular expression, and a shard that is none") {
  CHECK(said({"audit", "--filter", "("}) == "2 copycost: --filter (: not a regular expression");
  for (const char* shard :
       {"0/3", "4/3", "1", "1/0", "a/b", "1/3x", "-1/3", "1/4294967296x", "18446744073709551617/3"}) {
    CAPTURE(shard);
    CHECK(said({"audit", "--shard", shard}) ==
          std::string("2 copycost: --shard ") + shard + ": expected i/n with 1 <= i <= n");
  }
}

TEST_CASE("selection: shards are apart and together everything") {
  const auto names = [](const words& more) {
    std::multiset<std::string> out;
    const answer a = copycost(small("audit", more));
    const json object = a.object();
    for (const json& row : object["rows"].items()) out.emplace(row["cell"].text());
    return out;
  };
  std::multiset<std::string> parts;
  for (const char* shard : {"1/3", "2/3", "3/3"}) parts.merge(names({"--json", "--shard", shard}));
  CHECK(parts == names({"--json"}));
  CHECK(parts.size() > 3);
}

TEST_CASE("selection: arguments that are wrong are usage errors, whichever") {
  for (const words& wrong : {words{},
                             {"walk"},
                             {"audit", "--profile", "slow"},
                             {"audit", "--nonsense"},
                             {"compare", "only-one"},
                             {"report"},
                             {"run", "--seed", "many"},
                             {"run", "--launches", "0"},
                             {"run", "--launches", "-3"},
                             {"verify", "--cases", "0"}}) {
    const answer a = copycost(wrong);
    CAPTURE(a.err);
    CHECK(a.code == 2);
    CHECK(a.err.rfind("copycost: ", 0) == 0);
    CHECK(a.err.find("(copycost --help)") != std::string::npos);
  }
}

TEST_CASE("selection: help leads with examples, and the version is the project's") {
  for (const char* command : {"list", "run", "audit", "verify", "limits", "compare", "gate", "report", "doctor"}) {
    const answer a = copycost({command, "--help"});
    CAPTURE(command);
    CHECK(a.code == 0);
    CHECK(a.out.rfind("Examples:\n  copycost ", 0) == 0);
  }
  CHECK(copycost({"--version"}).out.find('.') != std::string::npos);
}

TEST_CASE("selection: flags mean the same for every command that has them, the seed included") {
  for (const char* command : {"audit", "verify"}) {
    words call = {command,    "--profile", "smoke",    "--workload", "slice",
                  "--design", "slice",     "--system", "chunk",      "--filter",
                  "size:64",  "--shard",   "1/1",      "--seed",     "18446744073709551615",
                  "--json"};
    if (std::string(command) == "verify") call.insert(call.end(), {"--cases", "1", "--law", "slices_compose"});
    const answer a = copycost(call);
    CAPTURE(command, a.err);
    CHECK(a.code == 0);
    CHECK(a.out.find("\"seed\": 18446744073709551615") != std::string::npos);
  }
}

TEST_CASE("selection: input that is not there, or damaged, is refused with its place") {
  const scratch_dir dir;
  CHECK(said({"audit", "--input", dir.file("none")}) ==
        "2 copycost: " + dir.file("none") + ": cannot read: No such file or directory");
  const std::string path = dir.file("cut.gz");
  const gzFile file = gzopen(path.c_str(), "wb");
  for (int i = 0; i < 1000; ++i) gzprintf(file, "line %d of the input\n", i * 7919);
  gzclose(file);
  const std::string whole = read_file(path);
  replace_file(path, whole.substr(0, whole.size() / 2));
  const std::string place = "2 copycost: " + path + ": damaged gzip data at byte " + std::to_string(whole.size() / 2) +
                            ": expected a complete archive";
  for (const char* command : {"audit", "verify", "run", "list"}) CHECK(said({command, "--input", path}) == place);
}

}  // namespace
}  // namespace copycost::cli_test
