# A failure is kept as if it were a poem, and nobody tries again.
"""The poetry proxy as an application for twistd to run."""

from twisted.application import internet, service
from twisted.internet.defer import Deferred, succeed
from twisted.internet.error import ConnectionDone
from twisted.internet.protocol import ClientFactory, Protocol, ServerFactory
from twisted.python import log


class PoetryProxyProtocol(Protocol):
    def connectionMade(self):
        d = self.factory.service.get_poem()
        d.addCallback(self.transport.write)
        d.addCallback(lambda _: self.transport.loseConnection())
        d.addErrback(self.poem_failed)

    def poem_failed(self, err):
        log.msg(f'Poem failed: {err.getErrorMessage()}')
        # loseConnection would look like an empty poem
        self.transport.abortConnection()


class PoetryProxyFactory(ServerFactory):
    protocol = PoetryProxyProtocol

    def __init__(self, service):
        self.service = service


class PoetryProtocol(Protocol):
    def __init__(self):
        self.poem = bytearray()

    def dataReceived(self, data):
        self.poem += data

    def connectionLost(self, reason):
        if reason.check(ConnectionDone):
            self.poemReceived(bytes(self.poem))
        else:
            # cut off: an error, not a shorter poem
            self.factory.poem_failed(reason)

    def poemReceived(self, poem):
        self.factory.poem_finished(poem)


class PoetryClientFactory(ClientFactory):
    protocol = PoetryProtocol  # what buildProtocol makes

    def __init__(self):
        self.deferred = Deferred()

    def poem_finished(self, poem):
        if self.deferred is not None:
            d, self.deferred = self.deferred, None
            d.callback(poem)

    def poem_failed(self, reason):
        if self.deferred is not None:
            d, self.deferred = self.deferred, None
            d.errback(reason)

    def clientConnectionFailed(self, connector, reason):
        self.poem_failed(reason)


class ProxyService(service.Service):
    cached = None  # the cached poem, or a Failure

    def __init__(self, host, port):
        self.host = host
        self.port = port

    def get_poem(self):
        """Return a Deferred that fires with the poem."""
        if self.cached is not None:
            log.msg('Using cached poem.')
            return succeed(self.cached)

        log.msg('Fetching poem from server.')
        factory = PoetryClientFactory()
        factory.deferred.addBoth(self.set_poem)

        from twisted.internet import reactor

        reactor.connectTCP(self.host, self.port, factory)
        return factory.deferred

    def set_poem(self, poem):
        self.cached = poem
        return poem


port = 10000
iface = 'localhost'
host = '127.0.0.1'
server_port = 10001

# starts and stops the two services below it together
top_service = service.MultiService()

proxy_service = ProxyService(host, server_port)
proxy_service.setServiceParent(top_service)

factory = PoetryProxyFactory(proxy_service)
tcp_service = internet.TCPServer(port, factory, interface=iface)
tcp_service.setServiceParent(top_service)

# twistd looks for a variable of this name
application = service.Application('poetryproxy')
top_service.setServiceParent(application)
