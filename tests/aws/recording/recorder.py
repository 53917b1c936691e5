"""Makes the session's calls, holds the answers against what AWS documents, and writes a line of facts for each step."""
import json
import os
import pathlib
import subprocess
import sys

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError, WaiterError
from botocore.parsers import ResponseParserError

from .normal import Normal
from .shapes import Shapes

OK = "ok"
QUIET = Config(retries={"total_max_attempts": 1, "mode": "standard"}, parameter_validation=False,
               connect_timeout=10, read_timeout=60)


class Recorder:
    """`call` sends, `fact` holds something against its documented value; each step has a name of its own.

    On a cloud that is not `judged` nothing counts as failed: its facts are compared later.
    """

    def __init__(self, out, prefix, checks, judged):
        self.out, self.prefix, self.checks, self.judged = out, prefix, checks, judged
        self.normal, self.seen = Normal(prefix), set()
        self.shapes = Shapes(checks) if judged else None
        self.ec2, self.sts = self.client("ec2"), self.client("sts")

    def client(self, service, **how):
        client = boto3.client(service, **{"config": QUIET, **how})
        if self.shapes:
            self.shapes.watch(client)
        return client

    def name(self, end):
        """A name that nobody else uses."""
        return f"{self.prefix}-{end}"

    def note(self, step, facts):
        if step in self.seen:
            raise ValueError(f"the step {step} was recorded before")
        self.seen.add(step)
        self.out.write(json.dumps({"step": step, **self.normal.value(facts)}, sort_keys=True) + "\n")
        self.out.flush()

    def call(self, step, operation, /, *, code=OK, client=None, **asked):
        """One call; its code must be this one, or one of these. The answer, or an empty one after a refusal."""
        got, answer = self.send(operation, client or self.ec2, asked)
        wanted = (code,) if isinstance(code, str) else tuple(code)
        self.note(step, {"call": operation, "code": got})
        if self.judged:
            told = answer.get("Error", {}).get("Message", "")
            self.checks.equal(f"{step}: {operation} ({told})", got if got not in wanted else wanted, wanted)
        return answer if got == OK else {}

    def dare(self, step, operation, /, **asked):
        """A call that a careless cloud would obey, to the session's loss; only a judged one is asked."""
        if self.judged:
            self.call(step, operation, **asked)

    @staticmethod
    def send(operation, client, asked):
        try:
            return OK, getattr(client, operation)(**asked)
        except ClientError as error:
            return error.response["Error"]["Code"], error.response
        except ResponseParserError:
            return "no XML", {}

    def fact(self, step, got, wanted):
        """Something that AWS documents."""
        self.note(step, {"fact": got})
        if self.judged:
            self.checks.equal(step, got, wanted)

    def wait(self, step, waiter, **asked):
        """One of botocore's own waiters, at another pace."""
        try:
            self.ec2.get_waiter(waiter).wait(**asked, WaiterConfig={"Delay": 1, "MaxAttempts": 40})
            self.fact(step, "reached", "reached")
        except WaiterError as error:
            self.fact(step, str(error), "reached")

    def aws(self, step, *words, code=0, **variables):
        """One call of the `aws` program: what it prints, read as JSON where it is that."""
        program = pathlib.Path(sys.executable).parent / "aws"
        done = subprocess.run([program, *words], env={**os.environ, "AWS_PAGER": "", "AWS_MAX_ATTEMPTS": "1", **variables},
                              text=True, timeout=120, stdin=subprocess.DEVNULL, capture_output=True, check=False)
        self.note(step, {"call": "aws " + " ".join(words), "exit": done.returncode})
        if self.judged:
            self.checks.equal(f"{step}: aws {' '.join(words)} ({done.stderr.strip()})", done.returncode, code)
        self.said = done.stderr
        try:
            return json.loads(done.stdout)
        except ValueError:
            return done.stdout
