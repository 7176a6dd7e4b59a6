//! Shapes of rules that are compared on every small stream.
//!
//! Apart from random rules because these are the sentences that people will write.

use super::Level;

/// A rule to compare on every small stream.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// Which of the language it needs.
    pub level: Level,
    /// The rules.
    pub program: &'static str,
}

const fn sequence(program: &'static str) -> Shape {
    Shape {
        level: Level::Sequences,
        program,
    }
}

const fn group(program: &'static str) -> Shape {
    Shape {
        level: Level::Groups,
        program,
    }
}

const fn absence(program: &'static str) -> Shape {
    Shape {
        level: Level::Absence,
        program,
    }
}

const fn rich(program: &'static str) -> Shape {
    Shape {
        level: Level::Everything,
        program,
    }
}

/// Every shape.
pub const SHAPES: &[Shape] = &[
    sequence("rule r { when login alert low \"t\" }"),
    sequence(
        "rule r { when login as a then download as b within 10s where identity same alert low \"t\" }",
    ),
    sequence(
        "rule r { when login as a then login as b within 10s where identity same alert low \"t\" }",
    ),
    sequence(
        "rule r { when login as a then login as b within 10s where identity same on match keep alert low \"t\" }",
    ),
    sequence(
        "rule r { when login as a then within 10s download as b then within 10s access as c where identity same alert low \"t\" }",
    ),
    sequence(
        "rule r { when login as a then download as b then login as c within 20s where identity same alert low \"t\" }",
    ),
    sequence(
        "rule r { when login as a then login as b then login as c within 20s global alert low \"t\" }",
    ),
    sequence(
        "rule r { when any as a then any as b within 5s where identity same and device.id differs alert low \"t\" }",
    ),
    sequence(
        "rule r { when login as a then any as b where bytes.down > a.bytes.down within 10s where identity same alert low \"t\" }",
    ),
    sequence(
        "rule r { when login as a then download as b within 10s where b.identity is a.identity alert low \"t\" }",
    ),
    sequence(
        "rule r { when login as a then access as b within 10s where ip same alert low \"t\" }",
    ),
    sequence(
        "rule r { when login as a then download as b within 10s where identity same tolerate 5s alert low \"t\" }",
    ),
    sequence(
        "rule r { when login as a then download as b within 1m where identity same and elapsed > 5s on match keep alert low \"t\" }",
    ),
    sequence(
        "rule r { when login as a then any as b each 10s where identity same alert low \"t\" }",
    ),
    group("rule r { when 2+ login as f within 10s where identity same alert low \"t\" }"),
    group(
        "rule r { when 2+ login as f within 10s where identity same on match keep alert low \"t\" }",
    ),
    group("rule r { when 3+ any as f within 10s global alert low \"t\" }"),
    group("rule r { when 2+ different identity in any as f within 10s global alert low \"t\" }"),
    group(
        "rule r { when sum of bytes.down in any as f >= 6KB within 10s where identity same alert low \"t\" }",
    ),
    group(
        "rule r { when 2+ login as f then download as s within 20s where identity same alert low \"t\" }",
    ),
    group(
        "rule r { when login as a then 2+ download as f within 20s where identity same alert low \"t\" }",
    ),
    group(
        "rule r { when (2+ login as f within 5s) then within 10s download as s where identity same alert low \"t\" }",
    ),
    group(
        "rule r { when login as a then 1+ download as f then access as s within 20s where identity same alert low \"t\" }",
    ),
    group(
        "rule r { when all of (login as a, download as b) within 10s where identity same alert low \"t\" }",
    ),
    group(
        "rule r { when all of (login as a, download as b, access as c) within 20s where identity same alert low \"t\" }",
    ),
    group(
        "rule r { when 2 of (login as a, download as b, access as c) within 10s where identity same alert low \"t\" }",
    ),
    group(
        "rule r { when all of (login as a, login as b) within 10s where identity same alert low \"t\" }",
    ),
    group(
        "rule r { when all of (2+ login as f, download as b) within 20s where identity same alert low \"t\" }",
    ),
    group(
        "rule r { when all of (2+ any as f, login as b) within 10s where identity same alert low \"t\" }",
    ),
    group(
        "rule r { when login as a then all of (download as b, access as c) within 20s where identity same alert low \"t\" }",
    ),
    group(
        "rule r { when all of (login as a, download as b) then within 10s access as c within 20s where identity same alert low \"t\" }",
    ),
    group(
        "rule r { when login as a then (download as b then access as c within 5s) within 20s where identity same alert low \"t\" }",
    ),
    group(
        "rule r { when 2+ any as f where count(f where bytes.down > 2KB) >= 1 within 10s where identity same alert low \"t\" }",
    ),
    absence(
        "rule r { when login as a without download within 10s after a where identity same alert low \"t\" }",
    ),
    absence(
        "rule r { when login as a without download within 5s before a where identity same alert low \"t\" }",
    ),
    absence(
        "rule r { when login as a then access as b within 20s without download between a and b where identity same alert low \"t\" }",
    ),
    absence(
        "rule r { when login as a then access as b within 20s without download within 10s after a where identity same alert low \"t\" }",
    ),
    absence(
        "rule r { when login as a then access as b within 20s without login as q within 5s before a or 5s after b where identity same alert low \"t\" }",
    ),
    absence(
        "rule r { when 2+ login as f within 20s without download between f where identity same alert low \"t\" }",
    ),
    absence(
        "rule r { when 2+ login as f then access as s within 20s without download between f and s where identity same alert low \"t\" }",
    ),
    absence(
        "rule r { when 2+ login as f then access as s within 20s without download between f where identity same alert low \"t\" }",
    ),
    absence(
        "rule r { when 2+ login as f within 20s without download within 5s after f where identity same alert low \"t\" }",
    ),
    absence(
        "rule r { when all of (login as a, download as b) within 10s without access within 5s after a where identity same alert low \"t\" }",
    ),
    absence(
        "rule r { when login as a then any as b within 10s without any as q where device.id is a.device.id between a and b where identity same alert low \"t\" }",
    ),
    rich(
        "rule r { when 2+ any as f session gap 5s up to 15s where identity same alert low \"t\" }",
    ),
    rich(
        "rule r { when login as a then download as b session gap 10s up to 20s where identity same alert low \"t\" }",
    ),
    rich(
        "memory m = count in login per identity for 10s rule r { when download as a where m >= 1 alert low \"t\" }",
    ),
    rich(
        "memory m = seen device.id in any per identity for 5s rule r { when any as a where device.id not in m alert low \"t\" }",
    ),
    rich(
        "memory m = last device.id in any per identity for 10s rule r { when any as a where m is not device.id alert low \"t\" }",
    ),
    rich("rule r { when login as a alert low \"t\" suppress 5s per a.identity }"),
    rich(
        "rule r { when login alert low \"t\" } rule s { when 2+ r as f within 10s global alert low \"t\" }",
    ),
    rich(
        "rule r { when login as a where identity same without access within 5s after a alert low \"t\" } rule s { when r as a then download as b within 10s where identity same alert low \"t\" }",
    ),
];
