#!/usr/bin/env python3
"""Takes an OpenStack through one session and records what it answered.

The same steps, by plain HTTP, by python-openstackclient and by openstacksdk,
run against any cloud of a clouds.yaml. The user needs the member role only.
Two recordings are compared by common/compare.py. Exits 1 if a chapter broke off.
"""
import argparse
import importlib
import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clouds", required=True, metavar="FILE", help="the clouds.yaml")
    parser.add_argument("--cloud", required=True, metavar="NAME", help="the cloud in it (password sign-in)")
    parser.add_argument("--out", required=True, metavar="FILE", help="the recording: one JSON line a step")
    parser.add_argument("--bodies", metavar="FILE", help="also write each complete request and answer (has secrets)")
    parser.add_argument("--only", nargs="+", metavar="CHAPTER", help="chapters to run (default: all)")
    parser.add_argument("--command", metavar="PROGRAM", help="the `openstack` program (default: beside this python)")
    parser.add_argument("--image", default="tinyboot", help="default: %(default)s")
    parser.add_argument("--flavor", default="m1.nano", help="default: %(default)s")
    parser.add_argument("--larger", default="m1.tiny", help="the flavor to resize to; default: %(default)s")
    parser.add_argument("--huge", default="m1.huge", help="a flavor no host can hold; default: %(default)s")
    parser.add_argument("--network", default="private", help="default: %(default)s")
    parser.add_argument("--prefix", default="session", help="of all names it makes; default: %(default)s")
    return parser.parse_args()


def prepare(args):
    """The environment both clients read, before either is imported."""
    for name in [name for name in os.environ if name.startswith("OS_")]:
        del os.environ[name]
    os.environ["OS_CLIENT_CONFIG_FILE"] = args.clouds
    os.environ["NO_PROXY"] = os.environ["no_proxy"] = "127.0.0.1,localhost"
    if args.bodies:
        os.environ["RECORD_BODIES"] = str(pathlib.Path(args.bodies).resolve())
        pathlib.Path(args.bodies).unlink(missing_ok=True)
        os.close(os.open(args.bodies, os.O_CREAT | os.O_WRONLY, 0o600))
        sys.path.insert(0, str(pathlib.Path(__file__).parent / "recording" / "tap"))
        sys.modules.pop("sitecustomize", None)
        importlib.import_module("sitecustomize")  # starts to write at import


def main():
    args = arguments()
    prepare(args)
    from recording import servers
    from recording.chapters import ALL
    from recording.cloud import Cloud
    from recording.recorder import Recorder

    chosen = args.only or list(ALL)
    unknown = [name for name in chosen if name not in ALL]
    if unknown:
        sys.exit(f"no chapter `{unknown[0]}`; there are {', '.join(ALL)}")
    names = {key: getattr(args, key) for key in ("image", "flavor", "larger", "huge", "network", "prefix")}
    command = args.command or str(pathlib.Path(sys.executable).parent / "openstack")
    with open(args.out, "w", encoding="utf-8") as out:
        to = Recorder(Cloud(args.cloud, names), out, command)
        servers.clear(to)
        broken = [name for name in chosen if not to.chapter(name, ALL[name].record)]
    if broken:
        sys.exit(f"not recorded to the end: {', '.join(broken)}")


if __name__ == "__main__":
    main()
