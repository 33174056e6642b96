"""The order in which a graph can be computed; backward, it is walked in reverse."""

from __future__ import annotations

from autograder.exercises.build_autograd import notebook, reference
from autograder.exercises.roots import Root
from autograder.exercises.specification import case
from course import programs

exercise = notebook.exercise(
    reference.topological_order,
    points=3,
    minutes=15,
    subject=programs.order_of,
    hints=(
        "When may a node be written down? What must have happened to its parents before?",
        "Walk from the root to its parents, theirs, and so on, and remember in a set where you "
        "have been. Is a node written down when you first meet it, or when you come back to it?",
        "Python calls functions at most about 1,000 deep, and the chain has 50,000 nodes: keep a "
        "list of what is still to be done, and a loop. A node has to be looked at twice: once to "
        "put its parents on the list, once to be written down. How do you know which time it is?",
    ),
)

# Three operations of notebook 05: (a + b) c, and x sin x + x².
PRODUCT_OF_SUM = [(), (), (), (0, 1), (3, 2)]
SHARED = [(), (0,), (0, 1), (0,), (2, 3)]


@exercise.cases
def cases(rng):
    yield case(PRODUCT_OF_SUM)
    yield case(SHARED)
    yield case([()])
    yield case([(), (0, 0)])
    yield case([(), (0,), (1,), (0, 2)], about="a node and its own ancestor are parents")
    yield case([(), (0,), (2 - 1, 0), (2, 0), (3, 1)], about="shared at unequal depths")
    yield case([(), (0,), (1,), (2,), (3, 1), (4, 0)], about="a long way and a short one")
    yield case([(), *((i, i) for i in range(12))], about="twelve doublings, one on the other")
    yield case([(), (), (), (0, 1), (1, 2), (3, 4), (5, 3)], about="several leaves")
    yield case([(), (), (0,), (0, 2)], about="a node that the root is not made from")
    yield case([(), (0,), (0,), (0,), (1, 2, 3)], about="a node with three parents")
    for _ in range(3):
        yield case(_random_graph(rng, 9), about="nodes shared at random")
    yield case(50_000, about="a chain of 50,000 nodes")


def _random_graph(rng, size):
    graph = [(), ()]
    for node in range(2, size):
        other = int(rng.integers(node))
        graph.append(tuple(int(n) for n in rng.permutation([node - 1, other])))
    return graph


@exercise.style
def topological_order_two_visits(root):
    order, seen, waiting = [], set(), [(root, False)]
    while waiting:
        node, done = waiting.pop()
        if done:
            order.append(node)
            continue
        if node in seen:
            continue
        seen.add(node)
        waiting.append((node, True))
        for parent in node.parents:
            waiting.append((parent, False))
    return order


@exercise.style
def topological_order_stack_of_iterators(root):
    order, seen = [], {root}
    stack = [(root, iter(root.parents))]
    while stack:
        node, parents = stack[-1]
        for parent in parents:
            if parent not in seen:
                seen.add(parent)
                stack.append((parent, iter(parent.parents)))
                break
        else:
            order.append(node)
            stack.pop()
    return order


@exercise.style
def topological_order_peeking(root):
    order, done, stack = [], set(), [root]
    while stack:
        node = stack[-1]
        open_parents = [parent for parent in node.parents if parent not in done]
        if open_parents:
            stack.extend(open_parents)
        else:
            stack.pop()
            if node not in done:
                done.add(node)
                order.append(node)
    return order


@exercise.style
def topological_order_counting_children(root):
    # From the root down: a node's turn comes when all that was made from it had theirs.
    children, waiting, seen = {root: 0}, [root], {root}
    while waiting:
        for parent in waiting.pop().parents:
            children[parent] = children.get(parent, 0) + 1
            if parent not in seen:
                seen.add(parent)
                waiting.append(parent)
    order, ready = [], [root]
    while ready:
        node = ready.pop()
        order.append(node)
        for parent in node.parents:
            children[parent] -= 1
            if children[parent] == 0:
                ready.append(parent)
    return order[::-1]


@exercise.style
def topological_order_by_identity(root):
    order, state, stack = [], {}, [root]
    while stack:
        node = stack.pop()
        if state.get(id(node)) == "open":
            state[id(node)] = "closed"
            order.append(node)
        elif id(node) not in state:
            state[id(node)] = "open"
            stack.append(node)
            stack += [p for p in node.parents if id(p) not in state]
    return tuple(order)


@exercise.mistake(
    "A node that two others were made from: how often does it stand in your list?",
    said="A shared node stands in the list once for every use.",
    root=Root.GRAPH,
)
def topological_order_repeats(root):
    order, stack = [], [(root, False)]
    while stack:
        node, done = stack.pop()
        if done or not node.parents:
            order.append(node)
        else:
            stack.append((node, True))
            stack.extend((parent, False) for parent in node.parents)
        if len(order) > 200_000:
            raise MemoryError("the list has more than 200,000 entries")
    return order


@exercise.mistake(
    "At which end of your list does the root stand, and at which was it to stand?",
    said="The order starts at the root instead of ending there.",
    root=Root.SWAPPED,
)
def topological_order_root_first(root):
    order, seen, waiting = [], set(), [(root, False)]
    while waiting:
        node, done = waiting.pop()
        if done:
            order.append(node)
        elif node not in seen:
            seen.add(node)
            waiting.append((node, True))
            waiting.extend((parent, False) for parent in node.parents)
    return order[::-1]


@exercise.mistake(
    "You write a node down when you meet it. Can it be met along a short way while a long way to "
    "it is still open? Try a node and its own ancestor as the parents of the root.",
    said="Nodes are listed by the distance at which they are first met.",
    root=Root.GRAPH,
)
def topological_order_breadth_first(root):
    order, seen, waiting = [], {root}, [root]
    while waiting:
        node = waiting.pop(0)
        order.append(node)
        for parent in node.parents:
            if parent not in seen:
                seen.add(parent)
                waiting.append(parent)
    return order[::-1]


@exercise.mistake(
    "You write a node down before you have been to its parents. Where do they end up when you "
    "turn the list around, if one of them is met a second time on a longer way?",
    said="Nodes are listed when they are first met, depth first, and the list is turned around.",
    root=Root.GRAPH,
)
def topological_order_when_first_met(root):
    order, seen, stack = [], set(), [root]
    while stack:
        node = stack.pop()
        if node not in seen:
            seen.add(node)
            order.append(node)
            stack.extend(node.parents)
    return order[::-1]


@exercise.mistake(
    "How deep may a function call itself in Python, and how long is the longest chain? What could "
    "keep the list of open nodes in place of Python?",
    said="The recursion is as deep as the graph is long.",
    root=Root.LOOP,
)
def topological_order_recursive(root):
    order, seen = [], set()

    def visit(node):
        if node not in seen:
            seen.add(node)
            for parent in node.parents:
                visit(parent)
            order.append(node)

    visit(root)
    return order


@exercise.mistake(
    "The root is a node as well: does it stand in your list?",
    said="The root itself is missing from the order.",
    root=Root.INDEX,
)
def topological_order_without_root(root):
    order, seen, waiting = [], set(), [(root, False)]
    while waiting:
        node, done = waiting.pop()
        if done:
            order.append(node)
        elif node not in seen:
            seen.add(node)
            waiting.append((node, True))
            waiting.extend((parent, False) for parent in node.parents)
    return order[:-1]


@exercise.mistake(
    "A leaf has no parents. Does it belong into the list all the same?",
    said="Leaves are missing from the order.",
    root=Root.INDEX,
)
def topological_order_without_leaves(root):
    order, seen, waiting = [], set(), [(root, False)]
    while waiting:
        node, done = waiting.pop()
        if done:
            order.append(node)
        elif node not in seen and node.parents:
            seen.add(node)
            waiting.append((node, True))
            waiting.extend((parent, False) for parent in node.parents)
    return order


@exercise.mistake(
    "A node with two parents: do you go to both?",
    said="Only the first parent of a node is followed.",
    root=Root.LOOP,
)
def topological_order_first_parent_only(root):
    order, node = [], root
    while True:
        order.append(node)
        if not node.parents:
            return order[::-1]
        node = node.parents[0]


@exercise.mistake(
    "Whose is the node that you write your mark on? Where could you note what you have seen "
    "instead?",
    said="Marks are written on the nodes, which were to be left as they are.",
    root=None,
)
def topological_order_marks_the_nodes(root):
    order, waiting = [], [(root, False)]
    while waiting:
        node, done = waiting.pop()
        if done:
            order.append(node)
        elif not getattr(node, "visited", False):
            node.visited = True
            waiting.append((node, True))
            waiting.extend((parent, False) for parent in node.parents)
    return order


@exercise.mistake(
    "How far down does your list go: to the parents of the root, or to where nothing is left?",
    said="Only the root and its own parents are listed.",
    root=Root.LOOP,
)
def topological_order_one_level(root):
    return [*dict.fromkeys(root.parents), root]


exercise.equivalent(
    "0 -> 1",
    because="How often the root is used is not looked at.",
)
