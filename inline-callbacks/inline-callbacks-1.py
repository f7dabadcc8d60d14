"""A generator as a chain of callbacks, with a yield between them."""

from twisted.internet.defer import Deferred, inlineCallbacks


@inlineCallbacks
def my_callbacks():
    from twisted.internet import reactor

    print('first callback')
    result = yield 1  # what is no Deferred comes back at once

    print('second callback got', result)
    d = Deferred()
    reactor.callLater(5, d.callback, 2)
    result = yield d  # goes on when the Deferred has fired

    print('third callback got', result)

    d = Deferred()
    reactor.callLater(5, d.errback, Exception(3))

    try:
        yield d
    except Exception as e:
        result = e  # the exception itself, not a Failure

    print('fourth callback got', repr(result))

    reactor.stop()


from twisted.internet import reactor

reactor.callWhenRunning(my_callbacks)
reactor.run()
