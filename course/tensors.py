"""Ways to put a function of tensors to arrays, for the checks of notebook 05.

A check asks with arrays and compares arrays. The functions here stand between it and a function of
tensors: they make the tensors, call the function, call `backward`, and hand back arrays. They hold
no formula of their own.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

import numpy as np
import torch

from course import words
from course.wrappers import Words, asked

FUNCTIONS = {
    "sine": np.sin,
    "exponential": np.exp,
    "tanh": np.tanh,
    "logarithm": np.log,
    "cube": lambda x: x**3,
}


def named(central_difference: Callable[..., Any]) -> Callable[..., Any]:
    """Make `central_difference(f, ...)` a function of the name of f, one of FUNCTIONS."""

    def given(name: Any, *args: Any, **kwargs: Any) -> Any:
        return (Words(words.THE_FUNCTION.format(name=name)), *args), kwargs

    @asked(given)
    @wraps(central_difference)
    def ask(name: Any, *args: Any, **kwargs: Any) -> Any:
        return central_difference(FUNCTIONS[name], *args, **kwargs)

    return ask


def tensor_from(function: Callable[..., Any]) -> Callable[..., Any]:
    """Make `torch_forward(X, params)` a function of arrays that returns an array.

    TypeError where no tensor of float64 comes back, and where the graph of one that comes back for
    leaves in params does not lead to each of them.
    """

    @wraps(function, updated=())
    def ask(X: Any, params: Any) -> Any:
        value = _tensor(function(X, params))
        if value.dtype != torch.float64:
            dtype = str(value.dtype).removeprefix("torch.")
            raise TypeError(words.FLOAT64_EXPECTED.format(dtype=dtype))
        _require_graph(function, X, params)
        return value.detach().numpy()

    return ask


def value_and_gradient(function: Any) -> Callable[..., Any]:
    """Make a function of tensors, or an `autograd.Function`, a function of arrays.

    It is asked with (x, ..., upstream) and answers with (value, x.grad), where the gradient is that
    of the sum of upstream * value.
    """

    def given(x: Any, *rest: Any, upstream: Any) -> Any:
        return (x, *rest), {}

    @asked(given, parts=(words.VALUE, words.GRADIENT_BY_FIRST))
    @wraps(function, updated=())
    def ask(x: Any, *rest: Any, upstream: Any) -> Any:
        x = _leaf(x)
        apply = _apply_of(function)
        rest = tuple(map(_as_tensor, rest))
        value = _tensor(apply(x, *rest))
        _require_backward(function)
        if isinstance(function, type):
            # A second node between the two ways shows whether the first one keeps what is its own.
            apply(x.detach() / 2 + 1, *rest)
        (_as_tensor(upstream) * value).sum().backward()
        return value.detach().numpy(), _gradient(x)

    return ask


def value_and_gradients(function: Callable[..., Any]) -> Callable[..., Any]:
    """Make `penalized_loss` a function of arrays: (value, a.grad, the gradients of the weights)."""

    def given(a: Any, labels: Any, weights: Any, strength: Any, upstream: Any) -> Any:
        return (a, labels, weights, strength), {}

    @asked(given, parts=(words.VALUE, words.GRADIENT_BY_A, words.GRADIENT_BY_WEIGHTS))
    @wraps(function, updated=())
    def ask(a: Any, labels: Any, weights: Any, strength: Any, upstream: Any) -> Any:
        a, weights = _leaf(a), [_leaf(W) for W in weights]
        value = _tensor(function(a, _as_tensor(labels), weights, strength))
        (_as_tensor(upstream) * value).sum().backward()
        return value.detach().numpy(), _gradient(a), [_gradient(W) for W in weights]

    return ask


def gradcheck(function: Any, x: np.ndarray, *rest: Any) -> None:
    """Say in one line whether `torch.autograd.gradcheck` finds the derivative by x to be right."""
    name = function.__name__
    apply = _apply_of(function)
    rest = tuple(map(_as_tensor, rest))
    try:
        torch.autograd.gradcheck(lambda x: apply(x, *rest), (_leaf(x.copy()),))
    except NotImplementedError:
        print(words.NOT_WRITTEN.format(name=name))
    except Exception as error:
        found = str(error).splitlines()[0].rstrip(",")
        print(words.GRADCHECK_DISAGREES.format(name=name, found=found))
    else:
        print(words.GRADCHECK_AGREES.format(name=name))


_APPLY = vars(torch.autograd.Function)["apply"].__func__

# Shared memory lets a check see that a function changed its input.


def _apply_of(function: Any) -> Any:
    """Return what is called: a function itself, or the `apply` of an `autograd.Function`."""
    return cast(Any, function).apply if isinstance(function, type) else function


def _as_tensor(value: Any) -> Any:
    return torch.from_numpy(value) if isinstance(value, np.ndarray) else value


def _leaf(value: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(value).requires_grad_()


def _gradient(leaf: torch.Tensor) -> np.ndarray | None:
    return None if leaf.grad is None else leaf.grad.numpy()


def _tensor(value: Any) -> torch.Tensor:
    if not isinstance(value, torch.Tensor):
        raise TypeError(words.TENSOR_EXPECTED.format(kind=type(value).__name__))
    return value


def _require_backward(function: Any) -> None:
    # PyTorch would raise NotImplementedError, which a check takes for an exercise not begun.
    if not isinstance(function, type):
        return
    if getattr(function, "backward", None) is torch.autograd.Function.backward:
        raise TypeError(words.NO_OWN_BACKWARD)
    if getattr(_apply_of(function), "__func__", None) is not _APPLY:
        raise TypeError(words.OWN_APPLY)


def _require_graph(function: Callable[..., Any], X: np.ndarray, params: dict[str, Any]) -> None:
    """Raise TypeError where a parameter that counts in the answer gets no gradient as a leaf."""
    leaves = {name: _leaf(np.array(start)) for name, start in params.items()}
    value = _tensor(function(X, leaves))
    slopes: tuple[torch.Tensor | None, ...] = (None,) * len(leaves)
    if value.requires_grad:
        slopes = torch.autograd.grad(value.sum(), list(leaves.values()), allow_unused=True)
    for name, slope in zip(leaves, slopes, strict=True):
        if slope is None:
            moved = {**params, name: params[name] + 0.1}
            if not torch.equal(_tensor(function(X, moved)), _tensor(function(X, params))):
                raise TypeError(words.NO_GRADIENT.format(name=name))
