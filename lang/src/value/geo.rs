//! Places on earth: which coordinates are valid, and how far apart they lie.
//!
//! Apart because conversion, builtins and the geo atoms of rules measure alike.

use super::Coordinates;

/// The mean radius of the earth in metres, as the language defines it.
const EARTH_RADIUS: f64 = 6_371_008.8;

/// Returns coordinates, or `None` outside −90…90 and −180…180.
#[must_use]
pub fn coordinates(lat: f64, lon: f64) -> Option<Coordinates> {
    let valid = (-90.0..=90.0).contains(&lat) && (-180.0..=180.0).contains(&lon);
    valid.then_some(Coordinates { lat, lon })
}

/// Returns the distance in metres along a great circle, by the haversine formula.
#[must_use]
pub fn distance(from: Coordinates, to: Coordinates) -> f64 {
    let half_chord = |degrees: f64| (degrees.to_radians() / 2.0).sin().powi(2);
    let (north, south) = (from.lat.to_radians().cos(), to.lat.to_radians().cos());
    let haversine = half_chord(to.lat - from.lat) + north * south * half_chord(to.lon - from.lon);
    // Rounding can carry antipodes beyond 1, where the arc sine is no number.
    2.0 * EARTH_RADIUS * haversine.clamp(0.0, 1.0).sqrt().asin()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn km(from: (f64, f64), to: (f64, f64)) -> f64 {
        let place = |(lat, lon)| coordinates(lat, lon).unwrap();
        distance(place(from), place(to)) / 1000.0
    }

    #[test]
    fn distances_are_those_of_a_great_circle() {
        let (madrid, tokyo) = ((40.4168, -3.7038), (35.6762, 139.6503));
        assert!(
            (km(madrid, tokyo) - 10_762.0).abs() < 10.0,
            "{}",
            km(madrid, tokyo)
        );
        assert!((km(madrid, tokyo) - km(tokyo, madrid)).abs() < 1e-9);
        assert!((km((0.0, 0.0), (0.0, 1.0)) - 111.195).abs() < 0.001);
    }

    #[test]
    fn the_antimeridian_is_no_border() {
        let across = km((0.0, 179.9), (0.0, -179.9));
        assert!((across - 22.239).abs() < 0.01, "{across}");
        assert!(km((10.0, 180.0), (10.0, -180.0)) < 1e-6);
    }

    #[test]
    fn no_pair_of_places_gives_nan() {
        let places = [
            (0.0, 0.0),
            (90.0, 0.0),
            (-90.0, 180.0),
            (90.0, 180.0),
            (0.0, 180.0),
            (0.0, -180.0),
            (1e-300, -1e-300),
            (45.0, -135.0),
            (-45.0, 45.0),
        ];
        for from in places {
            for to in places {
                assert!((0.0..20_016.0).contains(&km(from, to)), "{from:?} {to:?}");
            }
        }
        assert!(km((48.0, 11.0), (48.0, 11.0)) == 0.0);
    }

    #[test]
    fn coordinates_outside_the_earth_are_none_and_zero_zero_is_a_place() {
        for (lat, lon) in [(90.1, 0.0), (-90.1, 0.0), (0.0, 180.1), (0.0, -181.0)] {
            assert_eq!(coordinates(lat, lon), None);
        }
        assert_eq!(coordinates(f64::NAN, 0.0), None);
        assert_eq!(coordinates(0.0, f64::INFINITY), None);
        assert!(coordinates(0.0, 0.0).is_some());
        assert!(coordinates(-90.0, 180.0).is_some());
    }
}
