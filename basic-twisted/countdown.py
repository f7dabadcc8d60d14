"""callLater: the reactor calls back when the time has come."""

from twisted.internet import reactor


class Countdown:
    counter = 5

    def count(self):
        if self.counter == 0:
            reactor.stop()
        else:
            print(self.counter, '...')
            self.counter -= 1
            reactor.callLater(1, self.count)


reactor.callWhenRunning(Countdown().count)

print('Start!')
reactor.run()
print('Stop!')
