"""
The fast poetry server's answer in asyncio: a protocol, as in Twisted.

Usage: python fast_asyncio.py [--uvloop] FILE
"""

import asyncio
import sys
from pathlib import Path


class Poetry(asyncio.Protocol):
    """Sends the poem to everybody."""

    poem = b''

    def connection_made(self, transport):
        transport.write(self.poem)
        transport.close()


async def serve() -> None:
    """Serve for ever."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Poetry, '127.0.0.1', 0)
    _, port = server.sockets[0].getsockname()
    print(f'Serving {sys.argv[-1]} on port {port}.', flush=True)
    await server.serve_forever()


def main() -> None:
    Poetry.poem = Path(sys.argv[-1]).read_bytes()
    if '--uvloop' in sys.argv:
        import uvloop

        uvloop.run(serve())
    else:
        asyncio.run(serve())


if __name__ == '__main__':
    main()
