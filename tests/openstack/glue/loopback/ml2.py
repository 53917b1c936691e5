"""Stands in for neutron's agents: ports are bound, floating IPs switched, at once."""
from neutron_lib import constants, context
from neutron_lib.api.definitions import portbindings
from neutron_lib.callbacks import events, registry, resources
from neutron_lib.plugins import constants as plugins
from neutron_lib.plugins import directory
from neutron_lib.plugins.ml2 import api


class LoopbackDriver(api.MechanismDriver):
    connectivity = portbindings.CONNECTIVITY_L2

    def initialize(self):
        for moment in (events.AFTER_CREATE, events.AFTER_UPDATE):
            registry.subscribe(switch_floating_ip, resources.FLOATING_IP, moment)

    def bind_port(self, context):
        segment = context.segments_to_bind[0]
        context.set_binding(segment[api.ID], portbindings.VIF_TYPE_TAP, {portbindings.CAP_PORT_FILTER: True},
                            status=constants.PORT_STATUS_ACTIVE)


def switch_floating_ip(_resource, _event, _trigger, payload):
    """A floating IP on a port is ACTIVE, another one DOWN, as an L3 agent would report."""
    router = directory.get_plugin(plugins.L3)
    admin = context.get_admin_context()
    address = router.get_floatingip(admin, payload.resource_id)
    status = constants.FLOATINGIP_STATUS_ACTIVE if address["port_id"] else constants.FLOATINGIP_STATUS_DOWN
    if address["status"] != status:
        router.update_floatingip_status(admin, address["id"], status)
