"""Two generators take turns, as tasks in a reactor do."""


def my_generator(name):
    print(name, 'starting up')
    yield 1
    print(name, "workin'")
    yield 2
    print(name, "still workin'")
    yield 3
    print(name, 'done')


gens = [my_generator('one'), my_generator('two')]

while gens:
    for gen in gens[:]:
        try:
            n = next(gen)
        except StopIteration:
            gens.remove(gen)
        else:
            print(n)
