# The answers end with a newline alone. The lines of this protocol have another
# end, which `sendLine` adds.
"""The transform server: one service, asked by netstrings or by lines."""

import argparse
import sys

from twisted.internet.error import CannotListenError
from twisted.internet.protocol import ServerFactory
from twisted.protocols.basic import LineReceiver, NetstringReceiver


def parse_args():
    parser = argparse.ArgumentParser(sys.argv[0], description=__doc__)
    parser.add_argument(
        '--port', type=int, default=0, help='port (default: any free one)'
    )
    parser.add_argument(
        '--line-port',
        type=int,
        default=0,
        help='port for lines (default: any free one)',
    )
    parser.add_argument(
        '--iface', default='localhost', help='interface (default: localhost)'
    )
    args = parser.parse_args()
    for port in args.port, args.line_port:
        if not 0 <= port <= 65535:
            parser.error('Ports must be between 0 and 65535.')
    return args


class TransformService:
    """What the transforms do, whatever protocol asks for them."""

    def cummingsify(self, poem):
        return poem.lower()


class TransformProtocol(NetstringReceiver):
    MAX_LENGTH = 10 * 1024 * 1024  # bytes

    answered = False

    def stringReceived(self, request):
        if self.transport.disconnecting:
            return  # the first request is the only one
        try:
            xform_name, poem = request.decode().split('.', 1)
        except ValueError:  # no dot, or not UTF-8
            self.transport.loseConnection()
        else:
            self.xformRequestReceived(xform_name, poem)

    def xformRequestReceived(self, xform_name, poem):
        new_poem = self.factory.transform(xform_name, poem)
        if new_poem is not None:
            self.sendString(new_poem.encode())
            self.answered = True
        self.transport.loseConnection()

    def connectionLost(self, reason):
        # NetstringReceiver closes by itself what is not a netstring
        if not self.answered:
            print(f'Bad request from {self.transport.getPeer()}.')


class TransformLineProtocol(LineReceiver):
    def lineReceived(self, line):
        try:
            xform_name, text = line.decode().split(' ', 1)
        except ValueError:  # no blank, or not UTF-8
            new_text = None
        else:
            new_text = self.factory.transform(xform_name, text)
        if new_text is not None:
            self.transport.write(new_text.encode() + b'\n')
        else:
            print(f'Bad request from {self.transport.getPeer()}.')
            self.transport.loseConnection()


class TransformFactory(ServerFactory):
    protocol = TransformProtocol

    def __init__(self, service):
        self.service = service

    def transform(self, xform_name, poem):
        """Return the new poem, or None if there is no such transform."""
        # a client names the method: the prefix keeps it to these
        method = getattr(self, f'xform_{xform_name}', None)
        if method is None:
            return None
        return method(poem)

    def xform_cummingsify(self, poem):
        return self.service.cummingsify(poem)


class TransformLineFactory(TransformFactory):
    protocol = TransformLineProtocol


def main():
    args = parse_args()

    service = TransformService()
    factory = TransformFactory(service)
    line_factory = TransformLineFactory(service)

    from twisted.internet import reactor

    try:
        port = reactor.listenTCP(args.port, factory, interface=args.iface)
        line_port = reactor.listenTCP(
            args.line_port, line_factory, interface=args.iface
        )
    except CannotListenError as error:
        sys.exit(str(error))

    print(f'Serving transforms on {port.getHost()}.')
    print(f'Serving transforms of lines on {line_port.getHost()}.')

    reactor.run()


if __name__ == '__main__':
    main()
