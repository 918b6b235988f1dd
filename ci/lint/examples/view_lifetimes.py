# SPDX-License-Identifier: Apache-2.0
PATH = "impls/chunk/slice/design.h"


def one(text):
    return {PATH: text}


_VIEWS = """
bytes_view view() const;
std::span<const std::byte> view() const { return {data_, size_}; }
std::string_view name(stream_id id) const;
absl::string_view flat();
result<bytes_view> view(std::size_t pos, std::size_t len);
std::vector<std::string_view> split(std::string_view text);
std::optional<std::span<std::byte>> room();
std::byte* data() const { return base_; }
const std::byte* begin() const;
void* memory();
const record* find(std::uint64_t key) const;
std::byte& at(std::size_t i);
const std::vector<std::byte>& bytes() const { return bytes_; }
const std::string& text() const;
static inline std::span<std::byte> lent(std::size_t n);
[[nodiscard]] std::string_view name();
template <class T> requires(!std::is_void_v<T>) std::span<const T> items(const T& of);
auto view() const -> std::span<const std::byte>;
"""

_NO_VIEWS = """
std::size_t size() const;
std::uint64_t retained_bytes() const { return std::span<const std::byte>(data_, size_).size(); }
void visit(std::span<const std::byte> bytes);
ref_block* release() { return block_; }
const std::vector<entry>& entries() const;
std::span<const std::byte> bytes_;
std::span<std::byte> bytes_ = make(std::span<std::byte>());
using bytes = std::span<const std::byte>;
bytes_view view() const override { return held.view(); }
std::byte* data() final;
explicit slice_owner(std::span<std::byte> bytes) : bytes_{bytes}, more_(1) {}
std::string text() const;
static constexpr std::string_view kNames[] = {"a", "b"};
template <class C> concept chunk_like = requires(C c) { { c.view() } -> std::same_as<bytes_view>; };
friend bool operator==(const digest& a, const digest& b) { return a.view() == b.view(); }
void* operator new(std::size_t size);
"""

GOOD = [one(line + "\n") for line in _NO_VIEWS.strip().splitlines()] + [
    one(f"// VALID UNTIL: the owner dies.\n{line}\n") for line in _VIEWS.strip().splitlines()
] + [
    one("bytes_view view() const;  // VALID UNTIL: the chunk is destroyed\n"),
    one("struct a {\n  // The bytes. VALID UNTIL:\n  // the chunk is destroyed.\n  template <class T>\n"
        "  std::span<T> view() const {\n    return {};\n  }\n};\n"),
    one("// VALID UNTIL: the bag changes.\nbytes_view view() const;\nbytes_view view();\n"),
    {"impls/chunk/slice/design.cc": "std::string_view helper() { return {}; }\n"},
    {"harness/base/text.h": "std::string_view name();\n"},
    one("void f() {\n  auto g = [](bytes_view v) -> bytes_view { return v; };\n  std::string_view local(g);\n}\n"),
]

BAD = [(one(f"// Says nothing of that.\n{line}\n"),
[f"{PATH}:2: VALID UNTIL:"]) for line in _VIEWS.strip().splitlines()] + [
    (one("// VALID UNTIL: far above.\n\nbytes_view view() const;\n"), [f"{PATH}:3: view()"]),
    (one("class a {\n public:\n  // VALID UNTIL: the bag changes.\n  bytes_view view() const;\n"
         "  bytes_view rest();\n};\n"),
     [f"{PATH}:5: rest()"]),
    (one("namespace n {\nstruct a {\n  enum class e { x, y };\n  int b_{0};\n  a() : b_{1} {}\n"
         "  bytes_view view() const { return {}; }\n};\n}\n"),
     [f"{PATH}:6: view()"]),
    (one('extern "C" {\nconst char* name(void);\n}\n'), [f"{PATH}:2: name()"]),
    (one("using piece = std::span<const std::byte>;\npiece front();\n"), [f"{PATH}:2: front()"]),
    ({"scenarios/chunk/oracle.h": "std::string_view to_string(errc);\n"}, ["scenarios/chunk/oracle.h:1: to_string()"]),
]
