"""A TCP relay on the loopback that puts a server as far away as its round trip says.

What comes from either side goes to the other half a round trip later, in its order and all at once, however much it
is. To connect to the relay takes nothing, so what a client sends waits for one more round trip from then on: that of
the TCP handshake.
"""

import asyncio
import collections
import threading


class Side(asyncio.Protocol):
    """One side of a connection, from which is read what the other side gets."""

    def __init__(self, delay, not_before=0.0):
        self.delay = delay
        self.not_before = not_before
        self.transport = None
        self.other = None
        self.on_the_way = collections.deque()

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self._send(data)

    def eof_received(self):
        self._send(b"")
        return True

    def connection_lost(self, _):
        self._send(b"")

    def _send(self, data):
        loop = asyncio.get_running_loop()
        self.on_the_way.append(data)
        # Each time takes what is the next then: two at the same time have no order of their own.
        loop.call_at(max(loop.time(), self.not_before) + self.delay, self._deliver)

    def _deliver(self):
        if self.other.transport is None:  # the server is slow to accept
            asyncio.get_running_loop().call_later(0.001, self._deliver)
            return
        data = self.on_the_way.popleft()
        if self.other.transport.is_closing():
            return
        if data:
            self.other.transport.write(data)
        else:
            self.other.transport.close()


class Relay:
    """Relays to `server_port` while it is entered: from `port`; `connections` were made so far."""

    def __init__(self, server_port, round_trip_seconds):
        self.server_port = server_port
        self.round_trip = round_trip_seconds
        self.port = 0
        self.connections = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self):
        self._thread.start()
        server = asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result()
        self.port = server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_):
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    async def _listen(self):
        return await self._loop.create_server(self._accept, "127.0.0.1", 0, backlog=512)

    def _accept(self):
        self.connections += 1
        connected_at = self._loop.time() + self.round_trip
        client, server = Side(self.round_trip / 2, connected_at), Side(self.round_trip / 2)
        client.other, server.other = server, client
        self._loop.create_task(self._loop.create_connection(lambda: server, "127.0.0.1", self.server_port))
        return client
