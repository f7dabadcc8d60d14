"""The smallest Twisted program, with another reactor than the default."""

from twisted.internet import pollreactor

pollreactor.install()

# only now: importing the reactor installs the default one if there is none
from twisted.internet import reactor

reactor.run()
