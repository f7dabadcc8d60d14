"""A DeferredList gets what the callbacks added before it have returned."""

from twisted.internet import defer


def printResult(result):
    print(result)


def addTen(result):
    return f'{result} ten'


# addTen is added before the list: the list gets what it returns
deferred1 = defer.Deferred()
deferred2 = defer.Deferred()
deferred1.addCallback(addTen)
dl = defer.DeferredList([deferred1, deferred2])
dl.addCallback(printResult)
deferred1.callback('one')
deferred2.callback('two')

# addTen is added after the list: the list gets the result before it
deferred1 = defer.Deferred()
deferred2 = defer.Deferred()
dl = defer.DeferredList([deferred1, deferred2])
deferred1.addCallback(addTen)
dl.addCallback(printResult)
deferred1.callback('one')
deferred2.callback('two')
