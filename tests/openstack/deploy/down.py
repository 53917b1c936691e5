"""Ends the services that up.sh started for this OS_DIR, and no others."""
import argparse
import shutil

from . import services
from .layout import Layout


def main():
    parser = argparse.ArgumentParser(prog="down.sh", description=__doc__)
    parser.add_argument("--purge", action="store_true", help="also remove the folder OS_DIR with all state")
    args = parser.parse_args()
    layout = Layout()
    if layout.root.exists():
        services.stop(layout, services.processes(layout))
        if args.purge:
            shutil.rmtree(layout.root)
    print("OpenStack is down")


if __name__ == "__main__":
    main()
