# SPDX-License-Identifier: Apache-2.0
"""A new design as a clone of a system's live `copy`: the same files with other names, and a page that says what to
change."""
import re

from cpp_text import declared, renamed
from scaffold import ROOT, Refusal

README = """\
# impls/{system}/{name}

What does it cost when a {name} owns the bytes?

`scripts/new_design` made this folder of [copy](../copy/README.md), and so far it behaves like it. Change in this
order:

1. `design.h`: first the picture, then what owns the bytes;
2. `promises.h`: what each workload allocates, copies and retains now, and the card at the end (`owns`, `zero_copy`,
   what the caller must keep);
3. this page: the question above, and the paragraphs below.

```
copycost verify --system {system} --design {name}   # the laws, and every workload against the oracle
copycost audit --system {system} --design {name}    # what is allocated, copied and retained, beside the promises
```

"""


def files_of(system, name):
    """The files of the new folder, by name. Raises Refusal where there is no copy to clone."""
    folder = ROOT / "impls" / system / "copy"
    if not (folder / "design.h").is_file():
        raise Refusal(f"there is no impls/{system}/copy to clone")
    old = {p.relative_to(folder).as_posix(): p.read_text(encoding="utf-8")
           for p in sorted(folder.rglob("*")) if p.is_file() and not p.name.startswith(".")}
    names = new_names([text for path, text in old.items() if path.endswith(".h")], name)
    made = {path: _source(text, system, name, names) for path, text in old.items() if path != "README.md"}
    made["promises.h"] = _card(made["promises.h"], name)
    made["README.md"] = README.format(system=system, name=name) + _advice(old.get("README.md", ""))
    return made


def new_names(headers, name):
    """What the headers of copy declare lies in the system's namespace, beside every other design: each gets a name of
    its own."""
    camel = "".join(part.capitalize() for part in name.split("_"))
    return {word: f"k{camel}{word[1:]}" if re.match(r"k[A-Z]", word) else
            f"{name}_{re.sub(r'^cop(y|ied)_', '', word)}" for header in headers for word in declared(header)}


def _source(text, system, name, names):
    text = renamed(text, names).replace(f"impls/{system}/copy/", f"impls/{system}/{name}/")
    text = re.sub(r"^// copy: ", f"// {name}: as copy so far: ", text, count=1, flags=re.M)
    return re.sub(r"\bthe copy design\b", f"the {name} design", text)


def _card(text, name):
    """The card says that it is a clone until somebody says better."""
    return re.sub(r"(\bd\.about\s*=\s*)\"(?:\\.|[^\"\\])*\"(?:\s*\"(?:\\.|[^\"\\])*\")*",
                  rf'\1"{name}: as copy, until its owner is changed"', text, count=1)


def _advice(readme):
    """When to pick copy, and when not: true of its clone, too."""
    at = readme.find("**Pick when**")
    return readme[at:] if at >= 0 else "**Pick when** ...\n\n**Avoid when** ...\n"
