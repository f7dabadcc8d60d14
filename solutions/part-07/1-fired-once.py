"""A Deferred that the reactor fires; whatever comes later is too late."""

import sys

from twisted.internet.defer import Deferred


def got_poem(poem):
    print(poem)


def poem_failed(err):
    print('poem download failed', file=sys.stderr)
    print('I am terribly sorry', file=sys.stderr)
    print('try again later?', file=sys.stderr)


def poem_done(_):
    from twisted.internet import reactor

    reactor.stop()


class Download:
    """Has a Deferred until that is fired."""

    def __init__(self):
        self.deferred = Deferred()

    def succeed(self, poem):
        if self.deferred is None:
            print('Too late:', poem)
        else:
            d, self.deferred = self.deferred, None
            d.callback(poem)

    def fail(self, error):
        if self.deferred is None:
            print('Too late:', error)
        else:
            d, self.deferred = self.deferred, None
            d.errback(error)


download = Download()

download.deferred.addCallbacks(got_poem, poem_failed)
download.deferred.addBoth(poem_done)

from twisted.internet import reactor

reactor.callWhenRunning(download.succeed, 'Another short poem.')
reactor.callWhenRunning(download.succeed, 'A second poem.')
reactor.callWhenRunning(download.fail, Exception('The time is up.'))

reactor.run()
