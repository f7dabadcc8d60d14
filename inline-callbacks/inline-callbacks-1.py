"""A generator as a chain of callbacks, with a yield between them."""

from twisted.internet.defer import Deferred, inlineCallbacks


@inlineCallbacks
def my_callbacks():
    from twisted.internet import reactor

    print('first callback')
    result = yield 1  # not a Deferred: comes back at once

    print('second callback got', result)
    d = Deferred()
    reactor.callLater(5, d.callback, 2)
    result = yield d  # resumes when the Deferred fires, with its result

    print('third callback got', result)

    d = Deferred()
    reactor.callLater(5, d.errback, Exception(3))

    try:
        yield d  # a failure is raised here
    except Exception as e:
        result = e  # the exception, not a Failure

    print('fourth callback got', repr(result))

    reactor.stop()


from twisted.internet import reactor

reactor.callWhenRunning(my_callbacks)
reactor.run()
