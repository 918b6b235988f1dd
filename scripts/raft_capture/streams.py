# SPDX-License-Identifier: Apache-2.0
"""Raft messages out of the two directions of recorded connections between etcd members.

A connection carries HTTP/1.1. Messages travel in
  GET /raft/stream/message/ID   the answer's body: ([u64 BE n][raftpb.Message])...
  GET /raft/stream/msgapp/ID    the answer's body: msgappv2 (MsgAppV2)
  POST /raft                    the request's body: one raftpb.Message
  POST /raft/snapshot           the request's body: [u64 BE n][raftpb.Message] and the database, which is left out
What a member that died left unfinished ends a stream quietly; what cannot be is Malformed, with its place.
"""
import bisect
import re
import struct

from raft_capture import raftpb
from raft_capture.raftpb import Malformed, Message


class Timed:
    """Bytes that came in pieces, each with its time."""

    def __init__(self, pieces):
        self.ends, self.times, end = [], [], 0
        for time, data in pieces:
            end += len(data)
            self.ends.append(end)
            self.times.append(time)
        self.data = b"".join(data for _, data in pieces)

    def time_of(self, offset):
        """When the byte came."""
        return self.times[bisect.bisect_right(self.ends, offset)]


class Body:
    """The body of one request or answer without its chunks' heads."""

    def __init__(self, timed):
        self.timed, self.data, self.starts, self.raws = timed, bytearray(), [], []

    def add(self, begin, end):
        if end > begin:
            self.starts.append(len(self.data))
            self.raws.append(begin)
            self.data += self.timed.data[begin:end]

    def time_of(self, offset):
        k = bisect.bisect_right(self.starts, offset) - 1
        return self.timed.time_of(self.raws[k] + offset - self.starts[k])


class Part:
    """A request or an answer: its first line's words, its headers by lower-case names, its body."""

    def __init__(self, words, headers, body):
        self.words, self.headers, self.body = words, headers, body


def parts(timed, methods=None):
    """Requests of one direction, or with `methods` (of the requests, in order) the answers."""
    data, at, answered = timed.data, 0, 0
    while (head_end := data.find(b"\r\n\r\n", at)) >= 0:
        lines = data[at:head_end].decode("latin-1").split("\r\n")
        words = lines[0].split(" ", 2)
        if len(words) < 2 or not (lines[0].startswith("HTTP/1.") if methods is not None
                                  else words[-1].startswith("HTTP/1.")):
            raise Malformed(f"no HTTP/1 at byte {at}: {lines[0][:60]!r}")
        headers = {n.strip().lower(): v.strip() for n, _, v in (line.partition(":") for line in lines[1:])}
        body, begin = Body(timed), head_end + 4
        if methods is not None and words[1].startswith("1"):  # an answer before the answer
            at = begin
            continue
        method = methods[answered] if methods is not None and answered < len(methods) else ""
        answered += 1
        if "chunked" in headers.get("transfer-encoding", "").lower():
            at = read_chunks(data, begin, body)
        elif "content-length" in headers:
            at = min(begin + int(headers["content-length"]), len(data))
            body.add(begin, at)
        elif methods is not None and method != "HEAD" and words[1] not in ("204", "304"):
            at = len(data)  # until the connection ends
            body.add(begin, at)
        else:
            at = begin
        yield Part(words, headers, body)


def read_chunks(data, at, body):
    """Fills the body with the chunks from `at` on and answers where they end."""
    while (line_end := data.find(b"\r\n", at)) >= 0:
        head = data[at:line_end].split(b";")[0].strip()
        if not re.fullmatch(rb"[0-9a-fA-F]{1,8}", head):
            raise Malformed(f"no size of a chunk at byte {at}: {head[:20]!r}")
        size, begin = int(head, 16), line_end + 2
        if size == 0:
            end = data.find(b"\r\n", begin)
            while 0 <= end != begin:  # trailers
                begin = end + 2
                end = data.find(b"\r\n", begin)
            return len(data) if end < 0 else end + 2
        body.add(begin, min(begin + size, len(data)))
        at = begin + size + 2
        if at > len(data):
            break
        if data[at - 2:at] != b"\r\n":
            raise Malformed(f"a chunk that does not end where it says, at byte {at - 2}")
    return len(data)


class Reader:
    """Takes numbers and bytes off a body; None where they have not come."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, n):
        if n > len(self.data) - self.at:
            return None
        self.at += n
        return bytes(self.data[self.at - n:self.at])

    def number(self):
        raw = self.take(8)
        return None if raw is None else struct.unpack(">Q", raw)[0]

    def sized(self):
        size = self.number()
        return None if size is None else self.take(size)


def of_message_stream(body):
    """(time, bytes) of each message."""
    r = Reader(body.data)
    while (message := r.sized()) is not None:
        yield body.time_of(r.at - 1), message


class MsgAppV2:
    """[00] link heartbeat; [01][entries]([n][Entry])...[commit]; [02][n][Message]. Keeps the running term and index."""

    def __init__(self, sender, to):
        self.sender, self.to, self.term, self.index = sender, to, 0, 0
        self.heartbeats = self.elided = self.full = 0

    def messages(self, body):
        """(time, bytes) of each append; an elided one made whole."""
        r = Reader(body.data)
        while (kind := r.take(1)) is not None:
            if kind == b"\x00":
                self.heartbeats += 1
                continue
            if kind not in (b"\x01", b"\x02"):
                raise Malformed(f"msgappv2: type {kind[0]} at byte {r.at - 1}")
            message = self.read_elided(r) if kind == b"\x01" else self.read_full(r)
            if message is None:
                return
            yield body.time_of(r.at - 1), message

    def read_full(self, r):
        data = r.sized()
        if data is None:
            return None
        m = Message(data)
        if m.type == raftpb.MSG_APP and raftpb.append_bytes(m) != data:
            raise Malformed("an append is not written as etcd 3.4 writes it: elided ones cannot be made whole")
        self.full += 1
        self.term, self.index = m.term, m.last_index()
        return data

    def read_elided(self, r):
        count = r.number()
        if count is None:
            return None
        m = Message()
        for _ in range(count):
            if (entry := r.sized()) is None:
                return None
            m.entries.append(entry)
        commit = r.number()
        if commit is None:
            return None
        m.type, m.to, m.sender, m.commit = raftpb.MSG_APP, self.to, self.sender, commit
        m.term = m.log_term = self.term
        m.index = self.index
        self.index += count
        self.elided += 1
        return raftpb.append_bytes(m)


def hex_id(text, what):
    if not re.fullmatch(r"[0-9a-fA-F]{1,16}", text or ""):
        raise Malformed(f"{what} is {text!r}, expected an id in hexadecimal")
    return int(text, 16)


def of_connection(client, server):
    """(time, channel, bytes) of the messages on a connection, given the Timed bytes of its two ends."""
    requests = list(parts(client))
    for request in requests:
        path = request.words[1].split("?")[0]
        if request.words[0] == "POST" and path == "/raft" and request.body.data:
            if len(request.body.data) == int(request.headers.get("content-length", -1)):
                yield request.body.time_of(len(request.body.data) - 1), "pipeline", bytes(request.body.data)
        elif request.words[0] == "POST" and path == "/raft/snapshot":
            r = Reader(request.body.data)
            if (message := r.sized()) is not None:
                yield request.body.time_of(r.at - 1), "snapshot", message
    for request, answer in zip(requests, parts(server, [q.words[0] for q in requests])):
        path = request.words[1].split("?")[0]
        if answer.words[1] != "200" or not path.startswith("/raft/stream/"):
            continue
        if path.startswith("/raft/stream/message/"):
            yield from ((t, "message", m) for t, m in of_message_stream(answer.body))
        elif path.startswith("/raft/stream/msgapp/"):
            # The side that asks is the side that receives.
            to = hex_id(path.rsplit("/", 1)[1], "the stream's reader")
            stream = MsgAppV2(hex_id(request.headers.get("x-raft-to"), "X-Raft-To"), to)
            yield from ((t, "msgappv2", m) for t, m in stream.messages(answer.body))


def record(message):
    return struct.pack(">Q", len(message)) + message


def counts_by_type(messages):
    """Message type -> how many, in raftpb's order."""
    counts = {}
    for m in messages:
        kind = Message(m).type
        counts[kind] = counts.get(kind, 0) + 1
    return {raftpb.TYPES[k]: counts[k] for k in sorted(counts)}
