"""DeferredList: one Deferred for the results of many."""

from twisted.internet import defer


def printResult(result):
    for success, value in result:
        if success:
            print('Success:', value)
        else:
            print('Failure:', value.getErrorMessage())


deferred1 = defer.Deferred()
deferred2 = defer.Deferred()
deferred3 = defer.Deferred()

# consumeErrors: the list has the error, no errback has to handle it
dl = defer.DeferredList([deferred1, deferred2, deferred3], consumeErrors=True)
dl.addCallback(printResult)

deferred1.callback('one')
deferred2.errback(Exception('bang!'))
# all three have fired: now the list fires
deferred3.callback('three')
