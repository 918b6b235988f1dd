# SPDX-License-Identifier: Apache-2.0
"""What scripts/setup takes for missing, what it installs, and that the reason why it cannot is the tool's own."""
import pytest

LINE = "printf '{}\\t{}\\t{}\\t{}\\n'"


@pytest.fixture
def machine(checkout, stand_ins):
    """A machine on which three packages are wanted, and clang's runtime with --tests."""
    packages = checkout / "scripts/packages.sh"
    text = packages.read_text()
    begin, end = text.index("copycost_packages=("), text.index("# Reads into")
    packages.write_text(text[:begin] + "copycost_packages=(g++ pkg-config libzstd-dev)\n"
                        "copycost_test_packages=(clang runtime-of-clang)\n\n" + text[end:])
    stand_ins("dpkg", "echo amd64")
    stand_ins("id", "echo ${FAKE_ID-0}")
    stand_ins("apt-cache")
    stand_ins("apt-get", 'echo "apt-get $*" >>"$TMPDIR/calls"')
    installed(stand_ins, ("g++", "amd64"), ("pkg-config", "amd64"), ("libzstd-dev", "amd64"))
    return checkout / "scripts/setup"


def installed(stand_ins, *packages, clang="clang-14 (>= 14~)"):
    lines = [LINE.format("installed", arch, name, *(provides or [""])) for name, arch, *provides in packages]
    stand_ins("dpkg-query", f'case "$*" in *Depends*) echo "{clang}"; exit ;; esac', *lines)


@pytest.fixture
def setup(machine, call, stand_ins, tmp_path):
    def run(*arguments, **more):
        return call(machine, *arguments, PATH=stand_ins.path, TMPDIR=str(tmp_path), COPYCOST_KEEP="FAKE_ID", **more)

    run.calls = lambda: (tmp_path / "calls").read_text().splitlines() if (tmp_path / "calls").exists() else []
    return run


def test_a_package_of_two_architectures_is_there(setup, stand_ins):
    installed(stand_ins, ("g++", "amd64"), ("pkg-config", "all"), ("libzstd-dev", "i386"), ("libzstd-dev", "amd64"))
    done = setup()
    assert (done.code, done.err, setup.calls()) == (0, "", [])


def test_a_package_of_another_architecture_alone_is_missing(setup, stand_ins):
    installed(stand_ins, ("g++", "amd64"), ("pkg-config", "amd64"), ("libzstd-dev", "i386"))
    done = setup("--no-install")
    assert (done.code, done.err.splitlines()[0]) == (1, "scripts/setup: missing packages: libzstd-dev")


def test_a_package_that_was_removed_and_left_its_settings_is_missing(setup, stand_ins):
    installed(stand_ins, ("g++", "amd64"), ("pkg-config", "amd64"))
    assert setup("--no-install").err.startswith("scripts/setup: missing packages: libzstd-dev\n")


def test_what_another_package_provides_is_there(setup, stand_ins):
    installed(stand_ins, ("g++", "amd64"), ("pkgconf", "amd64", "pkg-config (= 1.8.1-4), x"), ("libzstd-dev", "amd64"))
    assert setup().code == 0


@pytest.mark.parametrize("version", [14, 18, 19, 21])
def test_the_runtime_belongs_to_the_clang_that_is_installed(setup, stand_ins, version):
    installed(stand_ins, ("g++", "amd64"), ("pkg-config", "amd64"), ("libzstd-dev", "amd64"), ("clang", "amd64"),
              clang=f"clang-{version} (>= {version}~)")
    done = setup("--tests", "--no-install")
    assert done.err.splitlines()[0] == f"scripts/setup: missing packages: libclang-rt-{version}-dev"


def test_the_runtime_belongs_to_the_clang_that_would_be_installed(setup, stand_ins):
    stand_ins("apt-cache", 'case "$1" in show) echo "Depends: clang-18 (>= 18~)" ;; esac')
    assert "missing packages: clang libclang-rt-18-dev" in setup("--tests", "--no-install").err
    assert setup("--tests").code == 0
    assert [c.split(" ", 3)[3] for c in setup.calls()] == [
        "update", "install -y --no-install-recommends clang libclang-rt-18-dev"]


def test_an_older_name_of_the_runtime_is_found(setup, stand_ins):
    stand_ins("apt-cache",
              'case "$*" in show*) echo "Depends: clang-13" ;; *libclang-common-13-dev) echo there ;; esac')
    assert "missing packages: clang libclang-common-13-dev" in setup("--tests", "--no-install").err


def test_a_machine_without_lists_asks_apt_before_it_names_the_runtime(setup, stand_ins, tmp_path):
    stand_ins("apt-cache", '[ ! -e "$TMPDIR/lists" ] || case "$1" in show) echo "Depends: clang-19" ;; esac')
    stand_ins("apt-get", 'echo "$*" >>"$TMPDIR/calls"; touch "$TMPDIR/lists"')
    assert "missing packages: clang libclang-rt-N-dev" in setup("--tests", "--no-install").err
    assert setup("--tests").err == "installing: clang libclang-rt-19-dev\n"


@pytest.fixture
def lacking(setup, stand_ins):
    installed(stand_ins, ("g++", "amd64"), ("pkg-config", "amd64"))
    return setup


def test_without_root_and_sudo_it_says_so(lacking, stand_ins, checkout, call, tmp_path):
    for name in ("bash", "sh", "env", "readlink", "dirname", "awk", "grep", "head", "tr", "sed", "cat"):
        (tmp_path / "stand-ins" / name).symlink_to(f"/usr/bin/{name}")
    done = call("/bin/bash", "-p", checkout / "scripts/setup", PATH=stand_ins.only, FAKE_ID="1000",
                COPYCOST_KEEP="FAKE_ID")
    assert (done.code, done.err) == (1, "scripts/setup: not root and no sudo; missing packages: libzstd-dev\n")


def test_the_reason_of_sudo_is_shown(lacking, stand_ins):
    stand_ins("sudo", "echo 'sudo: a password is required' >&2", "exit 1")
    done = lacking(FAKE_ID="1000")
    assert done.code == 1 and "sudo: a password is required\n" in done.err
    assert done.err.endswith("scripts/setup: apt-get failed; missing packages: libzstd-dev\n")


def test_a_machine_off_the_network_shows_the_reason_of_apt(lacking, stand_ins):
    """The lists cannot be fetched, which is a warning and exit 0, and the package is in none; what matters came
    first."""
    stand_ins("apt-get", ('case "$*" in *update*) echo "W: Failed to fetch x  Could not resolve mirror"; '
                          'for i in $(seq 40); do echo "Ign:$i"; done ;;'),
              '*) echo "E: Unable to locate package libzstd-dev"; exit 100 ;; esac')
    done = lacking()
    assert done.code == 1
    assert [line[:2] for line in done.err.splitlines()] == ["in", "W:", "E:", "sc"], done


def test_lists_that_cannot_be_renewed_may_do(lacking, stand_ins):
    stand_ins("apt-get", 'case "$*" in *update*) echo "E: The repository x is not signed."; exit 100 ;; esac')
    done = lacking()
    assert (done.code, done.err) == (0, "installing: libzstd-dev\n")


def test_a_machine_with_other_packages_is_told_what_is_needed(machine, call, tmp_path):
    (tmp_path / "few").mkdir()
    for name in ("bash", "env", "readlink", "dirname"):
        (tmp_path / "few" / name).symlink_to(f"/usr/bin/{name}")
    done = call("/bin/bash", "-p", machine, PATH=str(tmp_path / "few"))
    assert done.code == 1 and done.err.startswith("scripts/setup: dpkg-query is not there"), done
    assert done.err.endswith("g++ pkg-config libzstd-dev\n")
