# The second client has to wait until the first one has its answer. To sleep
# and then to return a Deferred that has fired holds up everybody.
"""The transform server with a service that takes its time."""

import argparse
import sys
import time

from twisted.internet.defer import succeed
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
        """Return a Deferred that fires with the new poem a second later."""
        print('Transforming ...')

        time.sleep(1)
        d = succeed(poem.lower())
        return d.addCallback(self.transformed)

    def transformed(self, new_poem):
        print('Transformed.')
        return new_poem


class TransformProtocol(NetstringReceiver):
    MAX_LENGTH = 10 * 1024 * 1024  # bytes

    accepted = False

    def stringReceived(self, request):
        if self.accepted or self.transport.disconnecting:
            return  # the first request is the only one
        try:
            xform_name, poem = request.decode().split('.', 1)
        except ValueError:  # no dot, or not UTF-8
            self.transport.loseConnection()
        else:
            self.xformRequestReceived(xform_name, poem)

    def xformRequestReceived(self, xform_name, poem):
        d = self.factory.transform(xform_name, poem)
        if d is not None:
            self.accepted = True
            d.addCallback(self.poem_transformed)
            d.addErrback(self.transform_failed)
        else:
            self.transport.loseConnection()

    def poem_transformed(self, new_poem):
        # has no effect if the client has left meanwhile
        self.sendString(new_poem.encode())
        self.transport.loseConnection()

    def transform_failed(self, err):
        print(f'Transform failed: {err.getErrorMessage()}')
        self.transport.loseConnection()

    def connectionLost(self, reason):
        # NetstringReceiver closes by itself what is not a netstring
        if not self.accepted:
            print(f'Bad request from {self.transport.getPeer()}.')


class TransformFactory(ServerFactory):
    protocol = TransformProtocol

    def __init__(self, service):
        self.service = service

    def transform(self, xform_name, poem):
        """Return a Deferred, or None if there is no such transform."""
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
