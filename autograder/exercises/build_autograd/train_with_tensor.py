"""Training the network of notebook 04 with an engine of one's own."""

from __future__ import annotations

import numpy as np

from autograder.exercises.build_autograd import notebook, reference
from autograder.exercises.build_autograd.inputs import network, table
from autograder.exercises.build_autograd.reference import Tensor
from autograder.exercises.roots import Root
from autograder.exercises.specification import case

exercise = notebook.exercise(
    reference.train_with_tensor,
    points=3,
    minutes=15,
    rtol=1e-8,
    hints=(
        "Which of the arrays need a gradient? Make a Tensor of each of them, and the forward pass "
        "reads as it did in PyTorch.",
        "`array * tensor` is NumPy's affair, and NumPy does not know your class. On which side "
        "should the array stand?",
        "`backward()` adds. What has to happen to the gradients between two steps, or which leaves "
        "does each step begin with?",
        "Compare the parameters after one step with notebook 04's before you train for a hundred: "
        "which of them differs first, and is it a mean?",
    ),
)


@exercise.cases
def cases(rng):
    for sizes, steps in (((5, 3, 4, 2), 1), ((7, 2, 3, 5), 6), ((4, 4, 4, 4), 3)):
        X, y, params = network(rng, *sizes)
        yield case(X, y, params, float(rng.uniform(0.2, 0.8)), steps)
    X, y, params = network(rng, 6, 5, 2, 3)
    params["c"] = np.array(params["c"])
    yield case(X, y, params, 0.3, 4)
    yield case(*_easy(), 0.5, 300, about="300 steps of an easy problem")
    X, y, params = network(np.random.default_rng(8), 5, 3, 4, 2)
    params["W1"] = params["W1"] / 400
    yield case(400 * X, y, params, 1e-5, 2, about="a large first gradient")
    params = {name: np.asarray(4.0 * np.sign(value)) for name, value in params.items()}
    yield case(X, y, params, 0.1, 2, about="saturated units")


def _easy():
    """Two separable clouds, and a start that leads somewhere."""
    rng = np.random.default_rng(5)
    X = np.concatenate([rng.normal(-1.0, 0.4, (6, 2)), rng.normal(1.0, 0.4, (5, 2))])
    y = np.array([0.0] * 6 + [1.0] * 5)
    params = {
        "W1": 0.5 * table(rng, 2, 3),
        "b1": 0.1 * table(rng, 3),
        "W2": 0.5 * table(rng, 3, 2),
        "b2": 0.1 * table(rng, 2),
        "U": table(rng, 2),
        "c": 0.2,
    }
    return X, y, params


@exercise.style
def train_with_tensor_new_leaves(X, y, params, learning_rate, steps):
    theta = {name: np.array(value, dtype=float) for name, value in params.items()}
    target = Tensor(y)
    for _ in range(steps):
        p = {name: Tensor(value) for name, value in theta.items()}
        h1 = (Tensor(X) @ p["W1"] + p["b1"]).tanh()
        h2 = (h1 @ p["W2"] + p["b2"]).sigmoid()
        y_hat = (h2 @ p["U"] + p["c"]).sigmoid()
        loss = -(target * y_hat.log() + (1 - target) * (1 - y_hat).log()).mean()
        loss.backward()
        theta = {name: theta[name] - learning_rate * p[name].grad for name in theta}
    return theta


@exercise.style
def train_with_tensor_in_place(X, y, params, learning_rate, steps):
    leaves = {name: Tensor(np.array(value, dtype=float)) for name, value in params.items()}
    inputs = Tensor(X)
    for _ in range(steps):
        for leaf in leaves.values():
            leaf.grad = np.zeros_like(leaf.data)
        hidden = (inputs @ leaves["W1"] + leaves["b1"]).tanh()
        hidden = (hidden @ leaves["W2"] + leaves["b2"]).sigmoid()
        y_hat = (hidden @ leaves["U"] + leaves["c"]).sigmoid()
        losses = y_hat.log() * y + (1 - y_hat).log() * (1 - y)
        (losses.sum() / -len(y)).backward()
        for leaf in leaves.values():
            leaf.data = leaf.data - learning_rate * leaf.grad
    return {name: leaf.data for name, leaf in leaves.items()}


@exercise.style
def train_with_tensor_case_by_case(X, y, params, learning_rate, steps):
    # What was true of each example has some probability; its logarithm is what counts.
    sign, shift = 2 * y - 1, 1 - y
    for _ in range(steps):
        p = {name: Tensor(value) for name, value in params.items()}
        h1 = (Tensor(X) @ p["W1"] + p["b1"]).tanh()
        h2 = (h1 @ p["W2"] + p["b2"]).sigmoid()
        y_hat = (h2 @ p["U"] + p["c"]).sigmoid()
        (y_hat * sign + shift).log().mean().backward()
        params = {name: value + learning_rate * p[name].grad for name, value in params.items()}
    return params


@exercise.style
def train_with_tensor_from_scores(X, y, params, learning_rate, steps):
    # -y log s(z) - (1 - y) log(1 - s(z)) is log(1 + exp(-z)) for y = 1, log(1 + exp(z)) for 0.
    flipped = 1 - 2 * np.asarray(y)
    names, values = list(params), [np.array(value, dtype=float) for value in params.values()]
    step = 0
    while step < steps:
        leaves = dict(zip(names, map(Tensor, values)))
        h1 = (Tensor(X) @ leaves["W1"] + leaves["b1"]).tanh()
        h2 = (h1 @ leaves["W2"] + leaves["b2"]).sigmoid()
        z = h2 @ leaves["U"] + leaves["c"]
        ((z * flipped).exp() + 1).log().mean().backward()
        values = [v - learning_rate * leaves[name].grad for name, v in zip(names, values)]
        step += 1
    return dict(zip(names, values))


def _gradients(X, y, params, forward=None, loss=None):
    """Gradients of the mean loss of the network, or of a changed one, by `Tensor`."""
    p = {name: Tensor(value) for name, value in params.items()}
    h1 = (Tensor(X) @ p["W1"] + p["b1"]).tanh()
    h2 = (h1 @ p["W2"] + p["b2"]).sigmoid()
    y_hat = forward(p, h1, h2) if forward else (h2 @ p["U"] + p["c"]).sigmoid()
    losses = -(y_hat.log() * y + (1 - y_hat).log() * (1 - y))
    (loss(losses, y_hat) if loss else losses.mean()).backward()
    return {name: leaf.grad for name, leaf in p.items()}


@exercise.mistake(
    "`backward()` adds to what the leaves hold. What do they still hold from the step before?",
    said="The gradients of earlier steps are never set back.",
    root=Root.LOOP,
)
def train_with_tensor_gradients_pile_up(X, y, params, learning_rate, steps):
    theta = {name: np.array(value, dtype=float) for name, value in params.items()}
    piled = {name: np.zeros_like(value) for name, value in theta.items()}
    for _ in range(steps):
        gradients = _gradients(X, y, theta)
        piled = {name: piled[name] + gradients[name] for name in theta}
        theta = {name: theta[name] - learning_rate * piled[name] for name in theta}
    return theta


@exercise.mistake(
    "Duplicate the batch: should a step get twice as long?",
    said="The loss is summed over the batch instead of averaged.",
    root=Root.MEAN,
)
def train_with_tensor_sum_for_mean(X, y, params, learning_rate, steps):
    for _ in range(steps):
        gradients = _gradients(X, y, params, loss=lambda losses, y_hat: losses.sum())
        params = {name: params[name] - learning_rate * gradients[name] for name in params}
    return params


@exercise.mistake(
    "Does the loss rise or fall along your steps?",
    said="The steps go uphill.",
    root=Root.SIGN,
)
def train_with_tensor_uphill(X, y, params, learning_rate, steps):
    for _ in range(steps):
        gradients = _gradients(X, y, params)
        params = {name: params[name] + learning_rate * gradients[name] for name in params}
    return params


@exercise.mistake(
    "How many updates does your loop make when one is asked for?",
    said="The loop makes one step too many.",
    root=Root.LOOP,
)
def train_with_tensor_one_step_more(X, y, params, learning_rate, steps):
    for _ in range(steps + 1):
        gradients = _gradients(X, y, params)
        params = {name: params[name] - learning_rate * gradients[name] for name in params}
    return params


@exercise.mistake(
    "Where do the second and the third step begin: where the one before ended, or at the start?",
    said="Every step starts from the first parameters, so only one of them counts.",
    root=Root.LOOP,
)
def train_with_tensor_always_from_the_start(X, y, params, learning_rate, steps):
    trained = params
    for _ in range(steps):
        gradients = _gradients(X, y, params)
        trained = {name: params[name] - learning_rate * gradients[name] for name in params}
    return trained


@exercise.mistake(
    "Are all of the gradients asked for at the same parameters, or are some of these new already?",
    said="The gradient is taken once, before the loop.",
    root=Root.LOOP,
)
def train_with_tensor_gradient_once(X, y, params, learning_rate, steps):
    gradients = _gradients(X, y, params)
    for _ in range(steps):
        params = {name: params[name] - learning_rate * gradients[name] for name in params}
    return params


@exercise.mistake(
    "Six names hold parameters. Which of them did not move?",
    said="The output bias c is never updated.",
    root=Root.BIAS,
)
def train_with_tensor_without_c(X, y, params, learning_rate, steps):
    for _ in range(steps):
        gradients = _gradients(X, y, params)
        params = params | {
            name: params[name] - learning_rate * gradients[name] for name in params if name != "c"
        }
    return params


@exercise.mistake(
    "The network of notebook 04 has two kinds of hidden units. Which function stands in which "
    "layer?",
    said="The second hidden layer uses tanh instead of the sigmoid.",
    root=None,
)
def train_with_tensor_tanh_twice(X, y, params, learning_rate, steps):
    def forward(p, h1, h2):
        return ((h1 @ p["W2"] + p["b2"]).tanh() @ p["U"] + p["c"]).sigmoid()

    for _ in range(steps):
        gradients = _gradients(X, y, params, forward)
        params = {name: params[name] - learning_rate * gradients[name] for name in params}
    return params


@exercise.mistake(
    "What is the loss of notebook 04: the squared error, or how surprising the labels are?",
    said="The squared error is minimised instead of the cross-entropy.",
    root=None,
)
def train_with_tensor_squared_error(X, y, params, learning_rate, steps):
    for _ in range(steps):
        gradients = _gradients(X, y, params, loss=lambda losses, y_hat: ((y_hat - y) ** 2).mean())
        params = {name: params[name] - learning_rate * gradients[name] for name in params}
    return params


@exercise.mistake(
    "Examples with the label 0: what do they contribute to your loss?",
    said="Only the examples with label 1 count in the loss.",
    root=None,
)
def train_with_tensor_positives_only(X, y, params, learning_rate, steps):
    for _ in range(steps):
        gradients = _gradients(X, y, params, loss=lambda losses, y_hat: -(y_hat.log() * y).mean())
        params = {name: params[name] - learning_rate * gradients[name] for name in params}
    return params


@exercise.mistake(
    "Something is added or cut off on the way to the logarithm. What does it do to an example that "
    "the network is sure about?",
    said="Probabilities are kept away from 0 and 1 before the logarithm.",
    root=Root.DIGITS,
)
def train_with_tensor_guarded(X, y, params, learning_rate, steps):
    def guarded(losses, y_hat):
        y_hat = y_hat * (1 - 2e-3) + 1e-3
        return -(y_hat.log() * y + (1 - y_hat).log() * (1 - y)).mean()

    for _ in range(steps):
        gradients = _gradients(X, y, params, loss=guarded)
        params = {name: params[name] - learning_rate * gradients[name] for name in params}
    return params


exercise.equivalent(
    "2 * y -> 3 * y",
    "2 * y -> 0 * y",
    because="A factor inside a logarithm does not change its slope.",
)


exercise.equivalent(
    "y_hat * sign -> y_hat / sign",
    "z * flipped -> z / flipped",
    because="A number times 1 or -1 is the number over it.",
)
