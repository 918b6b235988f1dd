# SPDX-License-Identifier: Apache-2.0
WHOLE = {f"impls/chunk/copy/{name}": "" for name in ("design.h", "promises.h")} | {
    "impls/chunk/copy/README.md": "**Pick when** ...\n**Avoid when** ...\n## Hazards\n"}


def without(name):
    return {path: text for path, text in WHOLE.items() if not path.endswith(name)}


GOOD = [WHOLE, {"impls/chunk/common/handle.h": ""}, {"impls/common/arena.h": ""}, {"impls/chunk/README.md": ""}]

BAD = [
    (without("promises.h"), ["impls/chunk/copy/promises.h:1: is not there"]),
    (without("README.md"), ["impls/chunk/copy/README.md:1: is not there"]),
    (WHOLE | {"impls/chunk/copy/README.md": "Pick when ...\n"},
     ["impls/chunk/copy/README.md:1: does not say avoid when, hazards"]),
    ({"impls/chunk/new_one/notes.txt": ""},
     [f"impls/chunk/new_one/{n}:1: is not there" for n in ("README.md", "design.h", "promises.h")]),
]
