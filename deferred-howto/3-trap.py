"""trap: an errback handles the errors that it knows, and no others."""

from twisted.internet import defer


class SpamException(Exception):
    pass


class EggException(Exception):
    pass


class ToastException(Exception):
    pass


def cookSpamAndEggs(error):
    raise error


def errorHandler(failure):
    # raises any other error again, which so gets to the next errback
    trapped = failure.trap(SpamException, EggException)
    print(f'errorHandler trapped {trapped.__name__}')
    return 'something cold'


def serve(meal):
    print(f'There is {meal} for breakfast')


def last_errback(failure):
    print(f'{failure.type.__name__} went on to the next errback')


for error in SpamException, EggException, ToastException:
    d = defer.Deferred()
    d.addCallback(cookSpamAndEggs)
    d.addErrback(errorHandler)
    d.addCallbacks(serve, last_errback)
    d.callback(error)
