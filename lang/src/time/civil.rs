//! Dates of the Gregorian calendar as days since 1970-01-01.
//!
//! Apart because reading, printing and zones all turn one into the other.

/// Days in 400 years.
const ERA_DAYS: i64 = 146_097;
/// Days from 0000-03-01 to 1970-01-01.
const EPOCH_DAYS: i64 = 719_468;

/// Returns the days since 1970-01-01 of a date, or `None` if there is no such date.
#[must_use]
pub fn days_of_date(year: i64, month: u32, day: u32) -> Option<i64> {
    if !(0..=9_999).contains(&year) || !(1..=month_days(year, month)?).contains(&day) {
        return None;
    }
    // Years that start in March have the leap day at their end.
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let month_from_march = i64::from((month + 9) % 12);
    let day_of_year = (153 * month_from_march + 2) / 5 + i64::from(day) - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    Some(era * ERA_DAYS + day_of_era - EPOCH_DAYS)
}

fn month_days(year: i64, month: u32) -> Option<u32> {
    let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => Some(31),
        4 | 6 | 9 | 11 => Some(30),
        2 => Some(if leap { 29 } else { 28 }),
        _ => None,
    }
}

/// Returns year, month and day of a number of days since 1970-01-01.
#[must_use]
pub fn date_of_days(days: i64) -> (i64, u32, u32) {
    let days = days.saturating_add(EPOCH_DAYS);
    let era = days.div_euclid(ERA_DAYS);
    let day_of_era = days.rem_euclid(ERA_DAYS);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 {
        month_from_march + 3
    } else {
        month_from_march - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (
        year,
        u32::try_from(month).unwrap_or(1),
        u32::try_from(day).unwrap_or(1),
    )
}

/// Returns the month, from 1, of its English name or the first three letters of it.
pub(super) fn month_of_name(name: &str) -> Option<u32> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let named = |month: &&str| {
        month.eq_ignore_ascii_case(name)
            || month
                .get(..3)
                .is_some_and(|short| short.eq_ignore_ascii_case(name))
    };
    let at = MONTHS.iter().position(named)?;
    u32::try_from(at + 1).ok()
}

#[cfg(test)]
mod tests {
    use chrono::{Datelike, NaiveDate};

    use super::*;

    #[test]
    fn every_day_of_ten_thousand_years_agrees_with_chrono() {
        let mut date = NaiveDate::from_ymd_opt(0, 1, 1).unwrap();
        let first = -719_528;
        for days in first..2_932_897 {
            let (year, month, day) = (i64::from(date.year()), date.month(), date.day());
            assert_eq!(date_of_days(days), (year, month, day));
            assert_eq!(days_of_date(year, month, day), Some(days));
            date = date.succ_opt().unwrap();
        }
        assert_eq!(date.year(), 10_000);
    }

    #[test]
    fn dates_that_do_not_exist_are_none() {
        for (year, month, day) in [
            (2026, 2, 29),
            (1900, 2, 29),
            (2026, 0, 1),
            (2026, 13, 1),
            (2026, 4, 31),
            (2026, 1, 0),
            (-1, 1, 1),
            (10_000, 1, 1),
            (i64::MAX, 1, 1),
            (i64::MIN, 1, 1),
        ] {
            assert_eq!(days_of_date(year, month, day), None);
        }
        assert!(days_of_date(2000, 2, 29).is_some());
        assert!(days_of_date(2024, 2, 29).is_some());
    }

    #[test]
    fn months_are_known_by_name_in_any_case() {
        assert_eq!(month_of_name("Oct"), Some(10));
        assert_eq!(month_of_name("SEPTEMBER"), Some(9));
        assert_eq!(month_of_name("may"), Some(5));
        assert_eq!(month_of_name("Sept"), None);
        assert_eq!(month_of_name(""), None);
    }
}
