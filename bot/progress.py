"""How far long work is, in a terminal: one line that follows, below the lines that are printed."""

from __future__ import annotations

import sys

import typer

WIDTH = 30


class Progress:
    """`total` may be a guess. Without a terminal to show it in only the printed lines appear."""

    def __init__(self, label: str, total: int) -> None:
        self._label = label
        self._total = total
        self._done = 0
        self._shown = ""
        self._seen = sys.stderr.isatty()

    def step(self, line: str) -> None:
        """One more is done, and `line` says what became of it."""
        self._done += 1
        if sys.stdout.isatty():
            self.clear()  # the same screen: the line would begin behind the bar
        typer.echo(line)
        self._show()

    def moved(self) -> None:
        """One more is done, and there is nothing to say of it."""
        self._done += 1
        self._show()

    def clear(self) -> None:
        """The bar is gone."""
        if self._shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
            self._shown = ""

    def _show(self) -> None:
        if not self._seen:
            return
        total = max(self._total, self._done)
        filled = WIDTH * self._done // total
        bar = f"{self._label} [{'#' * filled}{'-' * (WIDTH - filled)}] {self._done} of {total}"
        if bar != self._shown:
            sys.stderr.write(f"\r{bar}")
            sys.stderr.flush()
            self._shown = bar
