"""Mean cross-entropy of softmax(a). Called as SoftmaxCrossEntropy.apply(a, y)."""

from __future__ import annotations

import numpy as np
import torch

from autograder.exercises.autograd import DERIVED, OWN_BACKWARD, notebook, reference
from autograder.exercises.autograd.inputs import (
    APART,
    CONFIDENT,
    RIGHT,
    WRONG,
    class_labels,
    distributions,
    extreme_scores,
    number,
    one_hot,
)
from autograder.exercises.roots import Root
from autograder.exercises.specification import VISIBLE, case
from course import tensors

exercise = notebook.exercise(
    reference.SoftmaxCrossEntropy,
    points=3,
    minutes=16,
    hints=(
        (
            "Compute the logarithms of the probabilities directly, by one of the two functions "
            "named in the exercise. The loss is then one line."
        ),
        (
            "Keep what you need to write s and y in backward. How do you get s back from its "
            "logarithm?"
        ),
        (
            "The boxed gradient of notebook 03, divided by the number of examples once, and "
            "times what arrives. And how many gradients are returned?"
        ),
    ),
    subject=tensors.value_and_gradient,
    forbidden=DERIVED,
    required=OWN_BACKWARD,
)


@exercise.cases
def cases(rng):
    for n, k in ((3, 4), (5, 2), (4, 4)):
        scores = rng.normal(0.0, 1.5, (n, k))
        yield case(scores, distributions(rng, n, k), upstream=number(rng))
        targets = one_hot(class_labels(rng, n, k), k)
        yield case(rng.normal(0.0, 1.5, (n, k)), targets, upstream=number(rng))
    yield case(
        extreme_scores(rng, 4, 3),
        distributions(rng, 4, 3),
        upstream=number(rng),
        about="scores that differ by thousands",
    )
    scores = np.array([[0.1, 0.4, 2.2, 0.0], [1.0, -1.0, 0.5, 0.2]])
    soft = np.array([[0.1, 0.2, 0.6, 0.1], [0.7, 0.1, 0.1, 0.1]])
    yield case(scores, soft, upstream=2.0, about=VISIBLE)
    yield case(
        APART,
        one_hot(np.array([0, 2, 1]), 3),
        upstream=1.5,
        about="rows of scores that lie thousands apart",
    )
    extreme = np.array([[1000.0, -1000.0, 0.0], [0.0, 1.0, 2.0]])
    classes = np.array([[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    yield case(extreme, classes, upstream=1.0, about=VISIBLE)
    yield case(CONFIDENT, one_hot(RIGHT, 3), upstream=1.5, about="sure and right")
    yield case(CONFIDENT, one_hot(WRONG, 3), upstream=1.5, about="sure and wrong")


def _mean_loss(a, y):
    return -(y * torch.log_softmax(a, dim=1)).sum(dim=1).mean()


@exercise.style
class ce_with_log_softmax(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a, y):
        log_s = torch.log_softmax(a, dim=1)
        ctx.save_for_backward(log_s.exp(), y)
        return -(y * log_s).sum(dim=1).mean()

    @staticmethod
    def backward(ctx, grad_output):
        s, y = ctx.saved_tensors
        return grad_output * (s - y) / y.shape[0], None


@exercise.style
class ce_with_a_shift(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a, y):
        shifted = a - a.max(dim=1, keepdim=True).values
        lse = shifted.exp().sum(1).log()
        ctx.save_for_backward(a, y)
        return (lse - (y * shifted).sum(1)).sum() / len(a)

    @staticmethod
    def backward(ctx, g):
        a, y = ctx.saved_tensors
        return g * (torch.softmax(a, dim=-1) - y) / len(a), None


@exercise.style
class ce_with_gradients_for_both(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a, y):
        log_s = torch.nn.functional.log_softmax(a, 1)
        ctx.log_s, ctx.y = log_s, y
        return torch.einsum("nk,nk->", -y, log_s) / a.shape[0]

    @staticmethod
    def backward(ctx, g):
        n = ctx.y.shape[0]
        return g * (torch.exp(ctx.log_s) - ctx.y) / n, -g * ctx.log_s / n


@exercise.style
class ce_example_by_example(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a, y):
        losses, deltas = [], []
        for scores, target in zip(a, y):
            log_s = scores - torch.logsumexp(scores, 0)
            losses.append(-(target @ log_s))
            deltas.append(log_s.exp() - target)
        ctx.save_for_backward(torch.stack(deltas) / len(a))
        return torch.stack(losses).mean()

    @staticmethod
    def backward(ctx, upstream):
        return upstream * ctx.saved_tensors[0], None


@exercise.style
class ce_in_numpy_inside(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a, y):
        a, y = a.detach().numpy(), y.numpy()
        shifted = a - a.max(axis=1, keepdims=True)
        log_s = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        ctx.gradient = torch.tensor((np.exp(log_s) - y) / len(a))
        return torch.tensor(-np.sum(y * log_s) / len(a))

    @staticmethod
    def backward(ctx, g):
        return ctx.gradient * g, None


@exercise.mistake(
    "Should a step against the gradient raise the true class's score?",
    said="The gradient has the wrong sign: targets minus probabilities.",
    root=Root.SIGN,
)
class cegrad_sign(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a, y):
        ctx.save_for_backward(a, y)
        return _mean_loss(a, y)

    @staticmethod
    def backward(ctx, g):
        a, y = ctx.saved_tensors
        return g * (y - torch.softmax(a, 1)) / len(a), None


@exercise.mistake(
    "The loss averages over the batch. And its gradient?",
    said="The gradient is not divided by the number of examples.",
    root=Root.MEAN,
)
class cegrad_no_1_over_n(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a, y):
        ctx.save_for_backward(a, y)
        return _mean_loss(a, y)

    @staticmethod
    def backward(ctx, g):
        a, y = ctx.saved_tensors
        return g * (torch.softmax(a, 1) - y), None


@exercise.mistake(
    "You stopped one link of the chain too early: which one?",
    said="The gradient stops at the probabilities; the softmax's derivative is missing.",
    root=Root.CHAIN,
)
class cegrad_stopped_at_probabilities(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a, y):
        ctx.save_for_backward(a, y)
        return _mean_loss(a, y)

    @staticmethod
    def backward(ctx, g):
        a, y = ctx.saved_tensors
        return -g * y / torch.softmax(a, 1) / len(a), None


@exercise.mistake(
    "A score moves every probability, not only its own: what follows?",
    said="Only the diagonal of the softmax's Jacobian is used.",
    root=Root.DIAGONAL,
)
class cegrad_diagonal_chain(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a, y):
        ctx.save_for_backward(a, y)
        return _mean_loss(a, y)

    @staticmethod
    def backward(ctx, g):
        a, y = ctx.saved_tensors
        return -g * y * (1 - torch.softmax(a, 1)) / len(a), None


@exercise.mistake(
    "One factor too many is left: which one should have cancelled?",
    said="The factor s(1 - s) is left over, though it should have cancelled.",
    root=Root.CHAIN,
)
class cegrad_extra_derivative(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a, y):
        ctx.save_for_backward(a, y)
        return _mean_loss(a, y)

    @staticmethod
    def backward(ctx, g):
        a, y = ctx.saved_tensors
        s = torch.softmax(a, 1)
        return g * (s - y) * s * (1 - s) / len(a), None


@exercise.mistake(
    "Which index is summed, and which one is free?",
    said="The sum of targets times softmax stands where each class's probability belongs.",
    root=Root.INDEX,
)
class cegrad_printed_slip(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a, y):
        ctx.save_for_backward(a, y)
        return _mean_loss(a, y)

    @staticmethod
    def backward(ctx, g):
        a, y = ctx.saved_tensors
        s = torch.softmax(a, 1)
        return g * (-y + (y * s).sum(1, keepdim=True)) / len(a), None


@exercise.mistake(
    "Over what does the loss average: examples, or all entries?",
    said="The gradient is divided by the number of classes, too.",
    root=Root.MEAN,
)
class cegrad_mean_over_classes(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a, y):
        ctx.save_for_backward(a, y)
        return _mean_loss(a, y)

    @staticmethod
    def backward(ctx, g):
        a, y = ctx.saved_tensors
        return g * (torch.softmax(a, 1) - y) / a.numel(), None


@exercise.mistake(
    "Scores or probabilities: from which of the two is y subtracted?",
    said="The targets are subtracted from the scores instead of from the probabilities.",
)
class cegrad_logit_residual(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a, y):
        ctx.save_for_backward(a, y)
        return _mean_loss(a, y)

    @staticmethod
    def backward(ctx, g):
        a, y = ctx.saved_tensors
        return g * (a - y) / len(a), None


@exercise.mistake(
    "Which sums have to be one: those of the rows, or of the columns?",
    said="The softmax in backward runs over the examples instead of the classes.",
    root=Root.AXIS,
)
class cegrad_softmax_axis0(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a, y):
        ctx.save_for_backward(a, y)
        return _mean_loss(a, y)

    @staticmethod
    def backward(ctx, g):
        a, y = ctx.saved_tensors
        return g * (torch.softmax(a, 0) - y) / len(a), None


@exercise.mistake(
    "Multiply the loss by 2 before backward: what should happen?",
    said="Backward ignores the gradient from above.",
    root=Root.CHAIN,
    leads=("HALF_OF_TWO",),
)
class cegrad_ignores_upstream(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a, y):
        ctx.save_for_backward(a, y)
        return _mean_loss(a, y)

    @staticmethod
    def backward(ctx, g):
        a, y = ctx.saved_tensors
        return (torch.softmax(a, 1) - y) / len(a), None


@exercise.mistake(
    "Duplicate the batch: should the loss double?",
    said="Loss and gradient are summed over the batch instead of averaged.",
    root=Root.MEAN,
)
class cegrad_sum_over_batch(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a, y):
        ctx.save_for_backward(a, y)
        return _mean_loss(a, y) * len(a)

    @staticmethod
    def backward(ctx, g):
        a, y = ctx.saved_tensors
        return g * (torch.softmax(a, 1) - y), None


@exercise.mistake(
    "How many terms does the mean run over: N, or N times K?",
    said="Loss and gradient are averaged over the classes, too.",
    root=Root.MEAN,
)
class cegrad_loss_over_all_entries(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a, y):
        ctx.save_for_backward(a, y)
        return -(y * torch.log_softmax(a, dim=1)).mean()

    @staticmethod
    def backward(ctx, g):
        a, y = ctx.saved_tensors
        return g * (torch.softmax(a, 1) - y) / a.numel(), None


@exercise.mistake(
    "Do these targets name one class each? Look at a soft one.",
    said="Soft targets are replaced by their most likely class.",
)
class cegrad_argmax_of_the_targets(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a, y):
        hard = torch.nn.functional.one_hot(y.argmax(1), y.shape[1]).double()
        ctx.save_for_backward(a, hard)
        return _mean_loss(a, hard)

    @staticmethod
    def backward(ctx, g):
        a, y = ctx.saved_tensors
        return g * (torch.softmax(a, 1) - y) / len(a), None


@exercise.mistake(
    "What does a probability round to when one score is far ahead?",
    said="The logarithm is taken of a softmax that can underflow to 0.",
    root=Root.DIGITS,
)
class cegrad_log_of_softmax(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a, y):
        s = torch.softmax(a, dim=1)
        ctx.save_for_backward(s, y)
        return -(y * torch.log(s)).sum(dim=1).mean()

    @staticmethod
    def backward(ctx, g):
        s, y = ctx.saved_tensors
        return g * (s - y) / len(s), None


@exercise.mistake(
    "Which exponential overflows first? Raise all scores by 1000.",
    said="Each row's own maximum is not subtracted, so large scores overflow.",
    root=Root.DIGITS,
)
class cegrad_no_shift(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a, y):
        s = torch.exp(a) / torch.exp(a).sum(dim=1, keepdim=True)
        ctx.save_for_backward(s, y)
        return -(y * torch.log(s)).sum(dim=1).mean()

    @staticmethod
    def backward(ctx, g):
        s, y = ctx.saved_tensors
        return g * (s - y) / len(s), None


@exercise.mistake(
    "forward has two inputs besides ctx: how many gradients go back?",
    said="Backward returns one gradient, though forward takes two inputs.",
    root=Root.GRAPH,
)
class cegrad_one_gradient_for_two_inputs(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a, y):
        ctx.save_for_backward(a, y)
        return _mean_loss(a, y)

    @staticmethod
    def backward(ctx, g):
        a, y = ctx.saved_tensors
        return g * (torch.softmax(a, 1) - y) / len(a)


@exercise.mistake(
    "Nobody has said how a gradient passes your node. Who could know?",
    said="The function has no backward, so no gradient can pass through it.",
    root=Root.GRAPH,
)
class cegrad_no_backward(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a, y):
        return _mean_loss(a, y)


@exercise.mistake(
    "What is the largest cost your loss can ever give?",
    said="A small number is added to the probabilities, which limits the loss.",
    root=Root.DIGITS,
    family={"size": (1e-3, 1e-6, 1e-9, 1e-12)},
)
def cegrad_with_small_number(a, y, *, size=1e-8):
    class Guarded(torch.autograd.Function):
        @staticmethod
        def forward(ctx, a, y):
            s = torch.softmax(a, dim=1)
            ctx.save_for_backward(s, y)
            return -(y * torch.log(s + size)).sum(dim=1).mean()

        @staticmethod
        def backward(ctx, g):
            s, y = ctx.saved_tensors
            return g * (s - y) / len(s), None

    return Guarded.apply(a, y)


@exercise.mistake(
    "Two nodes of your class stand in one graph: whose numbers does the class remember when the "
    "way back comes to the first of them?",
    said="What backward needs is kept on the class, where the next node overwrites it.",
    root=Root.GRAPH,
)
class cegrad_keeps_on_the_class(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a, y):
        cegrad_keeps_on_the_class.s, cegrad_keeps_on_the_class.y = torch.softmax(a, 1), y
        return _mean_loss(a, y)

    @staticmethod
    def backward(ctx, g):
        s, y = cegrad_keeps_on_the_class.s, cegrad_keeps_on_the_class.y
        return g * (s - y) / len(s), None


@exercise.mistake(
    "Who calls your backward, if apply is no longer PyTorch's?",
    said="The class has an apply of its own, so its backward never runs.",
    root=Root.GRAPH,
)
class cegrad_own_apply(torch.autograd.Function):
    @staticmethod
    def apply(a, y):
        return _mean_loss(a, y)

    @staticmethod
    def backward(ctx, g):
        return g, None


@exercise.mistake(
    "The targets are rows of probabilities here: can such a row be the number of a class?",
    said="The targets are used as class numbers, which fails for rows of targets.",
    root=Root.INDEX,
)
class cegrad_targets_as_labels(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a, y):
        log_s = torch.log_softmax(a, dim=1)
        ctx.save_for_backward(log_s.exp(), y)
        return -log_s[range(len(a)), y].mean()

    @staticmethod
    def backward(ctx, g):
        s, y = ctx.saved_tensors
        s[range(len(s)), y] -= 1
        return g * s / len(s), None


@exercise.property(
    "Raise all scores of an example together and its loss stays: so the slopes of a row add up to "
    "0, and yours to {found}. Which probabilities move when one score does?"
)
def rows_add_up_to_nothing(f, a, y, upstream):
    found = np.asarray(f(a, y, upstream=1.0)[1])
    if found.shape == a.shape and not np.allclose(found.sum(axis=1), 0, atol=1e-9):
        return {"found": found.sum(axis=1)[0]}


@exercise.property(
    "What arrives from above is handed on: three times as much makes three times the gradient, and "
    "yours goes from {once} to {thrice}. Where does it stand in your backward?"
)
def three_times_for_three_times(f, a, y, upstream):
    once, thrice = (np.asarray(f(a, y, upstream=size)[1]) for size in (1.0, 3.0))
    if once.shape == a.shape and not np.allclose(3 * once, thrice, rtol=1e-6, atol=1e-12):
        return {"once": once.flat[0], "thrice": thrice.flat[0]}


exercise.equivalent("dim=-1 -> dim=1", because="The scores have two axes: 1 is the last one.")

exercise.equivalent(
    "-g * ctx.log_s / n -> -g * ctx.log_s * n",
    "-g * ctx.log_s / n -> -g * ctx.log_s",
    "-g * ctx.log_s -> -g / ctx.log_s",
    "-g * ctx.log_s -> -g",
    "-g * ctx.log_s -> ctx.log_s",
    "-g -> g",
    because="Only the gradient by the scores is asked for.",
)

exercise.equivalent(
    "np.log(np.exp(shifted).sum(axis=1, keepdims=True)) -> "
    "np.log(np.clip(np.exp(shifted).sum(axis=1, keepdims=True), 1e-08, None))",
    because="The sum holds e to the power of 0, so it is at least 1.",
)
