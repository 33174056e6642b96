"""exp(k x), entry by entry. Called as ScaledExp.apply(x, k)."""

from __future__ import annotations

import math

import numpy as np
import torch

from autograder.exercises.autograd import DERIVED, OWN_BACKWARD, notebook, reference
from autograder.exercises.autograd.inputs import number
from autograder.exercises.roots import Root
from autograder.exercises.specification import VISIBLE, case
from course import tensors

exercise = notebook.exercise(
    reference.ScaledExp,
    points=2,
    minutes=15,
    hints=(
        (
            "forward is one line plus what you keep. What will backward want to know: x, the "
            "result, k?"
        ),
        (
            "backward: what arrives, times the local derivative. What is the derivative of e to "
            "the k x, by the chain rule?"
        ),
        (
            "forward takes x and k besides ctx. How many things does backward return, and what "
            "is returned for an input that is no tensor? Does your result change when what "
            "arrives is tripled?"
        ),
    ),
    subject=tensors.value_and_gradient,
    forbidden=DERIVED,
    required=OWN_BACKWARD,
)


@exercise.cases
def cases(rng):
    yield case(np.array([-0.4, 0.9]), 2.0, upstream=np.array([3.0, 3.0]))
    yield case(rng.normal(0.0, 1.0, 5), number(rng, 0.3, 0.8), upstream=rng.normal(0.0, 1.0, 5))
    yield case(
        rng.normal(0.0, 1.0, (3, 4)), number(rng, 1.2, 1.8), upstream=rng.normal(0.0, 1.0, (3, 4))
    )
    yield case(
        rng.normal(0.0, 1.0, (3, 3)), number(rng, 0.3, 0.8), upstream=rng.normal(0.0, 1.0, (3, 3))
    )
    yield case(np.array(number(rng)), number(rng, 0.3, 0.8), upstream=np.array(number(rng)))
    yield case(np.array([-0.4, 0.9]), 2.0, upstream=np.ones(2), about=VISIBLE)
    x = np.array([-20.7, -13.8, -4.6, 4.6])
    yield case(
        x, 1.0, upstream=np.array([30.0, 1.0, -8.0, 1e-3]), about="from tiny to large values"
    )


@exercise.style
class scaled_exp_saves_the_result(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, k):
        result = torch.exp(k * x)
        ctx.k = k
        ctx.save_for_backward(result)
        return result

    @staticmethod
    def backward(ctx, grad_output):
        (result,) = ctx.saved_tensors
        return grad_output * ctx.k * result, None


@exercise.style
class scaled_exp_saves_the_input(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, k):
        ctx.save_for_backward(x)
        ctx.scale = k
        return (x * k).exp()

    @staticmethod
    def backward(ctx, upstream):
        x = ctx.saved_tensors[0]
        return upstream * (ctx.scale * torch.exp(ctx.scale * x)), None


@exercise.style
class scaled_exp_with_setup_context(torch.autograd.Function):
    @staticmethod
    def forward(x, k):
        return torch.exp(k * x)

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.k = inputs[1]
        ctx.save_for_backward(output)

    @staticmethod
    def backward(ctx, g):
        return g * ctx.k * ctx.saved_tensors[0], None


@exercise.style
class scaled_exp_keeps_everything_on_ctx(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, k):
        ctx.local = k * torch.pow(math.e, k * x)
        return ctx.local / k

    @staticmethod
    def backward(ctx, g):
        return torch.mul(g, ctx.local), None


@exercise.style
class scaled_exp_gives_k_a_zero(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, k):
        y = torch.as_tensor(np.exp(k * x.detach().numpy()))
        ctx.save_for_backward(y, torch.tensor(k, dtype=torch.float64))
        return y

    @staticmethod
    def backward(ctx, g):
        y, k = ctx.saved_tensors
        return k * y * g, None


@exercise.mistake(
    "Which derivative does the chain rule take of what stands in the exponent?",
    said="The inner derivative k is missing from backward.",
    root=Root.CHAIN,
    leads=("HALF_OF_TWO",),
)
class customfn_inner_derivative(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, k):
        result = torch.exp(k * x)
        ctx.save_for_backward(result)
        return result

    @staticmethod
    def backward(ctx, grad_output):
        (result,) = ctx.saved_tensors
        return grad_output * result, None


@exercise.mistake(
    "How many inputs has your function, and what did you hand back for each?",
    said="Backward returns None for both inputs, so x gets no gradient.",
    root=Root.GRAPH,
)
class customfn_none(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, k):
        return torch.exp(k * x)

    @staticmethod
    def backward(ctx, grad_output):
        return None, None


@exercise.mistake(
    "What does your node do with the gradient that arrives from above?",
    said="Backward ignores the gradient from above.",
    root=Root.CHAIN,
)
class customfn_ignores_upstream(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, k):
        result = torch.exp(k * x)
        ctx.save_for_backward(result)
        ctx.k = k
        return result

    @staticmethod
    def backward(ctx, grad_output):
        (result,) = ctx.saved_tensors
        return ctx.k * result, None


@exercise.mistake(
    "How are the links of a chain combined?",
    said="The gradient from above is added to the slope instead of multiplied.",
    root=Root.CHAIN,
)
class customfn_adds_upstream(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, k):
        result = torch.exp(k * x)
        ctx.save_for_backward(result)
        ctx.k = k
        return result

    @staticmethod
    def backward(ctx, grad_output):
        (result,) = ctx.saved_tensors
        return grad_output + ctx.k * result, None


@exercise.mistake(
    "forward takes two inputs besides ctx: how many gradients go back?",
    said="Backward returns one gradient, though forward takes two inputs.",
    root=Root.GRAPH,
)
class customfn_one_gradient_for_two_inputs(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, k):
        result = torch.exp(k * x)
        ctx.save_for_backward(result)
        ctx.k = k
        return result

    @staticmethod
    def backward(ctx, grad_output):
        (result,) = ctx.saved_tensors
        return grad_output * ctx.k * result


@exercise.mistake(
    "Nobody has said how a gradient passes through your node. Who could know it?",
    said="The function has no backward, so no gradient can pass through it.",
    root=Root.GRAPH,
)
class customfn_no_backward(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, k):
        return torch.exp(k * x)


@exercise.mistake(
    "With respect to which of the two inputs is this the derivative?",
    said="Backward gives the derivative with respect to k instead of x.",
    root=Root.SWAPPED,
)
class customfn_derivative_by_k(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, k):
        result = torch.exp(k * x)
        ctx.save_for_backward(x, result)
        return result

    @staticmethod
    def backward(ctx, grad_output):
        x, result = ctx.saved_tensors
        return grad_output * x * result, None


@exercise.mistake(
    "At which point is the slope taken? Is the k still in the exponent?",
    said="The slope has k in front but no k in the exponent.",
    root=Root.CHAIN,
)
class customfn_slope_without_k(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, k):
        ctx.save_for_backward(x)
        ctx.k = k
        return torch.exp(k * x)

    @staticmethod
    def backward(ctx, grad_output):
        (x,) = ctx.saved_tensors
        return grad_output * ctx.k * torch.exp(x), None


@exercise.mistake(
    "What does forward give for k = 2 and x = 1? And what should it?",
    said="The factor k stands before the exponential instead of in the exponent.",
)
class customfn_scale_outside(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, k):
        result = k * torch.exp(x)
        ctx.save_for_backward(result)
        return result

    @staticmethod
    def backward(ctx, grad_output):
        (result,) = ctx.saved_tensors
        return grad_output * result, None


@exercise.mistake(
    "Is ctx yours to forget? What has to be kept for the way back?",
    said="Forward saves nothing, so backward does not find what it needs.",
    root=Root.GRAPH,
)
class customfn_nothing_saved(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, k):
        return torch.exp(k * x)

    @staticmethod
    def backward(ctx, grad_output):
        (result,) = ctx.saved_tensors
        return grad_output * ctx.k * result, None


@exercise.mistake(
    "Two nodes of your class stand in one graph: whose numbers does the class remember when the "
    "way back comes to the first of them?",
    said="What backward needs is kept on the class, where the next node overwrites it.",
    root=Root.GRAPH,
)
class customfn_keeps_on_the_class(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, k):
        customfn_keeps_on_the_class.k = k
        customfn_keeps_on_the_class.result = torch.exp(k * x)
        return customfn_keeps_on_the_class.result

    @staticmethod
    def backward(ctx, grad_output):
        result = customfn_keeps_on_the_class.result
        return grad_output * customfn_keeps_on_the_class.k * result, None


@exercise.mistake(
    "Who calls your backward, if apply is no longer PyTorch's?",
    said="The class has an apply of its own, so its backward never runs.",
    root=Root.GRAPH,
)
class customfn_own_apply(torch.autograd.Function):
    @staticmethod
    def apply(x, k):
        return torch.exp(k * x)

    @staticmethod
    def backward(ctx, grad_output):
        return grad_output, None


@exercise.mistake(
    "Values far out come out alike: what did you do to the exponent?",
    said="The exponent is cut off.",
    root=Root.DIGITS,
    family={"size": (1.0, 2.0, 4.0)},
)
def customfn_cut_exponent(x, k, *, size=4.0):
    class Cut(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x, k):
            result = torch.exp(torch.clamp(k * x, -size, size))
            ctx.save_for_backward(result)
            ctx.k = k
            return result

        @staticmethod
        def backward(ctx, grad_output):
            (result,) = ctx.saved_tensors
            return grad_output * ctx.k * result, None

    return Cut.apply(x, k)


@exercise.mistake(
    "Values far out are tiny: are they 0.00 for that, or did you round?",
    said="The result is rounded to a few decimals.",
    root=Root.DIGITS,
    family={"digits": (2, 3, 4)},
)
def customfn_rounded(x, k, *, digits=4):
    class Rounded(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x, k):
            result = torch.exp(k * x)
            ctx.save_for_backward(result)
            ctx.k = k
            return torch.round(result, decimals=digits)

        @staticmethod
        def backward(ctx, grad_output):
            (result,) = ctx.saved_tensors
            return grad_output * ctx.k * result, None

    return Rounded.apply(x, k)


@exercise.property(
    "What arrives from above is handed on: three times as much makes three times the gradient, and "
    "yours goes from {once} to {thrice}. Where does it stand in your backward?"
)
def three_times_for_three_times(f, x, k, upstream):
    once, thrice = (np.asarray(f(x, k, upstream=size * upstream)[1]) for size in (1.0, 3.0))
    if once.shape == np.shape(x) and not np.allclose(3 * once, thrice, rtol=1e-6, atol=1e-12):
        return {"once": once.flat[0], "thrice": thrice.flat[0]}


@exercise.property(
    "e to the power of 0 is 1, whatever k is, and your value at x = 0 is {found}. Where does k "
    "stand?"
)
def one_at_zero(f, x, k, upstream):
    found = np.asarray(f(np.zeros(2), k, upstream=np.ones(2))[0])
    if found.shape == (2,) and not np.allclose(found, 1):
        return {"found": found[0]}


exercise.equivalent(
    "torch.mul(g, ctx.local) -> torch.mul(ctx.local, g)",
    because="The products, sums or differences are the same in either order.",
)

exercise.equivalent(
    "ctx.save_for_backward(y, torch.tensor(k, dtype=torch.float64)) -> "
    "ctx.save_for_backward(torch.tensor(k, dtype=torch.float64), y)",
    because="k and y change places before the way back multiplies them.",
)
