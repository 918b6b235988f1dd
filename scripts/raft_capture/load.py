# SPDX-License-Identifier: Apache-2.0
"""What the cluster is put through: phases, one after the other, until the time is over."""
import http.client
import random
import signal
import threading
import time

from raft_capture.cluster import Failed, ask, text

CLIENTS = 12
# etcd 3.4 keeps so many entries behind a snapshot: who is further behind than that is sent the snapshot.
CATCH_UP = 5000
SIZES = (0, 1, 16, 64, 64, 256, 256, 1024, 1024, 4096, 16384)
WORDS = ("raft log term index vote leader follower entry commit apply snapshot member lease watch key value revision "
         "put range delete compact alarm quorum heartbeat election append probe replicate").split()


def value_of(chance, size):
    """Text that packs about as well as people's data: words and numbers; every eighth value is random bytes."""
    if size > 0 and chance.random() < 0.125:
        return chance.randbytes(size)
    out, length = [], 0
    while length < size:
        word = chance.choice(WORDS) if chance.random() < 0.8 else str(chance.randrange(10**6))
        out.append(word)
        length += len(word) + 1
    return " ".join(out)[:size].encode()


class Load:
    """`carried()` is how many bytes the peers have sent each other; `budget` how many they should at most."""

    def __init__(self, cluster, seed, seconds, carried, budget):
        self.cluster, self.seed, self.carried, self.budget = cluster, seed, carried, budget
        self.end = time.monotonic() + seconds
        self.chance = random.Random(seed)
        self.phases = 0
        self.refused = 0  # requests that came while there was no leader
        self.done, self.left_out = [], []

    def over(self):
        return time.monotonic() >= self.end

    def run(self):
        # The shares leave room for what the phases between them take, so that every type of message is in the capture.
        for phase, share in ((self.mixed, 0.2), (self.large, 0.35), (self.move_leader, 1), (self.lag, 1),
                             (self.kill_leader, 1), (self.snapshot, 1), (self.pre_vote, 1), (self.mixed, 0.95)):
            name = phase.__name__
            if self.over():
                self.left_out.append(name)
                continue
            phase(share * self.budget)
            self.cluster.leader()
            self.done.append(name)

    # Phases.

    def mixed(self, budget):
        """Puts of many sizes, gets, deletes, transactions and leases, at every member."""
        end = min(self.end, time.monotonic() + 4)
        self.clients(lambda: time.monotonic() < end and self.carried() < budget, self.any_request)

    def large(self, budget):
        """A few large values, at the leader and at a follower, which proposes them."""
        members = [self.cluster.leader(), self.cluster.followers()[0]]
        for k, size in enumerate((32, 64, 100, 160, 200)):
            if self.carried() < budget:
                self.put_one(members[k % 2], f"large-{size}", value_of(self.chance, size * 1024))

    def move_leader(self, _):
        leader = self.cluster.leader()
        to = self.chance.choice(self.cluster.followers())
        leader.call("/v3/maintenance/transfer-leadership", {"targetID": self.cluster.ids[to]})

    def lag(self, _):
        """Followers die, miss some entries, and come back."""
        for missed in (3, 15, 120):
            away = self.chance.choice(self.cluster.followers())
            away.stop(signal.SIGKILL)
            self.puts(missed, 64)
            self.cluster.restart(away)
            self.cluster.level()

    def kill_leader(self, _):
        """In the middle of a burst."""
        leader = self.cluster.leader()
        killer = threading.Timer(0.3, lambda: leader.process.send_signal(signal.SIGKILL))
        killer.start()
        self.clients_for(0.6, [m for m in self.cluster.members if m is not leader])
        killer.join()
        leader.stop(signal.SIGKILL)
        self.cluster.leader()
        self.puts(30, 256)
        self.cluster.restart(leader)
        self.cluster.level()

    def snapshot(self, _):
        """A follower misses more than the others keep."""
        away = self.chance.choice(self.cluster.followers())
        away.stop(signal.SIGKILL)
        self.puts(CATCH_UP + 300, 16)  # more than --snapshot-count further than that
        self.cluster.restart(away)
        self.cluster.level()

    def pre_vote(self, _):
        """Members that ask before they vote, and a leader that dies."""
        for m in self.cluster.members:
            m.stop()
            self.cluster.restart(m, ["--pre-vote"])
        self.cluster.options.append("--pre-vote")
        leader = self.cluster.leader()
        leader.stop(signal.SIGKILL)
        self.cluster.leader()
        self.cluster.restart(leader)

    # What phases are made of.

    def puts(self, count, size):
        left = iter(range(count))  # next() of it is atomic
        self.clients(lambda: not self.over() and next(left, None) is not None,
                     lambda call, chance: put(call, f"p{chance.randrange(500)}", value_of(chance, size)),
                     self.cluster.alive())

    def put_one(self, member, key, value):
        put(lambda path, request: member.call(path, request, 10), key, value)

    def clients_for(self, seconds, members):
        end = time.monotonic() + seconds
        self.clients(lambda: time.monotonic() < end, self.any_request, members)

    @staticmethod
    def any_request(call, chance):
        key, kind = f"k{chance.randrange(300)}", chance.random()
        if kind < 0.5:
            put(call, key, value_of(chance, chance.choice(SIZES)))
        elif kind < 0.7:
            call("/v3/kv/range", {"key": text(key)})  # linearizable
        elif kind < 0.8:
            call("/v3/kv/deleterange", {"key": text(key)})
        elif kind < 0.92:
            compare = {"result": "GREATER", "target": "VERSION", "key": text(key), "version": str(chance.randrange(3))}
            other = {"request_put": {"key": text(key), "value": text(value_of(chance, 64))}}
            call("/v3/kv/txn", {"compare": [compare], "success": [{"request_delete_range": {"key": text(key)}}],
                                "failure": [other, {"request_range": {"key": text(key)}}]})
        else:
            lease = call("/v3/lease/grant", {"TTL": "60"})["ID"]
            call("/v3/kv/put", {"key": text(key), "value": text(value_of(chance, 32)), "lease": lease})
            if chance.random() < 0.5:
                call("/v3/lease/revoke", {"ID": lease})

    def clients(self, goes_on, request, members=None):
        """Some clients at a time, each at one member, until `goes_on` says no or the time is over."""
        self.phases += 1
        members = members or self.cluster.alive()
        threads = [threading.Thread(target=self.client, daemon=True,
                                    args=(members[i % len(members)], random.Random(f"{self.seed}/{self.phases}/{i}"),
                                          goes_on, request)) for i in range(CLIENTS)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()

    def client(self, member, chance, goes_on, request):
        connection = http.client.HTTPConnection("127.0.0.1", member.client_port, timeout=5)

        def call(path, what):
            return ask(connection, path, what)
        while not self.over() and goes_on():
            try:
                request(call, chance)
            except (Failed, OSError, http.client.HTTPException):
                self.refused += 1
                connection.close()
                time.sleep(0.02)
        connection.close()


def put(call, key, value):
    call("/v3/kv/put", {"key": text(key), "value": text(value)})
