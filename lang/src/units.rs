//! Quantities with a unit: what the units are called and how long, far or large they are.
//!
//! Apart from literals because printing, checking and evaluation share the same table.

/// A dimension that is checked; numbers of different dimensions do not mix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dimension {
    /// Time spans, base unit microsecond.
    Duration,
    /// Distances, base unit metre.
    Distance,
    /// Speeds, base unit metre a second.
    Speed,
    /// Sizes, base unit byte.
    Size,
}

/// A span of time in microseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Duration(pub i64);

/// An instant: microseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(pub i64);

/// Microseconds in a second.
pub const SECOND: i64 = 1_000_000;
/// Microseconds in a day.
pub const DAY: i64 = 86_400 * SECOND;

impl Timestamp {
    /// The earliest instant an event may bear, 1970-01-01T00:00:00Z.
    pub const MIN: Self = Self(0);
    /// The latest instant an event may bear, 9999-12-31T23:59:59.999999Z.
    pub const MAX: Self = Self(253_402_300_799_999_999);

    /// Returns the instant a span later, held inside the range of `i64`.
    #[must_use]
    pub fn plus(self, span: Duration) -> Self {
        Self(self.0.saturating_add(span.0))
    }

    /// Returns the instant a span earlier, held inside the range of `i64`.
    #[must_use]
    pub fn minus(self, span: Duration) -> Self {
        Self(self.0.saturating_sub(span.0))
    }

    /// Returns the span from `earlier` to this instant; negative if it is later.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration(self.0.saturating_sub(earlier.0))
    }
}

/// A unit of a literal: its spelling, its dimension, its size in the base unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Unit {
    /// As written behind a number.
    pub name: &'static str,
    /// What it measures.
    pub dimension: Dimension,
    /// How many base units it is.
    pub factor: f64,
}

const fn unit(name: &'static str, dimension: Dimension, factor: f64) -> Unit {
    Unit {
        name,
        dimension,
        factor,
    }
}

/// Every unit, largest first within a dimension. A mile is 1609.344 m (international yard, 1959).
pub const UNITS: &[Unit] = &[
    unit("w", Dimension::Duration, 604_800e6),
    unit("d", Dimension::Duration, 86_400e6),
    unit("h", Dimension::Duration, 3_600e6),
    unit("m", Dimension::Duration, 60e6),
    unit("s", Dimension::Duration, 1e6),
    unit("ms", Dimension::Duration, 1e3),
    unit("km", Dimension::Distance, 1_000.0),
    unit("mi", Dimension::Distance, 1_609.344),
    unit("km/h", Dimension::Speed, 1_000.0 / 3_600.0),
    unit("mph", Dimension::Speed, 1_609.344 / 3_600.0),
    unit("TiB", Dimension::Size, 1_099_511_627_776.0),
    unit("GiB", Dimension::Size, 1_073_741_824.0),
    unit("MiB", Dimension::Size, 1_048_576.0),
    unit("KiB", Dimension::Size, 1_024.0),
    unit("TB", Dimension::Size, 1e12),
    unit("GB", Dimension::Size, 1e9),
    unit("MB", Dimension::Size, 1e6),
    unit("KB", Dimension::Size, 1e3),
    unit("B", Dimension::Size, 1.0),
];

/// Returns the unit of a spelling.
#[must_use]
pub fn find(name: &str) -> Option<Unit> {
    UNITS.iter().copied().find(|unit| unit.name == name)
}
