"""Three counters at their own pace; a LoopingCall keeps it for each."""

from twisted.internet import reactor
from twisted.internet.task import LoopingCall


class Countdown:
    running = 0  # how many of them have not come to an end

    def __init__(self, name, counter, pace):
        self.name = name
        self.counter = counter
        self.pace = pace
        self.loop = LoopingCall(self.count)
        Countdown.running += 1

    def start(self):
        self.loop.start(self.pace)

    def count(self):
        if self.counter == 0:
            self.loop.stop()
            Countdown.running -= 1
            if Countdown.running == 0:
                reactor.stop()
        else:
            print(self.name, self.counter, '...')
            self.counter -= 1


reactor.callWhenRunning(Countdown('quick', 4, 1).start)
reactor.callWhenRunning(Countdown('steady', 2, 1.5).start)
reactor.callWhenRunning(Countdown('slow', 3, 2.5).start)

print('Start!')
reactor.run()
print('Stop!')
