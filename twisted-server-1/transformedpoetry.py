"""The transform server: a request and an answer, both netstrings."""

import argparse
import signal
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
    """The transforms themselves; they know nothing of connections."""

    def cummingsify(self, poem):
        return poem.lower()


class TransformProtocol(NetstringReceiver):
    MAX_LENGTH = 10 * 1024 * 1024  # bytes

    requested = False

    def dataReceived(self, data):
        NetstringReceiver.dataReceived(self, data)
        if self.brokenPeer:
            self.refuse('no netstring, or one that is too long')

    def stringReceived(self, request):
        self.requested = True
        try:
            request = request.decode()
        except UnicodeDecodeError:
            self.refuse('no UTF-8')
            return

        if '.' not in request:
            self.refuse('no dot after the name of the transform')
            return

        xform_name, poem = request.split('.', 1)
        self.xformRequestReceived(xform_name, poem)

    def xformRequestReceived(self, xform_name, poem):
        new_poem = self.factory.transform(xform_name, poem)
        if new_poem is None:
            self.refuse(f'cannot {xform_name[:40]!r} this')
            return

        self.sendString(new_poem.encode())
        self.transport.loseConnection()

    def connectionLost(self, reason):
        if not self.requested:
            self.refuse('gone before the end of the request')

    def refuse(self, why):
        self.requested = True
        print(f'Bad request from {self.transport.getPeer()}: {why}.')
        self.transport.abortConnection()


class TransformFactory(ServerFactory):
    protocol = TransformProtocol

    def __init__(self, service):
        self.service = service

    def transform(self, xform_name, poem):
        """Return the new poem, or None if there is none."""
        thunk = getattr(self, f'xform_{xform_name}', None)

        if thunk is None:  # no such transform
            return None

        try:
            return thunk(poem)
        except Exception:
            return None  # it failed

    def xform_cummingsify(self, poem):
        return self.service.cummingsify(poem)


def main():
    args = parse_args()

    factory = TransformFactory(TransformService())

    from twisted.internet import reactor

    try:
        port = reactor.listenTCP(args.port, factory, interface=args.iface)
    except CannotListenError as error:
        where = f'{args.iface}:{args.port}'
        sys.exit(f'Cannot listen on {where}: {error.socketError.strerror}')

    print(f'Serving transforms on {port.getHost()}.')

    reactor.run()


if __name__ == '__main__':
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends it quietly
    main()
