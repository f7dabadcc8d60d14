"""A DeferredList notes what a Deferred holds at its place in the chain."""

from twisted.internet import defer


def printResult(result):
    print(result)


def addTen(result):
    return f'{result} ten'


# addTen comes before the list, which notes what addTen returned
deferred1 = defer.Deferred()
deferred2 = defer.Deferred()
deferred1.addCallback(addTen)
dl = defer.DeferredList([deferred1, deferred2])
dl.addCallback(printResult)
deferred1.callback('one')
deferred2.callback('two')

# addTen comes after the list, which has noted the result by then
deferred1 = defer.Deferred()
deferred2 = defer.Deferred()
dl = defer.DeferredList([deferred1, deferred2])
deferred1.addCallback(addTen)
dl.addCallback(printResult)
deferred1.callback('one')
deferred2.callback('two')
