#!/usr/bin/env python3
"""Takes an EC2 through one session of boto3 and of the `aws` program, and records what it answered.

Where the environment (`AWS_ENDPOINT_URL`, `AWS_ACCESS_KEY_ID` …) leads. Each step knows what AWS documents. With `--judged`
what differs from that is a failure, and each raw answer is held against botocore's model; without it the recording
alone counts. Two recordings are compared by common/compare.py. Run it with the Python of the environment `aws`.
"""
import argparse
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", required=True, metavar="FILE", help="the recording: one JSON line a step")
    parser.add_argument("--judged", action="store_true", help="fail where an answer is not as documented")
    parser.add_argument("--only", nargs="+", metavar="CHAPTER", help="chapters to run (default: all)")
    parser.add_argument("--prefix", default="session", help="of all names it makes; default: %(default)s")
    return parser.parse_args()


def main():
    from common.checks import Checks, chosen

    from recording import machines
    from recording.chapters import ALL
    from recording.recorder import Recorder

    args, checks = arguments(), Checks()
    with open(args.out, "w", encoding="utf-8") as out:
        to = Recorder(out, args.prefix, checks, args.judged)
        machines.clear(to)
        try:
            for name, chapter in chosen(ALL, args.only).items():
                checks.chapter(name, chapter.record, to)
        finally:
            machines.clear(to)
    if args.judged:
        sys.exit(checks.code())
    sys.exit(1 if checks.failed else 0)


if __name__ == "__main__":
    main()
