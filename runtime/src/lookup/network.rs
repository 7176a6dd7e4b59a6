//! Networks found by an address, the narrowest first.
//!
//! Apart from tables because lists and conditions look addresses up the same way.

use std::net::IpAddr;

use ahash::HashMap;
use muster_lang::ir::Network;
use muster_lang::value::address;

/// Things found by the networks that hold an address.
#[derive(Clone, Debug)]
pub struct NetworkMap<T> {
    // INVARIANT: sorted by `bits`, the most first; no two have the same family and bits.
    levels: Vec<Level<T>>,
}

/// The networks of one family and prefix length, by their first address.
#[derive(Clone, Debug)]
struct Level<T> {
    is_ipv4: bool,
    bits: u8,
    networks: HashMap<IpAddr, T>,
}

impl<T> Default for NetworkMap<T> {
    fn default() -> Self {
        Self { levels: Vec::new() }
    }
}

impl<T: Default> NetworkMap<T> {
    /// Returns what stands for a network, a new one if nothing does.
    pub fn entry(&mut self, network: Network) -> &mut T {
        let is_ipv4 = network.address.is_ipv4();
        let level = self.level(is_ipv4, network.bits);
        level
            .networks
            .entry(address::mask(network.address, network.bits))
            .or_default()
    }

    #[expect(
        clippy::indexing_slicing,
        reason = "the place is one that was found or just filled"
    )]
    fn level(&mut self, is_ipv4: bool, bits: u8) -> &mut Level<T> {
        let is_it = |level: &Level<T>| level.is_ipv4 == is_ipv4 && level.bits == bits;
        let place = self.levels.iter().position(is_it).unwrap_or_else(|| {
            let place = self.levels.partition_point(|level| level.bits >= bits);
            // At most one for each prefix length of the two families.
            self.levels.insert(
                place,
                Level {
                    is_ipv4,
                    bits,
                    networks: HashMap::default(),
                },
            );
            place
        });
        &mut self.levels[place]
    }
}

impl<T> NetworkMap<T> {
    /// Returns what stands for each network that holds an address, the narrowest first.
    pub fn holding(&self, address: IpAddr) -> impl Iterator<Item = &T> {
        let address = address.to_canonical();
        let levels = self
            .levels
            .iter()
            .filter(move |level| level.is_ipv4 == address.is_ipv4());
        levels.filter_map(move |level| level.networks.get(&address::mask(address, level.bits)))
    }

    /// Tells whether there are no networks.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.levels.is_empty()
    }
}

/// A set of networks.
#[derive(Clone, Debug, Default)]
pub struct Networks {
    map: NetworkMap<()>,
}

impl Networks {
    /// Returns the set of some networks.
    #[must_use]
    pub fn new(networks: impl IntoIterator<Item = Network>) -> Self {
        let mut map = NetworkMap::default();
        networks
            .into_iter()
            .for_each(|network| *map.entry(network) = ());
        Self { map }
    }

    /// Tells whether one of them holds an address.
    #[must_use]
    pub fn contain(&self, address: IpAddr) -> bool {
        self.map.holding(address).next().is_some()
    }

    /// Tells whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.map.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn networks(texts: &[&str]) -> Networks {
        Networks::new(
            texts
                .iter()
                .map(|text| address::parse_network(text).unwrap()),
        )
    }

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn the_narrowest_network_comes_first() {
        let mut map: NetworkMap<&str> = NetworkMap::default();
        for text in [
            "10.0.0.0/8",
            "10.1.2.3",
            "10.1.0.0/16",
            "0.0.0.0/0",
            "2001:db8::/32",
            "::/0",
        ] {
            *map.entry(address::parse_network(text).unwrap()) = text;
        }
        let holding = |text| map.holding(ip(text)).copied().collect::<Vec<_>>();
        assert_eq!(
            holding("10.1.2.3"),
            ["10.1.2.3", "10.1.0.0/16", "10.0.0.0/8", "0.0.0.0/0"]
        );
        assert_eq!(holding("10.2.2.3"), ["10.0.0.0/8", "0.0.0.0/0"]);
        assert_eq!(holding("192.0.2.1"), ["0.0.0.0/0"]);
        assert_eq!(holding("2001:db8::1"), ["2001:db8::/32", "::/0"]);
        assert_eq!(holding("::1"), ["::/0"]);
        assert_eq!(
            holding("::ffff:10.1.9.9"),
            ["10.1.0.0/16", "10.0.0.0/8", "0.0.0.0/0"]
        );
    }

    #[test]
    fn a_set_holds_the_addresses_of_its_networks() {
        let private = networks(&[
            "10.0.0.0/8",
            "172.16.0.0/12",
            "fd00::/8",
            "::ffff:192.168.0.0/112",
        ]);
        for text in [
            "10.0.0.0",
            "10.255.255.255",
            "172.31.255.255",
            "fdff::1",
            "192.168.7.7",
        ] {
            assert!(private.contain(ip(text)), "{text}");
        }
        for text in [
            "9.255.255.255",
            "11.0.0.0",
            "172.32.0.0",
            "fe00::",
            "192.169.0.0",
            "::",
        ] {
            assert!(!private.contain(ip(text)), "{text}");
        }
        assert!(!networks(&[]).contain(ip("10.0.0.0")));
    }

    #[test]
    fn an_address_with_other_bits_set_stands_for_its_network() {
        assert!(networks(&["10.1.2.3/8"]).contain(ip("10.200.0.1")));
    }
}
