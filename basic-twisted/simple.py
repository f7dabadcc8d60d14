"""The smallest Twisted program: a reactor with nothing to wait for."""

from twisted.internet import reactor

reactor.run()
