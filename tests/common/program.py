"""The program under test."""
import json
import os
import pathlib
import subprocess
import tempfile


class Nothing(dict):
    """In place of an answer that is no JSON: it has every list, and nothing in them."""

    def __missing__(self, key):
        return []


class Cms:
    """The program, with a home of its own; `variables` are what else it sees of the environment."""

    def __init__(self, program, checks, variables):
        self.program, self.checks, self.said = str(pathlib.Path(program).resolve()), checks, ""
        self.home = tempfile.TemporaryDirectory(prefix="cms-session-")
        self.folder = pathlib.Path(self.home.name)
        self.environment = {"HOME": self.home.name, "CLOUDMESH_CONFIG_DIR": self.home.name,
                            "PATH": os.environ["PATH"], "NO_PROXY": "127.0.0.1,localhost", **variables}

    def write(self, name, text):
        path = self.folder / name
        path.touch(mode=0o600)
        path.write_text(text, encoding="utf-8")
        return str(path)

    def text(self, *words, code=0, stdin=None):
        """What `cms` prints, after a look at its exit code; what it says on stderr is `self.said`."""
        done = subprocess.run([self.program, *words, "--timeout", "120"], env=self.environment, input=stdin or "",
                              capture_output=True, text=True, timeout=300, check=False)
        line = " ".join(words)
        print(f"cms {line}", flush=True)
        self.said = done.stderr
        self.checks.equal(f"exit code of `cms {line}` ({done.stderr.strip()})", done.returncode, code)
        return done.stdout

    def __call__(self, *words, code=0, stdin=None):
        """The same as JSON."""
        printed = self.text(*words, "--output", "json", code=code, stdin=stdin)
        try:
            return json.loads(printed)
        except ValueError:
            self.checks.equal(f"stdout of `cms {' '.join(words)}` is JSON", printed, "JSON")
            return Nothing()

    def outcomes(self, *words, code=0):
        """What became of things that are no servers, by name."""
        return {done["name"]: done["outcome"] for done in self(*words, code=code).get("outcomes", [])}

    def refused(self, *words, code, told):
        """Says that `cms` refuses, with this exit code and these words."""
        self.text(*words, "--output", "json", code=code)
        self.checks.holds(f"`cms {' '.join(words)}`", self.said, told)

    def planned(self, *words):
        """What a dry run would do."""
        return [(step["operation"], step["subject"]) for step in self(*words, "--dry-run").get("plan", [])]
