"""An inlineCallbacks function returns a Deferred, fired when it ends."""

from twisted.internet.defer import Deferred, inlineCallbacks


def wait(seconds):
    """Return a Deferred that fires after so many seconds."""
    from twisted.internet import reactor

    d = Deferred()
    reactor.callLater(seconds, d.callback, None)
    return d


@inlineCallbacks
def my_callbacks_1():
    print('my_callbacks_1 starts')
    yield wait(2)
    print('my_callbacks_1 returns')
    return 1


@inlineCallbacks
def my_callbacks_2():
    print('my_callbacks_2 starts')
    yield wait(3)
    print('my_callbacks_2 raises')
    raise Exception('oops')


def got_result(res):
    print('got result:', res)


def got_error(err):
    print('got error:', err.getErrorMessage())


@inlineCallbacks
def main():
    from twisted.internet import reactor

    # both start before we wait for either
    d1 = my_callbacks_1()
    d1.addCallbacks(got_result, got_error)
    d2 = my_callbacks_2()
    d2.addCallbacks(got_result, got_error)

    yield d1
    yield d2

    print('all done')
    reactor.stop()


from twisted.internet import reactor

reactor.callWhenRunning(main)
reactor.run()
