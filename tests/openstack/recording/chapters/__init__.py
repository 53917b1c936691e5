"""The session, a chapter a subject. Each has `record(to)`, `to` being the recorder."""
from . import catalogue, clients_cli, clients_sdk, identity, keypairs, life, listing, refusals, versions

ALL = {
    "versions": versions,
    "identity": identity,
    "catalogue": catalogue,
    "keypairs": keypairs,
    "refusals": refusals,
    "life": life,
    "listing": listing,
    "cli": clients_cli,
    "sdk": clients_sdk,
}
