"""Who resumes the generator? The stack shows it: the reactor does."""

import traceback

from twisted.internet.defer import Deferred, inlineCallbacks


@inlineCallbacks
def my_callbacks():
    from twisted.internet import reactor

    print('my_callbacks, part 1')

    d = Deferred()
    reactor.callLater(0.1, d.callback, None)
    yield d

    print('my_callbacks, part 2')
    traceback.print_stack()

    reactor.stop()


from twisted.internet import reactor

reactor.callWhenRunning(my_callbacks)
reactor.run()
