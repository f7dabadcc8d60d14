"""A canceller: cancelling a request aborts its connection, too."""

from twisted.internet import reactor
from twisted.internet.defer import Deferred
from twisted.internet.endpoints import TCP4ClientEndpoint, connectProtocol
from twisted.internet.error import ConnectionDone
from twisted.internet.protocol import Factory, Protocol


class HTTPClient(Protocol):
    def request(self, method, path):
        """Return a Deferred that fires with the whole response, as bytes."""
        self.resultDeferred = Deferred(
            lambda ignore: self.transport.abortConnection()
        )
        self.response = bytearray()
        request = b'%s %s HTTP/1.0\r\n\r\n' % (method, path)
        self.transport.write(request)
        return self.resultDeferred

    def dataReceived(self, data):
        self.response += data

    def connectionLost(self, reason):
        # cancelled before: it has failed, and firing it again is an error
        if self.resultDeferred.called:
            return
        if reason.check(ConnectionDone):
            self.resultDeferred.callback(bytes(self.response))
        else:
            self.resultDeferred.errback(reason)


class SilentServer(Protocol):
    """Takes a request and never answers."""

    def dataReceived(self, data):
        print(f'Server: got {data!r}')

    def connectionLost(self, reason):
        print(f'Server: the connection is gone, {reason.type.__name__}')


def connected(client):
    d = client.request(b'GET', b'/')
    d.addCallbacks(print_response, print_error)
    reactor.callLater(2, cancel, d)


def cancel(d):
    print('Client: cancel!')
    d.cancel()


def print_response(response):
    print(f'Client: got {response!r}')


def print_error(failure):
    print(f'Client: no response, {failure.type.__name__}')


port = reactor.listenTCP(
    0, Factory.forProtocol(SilentServer), interface='127.0.0.1'
)
endpoint = TCP4ClientEndpoint(reactor, '127.0.0.1', port.getHost().port)
connectProtocol(endpoint, HTTPClient()).addCallback(connected)

reactor.callLater(4, reactor.stop)
reactor.run()
