"""What each service says about itself to those who have no token yet."""

TELLING = ("status", "version", "min_version", "media-types", "rel", "type")


def record(to):
    def ask(step, service, path):
        to.http(f"versions.{step}", "GET", service, path, token=None, telling=TELLING)

    ask("identity_root", "identity", "//")
    ask("identity_v3", "identity", "")
    ask("identity_v3_slash", "identity", "/")
    ask("compute_root", "compute", "//")
    ask("compute_v21_slash", "compute", "//v2.1/")
    ask("compute_v21", "compute", "//v2.1")
    ask("compute_v2", "compute", "//v2/")
    ask("image_root", "image", "//")
    ask("image_versions", "image", "//versions")
    ask("network_root", "network", "//")
    ask("network_v2", "network", "//v2.0/")
    ask("compute_unknown_version", "compute", "//v9/")
