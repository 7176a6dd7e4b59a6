//! The words cases are made of: classes with the records that belong to them, spans, values.
//!
//! Apart from rules and streams because both must speak of the same few things.

use serde_json::{Value as Json, json};

use super::random::Random;

/// A class that rules name, with what a record of it carries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Class {
    /// Its name in rules.
    pub(crate) name: &'static str,
    /// Its declaration where the prelude has none.
    pub(crate) declaration: Option<&'static str>,
    /// The `class` of a record of it.
    pub(crate) class: &'static str,
    /// The outcome a record needs; nothing where any will do.
    pub(crate) outcome: Option<&'static str>,
}

const fn class(name: &'static str, class: &'static str, outcome: Option<&'static str>) -> Class {
    Class {
        name,
        declaration: None,
        class,
        outcome,
    }
}

/// Every class that cases use.
pub(crate) const CLASSES: &[Class] = &[
    class("login", "auth.login", Some("success")),
    class("login_failed", "auth.login", Some("failure")),
    class("login_attempt", "auth.login", None),
    class("download", "file.download", Some("success")),
    class("access", "access.open", Some("success")),
    class("elevation", "auth.elevate", Some("success")),
    Class {
        name: "big_download",
        declaration: Some("event big_download = download where bytes.down >= 5KB"),
        class: "file.download",
        outcome: Some("success"),
    },
    Class {
        name: "act",
        declaration: Some("event act = any where class in [file.download, access.open]"),
        class: "access.open",
        outcome: None,
    },
    Class {
        name: "admin_act",
        declaration: Some("event admin_act = any where actor.admin is true"),
        class: "access.open",
        outcome: None,
    },
    Class {
        name: "quiet_login",
        declaration: Some("event quiet_login = login unless device.id is \"d2\""),
        class: "auth.login",
        outcome: Some("success"),
    },
];

/// Spans of windows, in milliseconds.
pub(crate) const SPANS: &[i64] = &[1_000, 2_000, 10_000, 60_000, 600_000];

/// Prints a span as a literal.
pub(crate) fn span(millis: i64) -> String {
    let units = [("h", 3_600_000), ("m", 60_000), ("s", 1_000)];
    let whole = units
        .iter()
        .find(|(_, size)| millis > 0 && millis % size == 0);
    whole.map_or_else(
        || format!("{millis}ms"),
        |(unit, size)| format!("{}{unit}", millis / size),
    )
}

/// Returns a value of a key field: few, in both cases, sometimes empty; nothing where missing.
pub(crate) fn key_value(random: &mut Random, stem: &str) -> Option<Json> {
    let number = random.range(1, 2);
    match random.below(20) {
        0 => None,
        1 => Some(json!("")),
        2 | 3 => Some(json!(format!("{stem}{number}").to_uppercase())),
        _ => Some(json!(format!("{stem}{number}"))),
    }
}

/// Returns a value of a list field.
pub(crate) fn list_value(random: &mut Random) -> Option<Json> {
    match random.below(9) {
        0 => None,
        1 => Some(json!([])),
        2 | 3 => Some(json!(["g1"])),
        4 => Some(json!(["G2", "g1"])),
        5 => Some(json!(["g1", "g2"])),
        6 => Some(json!(["g2", "g3", "g2"])),
        7 => Some(json!(["", "g3"])),
        _ => Some(json!(["g3"])),
    }
}

/// Returns coordinates: two in Madrid, one in Tokyo, one in Lisbon, one off the globe.
pub(crate) fn place(random: &mut Random) -> Option<Json> {
    match random.below(8) {
        0 => None,
        1 => Some(json!({"lat": 95.0, "lon": 10.0})),
        2 | 3 => Some(json!({"lat": 35.68, "lon": 139.69})),
        4 => Some(json!({"lat": 38.72, "lon": -9.14})),
        5 => Some(json!({"lat": 40.5, "lon": -3.6})),
        _ => Some(json!({"lat": 40.42, "lon": -3.7})),
    }
}
