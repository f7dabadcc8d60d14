# There is one bad request too many. The service has the transform, but the
# factory doesn't let clients ask for it.
"""The transform server with a second transform."""

import argparse
import sys

from twisted.internet.error import CannotListenError
from twisted.internet.protocol import ServerFactory
from twisted.protocols.basic import NetstringReceiver


def parse_args():
    parser = argparse.ArgumentParser(sys.argv[0], description=__doc__)
    parser.add_argument(
        '--port', type=int, default=0, help='port (default: any free one)'
    )
    parser.add_argument(
        '--iface', default='localhost', help='interface (default: localhost)'
    )
    args = parser.parse_args()
    if not 0 <= args.port <= 65535:
        parser.error('Ports must be between 0 and 65535.')
    return args


class TransformService:
    """What the transforms do, whatever protocol asks for them."""

    def cummingsify(self, poem):
        return poem.lower()

    def backwards(self, poem):
        return poem[::-1]


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


def main():
    args = parse_args()

    factory = TransformFactory(TransformService())

    from twisted.internet import reactor

    try:
        port = reactor.listenTCP(args.port, factory, interface=args.iface)
    except CannotListenError as error:
        sys.exit(str(error))

    print(f'Serving transforms on {port.getHost()}.')

    reactor.run()


if __name__ == '__main__':
    main()
