//! Calendars: of the week in a zone, and of intervals of a table.
//!
//! Apart from tables because their edges decide where a stream should begin.

use super::Case;
use super::lookups::{START, declare, file, filter, text, validity};
use super::pattern::Draft;
use super::random::Random;
use super::rule::Plan;

/// 2026-03-29T01:00:00Z, when clocks of Madrid go forward, and 2026-10-25T01:00:00Z, when they go back.
const CHANGES: [i64; 2] = [1_774_746_000_000, 1_792_890_000_000];

/// A calendar of the week, and streams about the nights in which clocks change.
pub(crate) fn weekly(random: &mut Random, draft: &mut Draft, case: &mut Case, plan: &mut Plan) {
    let name = format!("hours_{}", case.declarations.len());
    let zone = random.pick(&["Europe/Madrid", "Europe/Madrid", "UTC", "America/New_York"]);
    let line = random.pick(&[
        "sat-sun 02:30-04:00",
        "mon-sun 22:00-06:00",
        "sun 02:00-03:00",
        "sun 01:30-02:30, mon 00:00-24:00",
        "fri-mon 09:00-10:00",
        "sat 20:00-02:30",
        "mon-sun 03:00-03:00",
    ]);
    let except = if random.chance(35) {
        let days = random.pick(&[
            "2026-03-15",
            "2026-03-29",
            "2026-03-28",
            "2026-10-25",
            "2026-10-24",
        ]);
        if random.chance(50) {
            let (path, carried) = file(random, "free", &["day"], &[vec![days.to_owned()]]);
            if case
                .declarations
                .iter()
                .all(|one| !one.starts_with("table free"))
            {
                declare(
                    case,
                    &format!("table free from \"{path}\" key day"),
                    &carried,
                );
            }
            " except days in free".to_owned()
        } else {
            case.declarations
                .push(format!("list free_{name} = [\"{days}\"]"));
            format!(" except days in free_{name}")
        }
    } else {
        String::new()
    };
    case.declarations.push(format!(
        "calendar {name} {{ zone \"{zone}\" {line}{except} }}"
    ));
    filter(
        random,
        draft,
        &[
            format!("where time during {name}"),
            format!("where time outside {name}"),
            format!("unless time during {name}"),
            format!("where not (time outside {name})"),
        ],
    );
    let change = random.pick(&CHANGES);
    let hour = 3_600_000;
    plan.starts.extend([
        change,
        change - hour / 2,
        change + hour,
        change + hour * 2,
        change - hour * 3,
        START - hour,
        START,
    ]);
    plan.spans.push(random.pick(&[hour, hour / 2]));
}

/// A calendar of the rows of a table.
pub(crate) fn intervals(
    random: &mut Random,
    draft: &mut Draft,
    case: &mut Case,
    plan: &mut Plan,
    base: i64,
) {
    let name = format!("changes_{}", case.declarations.len());
    let mut rows = Vec::new();
    for _ in 0..random.range(1, 4) {
        let asset = random.pick(&["doc1", "DOC1", "doc2", "sheet1"]);
        let start = START + random.pick(&[0, base, base / 2, -base]);
        let end = start + random.pick(&[1, base, base * 2, base / 2]);
        let end = if random.chance(15) {
            String::new()
        } else {
            text(end)
        };
        let start = random.pick(&[text(start), text(start), "2026-03-15".to_owned()]);
        let (from, to) = if random.chance(20) {
            validity(random, base)
        } else {
            (String::new(), String::new())
        };
        rows.push(
            [asset, &start, &end, &from, &to]
                .map(str::to_owned)
                .to_vec(),
        );
    }
    let columns = ["asset", "starts", "ends", "valid_from", "valid_to"];
    let (path, carried) = file(random, &name, &columns, &rows);
    declare(
        case,
        &format!("table log_{name} from \"{path}\" key asset"),
        &carried,
    );
    let keyed = random.chance(80);
    let (per, key) = if keyed {
        (" per asset", "(resource.id)")
    } else {
        ("", "")
    };
    case.declarations.push(format!(
        "calendar {name} {{ from log_{name} start starts end ends{per} }}"
    ));
    plan.starts.push(START);
    filter(
        random,
        draft,
        &[
            format!("where time during {name}{key}"),
            format!("where time outside {name}{key}"),
            format!("unless time during {name}{key}"),
            format!("unless time outside {name}{key}"),
        ],
    );
}
