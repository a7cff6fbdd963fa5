"""Undo and redo: every step keeps the drawing before it, which costs a few kilobytes."""

from qrace.sim.drawing import Drawing

MOST_STEPS = 2_000
"""The oldest steps are forgotten beyond this: some ten megabytes."""


class History:
    """The drawing on the table, those before it and those that were undone.

    Attributes:
        present: the drawing as it is now.
    """

    def __init__(self, drawing: Drawing) -> None:
        self.begin(drawing)

    def begin(self, drawing: Drawing) -> None:
        """Forget everything and begin with a drawing."""
        self.present = drawing
        self._past: list[Drawing] = []
        self._future: list[Drawing] = []
        self._held: Drawing | None = None
        """The drawing before the change that a hand is in the middle of."""

    @property
    def can_undo(self) -> bool:
        return bool(self._past) or self._held is not None

    @property
    def can_redo(self) -> bool:
        return bool(self._future) and self._held is None

    def do(self, drawing: Drawing) -> None:
        """Take a step; one that changes nothing is none."""
        self.settle()
        if not drawing.same_as(self.present):
            self._keep(self.present)
            self.present = drawing

    def hold(self, drawing: Drawing) -> None:
        """Show a drawing in the middle of a change, such as a drag, which is one step however long it takes."""
        if self._held is None:
            self._held = self.present
        self.present = drawing

    def settle(self) -> None:
        """The change is over: what is shown becomes a step, unless it is what was there before."""
        before, self._held = self._held, None
        if before is not None:
            if before.same_as(self.present):
                self.present = before
            else:
                self._keep(before)

    def undo(self) -> bool:
        """Go one step back; returns whether there was one."""
        self.settle()
        if not self._past:
            return False
        self._future.append(self.present)
        self.present = self._past.pop()
        return True

    def redo(self) -> bool:
        """Take the step again that was undone last; returns whether there was one."""
        self.settle()
        if not self._future:
            return False
        self._past.append(self.present)
        self.present = self._future.pop()
        return True

    def _keep(self, before: Drawing) -> None:
        self._past.append(before)
        del self._past[:-MOST_STEPS]
        self._future.clear()
