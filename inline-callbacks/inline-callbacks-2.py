"""What inlineCallbacks returns: a Deferred for the generator's end."""

from twisted.internet.defer import Deferred, DeferredList, inlineCallbacks


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


def all_done(_):
    from twisted.internet import reactor

    print('all done')
    reactor.stop()


def run():
    ds = [my_callbacks_1(), my_callbacks_2()]
    for d in ds:
        d.addCallbacks(got_result, got_error)
    DeferredList(ds).addCallback(all_done)


from twisted.internet import reactor

reactor.callWhenRunning(run)
reactor.run()
