"""Fast poetry server 4.0: services on endpoints, and a log of events."""

import os

from twisted.application import service, strports
from twisted.internet.endpoints import serverFromString
from twisted.internet.protocol import Protocol, ServerFactory
from twisted.logger import Logger
from twisted.python import usage

log = Logger('fastpoetry')


class PoetryProtocol(Protocol):
    def connectionMade(self):
        poem = self.factory.service.poem
        log.info(
            'sending {size} bytes of poetry to {peer}',
            size=len(poem),
            peer=self.transport.getPeer(),
        )
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
        log.info('loaded a poem from: {file}', file=self.poetry_file)


class Options(usage.Options):
    optParameters = [
        ['endpoint', 'e', 'tcp:10000:interface=localhost', 'Where to listen.'],
        ['poem', None, 'poetry/ecstasy.txt', 'The file containing the poem.'],
    ]

    def postOptions(self):
        if not os.path.isfile(self['poem']):
            raise usage.UsageError(f'Not a file: {self["poem"]}')

        from twisted.internet import reactor

        try:
            serverFromString(reactor, self['endpoint'])
        except (TypeError, ValueError):
            raise usage.UsageError(
                f'Not an endpoint: {self["endpoint"]}'
            ) from None


def makeService(options):
    # starts and stops the two services below it together
    top_service = service.MultiService()

    poetry_service = PoetryService(options['poem'])
    poetry_service.setServiceParent(top_service)

    factory = PoetryFactory(poetry_service)
    endpoint_service = strports.service(options['endpoint'], factory)
    endpoint_service.setServiceParent(top_service)

    return top_service


# twistd looks for a variable of this name
application = service.Application('fastpoetry')
makeService(Options()).setServiceParent(application)
