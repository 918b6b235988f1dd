# SPDX-License-Identifier: Apache-2.0
"""scripts/in_debian, over a "bare system" of some programs of this machine: what it hands on, what it hides, what it
leaves."""
import os
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest
from conftest import script

PROGRAMS = ("bash", "env", "cat", "ls", "sleep", "git", "touch", "hostname")


def can_enter():
    return os.geteuid() == 0 and subprocess.run(
        ["unshare", "--mount", "--pid", "--fork", "mount", "-t", "tmpfs", "tmpfs", "/mnt"],
        capture_output=True, check=False).returncode == 0


enters = pytest.mark.skipif(not can_enter(), reason="only root can enter a system, and only where mounting is allowed")


def copy_program(name, system):
    path = shutil.which(name)
    listed = subprocess.run(["ldd", path], capture_output=True, text=True, check=True).stdout
    for file in (path, *re.findall(r"(/\S+) \(0x", listed)):
        target = system / Path(os.path.realpath(Path(file).parent)).relative_to("/") / Path(file).name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, target)


@pytest.fixture
def systems(tmp_path):
    """A folder of systems in which the bare one is there already."""
    base = tmp_path / "systems" / "trixie" / "base"
    for folder in ("etc/apt/apt.conf.d", "etc/apt/sources.list.d", "proc", "sys", "dev", "run", "tmp", "var/me", "srv",
                   "var/cache/apt/archives", "usr/bin", "usr/lib", "usr/lib64"):
        (base / folder).mkdir(parents=True, exist_ok=True)
    (base / "etc/passwd").write_text("root:x:0:0:root:/var/me:/bin/bash\n")
    for name in ("bin", "lib", "lib64"):
        (base / name).symlink_to(f"usr/{name}")
    for name in PROGRAMS:
        copy_program(name, base)
    return tmp_path / "systems"


@pytest.fixture
def in_debian(repository, call, systems):
    def run(*arguments, **more):
        return call(repository / "scripts/in_debian", "--folder", systems, *arguments, **more)

    run.left = lambda: sorted(p.name for p in (systems / "trixie").iterdir())
    run.command = [repository / "scripts/in_debian", "--folder", systems]
    return run


AT_REST = ["base", "ccache", "lock", "packages"]


@enters
def test_output_input_and_exit_code_are_the_command_s(in_debian):
    done = in_debian("13", "bash", "-c", 'cat; echo "out $1"; echo err >&2; exit 7', "x", "a b", stdin="in\n")
    assert (done.code, done.out, done.err) == (7, "in\nout a b\n", "err\n")
    assert in_debian("trixie", "bash", "-c", "kill -TERM $$").code == 143
    assert in_debian("13", "no-such-command").code == 127
    assert in_debian.left() == AT_REST


@enters
def test_the_command_runs_in_a_clean_clone_of_the_commit(in_debian, repository):
    (repository / "scripts/here.sh").write_text("changed\n")
    (repository / "not committed").write_text("x\n")
    script(repository / "scripts/in_debian2")
    subprocess.run(["git", "checkout", "-q", "scripts/here.sh"], cwd=repository, check=True)
    done = in_debian("13", "git", "status", "--short", "--branch")
    assert done.code == 0 and done.out.startswith("## main") and done.out.count("\n") == 1, done
    assert "2 files that are not committed do not come along" in done.err
    assert in_debian("13", "ls", "not committed").code != 0


@enters
def test_nothing_of_the_host_is_seen_and_what_was_mounted_is_gone(in_debian, systems):
    mounted = Path("/proc/self/mounts").read_text()
    done = in_debian("13", "bash", "-c",
                     "env; echo --; ls /proc | while read -r p; do case $p in [0-9]*) echo $p; esac; done; echo --; "
                     "hostname; echo x >/dev/shm/x; echo y >/tmp/y; ls /dev/fd/0 /dev/null /dev/pts /dev/stdin",
                     SECRET="1", CXX="c", http_proxy="http://p:1")
    environment, processes, rest = done.out.split("--\n")
    assert done.code == 0 and rest.startswith("copycost\n"), done
    assert {line.partition("=")[0] for line in environment.splitlines()} <= {
        "HOME", "USER", "LOGNAME", "SHELL", "LANG", "TERM", "PATH", "PWD", "OLDPWD", "SHLVL", "_"}
    assert len(processes.split()) < 8
    assert not Path("/dev/shm/x").exists()
    assert Path("/proc/self/mounts").read_text() == mounted
    assert in_debian.left() == AT_REST


@enters
def test_bare_stays_bare_and_a_kept_system_stays(in_debian, systems):
    assert in_debian("13", "touch", "/var/me/mark").code == 0
    assert in_debian("13", "ls", "/var/me/mark").code != 0
    assert in_debian("--keep", "mine", "13", "touch", "/var/me/mark", "/tmp/mark", "new").code == 0
    assert in_debian("--keep", "mine", "13", "ls", "/var/me/mark").code == 0
    assert in_debian("--keep", "mine", "13", "ls", "/tmp/mark").code != 0
    assert in_debian("--keep", "mine", "13", "ls", "new").code != 0  # the checkout is the commit, whatever lay there
    assert in_debian.left() == sorted([*AT_REST, "mine"])
    assert not (systems / "trixie/base/var/me/mark").exists()


def wait_for(what):
    for _ in range(600):
        if what():
            return
        time.sleep(0.1)
    raise AssertionError("nothing happened for a minute")


@enters
@pytest.mark.parametrize("number, code", [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)])
def test_a_signal_ends_what_runs_inside_and_nothing_is_left(in_debian, systems, number, code):
    command = [*in_debian.command, "13", "bash", "-c", "touch /var/me/started; sleep 1000 & sleep 1000"]
    with subprocess.Popen(command, cwd="/", preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)) as running:
        wait_for(lambda: list(systems.glob("trixie/run.*/system/var/me/started")))
        running.send_signal(number)
        assert running.wait(120) == code
    assert in_debian.left() == AT_REST


@enters
def test_a_run_that_was_killed_ends_inside_and_the_next_one_sweeps_it(in_debian, systems):
    with subprocess.Popen([*in_debian.command, "13", "bash", "-c",
                           "touch /var/me/started; while :; do touch /var/me/alive; sleep 0.1; done"],
                          cwd="/") as running:
        wait_for(lambda: list(systems.glob("trixie/run.*/system/var/me/alive")))
        running.kill()
    alive, = systems.glob("trixie/run.*/system/var/me/alive")
    wait_for(lambda: time.time() - alive.stat().st_mtime > 2)
    assert in_debian("13", "cat", "/dev/null").code == 0
    assert in_debian.left() == AT_REST


@enters
def test_this_machine_s_way_to_the_packages_is_taken_over(in_debian, stand_ins):
    stand_ins("apt-config", "printf 'Acquire::http::Proxy \"http://proxy:3128\";\\nAcquire::Languages \"x\";\\n'",
              "printf 'Acquire::http::Proxy-Auto-Detect \"/x\";\\n'")
    stand_ins("apt-get", "c=$(. /etc/os-release; echo $VERSION_CODENAME)", 'echo "Packages $c main copy:///mirror/"',
              'echo "Packages $c-security main copy:///safe/"', 'echo "Packages other main copy:///other/"')
    done = in_debian("13", "cat", "/etc/apt/sources.list", "/etc/apt/apt.conf.d/00taken-over", PATH=stand_ins.path)
    here = [line.split() for line in done.out.splitlines() if line.startswith("deb ")]
    if "ID=debian" in Path("/etc/os-release").read_text().splitlines():
        assert here == [["deb", "copy:///mirror/", "trixie", "main"],
                        ["deb", "copy:///safe/", "trixie-security", "main"]], done
    assert done.out.splitlines()[-1] == 'Acquire::http::Proxy "http://proxy:3128";'
    done = in_debian("--mirror", "copy:///named/", "13", "cat", "/etc/apt/sources.list", PATH=stand_ins.path)
    assert done.out.startswith("deb copy:///named/ trixie main\n"), done


@pytest.mark.parametrize("arguments, told", [
    ([], "expected a release and a command"),
    (["13"], "expected a release and a command"), (["14", "true"], "what is '14'?"),
    (["--wrong", "13", "true"], "what is '--wrong'?"), (["--keep", "../x", "13", "true"], "is no name for a system"),
    (["--keep", "base", "13", "true"], "is no name for a system"), (["--folder"], "--folder takes an argument")])
def test_what_is_not_understood_is_one_line_and_exit_2(repository, call, arguments, told):
    done = call(repository / "scripts/in_debian", *arguments)
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1) and told in done.err, done


def test_without_root_it_says_so_and_makes_nothing(repository, call, stand_ins):
    stand_ins("id", "echo 1000")
    done = call(repository / "scripts/in_debian", "--folder", "here", "13", "true", PATH=stand_ins.path)
    assert (done.code, done.err.count("\n")) == (125, 1) and "only root" in done.err
    assert not list(call.folder.iterdir())


@pytest.mark.skipif(os.geteuid() != 0, reason="only root makes systems")
def test_a_system_is_not_made_in_the_checkout(repository, call):
    done = call(repository / "scripts/in_debian", "--folder", "x", "13", "true", cwd=repository / "ci")
    assert done.code == 2 and "lies in the checkout" in done.err, done
    assert not (repository / "ci/x").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root makes systems")
def test_the_reason_of_the_tool_that_makes_a_system_is_shown(repository, call, stand_ins, tmp_path):
    stand_ins("mmdebstrap", "echo 'E: no such mirror'", "exit 1")
    done = call(repository / "scripts/in_debian", "--folder", tmp_path / "s", "--mirror", "copy:///x", "13", "true",
                PATH=stand_ins.path)
    assert done.code == 125 and "E: no such mirror\n" in done.err and "mmdebstrap failed" in done.err, done
    assert sorted(p.name for p in (tmp_path / "s/trixie").iterdir()) == ["base.log", "ccache", "lock", "packages"]
