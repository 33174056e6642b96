"""What it costs to multiply a chain of Jacobians, from either end."""

from __future__ import annotations

import numpy as np

from autograder.exercises.build_autograd import notebook, reference
from autograder.exercises.roots import Root
from autograder.exercises.specification import case

exercise = notebook.exercise(
    reference.chain_cost,
    parts=("the multiplications of forward mode", "the multiplications of reverse mode"),
    points=2,
    minutes=8,
    hints=(
        "Take three layers first: an (a, b) matrix times a (b, c) matrix. How many entries has the "
        "product, and how many multiplications does each of them take?",
        "Starting at the input, the matrix you carry along always has the same number of columns. "
        "Which of the sizes is it? And starting at the output, which size stays?",
        "The first Jacobian is there before anything is multiplied. So how many products are there "
        "for L layers, and which pair of sizes belongs to none of them?",
    ),
)


@exercise.cases
def cases(rng):
    yield case((2, 3, 4, 1))
    yield case((5, 3))
    yield case((4, 2, 3))
    yield case((3, 4, 2, 1))
    yield case((7, 7, 7, 7))
    yield case((1, 5, 6, 9, 2))
    yield case((784, 100, 50, 10))
    for length in (3, 5, 8):
        yield case(tuple(int(size) for size in rng.choice(range(2, 40), length, replace=False)))


@exercise.style
def chain_cost_with_sums(sizes):
    first, last = sizes[0], sizes[-1]
    forward = sum(first * sizes[i] * sizes[i + 1] for i in range(1, len(sizes) - 1))
    reverse = sum(last * sizes[i] * sizes[i + 1] for i in range(len(sizes) - 2))
    return forward, reverse


@exercise.style
def chain_cost_step_by_step(sizes):
    forward = 0
    columns, rows = sizes[0], sizes[1]
    for size in sizes[2:]:
        forward += size * rows * columns
        rows = size
    reverse = 0
    rows, columns = sizes[-1], sizes[-2]
    for size in sizes[-3::-1]:
        if len(sizes) > 2:
            reverse += rows * columns * size
            columns = size
    return forward, reverse


@exercise.style
def chain_cost_by_reversal(sizes):
    def carried(sizes):
        return sizes[0] * sum(a * b for a, b in zip(sizes[1:], sizes[2:]))

    return [carried(sizes), carried(sizes[::-1])]


@exercise.style
def chain_cost_with_numpy(sizes):
    d = np.array(sizes)
    products = d[:-1] * d[1:]
    return d[0] * products[1:].sum(), d[-1] * products[:-1].sum()


@exercise.style
def chain_cost_of_shapes(sizes):
    shapes = [(after, before) for before, after in zip(sizes, sizes[1:])]

    def cost(shapes, join):
        total, carried = 0, shapes[0]
        for shape in shapes[1:]:
            left, right = join(carried, shape)
            total += left[0] * left[1] * right[1]
            carried = left[0], right[1]
        return total

    forward = cost(shapes, lambda carried, next_one: (next_one, carried))
    return forward, cost(shapes[::-1], lambda carried, next_one: (carried, next_one))


@exercise.mistake(
    "With three layers of 2, 3 and 4 units there is one product of two Jacobians. From which end "
    "did you start for the first of your two numbers?",
    said="The costs of the two directions are exchanged.",
    root=Root.SWAPPED,
)
def chain_cost_swapped(sizes):
    steps = list(zip(sizes, sizes[1:]))
    forward = sizes[0] * sum(d * e for d, e in steps[1:])
    return sizes[-1] * sum(d * e for d, e in steps[:-1]), forward


@exercise.mistake(
    "Two sizes are one Jacobian. What is there to multiply it with?",
    said="The first Jacobian is counted as if it had been multiplied with something.",
    root=Root.INDEX,
)
def chain_cost_first_counts(sizes):
    total = sum(d * e for d, e in zip(sizes, sizes[1:]))
    return sizes[0] * total, sizes[-1] * total


@exercise.mistake(
    "You counted the entries of the Jacobians. How many multiplications does one entry of a "
    "product of two matrices take?",
    said="The entries of the Jacobians are counted instead of the multiplications.",
    root=None,
)
def chain_cost_counts_entries(sizes):
    steps = [d * e for d, e in zip(sizes, sizes[1:])]
    return sum(steps[1:]), sum(steps[:-1])


@exercise.mistake(
    "An entry of a product is a sum of as many products as the inner size says. Did you count one "
    "multiplication for each entry?",
    said="Each entry of a product counts as one multiplication, as if no sum stood in it.",
    root=None,
)
def chain_cost_one_for_each_entry(sizes):
    return (
        sum(sizes[0] * e for e in sizes[2:]),
        sum(sizes[-1] * d for d in sizes[:-2]),
    )


@exercise.mistake(
    "What is carried along from the input keeps the columns of the first Jacobian. Which size is "
    "that: the first one or the second?",
    said="What is carried along has the size of the neighbouring layer instead of the end's.",
    root=Root.INDEX,
)
def chain_cost_neighbour(sizes):
    inner = sum(a * b for a, b in zip(sizes[1:], sizes[2:]))
    outer = sum(a * b for a, b in zip(sizes, sizes[1:-1]))
    return sizes[1] * inner, sizes[-2] * outer


@exercise.mistake(
    "Is the matrix that you carry along as large as one layer's own Jacobian, or does it reach "
    "from one end of the chain?",
    said="Each product is counted between neighbours, as if nothing were carried along.",
    root=None,
)
def chain_cost_of_neighbours(sizes):
    triples = sum(a * b * c for a, b, c in zip(sizes, sizes[1:], sizes[2:]))
    return triples, triples


@exercise.mistake(
    "Is the order of the products of no importance for their number? Try the sizes 100, 100, 1 "
    "from both ends on paper.",
    said="Both directions are given the cost of the forward one.",
    root=None,
)
def chain_cost_same_both_ways(sizes):
    forward = sizes[0] * sum(a * b for a, b in zip(sizes[1:], sizes[2:]))
    return forward, forward


@exercise.mistake(
    "With three sizes there is exactly one product. How many did your loop count?",
    said="The loop ends one product too early.",
    root=Root.LOOP,
)
def chain_cost_stops_early(sizes):
    steps = list(zip(sizes, sizes[1:]))
    forward = sizes[0] * sum(d * e for d, e in steps[1:-1])
    return forward, sizes[-1] * sum(d * e for d, e in steps[1:-1])


@exercise.mistake(
    "An entry of a product needs b multiplications and b - 1 additions. Which of the two are asked "
    "for?",
    said="The additions are counted along with the multiplications.",
    root=None,
)
def chain_cost_with_additions(sizes):
    steps = list(zip(sizes, sizes[1:]))
    forward = sizes[0] * sum((2 * d - 1) * e for d, e in steps[1:])
    return forward, sizes[-1] * sum(d * (2 * e - 1) for d, e in steps[:-1])


@exercise.property(
    "Forward mode through a chain costs what reverse mode costs through the chain turned round: "
    "yours cost {forward} and {reverse}. Where does each of the two start?"
)
def turned_round(f, sizes):
    forward, reverse = f(sizes)[0], f(tuple(sizes)[::-1])[1]
    if np.shape(forward) == np.shape(reverse) == () and forward != reverse:
        return {"forward": forward, "reverse": reverse}


exercise.equivalent(
    "len(sizes) > 2 -> len(sizes) >= 2",
    "len(sizes) > 2 -> len(sizes) > 0",
    because="With two sizes the loop has no turn.",
)


exercise.equivalent(
    "zip(sizes[1:], sizes[2:]) -> zip(sizes[2:], sizes[1:])",
    because="The products, sums or differences are the same in either order.",
)


@exercise.property(
    "A chain of one step needs no product of Jacobians; for sizes {sizes} yours counts {found}. "
    "Which two matrices would be multiplied there?"
)
def nothing_for_a_single_step(f, sizes):
    found = f((3, 2))
    if any(np.asarray(found) != 0):
        return {"sizes": (3, 2), "found": tuple(map(int, found))}
