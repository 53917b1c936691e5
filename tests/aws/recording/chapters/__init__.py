"""The chapters of the session, in order."""
from . import addresses, catalogue, groups, identity, keys, life, listing, program, refusals, volumes

ALL = {"identity": identity, "catalogue": catalogue, "keys": keys, "groups": groups, "life": life,
       "listing": listing, "refusals": refusals, "addresses": addresses, "volumes": volumes, "program": program}
