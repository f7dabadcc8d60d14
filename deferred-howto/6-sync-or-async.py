"""maybeDeferred: the result may be there at once, or come later."""

from twisted.internet import defer, reactor

USERS = 'Alice', 'Angus', 'Agnes'


def synchronousIsValidUser(user):
    return user in USERS


def asynchronousIsValidUser(user):
    d = defer.Deferred()
    reactor.callLater(2, d.callback, user in USERS)
    return d


def printResult(result):
    if result:
        print('User is authenticated')
    else:
        print('User is not authenticated')


def authenticateUser(isValidUser, user):
    # a Deferred in any case, whichever kind of function isValidUser is
    d = defer.maybeDeferred(isValidUser, user)
    d.addCallback(printResult)


print('Alice and Bob, synchronously:')
authenticateUser(synchronousIsValidUser, 'Alice')
authenticateUser(synchronousIsValidUser, 'Bob')

print('Alice and Bob, asynchronously:')
authenticateUser(asynchronousIsValidUser, 'Alice')
authenticateUser(asynchronousIsValidUser, 'Bob')

reactor.callLater(4, reactor.stop)

print('Starting the reactor')
reactor.run()
