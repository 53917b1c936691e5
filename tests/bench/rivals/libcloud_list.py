"""Lists all servers with libcloud and prints how many they are."""
import sys

from libcloud.compute.providers import get_driver
from libcloud.compute.types import Provider

url, user, password, project = sys.argv[1:]
driver = get_driver(Provider.OPENSTACK)(
    user, password, api_version="2.2", ex_force_auth_url=url.removesuffix("/v3"), ex_force_auth_version="3.x_password",
    ex_tenant_name=project, ex_domain_name="Default", ex_tenant_domain_id="default",
    ex_force_service_region="RegionOne")
print(len(driver.list_nodes()))
