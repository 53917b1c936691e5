//! One way to run virtual machines on AWS, Azure, Google, Oracle and OpenStack: the library and the program cms.
