//! Memories, sessions, alert options and rules over alerts.
//!
//! Apart from patterns because these stand around a rule rather than in it.

use super::Case;
use super::pattern::Draft;
use super::random::Random;
use super::rule::{Plan, RuleText};
use super::words::span;

/// Adds memories, lists, params and sessions to a pattern.
pub(crate) fn enrich(
    random: &mut Random,
    draft: &mut Draft,
    case: &mut Case,
    plan: &mut Plan,
    base: i64,
) {
    if random.chance(40) {
        memory(random, draft, case, plan, base);
    }
    if random.chance(10) {
        case.declarations
            .push("list watched = [\"doc1\", \"DOC3\"]".to_owned());
        filter(random, draft, "where resource.id in watched");
    }
    if draft.needs_bound && random.chance(15) && draft.joins.is_empty() && !reads_other(draft) {
        let gap = random.pick(&[base, base / 2]);
        let longest = base * 2;
        plan.spans.extend([gap, longest]);
        draft.own_bound = vec![format!("session gap {} up to {}", span(gap), span(longest))];
    }
}

fn reads_other(draft: &Draft) -> bool {
    let names: Vec<String> = draft
        .steps
        .iter()
        .map(|step| format!("{}.", step.name))
        .collect();
    draft
        .steps
        .iter()
        .flat_map(|step| &step.filters)
        .any(|filter| {
            names
                .iter()
                .any(|name| filter.contains(&format!(" {name}")))
        })
}

fn filter(random: &mut Random, draft: &mut Draft, text: &str) {
    let number = random.below(draft.steps.len());
    if let Some(step) = draft.steps.get_mut(number) {
        step.filters.push(text.to_owned());
    }
}

fn memory(random: &mut Random, draft: &mut Draft, case: &mut Case, plan: &mut Plan, base: i64) {
    let name = format!("memory_{}", case.declarations.len());
    let class = random.pick(&plan.classes);
    let class = if random.chance(30) { "any" } else { class.name };
    let per = random.pick(&[
        " per identity",
        " per identity, device.id",
        " per device.id",
        "",
    ]);
    let keep = random.pick(&[base, base * 2, base * 10]);
    let condition = random.pick(&[
        "",
        "",
        " where outcome is success",
        " unless device.id is \"d2\"",
    ]);
    plan.spans.push(keep);
    let mut tail = format!(" in {class}{condition}{per} for {}", span(keep));
    if random.chance(25) {
        let learn = random.pick(&[base, base / 2]);
        plan.spans.push(learn);
        tail.push_str(&format!(" learn {}", span(learn)));
    }
    let most = if random.chance(20) {
        format!(" max {}", random.range(1, 2))
    } else {
        String::new()
    };
    let (kind, reads, most): (String, Vec<String>, String) = match random.below(6) {
        0 => {
            let path = random.pick(&["resource.id", "ip", "device.id"]);
            let reads = vec![
                format!("where {path} in {name}"),
                format!("where {path} not in {name}"),
                format!("unless {path} in {name}"),
                format!("where {name}.size >= 1"),
            ];
            (format!("seen {path}"), reads, most)
        }
        1 => {
            let path = random.pick(&["device.id", "ip"]);
            let reads = vec![
                format!("where {name} is {path}"),
                format!("where {name} is not {path}"),
                format!("where {name} is missing"),
                format!("where {name}.previous is {path}"),
                format!("where {name}.previous is not {name}"),
                format!("where time - {name}.at <= {}", span(base)),
            ];
            (format!("last {path}"), reads, String::new())
        }
        2 => {
            let reads = vec![
                format!("where {name} >= 1"),
                format!("where {name} is 0"),
                format!("where {name} < 2"),
            ];
            ("count".to_owned(), reads, String::new())
        }
        3 => {
            let path = random.pick(&["ip", "actor.groups"]);
            (
                format!("distinct {path}"),
                vec![format!("where {name} >= 2"), format!("where {name} < 2")],
                most,
            )
        }
        _ => {
            let aggregate = random.pick(&["sum(bytes.down)", "count()"]);
            let amount = if aggregate == "count()" { "1" } else { "1KB" };
            let reads = vec![
                format!("where {name}.n >= 1"),
                format!("where {name}.max > {amount}"),
                format!("where {name}.mean >= {amount}"),
                format!("where {name}.median < {amount}"),
                format!("where {name}.p95 >= {amount}"),
                format!("where {name}.mad < {amount}"),
            ];
            plan.aligned = plan.aligned.or(Some(base));
            (
                format!("profile {aggregate} every {}", span(base)),
                reads,
                String::new(),
            )
        }
    };
    case.declarations
        .push(format!("memory {name} = {kind}{tail}{most}"));
    let read = random.pick(&reads);
    filter(random, draft, &read);
}

/// Makes digests of the classes that rules name.
pub(crate) fn digests(random: &mut Random, case: &mut Case, plan: &mut Plan) {
    for number in 1..=random.range(1, 2) {
        let class = random.pick(&plan.classes).name;
        let filter = random.pick(&[
            "",
            "",
            " where outcome is success",
            " unless device.id is \"d2\"",
        ]);
        let per = random.pick(&[" per identity", " per identity, device.id", " per ip", ""]);
        let every = random.pick(&[1_000, 2_000, 10_000, 60_000, 86_400_000]);
        let zone = random.pick(&["", "", " zone \"Europe/Madrid\""]);
        let each = format!("{}{zone}", span(every));
        let action = match random.below(7) {
            0 => format!("keep first{per}"),
            1 | 2 => format!("keep first{per} each {each}"),
            3 => format!("keep changes of device.id{per}"),
            4 | 5 => format!(
                "summarize{per} every {each} {{ n = count(), down = sum(bytes.down), ips = distinct(ip), top = max(bytes.down) }}"
            ),
            _ => "drop".to_owned(),
        };
        plan.spans.push(every.min(60_000));
        plan.aligned = plan.aligned.or(Some(every));
        case.declarations
            .push(format!("digest digest_{number} = {class}{filter} {action}"));
    }
}

/// Makes a rule over the alerts of the others.
pub(crate) fn over_alerts(random: &mut Random, rules: &[RuleText], plan: &mut Plan) -> RuleText {
    let names: Vec<String> = rules.iter().map(|rule| rule.name.clone()).collect();
    let other = random.pick(&names);
    let class = random.pick(&plan.classes).name;
    let within = random.pick(&plan.spans) * 2;
    plan.spans.push(within);
    let least = random.range(1, 3);
    let form = random.below(6);
    let told = match form {
        0 | 1 => ": {count(f)}, last {last(f.rule)}, worst {last(f.severity)}",
        2 => ": {b.rule} {b.severity} {b.score} {b.score_on}",
        3 => ": {a.rule} {a.attack} {a.tags} {a.identity}",
        _ => "",
    };
    let (pattern, mut clauses) = match form {
        0 => (
            format!("{least}+ alert as f"),
            vec![format!("within {}", span(within))],
        ),
        1 => (
            format!("{least}+ {other} as f"),
            vec![format!("within {}", span(within))],
        ),
        2 => (
            format!("{class} as a then {other} as b"),
            vec![format!("within {}", span(within))],
        ),
        3 => (
            format!("{other} as a then {class} as b"),
            vec![format!("within {}", span(within))],
        ),
        4 => (
            format!("{class} as a"),
            vec![format!(
                "without {other} as q within {} after a",
                span(within)
            )],
        ),
        _ => {
            let condition =
                random.pick(&["severity >= high", "score > 10", "severity is critical"]);
            (format!("alert as a where {condition}"), Vec::new())
        }
    };
    let key = random.pick(&["global", "global", "where identity same"]);
    if !clauses.is_empty() {
        clauses.push(key.to_owned());
    }
    let alert = format!("medium \"told of alerts{told}\"");
    RuleText {
        name: "rule_over".to_owned(),
        pattern,
        clauses,
        alert,
        ..RuleText::default()
    }
}
