#!/usr/bin/env python3
"""Runs a `cms` session on an OpenStack and compares each step with what OpenStack's own clients see.

Works on a real OpenStack and on the emulator. Needs the member role only, touches nothing but what it made, and
removes that at the end. Prints `N passed, M failed`; exits 1 if anything failed.
"""
import argparse
import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cms", required=True, metavar="PATH", help="the program")
    parser.add_argument("--clouds", required=True, metavar="FILE", help="the clouds.yaml")
    parser.add_argument("--cloud", required=True, metavar="NAME", help="the cloud in it (password sign-in); "
                        "NAME-appcred is tried too, if there is one")
    parser.add_argument("--auth-url", metavar="URL", help="in place of that in clouds.yaml")
    parser.add_argument("--command", metavar="PROGRAM", help="the `openstack` program (default: beside this python)")
    parser.add_argument("--image", default="tinyboot", help="default: %(default)s")
    parser.add_argument("--flavor", default="m1.nano", help="default: %(default)s")
    parser.add_argument("--larger", default="m1.tiny", help="the flavor to resize to; default: %(default)s")
    parser.add_argument("--huge", default="m1.huge", help="a flavor no host can hold; default: %(default)s")
    parser.add_argument("--network", default="private", help="default: %(default)s")
    parser.add_argument("--only", nargs="+", metavar="CHAPTER", help="chapters to run (default: all)")
    parser.add_argument("--prefix", default=f"cms-{os.getpid()}", help="of all names it makes; default: %(default)s")
    return parser.parse_args()


def main():
    args = arguments()
    for name in [name for name in os.environ if name.startswith("OS_")]:
        del os.environ[name]
    os.environ["OS_CLIENT_CONFIG_FILE"] = args.clouds
    os.environ["NO_PROXY"] = os.environ["no_proxy"] = "127.0.0.1,localhost"
    from cms_chapters import ALL, life
    from cms_chapters.stage import Stage
    from common.checks import Checks, chosen

    chapters, checks = chosen(ALL, args.only), Checks()
    stage = Stage(args, checks)
    try:
        life.prepare(stage)
        for name, chapter in chapters.items():
            checks.chapter(name, chapter.record, stage)
    finally:
        stage.clear()
    sys.exit(checks.code())


if __name__ == "__main__":
    main()
