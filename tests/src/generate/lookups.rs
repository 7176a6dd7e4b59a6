//! Tables, identities, calendars, records as they came, patterns and percentiles.
//!
//! Apart from memories because all of this is known before the stream begins, and has edges in time
//! of its own.

use chrono::{DateTime, SecondsFormat, Utc};

use super::Case;
use super::calendars;
use super::pattern::Draft;
use super::random::Random;
use super::rule::Plan;
use crate::carried::carry;

/// 2026-03-15T09:00:00Z, where most streams begin.
pub(crate) const START: i64 = 1_773_565_200_000;

/// Prints an instant.
pub(crate) fn text(millis: i64) -> String {
    DateTime::<Utc>::from_timestamp_millis(millis)
        .map(|time| time.to_rfc3339_opts(SecondsFormat::Millis, true))
        .unwrap_or_default()
}

/// Adds what is looked up to a program, and conditions that look it up.
pub(crate) fn enrich(
    random: &mut Random,
    draft: &mut Draft,
    case: &mut Case,
    plan: &mut Plan,
    base: i64,
) {
    let number = 1 + usize::from(random.chance(25));
    for _ in 0..number {
        match random.below(9) {
            0 | 1 => exact(random, draft, case, base),
            2 => networks(random, draft, case, base),
            3 => prefixes(random, draft, case, base),
            4 => identity(random, case, plan, base),
            5 | 6 => calendars::weekly(random, draft, case, plan),
            7 => calendars::intervals(random, draft, case, plan, base),
            _ => raw(random, draft),
        }
    }
    plan.raw = true;
    for step in &mut draft.steps {
        if let Some(rest) = step.head.strip_prefix("max of ") {
            let percentile = random.pick(&["p95", "p50", "p25", "p1", "p100"]);
            step.head = format!("{percentile} of {rest}");
        }
        if step.group && random.chance(15) {
            let percent = random.pick(&[0, 34, 50, 67, 100]);
            step.filters.push(format!(
                "where percentile({}.bytes.down, {percent}) >= 2KB",
                step.name
            ));
        }
    }
}

/// Adds one of some conditions to a step.
pub(crate) fn filter(random: &mut Random, draft: &mut Draft, texts: &[String]) {
    let number = random.below(draft.steps.len());
    let earlier = draft.steps.iter().take(number);
    let plain = earlier.filter(|step| !step.group && !step.optional);
    let names: Vec<String> = plain.map(|step| step.name.clone()).collect();
    let mut text = random.pick(texts);
    if !names.is_empty() && random.chance(15) {
        // As of the step that the key is of.
        let name = random.pick(&names);
        text = text.replace("[resource.id]", &format!("[{name}.resource.id]"));
    }
    if let Some(step) = draft.steps.get_mut(number) {
        step.filters.push(text);
    }
}

/// Columns `valid_from` and `valid_to`: nothing, an edge of the stream, a millisecond beside it.
pub(crate) fn validity(random: &mut Random, base: i64) -> (String, String) {
    let mut edge = |chance| {
        if !random.chance(chance) {
            return String::new();
        }
        let whole = random.pick(&[0, base, base * 2, base / 2, base / 4]);
        let beside = random.pick(&[0, 0, -1, 1]);
        random.pick(&[
            text(START + whole + beside),
            "2026-03-15".to_owned(),
            text(START + whole),
        ])
    };
    (edge(50), edge(50))
}

/// Writes rows as CSV, JSON or JSON Lines.
pub(crate) fn file(
    random: &mut Random,
    name: &str,
    columns: &[&str],
    rows: &[Vec<String>],
) -> (String, String) {
    let form = random.below(4);
    let object = |row: &Vec<String>| {
        let cells = columns
            .iter()
            .zip(row)
            .map(|(column, cell)| match cell.as_str() {
                "" => format!("{column:?}: null"),
                cell => format!("{column:?}: {cell:?}"),
            });
        format!("{{{}}}", cells.collect::<Vec<_>>().join(", "))
    };
    let (end, content) = match form {
        0 => {
            let lines = rows.iter().map(object).collect::<Vec<_>>();
            ("json", format!("[{}]", lines.join(",\n")))
        }
        1 => ("jsonl", rows.iter().map(|row| object(row) + "\n").collect()),
        _ => {
            let mark = random.pick(&[",", ",", ";"]);
            let lines = rows.iter().map(|row| format!("{}\n", row.join(mark)));
            (
                "csv",
                format!("{}\n{}", columns.join(mark), lines.collect::<String>()),
            )
        }
    };
    let path = format!("{name}.{end}");
    let carried = carry(&path, &content);
    (path, carried)
}

/// Declares something with the file it reads.
pub(crate) fn declare(case: &mut Case, declaration: &str, carried: &str) {
    case.declarations.push(format!("{declaration}\n{carried}"));
}

fn exact(random: &mut Random, draft: &mut Draft, case: &mut Case, base: i64) {
    let name = format!("table_{}", case.declarations.len());
    let mut rows = Vec::new();
    for _ in 0..random.range(1, 5) {
        let key = random.pick(&["doc1", "DOC1", "doc2", "sheet1", "d1", "u1", ""]);
        let kind = random.pick(&["red", "RED", "blue", "d1", ""]);
        let size = random.pick(&["1000", "3000", "0", ""]);
        let flag = random.pick(&["true", "false", ""]);
        let (from, to) = validity(random, base);
        rows.push(
            [key, kind, size, flag, &from, &to]
                .map(str::to_owned)
                .to_vec(),
        );
    }
    let columns = ["name", "kind", "Limit", "open", "valid_from", "valid_to"];
    let (path, carried) = file(random, &name, &columns, &rows);
    declare(
        case,
        &format!("table {name} from \"{path}\" key name"),
        &carried,
    );
    let reads = exact_reads(random, case, &name);
    filter(random, draft, &reads);
}

/// Conditions that read a table by its key.
fn exact_reads(random: &mut Random, case: &mut Case, name: &str) -> Vec<String> {
    let t = format!("{name}[resource.id]");
    let mut reads = vec![
        format!("where {t}.kind is \"red\""),
        format!("where {t}.kind is not \"red\""),
        format!("unless {t}.kind is \"red\""),
        format!("where {t}.kind == \"red\""),
        format!("where {t}.kind in [\"blue\", \"Red\"]"),
        format!("where {t}.kind is device.id"),
        format!("where {t}.limit >= 1000"),
        format!("where bytes.down > {t}.Limit"),
        format!("where {t}.open is true"),
        format!("where ({t}.kind or \"red\") is \"red\""),
        format!("where {t}.kind exists"),
        format!("where {t}.kind is missing"),
        format!("where {t}.kind like \"r*\""),
        format!("where {t}.kind matches r\"^[a-z]+$\""),
        format!("where {t}.kind is {name}[device.id].kind"),
    ];
    let bare = [
        format!("where resource.id in {name}"),
        format!("where resource.id not in {name}"),
        format!("unless device.id in {name}"),
    ];
    reads.extend(bare);
    if random.chance(30) {
        let field = format!("field kind_{name}: text = {t}.kind or {name}[device.id].kind");
        case.declarations.push(field);
        reads = vec![
            format!("where kind_{name} is \"red\""),
            format!("unless kind_{name} is \"blue\""),
            format!("where kind_{name} exists"),
        ];
    } else if random.chance(30) {
        let field = format!("field rank_{name}: enum(red < blue < green) = {t}.kind");
        case.declarations.push(field);
        reads = vec![
            format!("where rank_{name} >= red"),
            format!("where rank_{name} is blue"),
            format!("unless rank_{name} < blue"),
        ];
    }
    reads
}

fn networks(random: &mut Random, draft: &mut Draft, case: &mut Case, base: i64) {
    let name = format!("nets_{}", case.declarations.len());
    let mut rows = Vec::new();
    for _ in 0..random.range(1, 4) {
        let net = random.pick(&[
            "10.0.0.0/8",
            "10.0.0.0/31",
            "10.0.0.1",
            "10.0.0.2/32",
            "192.168.0.0/16",
            "0.0.0.0/0",
        ]);
        let site = random.pick(&["Madrid", "Lisbon", "lisbon", ""]);
        let (from, to) = validity(random, base);
        rows.push([net, site, &from, &to].map(str::to_owned).to_vec());
    }
    let (path, carried) = file(
        random,
        &name,
        &["net", "site", "valid_from", "valid_to"],
        &rows,
    );
    declare(
        case,
        &format!("table {name} from \"{path}\" key cidr net"),
        &carried,
    );
    filter(
        random,
        draft,
        &[
            format!("where {name}[ip].site is \"Lisbon\""),
            format!("unless {name}[ip].site is \"Lisbon\""),
            format!("where {name}[ip].site is not \"Madrid\""),
            format!("where {name}[ip].site is missing"),
            format!("where ip in {name}"),
            format!("where ip not in {name}"),
        ],
    );
}

fn prefixes(random: &mut Random, draft: &mut Draft, case: &mut Case, base: i64) {
    let name = format!("prefixes_{}", case.declarations.len());
    let mut rows = Vec::new();
    for _ in 0..random.range(1, 4) {
        let key = random.pick(&["d", "doc", "DOC", "doc1", "sheet", "s", "doc12"]);
        let kind = random.pick(&["paper", "screen", ""]);
        let (from, to) = validity(random, base);
        rows.push([key, kind, &from, &to].map(str::to_owned).to_vec());
    }
    let (path, carried) = file(
        random,
        &name,
        &["head", "kind", "valid_from", "valid_to"],
        &rows,
    );
    declare(
        case,
        &format!("table {name} from \"{path}\" key prefix head"),
        &carried,
    );
    filter(
        random,
        draft,
        &[
            format!("where {name}[resource.id].kind is \"paper\""),
            format!("unless {name}[resource.id].kind is \"paper\""),
            format!("where {name}[resource.id].kind exists"),
            format!("where resource.id in {name}"),
            format!("where resource.id not in {name}"),
        ],
    );
}

/// A directory; the stream then names people by their accounts.
fn identity(random: &mut Random, case: &mut Case, plan: &mut Plan, base: i64) {
    if case
        .declarations
        .iter()
        .any(|one| one.starts_with("identity"))
    {
        return;
    }
    let mut rows = Vec::new();
    for _ in 0..random.range(1, 5) {
        let id = random.pick(&["p1", "p2", "P1", "u1"]);
        let sam = random.pick(&["ana", "CORP\\\\ana", "bo", "Ana", "root", ""]);
        let mail = random.pick(&["ana@x", "ANA@x", "bo@x", "u1", ""]);
        let (from, to) = validity(random, base);
        let sam = sam.replace("\\\\", "\\");
        rows.push([id, &sam, mail, &from, &to].map(str::to_owned).to_vec());
    }
    let columns = ["person", "sam", "mail", "valid_from", "valid_to"];
    let (path, carried) = file(random, "people", &columns, &rows);
    declare(
        case,
        &format!("table people from \"{path}\" key person"),
        &carried,
    );
    plan.people = true;
    let clean = random.pick(&[
        "",
        "clean lower",
        "clean lower, strip_domain \"CORP\"",
        "clean strip_domain \"corp\"",
    ]);
    let never = random.pick(&["", "never \"root\"", "never \"ROOT\", \"bo\""]);
    case.declarations.push(format!(
        "identity person {{ from people match sam, mail give person {clean} {never} }}"
    ));
}

/// Unmapped input, patterns, and functions over one event.
fn raw(random: &mut Random, draft: &mut Draft) {
    filter(
        random,
        draft,
        &[
            "where raw.Level >= 2",
            "where raw.Level is 2",
            "where raw.Level is \"2\"",
            "where raw.\"odd key\".x is \"y\"",
            "unless raw.list[0] is \"A\"",
            "where raw.list contains \"b\"",
            "where raw.list[-1] is \"b\"",
            "where raw.Level exists",
            "where raw.flag is true",
            "where ip(raw.Address) in \"10.0.0.0/8\"",
            "where raw.Address is ip",
            "where raw.\"odd key\".x is raw.flag",
            "where any of raw.list is \"b\"",
            "where all of raw.list in [\"a\", \"b\"]",
            "where resource.id matches r\"^doc\\d$\"",
            "unless resource.id matches r\"(?i)^doc\\d$\"",
            "where resource.id not matches [r\"^doc\", r\"1$\"]",
            "where extract(resource.id, r\"(\\d+)$\") is \"1\"",
            "where hour(time, zone \"Europe/Madrid\") is 10",
            "where date(time) is \"2026-03-15\"",
            "where weekday(time) in [\"sun\", \"mon\"]",
            "where len(resource.id) > 4",
            "where lower(device.id) == \"d1\"",
            "where split(resource.id, \"c\")[1] is \"1\"",
            "where first(actor.groups) is \"g1\"",
            "where actor.groups[0] is \"g2\"",
            "where replace(resource.id, \"doc\", \"d\") is device.id",
        ]
        .map(str::to_owned),
    );
}
