//! What is kept on this machine to be brought to clouds: public keys, and rules of security groups.

mod key_file;

pub use self::key_file::{KEY_FILE_BYTES, key_from};
