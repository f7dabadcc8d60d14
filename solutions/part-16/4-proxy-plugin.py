"""A plugin for the poetry proxy."""

from twisted.application import internet, service
from twisted.internet.defer import Deferred, succeed
from twisted.internet.error import ConnectionDone
from twisted.internet.protocol import ClientFactory, Protocol, ServerFactory
from twisted.plugin import IPlugin
from twisted.python import log, usage
from zope.interface import implementer


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
    poem = None  # the cached poem

    def __init__(self, host, port):
        self.host = host
        self.port = port

    def get_poem(self):
        """Return a Deferred that fires with the poem."""
        if self.poem is not None:
            log.msg('Using cached poem.')
            return succeed(self.poem)

        log.msg('Fetching poem from server.')
        factory = PoetryClientFactory()
        factory.deferred.addCallback(self.set_poem)

        from twisted.internet import reactor

        reactor.connectTCP(self.host, self.port, factory)
        return factory.deferred

    def set_poem(self, poem):
        self.poem = poem
        return poem


def parse_address(address):
    host, _, port = address.rpartition(':')
    if not port.isdecimal():
        raise ValueError('Ports must be integers.')
    if int(port) > 65535:
        raise ValueError('Ports must be between 0 and 65535.')
    return host or '127.0.0.1', int(port)


class Options(usage.Options):
    optParameters = [
        ['port', 'p', 10000, 'The port number to listen on.', int],
        [
            'server',
            None,
            None,
            'The [host:]port of the poetry server.',
            parse_address,
        ],
        ['iface', None, 'localhost', 'The interface to listen on.'],
    ]

    def postOptions(self):
        if not 0 <= self['port'] <= 65535:
            raise usage.UsageError('Ports must be between 0 and 65535.')
        if self['server'] is None:
            raise usage.UsageError('Name a server: --server [host:]port')


@implementer(service.IServiceMaker, IPlugin)
class PoetryProxyMaker:
    tapname = 'poetryproxy'
    description = 'A poetry proxy.'
    options = Options

    def makeService(self, options):
        host, server_port = options['server']

        top_service = service.MultiService()

        proxy_service = ProxyService(host, server_port)
        proxy_service.setServiceParent(top_service)

        factory = PoetryProxyFactory(proxy_service)
        tcp_service = internet.TCPServer(
            options['port'], factory, interface=options['iface']
        )
        tcp_service.setServiceParent(top_service)

        return top_service


# twistd looks for objects that provide IPlugin, whatever their names
service_maker = PoetryProxyMaker()
