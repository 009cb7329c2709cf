"""A TCP proxy in user space that does to each connection what its plan says, from one seed."""
import asyncio
import random
import socket
import struct
import threading

FAULTS = ("delay", "refuse", "cut in mid-request", "cut in mid-reply", "reset", "garbage",
          "slow trickle", "half-open")


class Proxy:
    """Passes everything on while `fault` is None; otherwise each connection meets it. A count of
    what was done stands in `done`."""

    def __init__(self, host, target_port, seed):
        self.host, self.target_port = host, target_port
        self.rng = random.Random(seed)
        self.fault = None
        self.done = 0
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind((host, 0))
        self.port = self.socket.getsockname()[1]
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)

    def start(self):
        self.thread.start()
        asyncio.run_coroutine_threadsafe(
            asyncio.start_server(self.serve, sock=self.socket), self.loop).result(10)

    def stop(self):
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)
        self.socket.close()

    @staticmethod
    def reset(writer):
        """Closes so that the other side gets RST and not FIN."""
        raw = writer.get_extra_info("socket")
        if raw is not None:
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()

    async def serve(self, reader, writer):
        fault = self.fault
        if fault is not None:
            self.done += 1
        try:
            if fault == "refuse":
                return self.reset(writer)
            if fault == "garbage":
                writer.write(self.rng.randbytes(self.rng.randint(1, 4000)))
                await writer.drain()
                return writer.close()
            if fault == "half-open":
                while await reader.read(65536):
                    pass  # takes all, says nothing
                return writer.close()
            if fault == "delay":
                await asyncio.sleep(self.rng.uniform(0.05, 0.6))
            up_reader, up = await asyncio.open_connection(self.host, self.target_port)
            # How much of a direction passes; the handshake alone takes some 1,500 bytes down.
            limit = self.rng.randint(100, 6000)
            down_limit = limit if fault in ("cut in mid-reply", "reset") else None
            up_limit = limit if fault == "cut in mid-request" else None
            await asyncio.gather(self.pump(reader, up, up_limit, fault, writer),
                                 self.pump(up_reader, writer, down_limit, fault, writer))
        except (OSError, asyncio.IncompleteReadError):
            writer.transport.abort()

    async def pump(self, source, sink, limit, fault, client):
        passed = 0
        try:
            while chunk := await source.read(1 if fault == "slow trickle" and self.rng.random() < .1
                                             else 2048):
                if limit is not None and passed + len(chunk) >= limit:
                    sink.write(chunk[:limit - passed])
                    if fault == "reset":
                        return self.reset(client)
                    client.transport.abort()
                    return sink.transport.abort()
                passed += len(chunk)
                if fault == "slow trickle":
                    for at in range(0, len(chunk), 97):
                        sink.write(chunk[at:at + 97])
                        await asyncio.sleep(0.002)
                else:
                    sink.write(chunk)
                await sink.drain()
        finally:
            sink.close()
