"""A bare broadcast server on `websockets`: parse, number, encode once, ``broadcast()``. No rooms, views or log.

Run: ``python -m benchmarks.peers.websockets_server``; prints its port.
"""

from __future__ import annotations

import asyncio
import sys
import time

import orjson
from websockets.asyncio.server import ServerConnection, broadcast, serve
from websockets.exceptions import ConnectionClosed


class Hall:
    """Everybody connected, and the number of the last line."""

    def __init__(self) -> None:
        self.here: set[ServerConnection] = set()
        self.seq = 0

    async def __call__(self, socket: ServerConnection) -> None:
        """One client."""
        who = f"player:{len(self.here):032x}"
        self.here.add(socket)
        await socket.send(b'{"type":"hello"}', text=True)
        try:
            async for data in socket:
                message = orjson.loads(data)
                if message["type"] == "act":
                    self.say(who, message)
        except ConnectionClosed:
            return
        finally:
            self.here.discard(socket)

    def say(self, who: str, message: dict[str, object]) -> None:
        """Tell everybody."""
        action = message["action"]
        assert isinstance(action, dict)
        self.seq += 1
        event = {"seq": self.seq, "at": time.time_ns() // 1_000_000, "actor": who, "cause": message["id"]}
        event |= {"kind": "said", "text": action["text"]}
        broadcast(self.here, orjson.dumps({"type": "event", "event": event}).decode())


async def main() -> None:
    hall = Hall()
    async with serve(hall, "127.0.0.1", 0, compression=None, ping_interval=None, max_size=65_536) as server:
        print(server.sockets[0].getsockname()[1], flush=True)
        await server.serve_forever()


if __name__ == "__main__":
    if "--uvloop" in sys.argv:
        import uvloop

        uvloop.run(main())
    else:
        asyncio.run(main())
