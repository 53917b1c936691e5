#!/usr/bin/env python3
"""Runs moto, an AWS in memory, on a free port until it is ended, and writes how to reach it.

Run it with the Python of moto's environment. `--strict` makes moto verify signatures and rights, and refuse images,
instance types and key pairs that do not exist. The folder gets `environment`, lines that a shell can read.
"""
import argparse
import os
import pathlib
import re
import signal
import subprocess
import sys
import time

import boto3

REGION = "us-east-1"
STRICT = {"INITIAL_NO_AUTH_ACTION_COUNT": "3", "MOTO_EC2_ENABLE_INSTANCE_TYPE_VALIDATION": "1",
          "MOTO_ENABLE_KEYPAIR_VALIDATION": "1", "MOTO_ENABLE_AMI_VALIDATION": "1"}
ALL = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}'


def start(folder, strict):
    """The server's process and its URL."""
    program = pathlib.Path(sys.executable).parent / "moto_server"
    log = folder / "log"
    with log.open("wb") as out:
        process = subprocess.Popen([program, "-H", "127.0.0.1", "-p", "0"], stdin=subprocess.DEVNULL, stdout=out,
                                   stderr=out, env={**os.environ, **(STRICT if strict else {})})
    for _ in range(300):
        found = re.search(r"Running on (http://[\d.]+:\d+)", log.read_text(errors="replace"))
        if found:
            return process, found.group(1)
        time.sleep(0.1)
    process.kill()
    sys.exit(log.read_text(errors="replace"))


def sign_up(url):
    """A user who may do everything: the three calls that strict moto takes without rights."""
    iam = boto3.client("iam", endpoint_url=url, region_name=REGION, aws_access_key_id="first", aws_secret_access_key="first")
    iam.create_user(UserName="albert")
    iam.put_user_policy(UserName="albert", PolicyName="all", PolicyDocument=ALL)
    key = iam.create_access_key(UserName="albert")["AccessKey"]
    return key["AccessKeyId"], key["SecretAccessKey"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", required=True, metavar="DIR", type=pathlib.Path)
    parser.add_argument("--strict", action="store_true")
    args = parser.parse_args()
    args.write.mkdir(parents=True, exist_ok=True)
    process, url = start(args.write, args.strict)
    signal.signal(signal.SIGTERM, lambda *_: process.terminate())
    key, secret = sign_up(url) if args.strict else ("AKIAIOSFODNN7LOOPBCK", "loopback")
    lines = {"AWS_ENDPOINT_URL": url, "AWS_REGION": REGION, "AWS_DEFAULT_REGION": REGION, "AWS_ACCESS_KEY_ID": key,
             "AWS_SECRET_ACCESS_KEY": secret, "AWS_EC2_METADATA_DISABLED": "true"}
    told = args.write / "environment"
    text = "".join(f"export {name}='{value}'\n" for name, value in lines.items())
    told.with_suffix(".new").write_text(text, encoding="utf-8")
    told.with_suffix(".new").rename(told)
    process.wait()


if __name__ == "__main__":
    main()
