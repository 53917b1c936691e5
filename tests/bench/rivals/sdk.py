"""Lists all servers with openstacksdk."""
import openstack

servers = list(openstack.connect(cloud="emulator").compute.servers())
print(len(servers))
