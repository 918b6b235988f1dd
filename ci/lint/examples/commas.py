# SPDX-License-Identifier: Apache-2.0
GOOD = [
    {"harness/a.cc": "void f() {\n  a = 1;\n  b = 2;\n}\n"},
    {"harness/a.cc": "void f() {\n  int a = 1, b = 2;\n  const auto* p = x, *q = y;\n  std::uint64_t n{1}, m{2};\n}\n"},
    {"harness/a.cc": "void f() {\n  for (i = 0, n = 1; i < n; ++i, ++n) g(i, n);\n}\n"},
    {"harness/a.cc": "void f() {\n  g(a, b);\n  return h<int, int>(a, {b, c});\n  x.y(1, 2) = {3, 4};\n}\n"},
    {"scenarios/a.h": "struct s {\n  s() : a_(1), b_{2} {}\n  alignas(64) std::atomic<int> a_, b_;\n};\n"
                      "enum { one, two };\n"},
    {"impls/a.h": "template <class A, class B>\nmap<A, B> f(A a, B b);\nstd::map<A, B> g_all, g_none;\n"},
    {"property_tests/a.cc": "#define BOTH a = 1, b = 2;\n// a = 1, b = 2;\n"},
]

BAD = [
    ({"harness/a.cc": "void f() {\n  a = 1, b = 2;\n}\n"}, ["harness/a.cc:2: end the first"]),
    ({"harness/a.cc": "void f() {\n  if (x) a.b = 1, ++c;\n  else\n    d(), e();\n}\n"},
     ["harness/a.cc:2: end the first", "harness/a.cc:4: end the first"]),
    ({"scenarios/a.h": "int f() {\n  return count(), 1;\n}\n"}, ["scenarios/a.h:2: end the first"]),
    ({"impls/a.h": "auto f = [&](int i) {\n  *a = i, b[i] = 1;\n};\n"}, ["impls/a.h:2: end the first"]),
    ({"property_tests/a.cc": "void f() {\n  switch (x) {\n    case 1: a = 1, b = 2;\n  }\n}\n"},
     ["property_tests/a.cc:3: end the first"]),
]
