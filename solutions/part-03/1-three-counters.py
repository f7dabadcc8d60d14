"""Three counters at their own pace; the last one stops the reactor."""

from twisted.internet import reactor


class Countdown:
    running = 0  # how many of them have not come to an end

    def __init__(self, name, counter, pace):
        self.name = name
        self.counter = counter
        self.pace = pace
        Countdown.running += 1

    def count(self):
        if self.counter == 0:
            Countdown.running -= 1
            if Countdown.running == 0:
                reactor.stop()
        else:
            print(self.name, self.counter, '...')
            self.counter -= 1
            reactor.callLater(self.pace, self.count)


reactor.callWhenRunning(Countdown('quick', 4, 1).count)
reactor.callWhenRunning(Countdown('steady', 2, 1.5).count)
reactor.callWhenRunning(Countdown('slow', 3, 2.5).count)

print('Start!')
reactor.run()
print('Stop!')
