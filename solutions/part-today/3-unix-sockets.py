"""The asyncio poetry client, with sockets in the file system, too."""

import argparse
import asyncio
import sys


def parse_args():
    parser = argparse.ArgumentParser(
        prog=sys.argv[0],
        usage='%(prog)s [-h] [--timeout S] [host:]port [host:]port ...',
        description='Get a poem from every poetry server named, and have'
        ' them transformed by the transform server, which comes first.',
    )
    parser.add_argument(
        '--timeout',
        type=float,
        metavar='S',
        help='seconds that a server may take (default: any number)',
    )
    parser.add_argument(
        'addresses',
        nargs='*',
        metavar='[host:]port',
        help='where a server listens (default host: 127.0.0.1); or unix:PATH',
    )
    args = parser.parse_args()

    if not args.addresses:
        parser.print_help()
        parser.exit()
    if len(args.addresses) < 2:
        parser.error('Name the transform server and a poetry server.')
    if args.timeout is not None and args.timeout <= 0:
        parser.error('--timeout must be more than 0.')

    def parse_address(address):
        if address.startswith('unix:'):
            path = address.removeprefix('unix:')
            return lambda: asyncio.open_unix_connection(path)
        host, _, port = address.rpartition(':')
        if not port.isdecimal():
            parser.error('Ports must be integers.')
        if int(port) > 65535:
            parser.error('Ports must be between 0 and 65535.')
        return lambda: asyncio.open_connection(host or '127.0.0.1', int(port))

    args.addresses = [parse_address(address) for address in args.addresses]
    return args


async def get_poetry(connect):
    """Fetch a poem: return the text, or raise what went wrong."""
    reader, writer = await connect()
    try:
        # raises an error if the poem was cut off
        poem = await reader.read()
        # decoded once, here: a piece may end inside a character
        return poem.decode(errors='replace')
    finally:
        writer.close()


MAX_LENGTH = 10 * 1024 * 1024  # bytes


def write_netstring(writer, string):
    writer.write(b'%d:%b,' % (len(string), string))


async def read_netstring(reader):
    """Return the next string, or raise an error if it is no netstring."""
    length = b''
    while (byte := await reader.readexactly(1)) != b':':
        length += byte
        if not length.isdigit() or int(length) > MAX_LENGTH:
            raise ValueError('not a netstring')
    string = await reader.readexactly(int(length))
    if await reader.readexactly(1) != b',':
        raise ValueError('not a netstring')
    return string


class TransformProxy:
    """The transform server; connect opens a connection to it."""

    def __init__(self, connect):
        self.connect = connect

    async def xform(self, xform_name, poem):
        """Return the new text, or raise what went wrong."""
        reader, writer = await self.connect()
        try:
            write_netstring(writer, f'{xform_name}.{poem}'.encode())
            poem = await read_netstring(reader)
            return poem.decode()
        finally:
            # close would first send all that is left
            writer.transport.abort()


async def poetry_main():
    args = parse_args()

    xform_addr = args.addresses.pop(0)
    proxy = TransformProxy(xform_addr)

    async def print_poem(connect):
        try:
            async with asyncio.timeout(args.timeout):
                poem = await get_poetry(connect)
        except Exception as e:
            # a TimeoutError alone is printed as nothing at all
            print('The poem download failed:', repr(e), file=sys.stderr)
            return

        try:
            async with asyncio.timeout(args.timeout):
                poem = await proxy.xform('cummingsify', poem)
        except Exception:
            print('Cummingsify failed!', file=sys.stderr)

        print(poem)

    async with asyncio.TaskGroup() as tasks:
        for connect in args.addresses:
            tasks.create_task(print_poem(connect))


if __name__ == '__main__':
    try:
        asyncio.run(poetry_main())
    except KeyboardInterrupt:
        pass  # Ctrl-C
