"""A generator can be sent values, and have exceptions thrown into it."""


class Malfunction(Exception):
    pass


def my_generator():
    print('starting up')

    val = yield 1
    print('got:', val)

    val = yield 2
    print('got:', val)

    try:
        yield 3
    except Malfunction:
        print('malfunction!')

    yield 4

    print('done')


gen = my_generator()

print(next(gen))  # runs to the first yield
print(gen.send(10))  # that yield evaluates to 10
print(gen.send(20))
print(gen.throw(Malfunction()))  # the third yield raises it

next(gen, None)  # returns None at the end, instead of raising StopIteration
