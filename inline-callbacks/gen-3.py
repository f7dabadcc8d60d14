"""Two generators take turns, as callbacks of two tasks do in the reactor."""

from collections import deque


def my_generator(name):
    print(name, 'starting up')
    yield 1
    print(name, "workin'")
    yield 2
    print(name, "still workin'")
    yield 3
    print(name, 'done')


queue = deque([my_generator('one'), my_generator('two')])

while queue:
    gen = queue.popleft()
    try:
        n = next(gen)
    except StopIteration:
        continue  # it has returned: no more turns

    print(n)
    queue.append(gen)
