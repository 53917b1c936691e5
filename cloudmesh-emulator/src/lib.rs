//! Cloud compute APIs on loopback, for trying out, teaching and testing.
