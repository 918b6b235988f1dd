# SPDX-License-Identifier: Apache-2.0
"""A TCP relay on loopback that keeps what it forwards, both directions, with the time of each piece.

A thread of its own; what it has kept is looked at after close(). A slow receiver holds its sender back: a socket is
read only while little waits for the other one.
"""
import selectors
import socket
import threading
import time

PIECE, WAITING_MAX = 64 * 1024, 1024 * 1024


class Half:
    """One end of a connection: what has been read here, and what waits to be written here."""

    def __init__(self, sock, connection, client):
        self.sock, self.connection, self.client = sock, connection, client
        self.pieces, self.waiting, self.other = [], bytearray(), None
        self.read_open = self.write_open = True


class Relay:
    def __init__(self):
        self._selector = selectors.DefaultSelector()
        self._wake, self._woken = socket.socketpair()
        self._selector.register(self._woken, selectors.EVENT_READ, None)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._stop = False
        self.connections = []  # (Half of who connected, Half of whom it reached)
        self.bytes = 0         # forwarded so far

    def listen(self, target_port):
        """A port whose connections go on to the other one."""
        sock = socket.create_server(("127.0.0.1", 0))
        sock.setblocking(False)
        self._selector.register(sock, selectors.EVENT_READ, target_port)
        return sock.getsockname()[1]

    def start(self):
        self._thread.start()

    def close(self):
        self._stop = True
        self._wake.send(b"x")
        if self._thread.ident is not None:
            self._thread.join()
        for key in list(self._selector.get_map().values()):
            key.fileobj.close()
        self._selector.close()
        self._wake.close()

    def _run(self):
        while not self._stop:
            for key, events in self._selector.select(1):
                if isinstance(key.data, int):
                    self._accept(key.fileobj, key.data)
                elif key.data is not None:
                    self._serve(key.data, events)

    def _accept(self, listener, target_port):
        try:
            sock, _ = listener.accept()
        except OSError:
            return
        try:
            onward = socket.create_connection(("127.0.0.1", target_port), timeout=1)
        except OSError:  # the member is down
            sock.close()
            return
        number = len(self.connections)
        a, b = Half(sock, number, True), Half(onward, number, False)
        a.other, b.other = b, a
        self.connections.append((a, b))
        for half in (a, b):
            half.sock.setblocking(False)
            half.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._selector.register(half.sock, selectors.EVENT_READ, half)

    def _serve(self, half, events):
        try:
            if events & selectors.EVENT_WRITE:
                del half.waiting[:half.sock.send(half.waiting)]
            if events & selectors.EVENT_READ and half.read_open:
                data = half.sock.recv(PIECE)
                if data:
                    half.pieces.append((time.monotonic_ns(), data))
                    half.other.waiting += data
                    self.bytes += len(data)
                    self._flush(half.other)
                else:
                    half.read_open = False
        except BlockingIOError:
            pass
        except OSError:
            self._drop(half)
            return
        for one in (half, half.other):
            self._settle(one)
        self._end(half)

    @staticmethod
    def _flush(half):
        try:
            del half.waiting[:half.sock.send(half.waiting)]
        except BlockingIOError:
            pass

    def _settle(self, half):
        """Watches for what matters now; passes the end of a stream on."""
        if half.sock.fileno() < 0:
            return
        if not half.waiting and half.write_open and not half.other.read_open:
            half.write_open = False
            try:
                half.sock.shutdown(socket.SHUT_WR)
            except OSError:
                pass
        wanted = selectors.EVENT_READ if half.read_open and len(half.other.waiting) < WAITING_MAX else 0
        wanted |= selectors.EVENT_WRITE if half.waiting else 0
        registered = half.sock in self._selector.get_map()
        if wanted and registered:
            self._selector.modify(half.sock, wanted, half)
        elif wanted:
            self._selector.register(half.sock, wanted, half)
        elif registered:
            self._selector.unregister(half.sock)

    def _end(self, half):
        pair = (half, half.other)
        if all(not h.read_open and not h.waiting for h in pair):
            self._drop(half)

    def _drop(self, half):
        for one in (half, half.other):
            if one.sock.fileno() >= 0:
                if one.sock in self._selector.get_map():
                    self._selector.unregister(one.sock)
                one.sock.close()
            one.read_open = False
            one.waiting.clear()
