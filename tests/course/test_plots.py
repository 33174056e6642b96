"""Pictures: one style on both grounds, a description, one sentence where none can be drawn."""

import gc
import itertools
import re
import sys
import weakref
from html import unescape
from types import SimpleNamespace
from urllib.parse import unquote
from xml.etree import ElementTree

import ipywidgets
import numpy as np
import pytest
from matplotlib.colors import to_rgb

from course.plots import style, surprise_and_entropy, themes
from course.plots.style import explorer, new_figure, picture, show, slider
from course.plots.themes import COLOURS, GROUND, INK, contrast


@pytest.fixture
def shown(monkeypatch):
    """What a notebook would display."""
    bundles = []
    monkeypatch.setattr(style, "display", lambda data, raw: bundles.append(data))
    return bundles


def drawn(bundle):
    """The SVG in what a notebook displays."""
    source = re.search('src="data:image/svg[+]xml,([^"]+)"', bundle["text/html"])[1]
    return unquote(unescape(source))


@picture
def curve(function):
    figure, axes = new_figure()
    axes.plot([0, 1], [function(0), function(1)])
    return figure, 'A line, "rising" & falling.'


def test_a_picture_carries_its_description_in_every_form(shown):
    curve(lambda x: x)
    (data,) = shown
    assert data["text/plain"] == 'A line, "rising" & falling.'
    assert 'alt="A line, &quot;rising&quot; &amp; falling."' in data["text/html"]


def test_a_picture_is_stored_once_as_a_drawing(shown):
    curve(lambda x: x)
    (data,) = shown
    assert set(data) == {"text/html", "text/plain"} and data["text/html"].count("svg+xml") == 1
    assert ElementTree.fromstring(drawn(data)).tag.endswith("svg")


def test_the_same_picture_is_the_same_text_each_time(shown):
    curve(lambda x: x)
    curve(lambda x: x)
    assert shown[0] == shown[1]


def test_a_picture_is_drawn_for_a_light_and_for_a_dark_ground(shown):
    curve(lambda x: x)
    text = drawn(shown[0])
    light, dark = re.findall(r"svg{([^}]*)}", text)
    for name in (INK, GROUND, themes.BLUE):
        assert f"--m{name[1:]}:{COLOURS[name].light}" in light
        assert f"--m{name[1:]}:{COLOURS[name].dark}" in dark
    # Apart from these rules no colour is named: every one follows the theme.
    assert not re.findall("#[0-9a-f]{6}", text.replace(light, "").replace(dark, ""))


def test_numbers_that_are_read_are_not_rounded(shown):
    figure, axes = new_figure()
    axes.text(0.123456, 0.5, "0.123456")
    show(figure, "a number")
    assert ">0.123456<" in drawn(shown[0])


def test_words_stay_as_they_are_written(shown):
    figure, axes = new_figure()
    axes.set_title('He said "M 0", twice;  < & >')
    show(figure, "words")
    assert 'He said "M 0", twice;  &lt; &amp; &gt;<' in drawn(shown[0])


def test_marks_of_one_look_share_it(shown):
    figure, axes = new_figure()
    axes.plot(range(40), range(40), "o")
    show(figure, "forty dots")
    # Two rows of marks on the axes, and the dots.
    groups = re.findall(r"<g class='c\d+'>((?:<use [^>]*/>)+)</g>", drawn(shown[0]))
    assert max(group.count("<use ") for group in groups) == 40
    assert not any("class" in group for group in groups)


def test_what_has_many_corners_is_stored_as_pixels(shown):
    figure, axes = new_figure()
    axes.scatter(*np.random.default_rng(1).normal(size=(2, 20_000)))
    show(figure, "many dots")
    assert "image/png;base64" in drawn(shown[0]) and len(shown[0]["text/html"]) < 200_000


MARKS = set(COLOURS) - {GROUND, themes.GRID, themes.PALE, themes.PALE_BLUE, themes.PALE_ORANGE}


@pytest.mark.parametrize("name", sorted(MARKS))
def test_marks_and_texts_stand_out_from_both_grounds(name):
    colour, ground = COLOURS[name], COLOURS[GROUND]
    assert contrast(colour.light, ground.light) >= 3 <= contrast(colour.dark, ground.dark)
    assert contrast(colour.light_text or colour.light, ground.light) >= 4.5
    assert contrast(colour.dark_text or colour.dark, ground.dark) >= 4.5


@pytest.mark.parametrize("name", [themes.PALE, themes.PALE_BLUE, themes.PALE_ORANGE])
def test_a_text_can_be_read_on_pale_grounds(name):
    ink, pale = COLOURS[INK], COLOURS[name]
    assert contrast(ink.light, pale.light) >= 4.5 <= contrast(ink.dark, pale.dark)


@pytest.mark.parametrize(
    "tints", [themes.signed(), themes.blues(), themes.reds()], ids=lambda t: t.name
)
def test_a_number_can_be_read_on_every_tint(tints):
    for theme in ("light", "dark"):
        ground = np.array(to_rgb(getattr(COLOURS[GROUND], theme)))
        for *hue, share in tints(np.linspace(0, 1, 21)):
            seen = tuple(share * np.array(hue) + (1 - share) * ground)
            assert contrast(getattr(COLOURS[INK], theme), seen) >= 4.5


def test_contrast_is_that_of_the_guidelines():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_neighbouring_colours_differ_in_brightness_too(theme):
    def brightness(color):
        red, green, blue = to_rgb(getattr(COLOURS[color], theme))
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    for one, other in itertools.pairwise(themes.CYCLE[:3]):
        assert abs(brightness(one) - brightness(other)) > 0.1


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
    assert "ZeroDivisionError in <lambda>: " in out and len(out.splitlines()) == 1


def test_a_value_that_does_not_fit_is_said_to_come_from_a_function(shown, capsys):
    surprise_and_entropy.surprise_curve(lambda p: [p, [p]])
    assert not shown
    assert "ValueError from what one of your functions returned: " in capsys.readouterr().out


def test_a_picture_passes_no_warnings_on(shown, recwarn):
    curve(lambda x: np.where(x > 0, np.log(np.float64(x)), 0.0))
    assert shown and not recwarn


def test_while_grading_one_sentence_stands_in_place_of_a_picture(shown, capsys, monkeypatch):
    monkeypatch.setattr(style, "drawing", False)
    curve(lambda x: x)
    assert not shown
    assert "left out while grading" in capsys.readouterr().out


def test_moves_show_in_one_place_and_leave_nothing_behind(monkeypatch):
    bundles = []
    monkeypatch.setattr(style, "display", lambda data, raw, **place: bundles.append(place))
    made = []
    stage = style.Stage()
    for value in (1, 2):

        @picture
        def drawn(value=value):
            figure, axes = new_figure(placed={"left": 0.1})
            axes.plot([0, value])
            made.append(weakref.ref(figure))
            return figure, "a line"

        stage.show(drawn)
    assert [place["update"] for place in bundles] == [False, True]
    assert len({place["display_id"] for place in bundles}) == 1
    assert all(figure() is None for figure in made) and gc.isenabled()


def test_a_slider_is_a_still_picture_where_no_widget_can_run(shown):
    slider(lambda value: show(curve.__wrapped__(lambda x: x * value)[0], "still"), [1, 2], 2, "k")
    assert len(shown) == 1


def test_a_kernel_without_widgets_shows_a_still_picture(shown, monkeypatch):
    monkeypatch.setattr(style, "get_ipython", lambda: SimpleNamespace(kernel=object()))
    # To Python this is a package that is not installed.
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    slider(lambda value: show(curve.__wrapped__(lambda x: x * value)[0], "still"), [1, 2], 2, "k")
    assert len(shown) == 1


def test_controls_are_those_that_a_keyboard_moves_and_redraw_the_picture(monkeypatch):
    shown, panels = [], []
    monkeypatch.setattr(style, "display", lambda data, raw, **place: shown.append(data))
    monkeypatch.setattr(style, "show_controls", lambda panel, names: panels.append(panel))
    monkeypatch.setattr(style, "widgets_run", lambda: True)

    def draw(count, kind):
        show(new_figure()[0], f"{count} of {kind}")

    explorer(draw, {"count": ([1, 2, 3], 1), "kind": (("dogs", "cats"), "dogs")})
    (panel,) = panels
    count, kind = panel.children
    assert isinstance(count, ipywidgets.SelectionSlider) and isinstance(kind, ipywidgets.Dropdown)
    assert (count.description, kind.description) == ("count", "kind")
    # An arrow key moves a control by one.
    count.index += 1
    kind.index += 1
    told = [data["text/plain"] for data in shown]
    assert told == ["1 of dogs", "2 of dogs", "2 of cats"]
