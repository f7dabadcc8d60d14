"""A generator runs up to its next yield, then the loop does."""


def my_generator():
    print('starting up')
    yield 1
    print("workin'")
    yield 2
    print("still workin'")
    yield 3
    print('done')


for n in my_generator():
    print(n)
