"""The program under test, and the counting of what is as it should be."""
import json
import os
import pathlib
import subprocess
import tempfile


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


class Nothing(dict):
    """In place of an answer that is no JSON: it has every list, and nothing in them."""

    def __missing__(self, key):
        return []


class Cms:
    """The program, with a home of its own."""

    def __init__(self, args, checks):
        self.program, self.checks = str(pathlib.Path(args.cms).resolve()), checks
        self.home = tempfile.TemporaryDirectory(prefix="cms-session-")
        self.folder = pathlib.Path(self.home.name)
        self.environment = {"HOME": self.home.name, "CLOUDMESH_CONFIG_DIR": self.home.name,
                            "OS_CLIENT_CONFIG_FILE": str(pathlib.Path(args.clouds).resolve()),
                            "PATH": os.environ["PATH"], "NO_PROXY": "127.0.0.1,localhost"}

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
