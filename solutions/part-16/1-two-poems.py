"""Two poems on two ports: an application with a service for each."""

from twisted.application import internet, service
from twisted.internet.protocol import Protocol, ServerFactory
from twisted.python import log


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


iface = 'localhost'

# starts and stops the services below it together
top_service = service.MultiService()


def serve_poem(poetry_file, port):
    """Add a service of its own for a poem: all that serves it is in there."""
    poem_service = service.MultiService()
    poem_service.setServiceParent(top_service)

    poetry_service = PoetryService(poetry_file)
    poetry_service.setServiceParent(poem_service)

    factory = PoetryFactory(poetry_service)
    tcp_service = internet.TCPServer(port, factory, interface=iface)
    tcp_service.setServiceParent(poem_service)


serve_poem('poetry/ecstasy.txt', 10000)
serve_poem('poetry/science.txt', 10001)

# twistd looks for a variable of this name
application = service.Application('fastpoetry')
top_service.setServiceParent(application)
