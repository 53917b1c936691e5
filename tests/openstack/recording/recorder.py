"""Makes the session's requests and writes one line of facts for each step."""
import json
import os
import subprocess
import sys
import time
import traceback

from common.shape import kept, shape

HEADERS = (
    "Allow",
    "Content-Type",
    "Location",
    "OpenStack-API-Version",
    "Retry-After",
    "Vary",
    "WWW-Authenticate",
    "X-OpenStack-Nova-API-Version",
)
PRESENT = ("X-Subject-Token", "X-OpenStack-Request-Id", "X-Compute-Request-Id")


def header(normal, name, answer):
    text = normal.text(answer.headers[name])
    return ", ".join(sorted(text.split(", "))) if name in ("Allow", "Vary") else text


class At:
    """`ask(step, method, path, …)` and `ask.get(step, path, …)` for one chapter and service."""

    def __init__(self, recorder, chapter, service, defaults):
        self._recorder = recorder
        self._chapter = chapter
        self._service = service
        self._defaults = defaults

    def __call__(self, step, method, path, **how):
        return self._recorder.http(f"{self._chapter}.{step}", method, self._service, path,
                                   **{**self._defaults, **how})

    def get(self, step, path, **how):
        return self(step, "GET", path, **how)


class Recorder:
    def __init__(self, cloud, out, command):
        self.cloud = cloud
        self.command = command
        self._out = out
        self._seen = set()

    def note(self, step, via, facts):
        """Writes the facts of one step; each step has a name of its own."""
        if step in self._seen:
            raise ValueError(f"the step {step} was recorded before")
        self._seen.add(step)
        self._out.write(json.dumps({"step": step, "via": via, **facts}, sort_keys=True) + "\n")
        self._out.flush()

    def http(self, step, method, service, path, *, body=None, raw=None, token=True,
             version=None, headers=None, telling=(), pick=None):
        """One plain request: records status, headers and the shape of the answer.

        An error's body is kept word for word. `pick` takes the part of an
        answer that is comparable; `version` is a compute microversion;
        `token` is `True` for the session's own, or another one, or `None`.
        """
        answer = self.request(step, method, service, path, body=body, raw=raw, token=token,
                              version=version, headers=headers)
        self.note(step, "http", {
            "request": f"{method} {service} {self.cloud.normal.text(path)}",
            **self._facts(answer, telling, pick),
        })
        return answer

    def at(self, chapter, service, **defaults):
        """A short way to say `http` for many steps of one chapter at one service."""
        return At(self, chapter, service, defaults)

    def request(self, step, method, service, path, *, body=None, raw=None, token=True,
                version=None, headers=None):
        """One plain request that leaves no facts (but is in the bodies)."""
        os.environ["RECORD_STEP"] = step
        sent = {"Accept": "application/json"}
        if token:
            sent["X-Auth-Token"] = self.cloud.token if token is True else token
        if version:
            sent["OpenStack-API-Version"] = f"compute {version}"
        if body is not None or raw is not None:
            sent["Content-Type"] = "application/json"
        data = raw if raw is not None else json.dumps(body) if body is not None else None
        return self.cloud.http.request(method, self.cloud.url(service, path), data=data,
                                       headers={**sent, **(headers or {})}, timeout=120)

    def _facts(self, answer, telling, pick):
        normal = self.cloud.normal
        facts = {
            "status": answer.status_code,
            "headers": {
                **{name: header(normal, name, answer) for name in HEADERS if name in answer.headers},
                **{name: "present" for name in PRESENT if name in answer.headers},
            },
        }
        try:
            body = answer.json() if answer.content else None
        except ValueError:
            return {**facts, "text": normal.text(answer.text)}
        if answer.status_code >= 400:
            return {**facts, "error": normal.value(body)}
        if pick and body is not None:
            body = pick(body)
        return {**facts, "body": shape(body, normal, telling)}

    def cli(self, step, *arguments, telling=(), pick=None, cloud=None, env=None):
        """One call of the `openstack` program; `-f json` where it has it."""
        found = self.run_cli(step, *arguments, cloud=cloud, env=env)
        normal = self.cloud.normal
        facts = {"request": normal.text("openstack " + " ".join(arguments)), "exit": found.returncode}
        try:
            value = json.loads(found.stdout) if found.stdout.strip() else None
            if pick and value is not None:
                value = pick(value)
            facts["output"] = shape(value, normal, telling)
        except ValueError:
            facts["text"] = normal.text(found.stdout)
        if found.returncode:
            facts["message"] = normal.text(found.stderr.strip())
        self.note(step, "cli", facts)
        return found

    def run_cli(self, step, *arguments, cloud=None, env=None):
        tap = os.path.join(os.path.dirname(__file__), "tap")
        paths = [tap, *filter(None, [os.environ.get("PYTHONPATH")])]
        environment = {
            **os.environ, "RECORD_STEP": step, "OS_CLOUD": cloud or self.cloud.name,
            "PYTHONPATH": os.pathsep.join(paths), "PYTHONWARNINGS": "ignore", **(env or {}),
        }
        return subprocess.run([self.command, *arguments], env=environment, text=True, timeout=300,
                              stdin=subprocess.DEVNULL, capture_output=True, check=False)

    def sdk(self, step, call, *, telling=(), show=None):
        """One call of openstacksdk: the result's shape, or the exception's kind and message."""
        os.environ["RECORD_STEP"] = step
        normal = self.cloud.normal
        try:
            value = call(self.cloud.sdk)
        except Exception as error:  # whatever it is, it is the fact
            self.note(step, "sdk", {
                "raised": type(error).__name__,
                "status": getattr(error, "http_status", getattr(error, "status_code", None)),
                "message": normal.text(str(error)),
            })
            return None
        shown = show(value) if show else value.to_dict() if hasattr(value, "to_dict") else value
        told = kept(shown, normal) if isinstance(shown, (str, bool)) else shape(shown, normal, telling)
        self.note(step, "sdk", {"result": told})
        return value

    def chapter(self, name, record):
        """Runs one chapter; one that breaks off does not stop the others."""
        started, before = time.monotonic(), len(self._seen)
        try:
            record(self)
        except Exception:
            traceback.print_exc()
            return False
        finally:
            seconds = time.monotonic() - started
            print(f"{name}: {len(self._seen) - before} steps, {seconds:.1f} s", file=sys.stderr)
        return True
