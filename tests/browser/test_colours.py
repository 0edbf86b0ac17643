"""Contrast of every pair of colours that meet (WCAG 2), in the three themes; from the tokens themselves."""

import re

import pytest

from mbc_widgets.widgets.assets import ASSETS

TEXT, GRAPHIC = 4.5, 3.0  # WCAG 2.2, 1.4.3 for letters of any size, and 1.4.11
CLASSES = ["et", "cdk", "serd", "pam", "parp", "adc", "chemo", "io", "bsc"]
STATES = ["ok", "ask", "no", "warn"]
GROUNDS = ["paper", "panel", "sunk"]


def themes() -> dict[str, dict[str, str]]:
    css = (ASSETS / "css" / "tokens.css").read_text(encoding="utf-8")
    found: dict[str, dict[str, str]] = {"light": {}}
    for selector, body in re.findall(r"(\.mbc[^{]*)\{([^}]*)\}", css):
        colours = dict(re.findall(r"--([\w-]+):\s*(#[0-9a-fA-F]{6})", body))
        name = re.search(r'data-theme="(\w+)"', selector)
        if colours:
            found.setdefault(name[1] if name else "light", {}).update(colours)
    return {name: found["light"] | colours for name, colours in found.items()}


THEMES = themes()


def light(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def too_low(theme: str, pairs: list[tuple[str, str]], least: float) -> dict[str, float]:
    colours = THEMES[theme]
    found = {f"{a} on {b}": contrast(colours[a], colours[b]) for a, b in pairs}
    return {pair: round(value, 2) for pair, value in found.items() if value < least}


def inks_on_grounds() -> list[tuple[str, str]]:
    """Every ink with every ground that it may stand on, by the names of the tokens; test_axe.py finds no other pair on the screen."""
    inks = ["ink", "ink-2", "link", "unverified", "hall-ink", "hall-ink-2"]
    found = [(ink, ground) for ink in inks for ground in GROUNDS]
    found += [(ink, f"{state}-bg") for state in STATES for ink in (f"{state}-ink", "ink", "ink-2")]
    found += [("no-ink", ground) for ground in GROUNDS]  # what is wrong with an entry, beside it
    found += [("ink-disabled", "panel"), ("on-accent", "accent"), ("paper", "ink"), ("paper", "hall-ink")]
    return found + [(f"on-{name}", ground) for name in CLASSES for ground in (name, f"{name}-hatch")]


def text_pairs(theme: str) -> set[str]:
    """The same as colours: "#16202a on #ffffff"."""
    colours = {name: colour.lower() for name, colour in THEMES[theme].items()}
    return {f"{colours[ink]} on {colours[ground]}" for ink, ground in inks_on_grounds()}


def test_there_are_three_themes() -> None:
    assert set(THEMES) == {"light", "dark", "contrast"}


@pytest.mark.parametrize("theme", THEMES)
class TestTheme:
    def test_text_is_readable_on_every_ground_and_on_a_bar_hatched_or_not(self, theme: str) -> None:
        assert not too_low(theme, inks_on_grounds(), TEXT)

    def test_shapes_stand_out(self, theme: str) -> None:
        pairs = [(f"{name}-edge", "paper") for name in CLASSES]
        pairs += [(name, ground) for name in ("focus", "control-edge") for ground in GROUNDS]
        assert not too_low(theme, pairs, GRAPHIC)
