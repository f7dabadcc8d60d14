"""A failure that nobody handles is told when its Deferred is collected."""

import gc

from twisted.internet.defer import Deferred


def oops(_):
    raise Exception('oops')


d = Deferred()
d.addCallback(oops)
d.callback('Here is your result.')

print('Finished')

# now, not when all of Python is being taken down
del d
gc.collect()
