"""Who calls a callback? The stack shows it: the reactor does."""

import traceback

from twisted.internet import reactor


def stack():
    print('The python stack:')
    traceback.print_stack()


reactor.callWhenRunning(stack)
reactor.run()
