"""The counting of what is as it should be."""
import traceback


class Checks:
    """Counts what was as it should be, and tells what was not."""

    def __init__(self):
        self.passed = self.failed = 0

    def equal(self, what, got, wanted):
        if got == wanted:
            self.passed += 1
        else:
            self.failed += 1
            print(f"FAILED {what}\n  got    {got!r}\n  wanted {wanted!r}", flush=True)

    def holds(self, what, text, part):
        self.equal(f"{what}: `{part}` in {text!r}", part in text, True)

    def chapter(self, name, record, stage):
        """One chapter, which must not hide what the others show."""
        print(f"== {name}", flush=True)
        try:
            record(stage)
        except Exception:  # whatever it is, it is told and counted
            self.equal(f"chapter {name}", traceback.format_exc(), "no exception")

    def code(self):
        """Says how it went; the exit code of a session."""
        print(f"{self.passed} passed, {self.failed} failed")
        return 1 if self.failed or not self.passed else 0


def chosen(every, only):
    """The chapters to run, in their order; an unknown name ends the session."""
    unknown = [name for name in only or [] if name not in every]
    if unknown:
        raise SystemExit(f"no chapter `{unknown[0]}`; there are {', '.join(every)}")
    return {name: chapter for name, chapter in every.items() if name in (only or every)}
