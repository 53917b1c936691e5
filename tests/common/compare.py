#!/usr/bin/env python3
"""Compares two recordings of a session.py, step by step.

Prints each difference; exits 1 if there is one that is not expected, or if an
expected one no longer occurs. An expectation is an entry of a JSON list:

    {"name": "…", "step": "life.*", "path": "body.server.*", "reason": "why it is right so"}

`step` and `path` are shell patterns; `path` is the dotted place in the facts,
as this program prints it.
"""
import argparse
import fnmatch
import json
import pathlib
import sys
from typing import NamedTuple

ABSENT = "(absent)"


class Difference(NamedTuple):
    step: str
    path: str
    left: object
    right: object


def shown(value, most=400):
    text = value if value is ABSENT else json.dumps(value, sort_keys=True)
    return text if len(text) <= most else text[:most] + " …"


def report(differences):
    """Each different pair of facts once, with the steps where it was seen."""
    steps = {}
    for one in differences:
        steps.setdefault((one.path, shown(one.left), shown(one.right)), []).append(one.step)
    for (path, left, right), where in steps.items():
        print(f"{path or 'the step'}\n    left:  {left}\n    right: {right}\n    in:    {', '.join(where)}")


def recording(path):
    with open(path, encoding="utf-8") as file:
        return {step["step"]: step for step in map(json.loads, file)}


def differences(step, left, right, path=""):
    """All places where two values differ, the innermost ones."""
    if isinstance(left, dict) and isinstance(right, dict):
        for key in sorted({*left, *right}):
            yield from differences(step, left.get(key, ABSENT), right.get(key, ABSENT),
                                   f"{path}.{key}" if path else key)
    elif isinstance(left, list) and isinstance(right, list) and len(left) == len(right):
        for index, (one, other) in enumerate(zip(left, right)):
            yield from differences(step, one, other, f"{path}.{index}")
    elif left != right:
        yield Difference(step, path, left, right)


def all_differences(left, right):
    for step in [*left, *(step for step in right if step not in left)]:
        if step not in left or step not in right:
            yield Difference(step, "", "recorded" if step in left else ABSENT,
                             "recorded" if step in right else ABSENT)
        else:
            yield from differences(step, left[step], right[step])


def covers(expectation, difference):
    return (fnmatch.fnmatchcase(difference.step, expectation["step"])
            and fnmatch.fnmatchcase(difference.path, expectation["path"]))


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("left", metavar="OTHERS.jsonl")
    parser.add_argument("right", metavar="EMULATOR.jsonl")
    parser.add_argument("--expected", metavar="FILE", required=True,
                        help="expected differences; `none` for an empty list")
    parser.add_argument("--only", nargs="+", metavar="PATTERN", default=["*"], help="steps to compare")
    parser.add_argument("--quiet", action="store_true", help="the summary only")
    return parser.parse_args()


def chosen(steps, patterns):
    return {step: facts for step, facts in steps.items()
            if any(fnmatch.fnmatchcase(step, pattern) for pattern in patterns)}


def main():
    args = arguments()
    expected = [] if args.expected == "none" else json.loads(pathlib.Path(args.expected).read_text("utf-8"))
    left, right = chosen(recording(args.left), args.only), chosen(recording(args.right), args.only)
    if not left:
        sys.exit(f"`{args.left}` has no such step")
    found = list(all_differences(left, right))
    surprises = [one for one in found if not any(covers(entry, one) for entry in expected)]
    stale = [entry for entry in expected if not any(covers(entry, one) for one in found)]
    if not args.quiet:
        report(surprises)
    for entry in stale if args.only == ["*"] else []:
        print(f"the expected difference `{entry['name']}` no longer occurs: take it out of the list")
    steps = len({one.step for one in surprises})
    print(f"{len(left)} steps, {len(found)} differences, {len(found) - len(surprises)} expected, "
          f"{len(surprises)} not (in {steps} steps)")
    sys.exit(1 if surprises or (stale and args.only == ["*"]) else 0)


if __name__ == "__main__":
    main()
