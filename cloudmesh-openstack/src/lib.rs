//! Cloudmesh on OpenStack.
