//! As much of DER as RSA public keys need.

/// The algorithm of an RSA key: its object identifier, and no parameters.
const RSA: [u8; 15] = [0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00];
const SEQUENCE: u8 = 0x30;
const INTEGER: u8 = 0x02;
const BITS: u8 = 0x03;

/// The `SubjectPublicKeyInfo` of an RSA key. Its numbers begin with a zero byte where they would seem negative.
pub(crate) fn write_rsa(modulus: &[u8], exponent: &[u8]) -> Vec<u8> {
    let numbers = [value(INTEGER, modulus), value(INTEGER, exponent)].concat();
    let key = [vec![0], value(SEQUENCE, &numbers)].concat();
    value(SEQUENCE, &[RSA.to_vec(), value(BITS, &key)].concat())
}

/// The modulus and the exponent in a `SubjectPublicKeyInfo`.
pub(crate) fn read_rsa(der: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let (whole, rest) = take(SEQUENCE, der)?;
    let (bits, more) = take(BITS, whole.strip_prefix(RSA.as_slice())?)?;
    let (numbers, after) = take(SEQUENCE, bits.strip_prefix(&[0])?)?;
    let (modulus, others) = take(INTEGER, numbers)?;
    let (exponent, none) = take(INTEGER, others)?;
    let ends = [rest, more, after, none].iter().all(|rest| rest.is_empty());
    ends.then(|| (modulus.to_vec(), exponent.to_vec()))
}

fn value(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len().to_be_bytes();
    let digits = &length[length.iter().position(|byte| *byte != 0).unwrap_or(length.len() - 1)..];
    let mut written = vec![tag];
    if content.len() >= 0x80 {
        // Eight digits at most.
        written.push(0x80 | u8::try_from(digits.len()).unwrap_or(8));
    }
    written.extend_from_slice(digits);
    written.extend_from_slice(content);
    written
}

/// The content of the first value, which has that tag, and what follows it.
fn take(tag: u8, der: &[u8]) -> Option<(&[u8], &[u8])> {
    let (&first, rest) = der.strip_prefix(&[tag])?.split_first()?;
    let (length, rest) = if first < 0x80 {
        (usize::from(first), rest)
    } else {
        let (digits, rest) =
            rest.split_at_checked(usize::from(first & 0x7f)).filter(|(digits, _)| digits.len() <= 4)?;
        (digits.iter().fold(0, |sum, digit| sum << 8 | usize::from(*digit)), rest)
    };
    rest.split_at_checked(length)
}

#[cfg(test)]
mod tests {
    use super::{read_rsa, write_rsa};

    #[test]
    fn what_is_written_can_be_read() {
        for size in [1, 127, 128, 257, 70_000] {
            let modulus = vec![0x5a; size];
            let der = write_rsa(&modulus, &[1, 0, 1]);
            assert_eq!(read_rsa(&der), Some((modulus, vec![1, 0, 1])));
            assert_eq!(read_rsa(&der[..der.len() - 1]), None);
            assert_eq!(read_rsa(&[der, vec![0]].concat()), None);
        }
    }
}
