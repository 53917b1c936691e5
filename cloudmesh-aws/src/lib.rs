//! Cloudmesh on Amazon EC2.

use aws_sdk_ec2 as _;
