//! How the services write a time.

use jiff::Timestamp;

/// `2026-11-22T12:24:10Z`.
pub(super) fn seconds(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// `2026-11-22T12:24:10.123456`, without a zone.
pub(super) fn bare(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%S%.6f").to_string()
}

/// `2026-11-22T12:24:10.000000Z`.
pub(super) fn whole(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%S.000000Z").to_string()
}

#[cfg(test)]
mod tests {
    use super::{bare, seconds, whole};

    #[test]
    fn times_are_written_as_each_service_does() {
        let time = "2026-01-02T03:04:05.067Z".parse().unwrap();
        assert_eq!(seconds(time), "2026-01-02T03:04:05Z");
        assert_eq!(bare(time), "2026-01-02T03:04:05.067000");
        assert_eq!(whole(time), "2026-01-02T03:04:05.000000Z");
    }
}
