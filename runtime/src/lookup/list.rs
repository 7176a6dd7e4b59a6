//! Declared lists, ready to be asked whether they hold a value.
//!
//! Apart from tables because a list is part of the program and has no rows.

use std::net::IpAddr;

use ahash::HashSet;
use muster_lang::value::{Value, address, fold};

use super::network::Networks;

/// The elements of a list.
#[derive(Debug, Default)]
pub(super) struct List {
    /// Texts, folded.
    texts: HashSet<Box<str>>,
    /// Texts that are networks or addresses.
    networks: Networks,
    others: Vec<Value>,
}

impl List {
    /// Returns a list of elements.
    pub(super) fn new(items: &[Value]) -> Self {
        let texts = || items.iter().filter_map(Value::as_text);
        Self {
            texts: texts().map(|text| Box::from(&*fold(text))).collect(),
            networks: Networks::new(texts().filter_map(address::parse_network)),
            others: items
                .iter()
                .filter(|item| item.as_text().is_none())
                .cloned()
                .collect(),
        }
    }

    /// Tells whether a value is an element, or an address in a network that is one.
    pub(super) fn holds(&self, value: &Value) -> Option<bool> {
        match value {
            Value::Missing => None,
            Value::Text(text) => Some(self.texts.contains(&*fold(text)) || self.holds_host(text)),
            Value::Ip(address) => Some(self.holds_address(*address)),
            Value::Bool(_)
            | Value::Int(_)
            | Value::Float(_)
            | Value::Time(_)
            | Value::Duration(_)
            | Value::Distance(_)
            | Value::Speed(_)
            | Value::Size(_)
            | Value::Geo(_)
            | Value::List(_)
            | Value::Record(_) => Some(self.others.iter().any(|item| item.is(value) == Some(true))),
        }
    }

    fn holds_host(&self, text: &str) -> bool {
        !self.networks.is_empty()
            && address::parse(text).is_some_and(|address| self.networks.contain(address))
    }

    fn holds_address(&self, address: IpAddr) -> bool {
        self.networks.contain(address) || self.others.contains(&Value::Ip(address))
    }
}
