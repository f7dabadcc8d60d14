"""A generator runs to its next yield; then the loop's body runs."""


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
