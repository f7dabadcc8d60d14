"""A Deferred that is fired with a result calls its callback, at once."""

from twisted.internet.defer import Deferred


def got_poem(res):
    print('Your poem is served:')
    print(res)


def poem_failed(err):
    print('No poetry for you.')


d = Deferred()

# a callback for the result, an errback for the failure
d.addCallbacks(got_poem, poem_failed)

d.callback('This poem is short.')

print('Finished')
