# SPDX-License-Identifier: Apache-2.0
"""Three etcd members on loopback, each reached by its peers through the relay, and a client of their JSON gateway."""
import base64
import ctypes
import http.client
import json
import signal
import socket
import subprocess
import time

PATIENCE = 20  # seconds until a cluster that has no leader is given up


class Failed(Exception):
    """What went wrong, in one line."""


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def die_with_parent():
    """In the child: the kernel kills it when the capture dies, however that dies."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL, 0, 0, 0)  # PR_SET_PDEATHSIG


def text(value):
    return base64.b64encode(value if isinstance(value, bytes) else value.encode()).decode()


class Member:
    """One etcd process; start() and stop() as often as wanted. Started and stopped by one thread."""

    def __init__(self, number, folder, relay):
        self.name, self.folder, self.process = f"m{number}", folder / f"m{number}", None
        self.client_port, self.peer_port = free_port(), free_port()
        self.relay_port = relay.listen(self.peer_port)

    def start(self, members, options=()):
        cluster = ",".join(f"{m.name}=http://127.0.0.1:{m.relay_port}" for m in members)
        client = f"http://127.0.0.1:{self.client_port}"
        command = ["etcd", "--name", self.name, "--data-dir", str(self.folder),
                   "--listen-client-urls", client, "--advertise-client-urls", client,
                   "--listen-peer-urls", f"http://127.0.0.1:{self.peer_port}",
                   "--initial-advertise-peer-urls", f"http://127.0.0.1:{self.relay_port}",
                   "--initial-cluster", cluster, "--initial-cluster-token", "capture", "--log-level", "error", *options]
        with open(f"{self.folder}.log", "ab") as log:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                            start_new_session=True, preexec_fn=die_with_parent)

    def stop(self, how=signal.SIGTERM):
        if self.process is None:
            return
        process, self.process = self.process, None
        process.send_signal(how)
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def call(self, path, request=None, timeout=5.0):
        """The answer of the gateway; Failed when it refuses or does not answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.client_port, timeout=timeout)
        try:
            return ask(connection, path, request or {})
        except (OSError, http.client.HTTPException) as e:
            raise Failed(f"{self.name}: {path}: {e}") from e
        finally:
            connection.close()

    def log_end(self):
        try:
            lines = open(f"{self.folder}.log", encoding="utf-8", errors="replace").read().splitlines()
        except OSError:
            return "no log"
        return lines[-1][:300] if lines else "an empty log"


def ask(connection, path, request):
    connection.request("POST", path, json.dumps(request), {"Content-Type": "application/json"})
    answer = connection.getresponse()
    body = answer.read()
    if answer.status != 200:
        raise Failed(f"{path}: {answer.status} {body[:200].decode(errors='replace')}")
    return json.loads(body)


class Cluster:
    def __init__(self, folder, relay, options):
        self.members = [Member(n, folder, relay) for n in (1, 2, 3)]
        self.options = list(options)
        self.ids = {}  # member -> id, once it was up

    def start(self):
        for m in self.members:
            m.start(self.members, self.options)
        self.leader()

    def restart(self, member, options=()):
        member.start(self.members, [*self.options, *options])
        self.wait_until(lambda: member.call("/v3/maintenance/status").get("leader"),
                        f"{member.name} does not come back")

    def stop(self):
        for m in self.members:
            m.stop(signal.SIGKILL)

    def alive(self):
        return [m for m in self.members if m.process is not None]

    def leader(self):
        """The member that leads, as all that are alive say."""
        def look():
            states = [(m, m.call("/v3/maintenance/status")) for m in self.alive()]
            for m, s in states:
                self.ids[m] = s["header"]["member_id"]
            leaders = {s.get("leader", "0") for _, s in states}
            return next((m for m, s in states if leaders == {self.ids[m]}), None)
        return self.wait_until(look, "no leader")

    def followers(self):
        leader = self.leader()
        return [m for m in self.alive() if m is not leader]

    def level(self):
        """Waits until all that are alive have applied the same."""
        def look():
            indexes = {m.call("/v3/maintenance/status").get("raftAppliedIndex") for m in self.alive()}
            return len(indexes) == 1
        self.wait_until(look, "a member does not catch up")

    def wait_until(self, look, otherwise):
        end, why = time.monotonic() + PATIENCE, ""
        while time.monotonic() < end:
            for m in self.alive():
                if m.process.poll() is not None:
                    raise Failed(f"{m.name} ended with {m.process.returncode}: {m.log_end()}")
            try:
                found = look()
                if found:
                    return found
            except Failed as e:
                why = f": {e}"
            time.sleep(0.1)
        raise Failed(f"{otherwise} in {PATIENCE} s{why}")
