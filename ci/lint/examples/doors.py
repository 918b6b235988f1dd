# SPDX-License-Identifier: Apache-2.0
GOOD = [
    {"harness/base/child.cc": "int end = ::waitpid(id, &status, 0);\n"},
    {"harness/base/temp_dir.cc": "if (::mkdtemp(name.data()) == nullptr) refuse();\n"},
    {"harness/a.cc": "child.kill(SIGKILL); // kill(pid)\n"
                     "c.system->name; copycost_add_system(x); void kill(int signal) noexcept;\n"},
    {"harness/b.cc": 'std::string text = "fork(";\nint a = other->wait4(1);\n'},
    {"harness/ledger/hooks/hook_exercise.cc": "const pid_t child = fork();\n"},
    {"property_tests/a_test.cc": "const pid_t child = fork();\n"},
]

BAD = [
    ({"harness/a.cc": "\nwhile (::waitpid(child, &status, 0) < 0) {\n}\n"}, ["harness/a.cc:2: waitpid has one door"]),
    ({"impls/x/y/a.cc": "std::system(command);\n", "scenarios/a.h": "const pid_t p = ::fork();\n"},
     ["impls/x/y/a.cc:1: go through harness/base/child.h", "scenarios/a.h:1: fork has one door"]),
    ({"scenarios/a.cc": "execvp(python.c_str(), argv);\nposix_spawnp(&p, a, b, c, d, e);\n"},
     ["scenarios/a.cc:1: execvp", "scenarios/a.cc:2: posix_spawnp"]),
    ({"scenarios/a.cc": "if (::mkdtemp(n) == nullptr) {}\nauto d = std::filesystem::temp_directory_path();\n"},
     ["scenarios/a.cc:1: mkdtemp", "scenarios/a.cc:2: temp_directory_path"]),
    ({"harness/a.cc": 'const char* t = std::getenv("TMPDIR");\nfor (char** one = environ; *one;) {}\n'},
     ["harness/a.cc:1: getenv", "harness/a.cc:2: environ"]),
    ({"harness/a.cc": "::sigprocmask(SIG_BLOCK, &s, nullptr);\n"}, ["harness/a.cc:1: sigprocmask"]),
    ({"impls/x/a.h": "#if defined(__SANITIZE_THREAD__)\n#elif __has_feature(address_sanitizer)\n#endif\n"},
     ["impls/x/a.h:1: __SANITIZE_THREAD__ has one door", "impls/x/a.h:2: address_sanitizer"]),
    ({"harness/a.cc": 'fmt::print(stderr, "x");\n'}, ["harness/a.cc:1: say()"]),
]
