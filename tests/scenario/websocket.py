"""The least of a WebSocket client (RFC 6455): honest by default, and able to send what is not."""
import base64
import os
import socket
import time


class Closed(Exception):
    """The other side ended the connection; `code` is None when it did so without a close frame."""

    def __init__(self, code, reason=""):
        super().__init__(f"closed with {code} {reason}".strip())
        self.code, self.reason = code, reason


TEXT, BINARY, CLOSE, PING, PONG, CONTINUATION = 1, 2, 8, 9, 10, 0


def connect(address, tls=None, source=None, receive_buffer=None):
    """A connected socket, with TLS if `tls` is a context. `source`: the address to come from."""
    plain = socket.socket()
    if receive_buffer:
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    plain.settimeout(30)
    if source:
        plain.bind((source, 0))
    plain.connect(address)
    plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return tls.wrap_socket(plain, server_hostname="localhost") if tls else plain


def frame(opcode, payload, fin=True, reserved=0, length=None):
    """A masked frame. `length`: what its head claims, if not the truth."""
    claimed = len(payload) if length is None else length
    head = bytes([(0x80 if fin else 0) | reserved << 4 | opcode])
    if claimed < 126:
        head += bytes([0x80 | claimed])
    elif claimed < 65536:
        head += bytes([0x80 | 126]) + claimed.to_bytes(2, "big")
    else:
        head += bytes([0x80 | 127]) + claimed.to_bytes(8, "big")
    mask = os.urandom(4)
    size = len(payload)
    pad = (mask * (size // 4 + 1))[:size]
    masked = (int.from_bytes(payload, "big") ^ int.from_bytes(pad, "big")).to_bytes(size, "big")
    return head + mask + masked


class WebSocket:
    def __init__(self, address, tls=None, path="/ws", **how):
        self.socket = connect(address, tls, **how)
        self.received = b""
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall(
            f"GET {path} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
            f"Sec-WebSocket-Protocol: chatd.v1\r\n\r\n".encode())
        head = self.read_until(b"\r\n\r\n", time.monotonic() + 30)
        if not head.startswith(b"HTTP/1.1 101"):
            self.socket.close()
            raise Closed(None, head.split(b"\r\n")[0].decode(errors="replace"))

    def read_more(self, deadline):
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self.socket.settimeout(left)
        try:
            some = self.socket.recv(1 << 18)
        except TimeoutError:
            raise
        except OSError as error:
            raise Closed(None, str(error)) from error
        if not some:
            raise Closed(None)
        self.received += some

    def read_until(self, end, deadline):
        while end not in self.received:
            self.read_more(deadline)
        found, self.received = self.received.split(end, 1)
        return found

    def read_bytes(self, count, deadline):
        while len(self.received) < count:
            self.read_more(deadline)
        found, self.received = self.received[:count], self.received[count:]
        return found

    def send(self, text):
        self.send_raw(frame(TEXT, text if isinstance(text, bytes) else text.encode()))

    def send_raw(self, data):
        self.socket.settimeout(30)
        try:
            self.socket.sendall(data)
        except OSError as error:
            raise Closed(None, str(error)) from error

    def receive(self, deadline):
        """The next text; answers pings meanwhile. Raises Closed or TimeoutError."""
        while True:
            # Only whole frames are taken out, so that a timeout loses nothing.
            while (size := self.whole_frame()) is None:
                self.read_more(deadline)
            first, payload = self.received[0], self.received[size[0]:size[1]]
            self.received = self.received[size[1]:]
            opcode = first & 15
            if opcode == TEXT:
                return payload.decode()
            if opcode == PING:
                self.send_raw(frame(PONG, payload))
            elif opcode == CLOSE:
                code = int.from_bytes(payload[:2], "big") if len(payload) >= 2 else None
                try:
                    self.send_raw(frame(CLOSE, payload[:2]))
                except Closed:
                    pass
                self.socket.close()
                raise Closed(code, payload[2:].decode())

    def whole_frame(self):
        """(where the payload of the first frame begins, where it ends), once it is all here."""
        if len(self.received) < 2:
            return None
        size, start = self.received[1] & 127, 2
        if size >= 126:
            start = 4 if size == 126 else 10
            if len(self.received) < start:
                return None
            size = int.from_bytes(self.received[2:start], "big")
        return (start, start + size) if len(self.received) >= start + size else None

    def drop(self):
        """Gone without a word, as a phone in a tunnel."""
        self.socket.close()
