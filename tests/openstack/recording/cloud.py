"""One cloud of a clouds.yaml: where its services are and how to sign in."""
import openstack
import requests

from .normal import Normal

SERVICES = ("identity", "compute", "image", "network")


class Cloud:
    """Signs in once and knows each service's endpoint."""

    def __init__(self, name, names):
        self.name = name
        self.names = names
        self.sdk = openstack.connect(cloud=name)
        self.auth = dict(self.sdk.config.config["auth"])
        self.normal = Normal()
        self.token = self.sdk.session.get_token()
        self.project = self.sdk.session.get_project_id()
        self.endpoints = {service: self._endpoint(service) for service in SERVICES}
        for service, url in self.endpoints.items():
            self.normal.learn_endpoint(service, url)
        self.http = requests.Session()

    def _endpoint(self, service):
        if service == "identity":
            return self.auth["auth_url"].rstrip("/")
        return self.sdk.endpoint_for(service).rstrip("/")

    def url(self, service, path):
        """`compute`, `/servers` is below the catalogue's URL; `compute`, `//` is the host's root."""
        base = self.endpoints[service]
        if path.startswith("//"):
            head, _, version = base.rpartition("/v")
            return (head if version[:1].isdigit() else base) + path[1:]
        if service in ("image", "network") and not base.endswith(("/v2", "/v2.0")):
            base += "/v2" if service == "image" else "/v2.0"
        return base + path

    def id_of(self, kind):
        """The id of the image, flavor or network that the session uses."""
        if not hasattr(self, f"_{kind}"):
            find = {
                "image": self.sdk.image.find_image,
                "flavor": self.sdk.compute.find_flavor,
                "network": self.sdk.network.find_network,
            }[kind]
            setattr(self, f"_{kind}", find(self.names[kind], ignore_missing=False).id)
        return getattr(self, f"_{kind}")
