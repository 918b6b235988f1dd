# SPDX-License-Identifier: Apache-2.0
"""As much of raftpb.Message as a capture needs: its type, counts, and the bytes that etcd 3.4 writes for an append."""

TYPES = ("MsgHup MsgBeat MsgProp MsgApp MsgAppResp MsgVote MsgVoteResp MsgSnap MsgHeartbeat MsgHeartbeatResp "
         "MsgUnreachable MsgSnapStatus MsgCheckQuorum MsgTransferLeader MsgTimeoutNow MsgReadIndex MsgReadIndexResp "
         "MsgPreVote MsgPreVoteResp").split()
MSG_APP, MSG_HEARTBEAT = TYPES.index("MsgApp"), TYPES.index("MsgHeartbeat")
# What etcd 3.4 writes of a snapshot that is not there: metadata{conf_state{auto_leave: false}, index 0, term 0}.
NO_SNAPSHOT = bytes((0x12, 8, 0x0a, 2, 0x28, 0, 0x10, 0, 0x18, 0))


class Malformed(Exception):
    """Bytes that are no message; the text says what and where."""


def get_varint(data, at):
    """A varint's value and where it ends."""
    value = shift = 0
    while at < len(data) and shift < 70:
        value |= (data[at] & 0x7F) << shift
        shift += 7
        at += 1
        if data[at - 1] < 0x80:
            return value & 0xFFFFFFFFFFFFFFFF, at
    raise Malformed(f"a varint that does not end, at byte {at}")


def put_varint(value):
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def fields(data):
    """(number, value) of each field; the value is an int, or bytes."""
    at = 0
    while at < len(data):
        tag, at = get_varint(data, at)
        if tag & 7 == 0:
            value, at = get_varint(data, at)
        elif tag & 7 == 2:
            size, at = get_varint(data, at)
            if size > len(data) - at:
                raise Malformed(f"field {tag >> 3} of {size} bytes, of which {len(data) - at} are there")
            value, at = data[at:at + size], at + size
        else:
            raise Malformed(f"wire type {tag & 7} of field {tag >> 3}")
        yield tag >> 3, value


class Message:
    """The fields that an append has, by their names; `other` holds the rest by their numbers."""

    NAMES = {1: "type", 2: "to", 3: "sender", 4: "term", 5: "log_term", 6: "index", 8: "commit"}

    def __init__(self, data=b""):
        self.type = self.to = self.sender = self.term = self.log_term = self.index = self.commit = 0
        self.entries, self.other = [], {}
        for number, value in fields(data):
            if number == 7:
                self.entries.append(value)
            elif number in self.NAMES:
                setattr(self, self.NAMES[number], value)
            else:
                self.other[number] = value
        if not 0 <= self.type < len(TYPES):
            raise Malformed(f"message type {self.type}")

    def last_index(self):
        """Of the last entry, or of what is before the first one."""
        return dict(fields(self.entries[-1])).get(3, 0) if self.entries else self.index

    def entry_bytes(self):
        return sum(len(dict(fields(e)).get(4, b"")) for e in self.entries)


def append_bytes(m):
    """An append as etcd 3.4 writes it: every scalar, zeros too, and a snapshot that says nothing."""
    out = bytearray()
    for number, value in enumerate((MSG_APP, m.to, m.sender, m.term, m.log_term, m.index), 1):
        out += bytes((number << 3,)) + put_varint(value)
    for entry in m.entries:
        out += b"\x3a" + put_varint(len(entry)) + entry
    out += b"\x40" + put_varint(m.commit)
    out += b"\x4a" + put_varint(len(NO_SNAPSHOT)) + NO_SNAPSHOT
    return bytes(out + b"\x50\x00\x58\x00")
