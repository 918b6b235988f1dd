# SPDX-License-Identifier: Apache-2.0
PATH = "impls/chunk/slice/design.cc"


def one(line):
    return {PATH: f"// first\n{line}\n"}


_FINE = """
counted_copy(target, source, size);
auto b = std::move(block);
auto made = context.copy(at, bytes.bytes());
static_assert(!std::copyable<C> && std::is_nothrow_move_constructible_v<C>);
names.insert(name);
names.insert({name, id});
std::string line = "memcpy is not called here";
std::string text(5, 'x');
auto path = std::string(what) + ": expected";
std::vector<std::byte> to_vector(bytes_view bytes);
std::shared_ptr<const std::vector<std::byte>> vector_of(bytes_view bytes) {
std::vector<std::byte> read_all(std::span<const std::byte>);
std::vector<std::byte> room(size);
std::sort(order.begin(), order.end());
foreign_bytes f = foreign_bytes::from_vector(std::move(v));
row.append(chunk);
memcpy_calls += 1;
"""

_COPIES = """
memcpy(a, b, n);
std::memmove(a, b, n);
::mempcpy(a, b, n);
__builtin_memcpy(a, b, n);
__builtin_memmove(a, b, n);
bcopy(a, b, n);
strcpy(a, b);
strncpy(a, b, n);
stpcpy(a, b);
std::strcat(a, b);
char* c = strdup(b);
std::copy(b.begin(), b.end(), a);
std::copy_n(b, n, a);
std::copy_if(b, e, a, p);
std::copy_backward(b, e, a);
std::move_backward(b, e, a);
std::move(b, e, a);
std::uninitialized_copy(b, e, a);
std::uninitialized_copy_n(b, n, a);
std::ranges::copy(bytes, a);
std::ranges::copy_n(b, n, a);
ranges::copy(bytes, a);
std::swap_ranges(b, e, a);
text.assign(view);
text->assign(b, e);
all.insert(all.end(), b, e);
text.append(data, size);
all.append_range(bytes);
std::string text(view.data(), view.size());
auto text = std::string(reinterpret_cast<const char*>(b), n);
auto text = std::string{view};
std::vector<std::byte> own(bytes.begin(), bytes.end());
std::vector<unsigned char> own{b.begin(), b.end()};
auto own = std::make_shared<std::vector<std::byte>>(bytes.begin(), bytes.end());
return {bytes.begin(), bytes.end()};
auto f = std::memcpy;
apply(&std::memcpy, a, b);
using std::copy;
"""

GOOD = [one(line) for line in _FINE.strip().splitlines()] + [
    one("// memcpy(a, b, n) would be wrong"),
    one('/* std::copy */ const char* why = "std::copy(b, e, a)";'),
    one("memcpy(&word, p, 8);  // not payload: the header's length"),
    {PATH: "// not payload: the name of the stream\nstd::memcpy(a, b, n);\n"},
    {"property_tests/impls/common/arena_test.cc": "memcpy(a, b, n);\n"},
    {"scenarios/chunk/derived/codec.h": "std::copy(b, e, a);\n"},
    {"impls/chunk/slice/README.md": "memcpy(a, b, n);\n"},
]

BAD = [(one(line), [f"{PATH}:2: use counted_copy"]) for line in _COPIES.strip().splitlines()] + [
    (one("memcpy(a, b, n);  // not payload:"), [f"{PATH}:2: memcpy"]),
    (one("memcpy(a, b, n);  // a header"), [f"{PATH}:2: memcpy"]),
    ({PATH: "int x;  // not payload: that line only\nmemcpy(a, b, n);\n"}, [f"{PATH}:2: memcpy"]),
    ({PATH: "// not payload: too far away\n\nmemcpy(a, b, n);\n"}, [f"{PATH}:3: memcpy"]),
    ({PATH: "std::vector<std::byte> own(\n    bytes.begin(),\n    bytes.end());\n"},
     [f"{PATH}:1: made of other bytes"]),
    ({"impls/chunk/absl_cord/design.h": "std::copy(b, e, a);\nstd::copy(b, e, a);\n"},
     ["impls/chunk/absl_cord/design.h:1: std::copy", "impls/chunk/absl_cord/design.h:2: std::copy"]),
]
