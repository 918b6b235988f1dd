# SPDX-License-Identifier: Apache-2.0
"""Connections that were made here, in pieces of every size, must give the messages that were put in; the bundled trace
must hold what its README says."""
import re
import socket
import struct
import subprocess
import sys
import threading
from pathlib import Path

import pytest

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from raft_capture import raftpb, relay, streams  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
ME, YOU = 0xBADCAB1E, 0xFEEDFACECAFEBEEF
HEARTBEAT = bytes.fromhex("0808100018002000280030004000") + b"\x4a\x0a" + raftpb.NO_SNAPSHOT + b"\x50\x00\x58\x00"


def sized(data):
    return struct.pack(">Q", len(data)) + data


def entry(term, index, data=None):
    head = b"\x08\x00\x10" + raftpb.put_varint(term) + b"\x18" + raftpb.put_varint(index)
    return head if data is None else head + b"\x22" + raftpb.put_varint(len(data)) + data


def append(term, index, entries, commit, log_term=None):
    m = raftpb.Message()
    m.type, m.to, m.sender, m.term, m.index, m.commit = raftpb.MSG_APP, ME, YOU, term, index, commit
    m.log_term, m.entries = term if log_term is None else log_term, entries
    return raftpb.append_bytes(m)


def chunked(body, sizes):
    """The body in HTTP chunks of these sizes, again and again; no end, as of a stream that goes on."""
    out, at, k = b"", 0, 0
    while at < len(body):
        piece = body[at:at + sizes[k % len(sizes)]]
        out += b"%x\r\n%s\r\n" % (len(piece), piece)
        at, k = at + len(piece), k + 1
    return out


def stream_request(kind):
    return (f"GET /raft/stream/{kind}/{ME:x} HTTP/1.1\r\nHost: h\r\nX-Server-From: {ME:x}\r\n"
            f"X-Raft-To: {YOU:x}\r\n\r\n").encode()


ANSWER = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


def timed(data, size):
    """Pieces of `size` bytes; the k-th came at time k."""
    return streams.Timed([(k, data[at:at + size]) for k, at in enumerate(range(0, len(data), size))])


def messages(client, server, size=7):
    return list(streams.of_connection(timed(client, size), timed(server, size)))


@pytest.mark.parametrize("size", [1, 2, 3, 16, 1460, 1 << 20])
def test_message_stream(size):
    sent = [HEARTBEAT, append(3, 4, [entry(3, 5, b"x" * 300)], 4), b""]
    raw = ANSWER + chunked(b"".join(map(sized, sent)), [1, 50, 3])
    found = messages(stream_request("message"), raw, size)
    assert [m for _, _, m in found] == sent
    assert {channel for _, channel, _ in found} == {"message"}
    times = [t for t, _, _ in found]
    assert times == sorted(times)


def test_the_time_is_that_of_the_last_byte():
    head = ANSWER + chunked(sized(HEARTBEAT), [1000])
    last = head.rindex(HEARTBEAT) + len(HEARTBEAT) - 1
    pieces = [(10, head[:last]), (20, head[last:last + 1]), (30, head[last + 1:])]
    found = list(streams.of_connection(timed(stream_request("message"), 9), streams.Timed(pieces)))
    assert found == [(20, "message", HEARTBEAT)]


@pytest.mark.parametrize("size", [1, 5, 4096])
def test_msgappv2_elided_appends_are_made_whole(size):
    sent = [append(2, 10, [entry(2, 11, b"a"), entry(2, 12)], 9),                # full
            append(2, 12, [entry(2, 13, b""), entry(2, 14, b"c" * 200)], 12),    # elided
            append(2, 14, [], 14),                                               # elided: only commit moves
            append(3, 14, [entry(3, 15, b"d")], 14, log_term=2),                 # a new term: full
            append(3, 15, [entry(3, 16, b"e")], 15)]                             # elided
    entries = [[entry(2, 13, b""), entry(2, 14, b"c" * 200)], [], [entry(3, 16, b"e")]]
    short = [b"\x01" + struct.pack(">Q", len(es)) + b"".join(map(sized, es)) + struct.pack(">Q", commit)
             for es, commit in zip(entries, (12, 14, 15))]
    body = b"\x00\x02" + sized(sent[0]) + short[0] + short[1] + b"\x00\x02" + sized(sent[3]) + short[2] + b"\x00"
    found = messages(stream_request("msgapp"), ANSWER + chunked(body, [1, 9, 100]), size)
    assert [m for _, _, m in found] == sent
    for cut in range(len(body)):  # a member that died: what was whole is there, and nothing else
        some = messages(stream_request("msgapp"), ANSWER + chunked(body[:cut], [1000]), 64)
        assert [m for _, _, m in some] == sent[:len(some)]


def test_msgappv2_refuses_what_cannot_be():
    for body, why in ((b"\x07", "type 7 at byte 0"), (b"\x02" + sized(b"\x08\x63"), "message type 99"),
                      (b"\x02" + sized(b"\x08\x03\x10\x01"), "not written as etcd 3.4 writes it")):
        with pytest.raises(streams.Malformed, match=why):
            messages(stream_request("msgapp"), ANSWER + chunked(body, [1000]))


def test_posts_and_requests_that_carry_nothing():
    post = b"POST /raft HTTP/1.1\r\nContent-Length: %d\r\n\r\n%s" % (len(HEARTBEAT), HEARTBEAT)
    snap = append(5, 6, [], 6)
    body = chunked(sized(snap) + b"the database", [4]) + b"0\r\nX-Trailer: 1\r\n\r\n"
    snapshot = b"POST /raft/snapshot HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + body
    version = b"GET /version HTTP/1.1\r\nHost: h\r\n\r\n"
    answers = (b"HTTP/1.1 204 No Content\r\n\r\n" + b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}" +
               b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n")
    found = messages(post + version + snapshot, answers)
    assert [(channel, m) for _, channel, m in found] == [("pipeline", HEARTBEAT), ("snapshot", snap)]
    assert messages(post[:-1], b"") == []  # cut
    refused = b"HTTP/1.1 404 Not Found\r\nContent-Length: 3\r\n\r\nno\n"
    assert messages(stream_request("message"), refused) == []


@pytest.mark.parametrize("client, server, why", [
    (b"this is no request\r\n\r\n", b"", "no HTTP/1 at byte 0"),
    (stream_request("message"), ANSWER + b"zz\r\n", "no size of a chunk"),
    (stream_request("message"), ANSWER + b"1\r\nabcd\r\n", "a chunk that does not end where it says"),
    (stream_request("msgapp").replace(b"X-Raft-To", b"X-None"), ANSWER + b"1\r\n\x00\r\n", "X-Raft-To is None"),
])
def test_what_is_no_http_is_told(client, server, why):
    with pytest.raises(streams.Malformed, match=why):
        messages(client, server)


def test_fields_refuse_what_is_cut():
    for data in (b"\x08", b"\x3a\x05a", b"\x0b", b"\xff" * 11):
        with pytest.raises(streams.Malformed):
            list(raftpb.fields(data))


def test_relay_forwards_and_keeps_both_directions():
    server = socket.create_server(("127.0.0.1", 0))
    between = relay.Relay()
    port = between.listen(server.getsockname()[1])
    between.start()
    try:
        big = bytes(range(256)) * 8192  # 2 MiB: more than sockets and the relay hold
        with socket.create_connection(("127.0.0.1", port), timeout=20) as client:
            peer, _ = server.accept()
            peer.settimeout(20)
            with peer:
                client.sendall(b"hello")
                assert peer.recv(5, socket.MSG_WAITALL) == b"hello"
                sender = threading.Thread(target=peer.sendall, args=(big,))
                sender.start()
                got = bytearray()
                while len(got) < len(big):
                    got += client.recv(65536)
                sender.join()
                assert got == big
                client.shutdown(socket.SHUT_WR)
                assert peer.recv(1) == b""  # the end comes through, and the other direction stays
                peer.sendall(b"bye")
                assert client.recv(3, socket.MSG_WAITALL) == b"bye"
    finally:
        between.close()
        server.close()
    (client_half, server_half), = between.connections
    assert b"".join(d for _, d in client_half.pieces) == b"hello"
    assert b"".join(d for _, d in server_half.pieces) == big + b"bye"
    assert between.bytes == 5 + len(big) + 3


def test_the_bundled_trace_is_what_its_readme_says():
    folder = ROOT / "scenarios" / "raft" / "traffic" / "trace"
    packed = folder / "etcd.bin.zst"
    assert packed.stat().st_size < 1 << 20
    data = subprocess.run(["zstd", "-dc", str(packed)], check=True, stdout=subprocess.PIPE).stdout
    found, at = [], 0
    while at < len(data):
        size, = struct.unpack_from(">Q", data, at)
        found.append(data[at + 8:at + 8 + size])
        at += 8 + size
    assert at == len(data)
    rows = re.findall(r"^\| (Msg\w+) \| ([\d,]+) \| ([\d,]+) \|", (folder / "README.md").read_text(), re.M)
    told = {name: (int(n.replace(",", "")), int(b.replace(",", ""))) for name, n, b in rows}
    bytes_of = {name: 0 for name in told}
    for m in found:
        bytes_of[raftpb.TYPES[raftpb.Message(m).type]] += 8 + len(m)
    counts = streams.counts_by_type(found)
    assert told == {name: (counts[name], bytes_of[name]) for name in counts}
