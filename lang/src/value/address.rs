//! Addresses and networks: reading them from text as logs write them.
//!
//! Apart because conversion, the `ip` builtin, the checker and tables share one reading.

use std::net::{IpAddr, Ipv6Addr};

use crate::ir::Network;

/// The longest text that is looked at; the longest address with its port has 60 characters.
const ADDRESS_BYTES_MAX: usize = 128;

/// What stands between an address and its port.
const PORT_MARKS: [&str; 5] = [" port ", ":", "#", "p", " "];

/// Reads an address, without its port, brackets, zone and white space around it.
///
/// Ports are taken off in the shapes that logs show: `192.0.2.1:80`, `[2001:db8::1]:80`, and behind
/// `#`, `p`, ` port `, a blank, or, of an IPv6 address, a dot or a ninth group. An IPv4-mapped IPv6
/// address is the IPv4 address. What has octets with leading zeros is not an address.
#[must_use]
pub fn parse(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    if text.len() > ADDRESS_BYTES_MAX {
        return None;
    }
    if let Some(bracketed) = text.strip_prefix('[') {
        let (address, rest) = bracketed.split_once(']')?;
        let port_follows = rest.strip_prefix(':').is_some_and(is_port);
        return if rest.is_empty() || port_follows {
            plain(address)
        } else {
            None
        };
    }
    plain(text).or_else(|| before_port(text))
}

/// Reads an address that has no port.
fn plain(text: &str) -> Option<IpAddr> {
    let address = text
        .split_once('%')
        .map_or(text, |(address, _zone)| address);
    address
        .parse()
        .ok()
        .map(|address: IpAddr| address.to_canonical())
}

fn before_port(text: &str) -> Option<IpAddr> {
    let head = text.trim_end_matches(|c: char| c.is_ascii_digit());
    if !is_port(text.get(head.len()..)?) {
        return None;
    }
    if let Some(address) = head.strip_suffix('.') {
        // Five numbers with dots are no IPv4 address with a port but something else.
        return address
            .parse()
            .ok()
            .map(|address: Ipv6Addr| IpAddr::V6(address).to_canonical());
    }
    PORT_MARKS
        .iter()
        .find_map(|mark| head.strip_suffix(mark))
        .and_then(plain)
}

fn is_port(text: &str) -> bool {
    text.len() <= 5 && text.parse::<u16>().is_ok()
}

/// Reads a network, `10.0.0.0/8`, or a lone address, which is a network of one.
///
/// Bits of the address that the prefix leaves out are cleared.
#[must_use]
pub fn parse_network(text: &str) -> Option<Network> {
    let text = text.trim();
    let (address, bits) = match text.split_once('/') {
        Some((address, bits)) if bits.bytes().all(|byte| byte.is_ascii_digit()) => (
            address.parse::<IpAddr>().ok()?,
            Some(bits.parse::<u8>().ok()?),
        ),
        Some(_) => return None,
        None => (text.parse::<IpAddr>().ok()?, None),
    };
    let width = width(address);
    let bits = bits.unwrap_or(width);
    if bits > width {
        return None;
    }
    let canonical = address.to_canonical();
    let mapped = width - self::width(canonical);
    if bits < mapped {
        return Some(Network {
            address: mask(address, bits),
            bits,
        });
    }
    Some(Network {
        address: mask(canonical, bits - mapped),
        bits: bits - mapped,
    })
}

/// Returns the number of bits of an address of its family.
#[must_use]
pub fn width(address: IpAddr) -> u8 {
    if address.is_ipv4() { 32 } else { 128 }
}

/// Returns the address with only its first bits kept.
#[must_use]
pub fn mask(address: IpAddr, bits: u8) -> IpAddr {
    match address {
        IpAddr::V4(address) => {
            let kept = u32::MAX
                .checked_shl(32_u32.saturating_sub(bits.into()))
                .unwrap_or(0);
            IpAddr::V4((address.to_bits() & kept).into())
        }
        IpAddr::V6(address) => {
            let kept = u128::MAX
                .checked_shl(128_u32.saturating_sub(bits.into()))
                .unwrap_or(0);
            IpAddr::V6((address.to_bits() & kept).into())
        }
    }
}

/// Tells whether a network holds an address; those of another family it does not.
#[must_use]
pub fn contains(network: Network, address: IpAddr) -> bool {
    address.is_ipv4() == network.address.is_ipv4()
        && mask(address, network.bits) == mask(network.address, network.bits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_are_taken_off_in_every_shape_that_logs_show() {
        let six = "2a02:cf40:ab1:2:3:4:5:6fc6";
        for text in [
            "2a02:cf40:ab1:2:3:4:5:6fc6",
            "[2a02:cf40:ab1:2:3:4:5:6fc6]:1234",
            "[2a02:cf40:ab1:2:3:4:5:6fc6]",
            "2a02:cf40:ab1:2:3:4:5:6fc6#1234",
            "2a02:cf40:ab1:2:3:4:5:6fc6p1234",
            "2a02:cf40:ab1:2:3:4:5:6fc6 port 1234",
            "2a02:cf40:ab1:2:3:4:5:6fc6.1234",
            "2a02:cf40:ab1:2:3:4:5:6fc6:1234",
            " 2A02:CF40:ab1:2:3:4:5:6fc6%eth0 ",
        ] {
            assert_eq!(parse(text), six.parse().ok(), "{text}");
        }
        for text in [
            "89.160.20.112",
            "89.160.20.112:1234",
            "::ffff:89.160.20.112",
            "89.160.20.112 port 9",
        ] {
            assert_eq!(parse(text), "89.160.20.112".parse().ok(), "{text}");
        }
    }

    #[test]
    fn what_is_no_address_is_none() {
        for text in [
            "",
            "-",
            "unknown",
            "1.2.3",
            "1.2.3.4.5",
            "010.1.1.1",
            "1.2.3.4:99999",
            "1.2.3.4:",
            "[::1",
            "[::1]x",
            "[]:80",
            "::1::2",
            "10.0.0.0/8",
            "256.1.1.1",
            ":80",
            "p",
            "é:80",
            "%",
            "1.2.3.4:123456789012345678901234567890",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
        assert_eq!(parse(&"1".repeat(10_000)), None);
    }

    #[test]
    fn a_network_holds_the_addresses_of_its_prefix() {
        let in_network = |network: &str, address: &str| {
            contains(parse_network(network).unwrap(), parse(address).unwrap())
        };
        assert!(in_network("10.0.0.0/8", "10.255.255.255"));
        assert!(in_network("10.1.2.3/8", "10.0.0.0"));
        assert!(!in_network("10.0.0.0/8", "11.0.0.0"));
        assert!(in_network("0.0.0.0/0", "255.255.255.255"));
        assert!(!in_network("0.0.0.0/0", "::1"));
        assert!(in_network("::/0", "ffff::"));
        assert!(in_network("192.0.2.1", "192.0.2.1"));
        assert!(!in_network("192.0.2.1", "192.0.2.2"));
        assert!(in_network("2001:db8::/33", "2001:db8:7fff::1"));
        assert!(!in_network("2001:db8::/33", "2001:db8:8000::1"));
        assert!(in_network("::ffff:10.0.0.0/104", "10.9.9.9"));
        assert!(in_network("10.0.0.0/8", "::ffff:10.9.9.9"));
    }

    #[test]
    fn malformed_networks_are_none() {
        for text in [
            "",
            "10.0.0.0/33",
            "10.0.0/8",
            "::/129",
            "10.0.0.0/",
            "10.0.0.0/+8",
            "10.0.0.0/8/8",
        ] {
            assert_eq!(parse_network(text), None, "{text}");
        }
    }
}
