"""An unhandled failure is reported when its Deferred is collected."""

from twisted.internet.defer import Deferred


def oops(_):
    raise Exception('oops')


d = Deferred()
d.addCallback(oops)
d.callback(None)

print('Finished')

# up to here an errback could have been added
del d
