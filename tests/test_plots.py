"""Pictures: one style, a text description, and one sentence where they cannot be drawn."""

import itertools

import pytest
from matplotlib.colors import to_rgb

from course.plots import style
from course.plots.style import new_figure, picture, show, slider


@pytest.fixture
def shown(monkeypatch):
    """What a notebook would display."""
    bundles = []
    monkeypatch.setattr(
        style, "display", lambda data, metadata, raw: bundles.append((data, metadata))
    )
    return bundles


@picture
def curve(function):
    figure, axes = new_figure()
    axes.plot([0, 1], [function(0), function(1)])
    return figure, 'A line, "rising" & falling.'


def test_a_picture_carries_its_description_in_every_form(shown):
    curve(lambda x: x)
    ((data, metadata),) = shown
    assert metadata["image/png"]["alt"] == data["text/plain"] == 'A line, "rising" & falling.'
    assert 'alt="A line, &quot;rising&quot; &amp; falling."' in data["text/html"]
    assert data["image/png"] in data["text/html"]


def test_an_unwritten_function_leaves_one_sentence(shown, capsys):
    def stub(x):
        raise NotImplementedError

    curve(stub)
    assert not shown
    assert "not written yet" in capsys.readouterr().out


def test_a_wrong_function_leaves_one_sentence(shown, capsys):
    curve(lambda x: x / 0)
    out = capsys.readouterr().out
    assert not shown
    assert "ZeroDivisionError" in out and len(out.splitlines()) == 1


def test_while_grading_one_sentence_stands_in_place_of_a_picture(shown, capsys, monkeypatch):
    monkeypatch.setattr(style, "drawing", False)
    curve(lambda x: x)
    assert not shown
    assert "left out while grading" in capsys.readouterr().out


def test_a_slider_is_a_still_picture_where_no_widget_can_run(shown):
    slider(lambda value: show(curve.__wrapped__(lambda x: x * value)[0], "still"), [1, 2], 2, "k")
    assert len(shown) == 1


def test_neighbouring_colours_differ_in_brightness_too():
    def brightness(color):
        red, green, blue = to_rgb(color)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    for one, other in itertools.pairwise(style.CYCLE[:3]):
        assert abs(brightness(one) - brightness(other)) > 0.1
