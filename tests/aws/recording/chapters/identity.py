"""Who one is, where one is, and who one is not."""
import datetime

import boto3
import botocore.auth
from botocore import UNSIGNED
from botocore.config import Config

from ..recorder import QUIET

#: EC2 says one of these to a request that it cannot trust.
UNTRUSTED = ("AuthFailure", "SignatureDoesNotMatch")


def record(to):
    me = to.call("identity.me", "get_caller_identity", client=to.sts)
    to.fact("identity.me.account", len(me.get("Account", "")), 12)
    to.fact("identity.me.arn", me.get("Arn", "").startswith("arn:aws:"), True)
    places(to)
    strangers(to)


def places(to):
    regions = to.call("identity.regions", "describe_regions")["Regions"]
    to.fact("identity.regions.here", [one["RegionName"] for one in regions if one["RegionName"] == to.ec2.meta.region_name],
            [to.ec2.meta.region_name])
    zones = to.call("identity.zones", "describe_availability_zones")["AvailabilityZones"]
    to.fact("identity.zones.here", all(one["State"] == "available" for one in zones), True)
    to.fact("identity.zones.names", all(one["ZoneName"].startswith(to.ec2.meta.region_name) for one in zones), True)
    told = to.call("identity.attributes", "describe_account_attributes",
                   AttributeNames=["supported-platforms", "default-vpc"])
    names = sorted(one["AttributeName"] for one in told.get("AccountAttributes", []))
    to.fact("identity.attributes.names", names, ["default-vpc", "supported-platforms"])


def strangers(to):
    """A wrong secret, a wrong id, a clock that is wrong, no signature at all."""
    key = boto3.Session().get_credentials().access_key
    for name, pair in {"secret": (key, "wrong"), "id": ("AKIAIOSFODNN7NOBODY0", "wrong")}.items():
        client = to.client("ec2", aws_access_key_id=pair[0], aws_secret_access_key=pair[1], aws_session_token="")
        to.call(f"identity.wrong_{name}", "describe_instances", client=client, code=UNTRUSTED)
        client = to.client("sts", aws_access_key_id=pair[0], aws_secret_access_key=pair[1], aws_session_token="")
        to.call(f"identity.wrong_{name}_sts", "get_caller_identity", client=client,
                code="SignatureDoesNotMatch" if name == "secret" else "InvalidClientTokenId")
    late(to)
    client = to.client("ec2", config=QUIET.merge(Config(signature_version=UNSIGNED)))
    to.call("identity.unsigned", "describe_instances", client=client,
            code=(*UNTRUSTED, "MissingAuthenticationToken", "MissingParameter"))


def late(to):
    """A signature is good for five minutes."""
    clock = botocore.auth.get_current_datetime
    botocore.auth.get_current_datetime = lambda *how: clock(*how) - datetime.timedelta(minutes=30)
    try:
        to.call("identity.late", "describe_instances", code=("RequestExpired", *UNTRUSTED))
    finally:
        botocore.auth.get_current_datetime = clock
