"""A Deferred that is fired with an exception wraps it in a Failure."""

from twisted.internet.defer import Deferred


def got_poem(res):
    print('Your poem is served:')
    print(res)


def poem_failed(err):
    print(err.__class__)
    print(err)
    print('No poetry for you.')


d = Deferred()

# a callback for the result, an errback for the failure
d.addCallbacks(got_poem, poem_failed)

d.errback(Exception('I have failed.'))
