"""cancel: giving up on a connection that takes too long."""

from twisted.internet import defer, reactor
from twisted.internet.endpoints import TCP4ClientEndpoint
from twisted.internet.interfaces import IResolverSimple
from twisted.internet.protocol import Factory, Protocol
from zope.interface import implementer


@implementer(IResolverSimple)
class SilentResolver:
    """Never finds an address, so that connecting takes for ever."""

    def getHostByName(self, name, timeout=()):
        print(f'Looking up {name}')
        return defer.Deferred()


def startConnecting(someEndpoint):
    def connected(it):
        print('Connected')

    return someEndpoint.connect(myFactory).addCallback(connected)


def cancelClicked():
    print('Cancel!')
    # a lookup can't be stopped, but nobody has to wait for it
    connectionAttempt.cancel()


def not_connected(failure):
    # the TCP endpoint's own error for it, in place of CancelledError
    print(f'Not connected: {failure.type.__name__}')


reactor.installResolver(SilentResolver())

myFactory = Factory.forProtocol(Protocol)
endpoint = TCP4ClientEndpoint(reactor, 'slow.example', 80)

connectionAttempt = startConnecting(endpoint)
connectionAttempt.addErrback(not_connected)
connectionAttempt.addBoth(lambda ignore: reactor.stop())

# a timer stands in for the user who clicks
reactor.callLater(2, cancelClicked)
reactor.run()
