"""The smallest Twisted program, with a reactor of our choice."""

from twisted.internet import pollreactor

pollreactor.install()

# installed first: the first import of the reactor settles which one it is
from twisted.internet import reactor

reactor.run()
