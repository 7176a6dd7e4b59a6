//! How a key finds rows: by the whole text, by the narrowest network, or by the longest beginning.
//!
//! Apart from the table, which only knows that a key gives rows to choose from.

use std::net::IpAddr;

use ahash::HashMap;
use muster_lang::syntax::ast::TableMode;
use muster_lang::value::{Value, address, fold};

use super::error::Fault;
use super::network::NetworkMap;
use super::table::{key_text, shown};

/// Places of rows, ascending.
type Places = Vec<u32>;

/// The rows of a table by their keys; rows without a key are in none.
#[derive(Debug)]
pub(super) enum Index {
    /// By the whole text, folded.
    Exact(HashMap<Box<str>, Places>),
    /// By networks.
    Net(NetworkMap<Places>),
    /// By beginnings of the text, folded.
    Prefix {
        prefixes: HashMap<Box<str>, Places>,
        // INVARIANT: each length of a prefix once, the longest first.
        lengths: Vec<usize>,
    },
}

impl Index {
    /// Returns the index of some keys, one for each row.
    pub(super) fn new<'a>(
        mode: TableMode,
        keys: impl Iterator<Item = &'a Value>,
    ) -> Result<Self, Fault> {
        let keys = (0u32..).zip(keys).filter(|(_, key)| !key.is_missing());
        match mode {
            TableMode::Exact => exact(keys),
            TableMode::Net => networks(keys),
            TableMode::Prefix => prefixes(keys),
        }
    }

    /// Tells whether a key is of a kind that may be in the table.
    pub(super) fn fits(&self, key: &Value) -> bool {
        match self {
            Self::Exact(_) | Self::Prefix { .. } => key_text(key).is_some(),
            Self::Net(_) => address_of(key).is_some(),
        }
    }

    /// Offers the rows of a key to `choose`, the best fit first, until it takes one.
    pub(super) fn find<R>(&self, key: &Value, choose: impl Fn(&[u32]) -> Option<R>) -> Option<R> {
        match self {
            Self::Exact(keys) => choose(keys.get(&*fold(&key_text(key)?))?),
            Self::Net(networks) => networks
                .holding(address_of(key)?)
                .find_map(|places| choose(places)),
            Self::Prefix { prefixes, lengths } => {
                let text = key_text(key)?;
                let text = fold(&text);
                let beginnings = lengths.iter().filter_map(|length| text.get(..*length));
                beginnings
                    .filter_map(|prefix| prefixes.get(prefix))
                    .find_map(|places| choose(places))
            }
        }
    }
}

fn exact<'a>(keys: impl Iterator<Item = (u32, &'a Value)>) -> Result<Index, Fault> {
    let mut index: HashMap<Box<str>, Places> = HashMap::default();
    for (place, key) in keys {
        let text = text_of(place, key)?;
        // An address is found in whatever way it is written.
        if let Ok(address) = text.parse::<IpAddr>()
            && let address = address.to_canonical().to_string()
            && address != *text
        {
            index.entry(address.into()).or_default().push(place);
        }
        index.entry(text).or_default().push(place);
    }
    Ok(Index::Exact(index))
}

fn networks<'a>(keys: impl Iterator<Item = (u32, &'a Value)>) -> Result<Index, Fault> {
    let mut index: NetworkMap<Places> = NetworkMap::default();
    for (place, key) in keys {
        let text = text_of(place, key)?;
        let network = address::parse_network(&text).ok_or_else(|| {
            let reason = format!(
                "expected a network like `10.0.0.0/8`, found `{}`",
                shown(key)
            );
            Fault::of_row(place as usize, reason)
        })?;
        index.entry(network).push(place);
    }
    Ok(Index::Net(index))
}

fn prefixes<'a>(keys: impl Iterator<Item = (u32, &'a Value)>) -> Result<Index, Fault> {
    let mut prefixes: HashMap<Box<str>, Places> = HashMap::default();
    for (place, key) in keys {
        prefixes
            .entry(text_of(place, key)?)
            .or_default()
            .push(place);
    }
    let mut lengths: Vec<usize> = prefixes.keys().map(|prefix| prefix.len()).collect();
    lengths.sort_unstable_by(|left, right| right.cmp(left));
    lengths.dedup();
    Ok(Index::Prefix { prefixes, lengths })
}

fn text_of(place: u32, key: &Value) -> Result<Box<str>, Fault> {
    let text = key_text(key).ok_or_else(|| {
        Fault::of_row(
            place as usize,
            "expected a text as the key, found another value",
        )
    })?;
    Ok(fold(&text).into())
}

fn address_of(key: &Value) -> Option<IpAddr> {
    match key {
        Value::Ip(address) => Some(*address),
        Value::Text(text) => address::parse(text),
        Value::Missing
        | Value::Bool(_)
        | Value::Int(_)
        | Value::Float(_)
        | Value::Time(_)
        | Value::Duration(_)
        | Value::Distance(_)
        | Value::Speed(_)
        | Value::Size(_)
        | Value::Geo(_)
        | Value::List(_)
        | Value::Record(_) => None,
    }
}
