"""Fast poetry server 3.0: a plugin that twistd finds by itself."""

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
        ['iface', None, 'localhost', 'The interface to listen on.'],
    ]

    def postOptions(self):
        if not 0 <= self['port'] <= 65535:
            raise usage.UsageError('Ports must be between 0 and 65535.')
        if self['poem'] is None:
            raise usage.UsageError('Give a file with a poem: --poem FILE')
        if not os.path.isfile(self['poem']):
            raise usage.UsageError(f'Not a file: {self["poem"]}')


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
        tcp_service = internet.TCPServer(
            options['port'], factory, interface=options['iface']
        )
        tcp_service.setServiceParent(top_service)

        return top_service


# twistd looks for objects that provide IPlugin, whatever their names
service_maker = PoetryServiceMaker()
