"""The notebooks as a reader finds them: the agreed exercises, cards, checks, and no outputs."""

import ast
import re

import nbformat
import numpy as np
import pytest

from autograder.build.reading_time import CARD_MINUTES, FLUENT, NEW, OPENING, hours, minutes
from autograder.exercises import NOTEBOOKS
from autograder.exercises import notebook as exercises_of
from autograder.exercises.surprise_and_entropy import reference as surprise
from tests.conftest import ROOT

# The signatures that the notebooks and everything built on them agree on. An exercise or a notebook
# that is added since agrees with its reference, which `autograder build` sees to.
SIGNATURES = {
    "01-surprise-and-entropy": [
        "surprise(p, base=2)",
        "sequence_surprise(outcomes, probabilities, base=2)",
        "total_surprise(p, n, base=2)",
        "entropy(p, base=2)",
        "group_entropy(labels, base=2)",
        "cross_entropy(p, q, base=2)",
        "kl_divergence(p, q, base=2)",
        "likelihood(labels, q)",
        "average_log_likelihood(labels, q)",
        "binary_cross_entropy(y, y_hat)",
    ],
    "02-logistic-regression": [
        "linear_mse_gradient(w, X, y)",
        "add_bias(X)",
        "sigmoid(z)",
        "sigmoid_derivative(z)",
        "predict_proba(X, w)",
        "bce_loss(y, p)",
        "bce_with_logits(y, z)",
        "bce_gradient(w, X, y)",
        "bce_hessian(w, X)",
        "l2_gradient(w, X, y, strength)",
        "gradient_descent(gradient, w0, learning_rate, steps)",
        "fit(X, y, learning_rate=0.1, steps=1000)",
        "predict(X, w, threshold=0.5)",
    ],
    "03-softmax-jacobian": [
        "softmax(a)",
        "softmax_with_temperature(a, temperature)",
        "logsumexp(a)",
        "log_softmax(a)",
        "one_hot(labels, n_classes)",
        "softmax_jacobian(a)",
        "softmax_jacobian_batch(a)",
        "softmax_jvp(a, v)",
        "cross_entropy_loss(a, y)",
        "grad_probabilities(s, y)",
        "delta_through_jacobian(a, y)",
        "cross_entropy_gradient(a, y)",
        "output_layer_gradients(o, a, y)",
        "network_scores(X, theta1, beta1, theta2, beta2)",
    ],
    "04-backprop-by-hand": [
        "sigmoid(u)",
        "small_network_gradients(x, y, W1, W2)",
        "tanh_derivative(u)",
        "sigmoid_derivative(u)",
        "layer_shapes(n, d0, d1, d2)",
        "forward(X, params)",
        "loss(y_hat, y)",
        "grad_y_hat(y_hat, y)",
        "grad_u3(y_hat, y)",
        "grad_U(h2, du3)",
        "grad_c(du3)",
        "grad_h2(du3, U)",
        "grad_u2(dh2, h2)",
        "grad_W2(h1, du2)",
        "grad_b2(du2)",
        "grad_h1(du2, W2)",
        "grad_u1(dh1, h1)",
        "grad_W1(X, du1)",
        "grad_b1(du1)",
        "backward(X, y, params, cache)",
        "numerical_gradient(f, theta, step=1e-05)",
        "gradient_step(params, gradients, learning_rate)",
        "train(X, y, params, learning_rate, steps)",
    ],
    "05-autograd": [
        "product_of_sum_gradients(a, b, c)",
        "neuron_gradients(w, x)",
        "shared_node_gradient(x)",
        "central_difference(f, x, step=1e-05)",
        "torch_forward(X, params)",
        "torch_gradients(X, y, params)",
        "torch_intermediates(X, y, params)",
        "largest_differences(hand, auto)",
        "first_mismatch(hand, auto, order, tolerance=1e-09)",
        "ScaledExp(torch.autograd.Function)",
        "SoftmaxCrossEntropy(torch.autograd.Function)",
        "binary_loss(z, y)",
        "class_loss(a, labels)",
        "penalized_loss(a, labels, weights, strength)",
        "train_with_torch(X, y, params, learning_rate, steps)",
    ],
    "06-activations": [
        "relu(x)",
        "relu_derivative(x)",
        "leaky_relu(x, alpha=0.01)",
        "leaky_relu_derivative(x, alpha=0.01)",
        "prelu_gradients(x, alpha, upstream)",
        "elu(x, alpha=1.0)",
        "elu_derivative(x, alpha=1.0)",
        "selu(x)",
        "softplus(x, beta=1.0, threshold=20.0)",
        "softplus_derivative(x, beta=1.0)",
        "swish(x, beta=1.0)",
        "swish_derivative(x, beta=1.0)",
        "dead_units(X, W, b)",
        "initial_std(fan_in, fan_out, activation)",
        "layer_statistics(X, weights, activation)",
        "backward_norms(scores, weights, derivative, upstream)",
    ],
    "07-losses-and-metrics": [
        "gaussian_nll(y, mean, sigma)",
        "best_constant(y, sigma)",
        "gaussian_nll_gradients(y, mean, log_variance)",
        "laplace_nll(y, median, scale)",
        "poisson_nll(y, log_rate)",
        "weighted_bce_with_logits(z, y, pos_weight)",
        "multilabel_loss(z, y)",
        "predict(scores, task)",
        "best_threshold(cost_false_positive, cost_false_negative)",
        "mse(y, y_hat)",
        "mae(y, y_hat)",
        "r2_score(y, y_hat)",
        "confusion_matrix(labels, predictions, n_classes)",
        "accuracy(labels, predictions)",
        "precision(labels, predictions)",
        "recall(labels, predictions)",
        "f_beta(labels, predictions, beta=1.0)",
        "macro_f1(labels, predictions, n_classes)",
        "precision_at_k(relevant, scores, k)",
        "roc_auc(labels, scores)",
        "expected_calibration_error(labels, probabilities, n_bins)",
        "mutual_information(joint, base=2)",
    ],
    "08-build-autograd": [
        "Dual()",
        "forward_derivative(f, x)",
        "chain_cost(sizes)",
        "topological_order(root)",
        "Value()",
        "unbroadcast(gradient, shape)",
        "matmul_gradients(A, B, upstream)",
        "Tensor()",
        "train_with_tensor(X, y, params, learning_rate, steps)",
    ],
    "09-digits": [
        "split(n, test_share, rng)",
        "standardize(train, test)",
        "init_params(sizes, rng)",
        "forward(X, params)",
        "loss(a, labels, params, strength)",
        "backward(X, labels, params, cache, strength)",
        "minibatches(n, batch_size, rng)",
        "momentum_step(params, gradients, velocity, learning_rate, momentum)",
        "early_stopping(losses, patience)",
        "fit(X, labels, sizes, epochs, batch_size, learning_rate, momentum, strength, rng)",
        "predict(X, params)",
        "most_confused(confusion)",
        "loss_slice(f, theta, direction, steps)",
    ],
}
every_notebook = pytest.mark.parametrize("name", NOTEBOOKS)


def cells_of(name, step="source"):
    return nbformat.read(ROOT / step / name / f"{name}.ipynb", as_version=4).cells


def nbgrader(cell):
    return cell.metadata.get("nbgrader", {})


def defined(name):
    """The first line of every answer cell's definition, as `name(arguments)`."""
    for cell in cells_of(name):
        if nbgrader(cell).get("solution") and cell.cell_type == "code":
            for node in ast.parse(cell.source).body:
                if isinstance(node, ast.FunctionDef):
                    yield f"{node.name}({ast.unparse(node.args)})"
                elif isinstance(node, ast.ClassDef):
                    yield f"{node.name}({', '.join(map(ast.unparse, node.bases))})"


@pytest.mark.parametrize("name", SIGNATURES)
def test_the_agreed_exercises_stand_in_it_with_their_signatures(name):
    assert set(SIGNATURES[name]) <= set(defined(name))


@every_notebook
def test_every_exercise_has_a_card_an_answer_cell_and_a_check(name):
    cells = cells_of(name)
    for before, answer, check in zip(cells, cells[1:], cells[2:]):
        if not (nbgrader(answer).get("solution") and answer.cell_type == "code"):
            continue
        exercise = nbgrader(answer)["grade_id"]
        assert f"`{exercise}`" in before.source and "minutes" in before.source, exercise
        assert '"""' in answer.source, exercise
        assert nbgrader(check)["grade_id"] == f"{name[:2]}-{exercise}"
        assert nbgrader(check)["points"] > 0
        visible, hidden = check.source.split("### BEGIN HIDDEN TESTS")
        assert "check(" in visible, exercise
        assert f'autograder.check("{name[:2]}.{exercise}"' in re.sub(r"\s+", "", hidden).replace(
            ",", ", "
        ), exercise


@every_notebook
def test_it_opens_with_what_it_is_and_ends_with_what_comes_next(name):
    first, *_, last = cells_of(name)
    assert first.source.startswith(f"# {name[:2]} · ")
    for word in ("You will be able to", "**Time**", "**Follows**", "Conventions"):
        assert word in "".join(cell.source for cell in cells_of(name)[:3]), word
    assert "urther reading" in "".join(cell.source for cell in cells_of(name)[-3:])


@every_notebook
def test_the_opening_names_the_time_that_reading_and_writing_take(name):
    source = nbformat.read(ROOT / "source" / name / f"{name}.ipynb", as_version=4)
    named = OPENING.search(source.cells[0].source)
    assert named, "| **Time** | about N hours if ..., M if ...; sittings |"
    assert (named[2], named[4]) == hours(source)


@every_notebook
def test_every_written_question_says_how_long_it_takes_and_how_it_is_marked(name):
    asked = ""
    for cell in cells_of(name):
        if cell.cell_type != "markdown":
            continue
        asked += cell.source.partition("### BEGIN SOLUTION")[0]
        if nbgrader(cell).get("grade"):
            question = asked[-2500:]
            assert CARD_MINUTES.search(question), nbgrader(cell)["grade_id"]
            assert re.search(r"\*(Marked|What is looked for): ", question), nbgrader(cell)[
                "grade_id"
            ]
            asked = ""


def test_words_formulas_pictures_and_cards_make_the_time_of_a_notebook():
    read = nbformat.v4.new_markdown_cell("word " * 240 + "$$a$$ $b$\n\n*2 points · 8 minutes*\n")
    drawn = nbformat.v4.new_code_cell("plots.curve(f)")
    both = nbformat.v4.new_notebook(cells=[read, drawn])
    spent = (240 + len(["points", "minutes"]) + 2) / 120 + 1 + 1 + 8 * 1.5
    assert minutes(both, NEW) == pytest.approx(spent)
    assert minutes(both, FLUENT) < minutes(both, NEW)


@every_notebook
def test_two_answers_are_written_and_read_by_a_person(name):
    written = [c for c in cells_of(name) if c.cell_type == "markdown" and nbgrader(c).get("grade")]
    assert 2 <= len(written) <= 4
    assert all("### BEGIN SOLUTION" in cell.source for cell in written)


@every_notebook
@pytest.mark.parametrize("step", ["source", "release"])
def test_no_output_is_stored(name, step):
    for cell in cells_of(name, step):
        assert not cell.get("outputs") and cell.get("execution_count") is None


@every_notebook
def test_lectures_are_called_by_name(name):
    text = "".join(cell.source for cell in cells_of(name))
    assert not re.search(r"\b00[0-4]_|facts\.md|mistakes\.json", text)


@every_notebook
def test_every_erratum_it_mentions_is_registered(name):
    register = (ROOT / "docs" / "errata.md").read_text(encoding="utf-8")
    text = "".join(cell.source for cell in cells_of(name))
    for number in set(re.findall(r"\bE(\d{1,3})\b", text)):
        assert f"| E{number} |" in register, f"E{number}"


@every_notebook
def test_what_it_links_to_lies_beside_it(name):
    # It is opened in release/, as a copy in work/, and where an exchange put it.
    text = "".join(cell.source for cell in cells_of(name, "release"))
    links = [link for link in re.findall(r"\]\(([^()\s]+)\)", text) if "://" not in link]
    assert "errata.md" in links
    for link in links:
        assert "/" not in link and (ROOT / "release" / name / link).is_file(), link


@every_notebook
def test_the_errata_beside_it_are_those_that_it_names(name):
    text = "".join(cell.source for cell in cells_of(name, "release"))
    page = (ROOT / "release" / name / "errata.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (E\d+) \|", page, re.MULTILINE)
    assert len(set(rows)) == len(rows) > 0
    assert set(rows) == set(re.findall(r"\bE\d{1,3}\b", text))


def test_what_01_says_of_two_languages_is_what_its_cell_prints(capsys):
    cells = cells_of("01-surprise-and-entropy")
    place = next(place for place, cell in enumerate(cells) if "QUIJOTE" in cell.source)
    exec(cells[place].source, {"np": np, **vars(surprise)})
    own, blind, careful, wasted = (
        float(line.split()[-1]) for line in capsys.readouterr().out.splitlines()
    )
    said = cells[place + 2].source
    assert blind == np.inf
    for number in (own, careful, wasted):
        assert f"{number:.2f}" in said


@every_notebook
def test_run_all_goes_on_past_what_is_not_written_yet(name):
    exercises, missing = set(exercises_of(name).exercises), set()
    for cell in cells_of(name):
        if (
            cell.cell_type != "code"
            or nbgrader(cell).get("grade")
            or nbgrader(cell).get("solution")
        ):
            continue
        used = _Used()
        used.visit(ast.parse(cell.source))
        if used.called & exercises or used.loaded & missing:
            assert "raises-exception" in cell.metadata.get("tags", []), cell.id
            missing |= used.stored


class _Used(ast.NodeVisitor):
    """Which names a cell calls, loads and makes when it runs.

    What stands in a function runs later; a picture and a check take a function and say by
    themselves that it is not written.
    """

    def __init__(self):
        self.called, self.loaded, self.stored = set(), set(), set()

    def visit_FunctionDef(self, node):
        pass

    def visit_Lambda(self, node):
        pass

    def visit_Call(self, node):
        if isinstance(node.func, ast.Name):
            self.called.add(node.func.id)
            if node.func.id in ("check", "hint"):
                return
        self.generic_visit(node)

    def visit_Name(self, node):
        (self.loaded if isinstance(node.ctx, ast.Load) else self.stored).add(node.id)
