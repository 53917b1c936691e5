"""The table of what was measured."""


class Row:
    """One task: what it cost, what it should cost, and how a rival's cost stands to ours."""

    def __init__(self, task, cost, aim, met, beside):
        self.task, self.cost, self.aim, self.met, self.beside = task, cost, aim, met, beside

    def cells(self):
        beside = f"{self.beside:.1f} times the CPU" if self.beside is not None else ""
        verdict = f"{self.aim}: {'met' if self.met else 'missed'}" if self.aim else ""
        return [self.task, duration(self.cost.wall), duration(self.cost.cpu), f"{self.cost.memory:.0f} MiB", beside,
                verdict]

    def told(self):
        return ", ".join(cell for cell in self.cells()[1:] if cell)

    def facts(self):
        return {"task": self.task, **self.cost.facts(), "ratio": self.beside, "aim": self.aim, "met": self.met}


def duration(seconds):
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1000:.0f} ms"


def markdown(rows, machine, repeat):
    head = ["task", "time", "CPU", "memory", "beside `cms`", "aim"]
    body = [head, ["---", "--:", "--:", "--:", "--:", "---"], *(row.cells() for row in rows)]
    told = "\n".join(f"| {' | '.join(cells)} |" for cells in body)
    return f"{told}\n\nMedians of {repeat} runs, {machine['cores']} cores, {machine['system']}."
