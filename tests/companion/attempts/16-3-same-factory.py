# Both ports have the first poem. The poem belongs to the service that the
# factory knows, so each port needs its own of both.
"""A plugin for one poem, or for a second one on a port of its own."""

import os

from twisted.application import internet, service
from twisted.internet.protocol import Protocol, ServerFactory
from twisted.plugin import IPlugin
from twisted.python import log, usage
from zope.interface import implementer


class PoetryProtocol(Protocol):
    def connectionMade(self):
        poem = self.factory.service.poem
        peer = self.transport.getPeer()
        log.msg(f'sending {len(poem)} bytes of poetry to {peer}')
        self.transport.write(poem)
        self.transport.loseConnection()


class PoetryFactory(ServerFactory):
    protocol = PoetryProtocol

    def __init__(self, service):
        self.service = service


class PoetryService(service.Service):
    def __init__(self, poetry_file):
        self.poetry_file = poetry_file

    def startService(self):
        super().startService()
        with open(self.poetry_file, 'rb') as poem:
            self.poem = poem.read()
        log.msg(f'loaded a poem from: {self.poetry_file}')


class Options(usage.Options):
    optParameters = [
        ['port', 'p', 10000, 'The port number to listen on.', int],
        ['poem', None, None, 'The file containing the poem.'],
        ['port2', None, 10001, 'The port of the second poem.', int],
        ['poem2', None, None, 'The file of a second poem, if there is one.'],
        ['iface', None, 'localhost', 'The interface to listen on.'],
    ]

    def postOptions(self):
        for port in self['port'], self['port2']:
            if not 0 <= port <= 65535:
                raise usage.UsageError('Ports must be between 0 and 65535.')
        if self['poem'] is None:
            raise usage.UsageError('Give a file with a poem: --poem FILE')
        for poem in self['poem'], self['poem2']:
            if poem is not None and not os.path.isfile(poem):
                raise usage.UsageError(f'Not a file: {poem}')


@implementer(service.IServiceMaker, IPlugin)
class PoetryServiceMaker:
    tapname = 'fastpoetry'
    description = 'A fast poetry service.'
    options = Options

    def makeService(self, options):
        top_service = service.MultiService()

        poetry_service = PoetryService(options['poem'])
        poetry_service.setServiceParent(top_service)
        factory = PoetryFactory(poetry_service)

        def serve_poem(poetry_file, port):
            tcp_service = internet.TCPServer(
                port, factory, interface=options['iface']
            )
            tcp_service.setServiceParent(top_service)

        serve_poem(options['poem'], options['port'])
        if options['poem2'] is not None:
            serve_poem(options['poem2'], options['port2'])

        return top_service


# twistd looks for objects that provide IPlugin, whatever their names
service_maker = PoetryServiceMaker()
