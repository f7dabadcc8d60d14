"""To cancel a Deferred that waits for another one cancels the other."""

from twisted.internet import defer


def cancel_outer(d):
    print('outer cancel callback.')


def cancel_inner(d):
    print('inner cancel callback.')


def first_outer_callback(res):
    print('first outer callback, returning inner deferred')
    return inner_d


def second_outer_callback(res):
    print('second outer callback got:', res)


def outer_errback(err):
    print('outer errback got:', err)


outer_d = defer.Deferred(cancel_outer)
inner_d = defer.Deferred(cancel_inner)

outer_d.addCallback(first_outer_callback)
outer_d.addCallbacks(second_outer_callback, outer_errback)

outer_d.callback('result')

# it has fired, and waits for the inner one now
print('canceling outer deferred.')
outer_d.cancel()

print('done')
