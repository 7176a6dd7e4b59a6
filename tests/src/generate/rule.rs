//! Rules of a case, in pieces that shrinking can take away.
//!
//! Apart from patterns because keys, bounds and options are chosen alike for all of them.

use super::absence;
use super::everything;
use super::lookups;
use super::mapped;
use super::pattern::{self, Draft};
use super::random::Random;
use super::telling;
use super::words::{CLASSES, Class, SPANS, span};
use super::{Case, Level};

/// A rule in pieces.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RuleText {
    /// Its name.
    pub name: String,
    /// The lines before `when`.
    pub meta: Vec<String>,
    /// What stands behind `when`.
    pub pattern: String,
    /// The lines behind the pattern.
    pub clauses: Vec<String>,
    /// What stands behind `alert`.
    pub alert: String,
    /// The lines behind the alert.
    pub options: Vec<String>,
}

impl RuleText {
    /// Prints the rule.
    #[must_use]
    pub fn print(&self) -> String {
        let indented = |lines: &[String], depth: &str| -> String {
            lines
                .iter()
                .map(|line| format!("{depth}{line}\n"))
                .collect()
        };
        let (name, pattern, alert) = (&self.name, &self.pattern, &self.alert);
        let meta = indented(&self.meta, "  ");
        let clauses = indented(&self.clauses, "  ");
        let options = indented(&self.options, "    ");
        format!(
            "rule {name} \"The {name}\" {{\n{meta}  when {pattern}\n{clauses}  alert {alert}\n{options}}}\n"
        )
    }
}

/// What the stream of a case should be biased to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Plan {
    /// Classes that rules name.
    pub(crate) classes: Vec<Class>,
    /// Spans that rules name, milliseconds.
    pub(crate) spans: Vec<i64>,
    /// Declared sources with their lateness and dedupe, milliseconds.
    pub(crate) feeds: Vec<(String, i64, i64)>,
    /// Whether records have tenants.
    pub(crate) tenants: bool,
    /// A span whose windows are aligned; the stream begins near one's edge.
    pub(crate) aligned: Option<i64>,
    /// Instants near which streams begin, milliseconds.
    pub(crate) starts: Vec<i64>,
    /// Whether records name people by their accounts.
    pub(crate) people: bool,
    /// Whether records hold what no field does.
    pub(crate) raw: bool,
}

/// Makes the declarations and rules of a case.
pub(crate) fn program(random: &mut Random, level: Level, case: &mut Case) -> Plan {
    let mut plan = Plan {
        tenants: random.chance(20),
        ..Plan::default()
    };
    let mut classes = CLASSES.to_vec();
    random.shuffle(&mut classes);
    classes.truncate(random.range(1, 3));
    if level == Level::Lookups && random.chance(70) {
        // What is looked up keeps many events out; these come often.
        classes.truncate(1);
    }
    plan.classes = classes;
    if random.chance(25) {
        feeds(random, case, &mut plan);
    }
    if level == Level::Lookups && random.chance(40) {
        mapped::source(random, case, &mut plan);
    }
    let rules = random.range(1, 2);
    for number in 1..=rules {
        let rule = one(random, level, format!("rule_{number}"), case, &mut plan);
        case.rules.push(rule);
    }
    if level == Level::Everything && random.chance(35) {
        let rule = everything::over_alerts(random, &case.rules, &mut plan);
        case.rules.push(rule);
    }
    if level == Level::Everything && random.chance(15) {
        everything::digests(random, case, &mut plan);
    }
    for class in &plan.classes {
        case.declarations
            .extend(class.declaration.map(str::to_owned));
    }
    case.declarations.sort();
    case.declarations.dedup();
    plan
}

fn feeds(random: &mut Random, case: &mut Case, plan: &mut Plan) {
    for name in ["north", "south"] {
        let lateness = random.pick(&[0, 1_000, 5_000, 60_000]);
        let dedupe = random.pick(&[1_000, 20_000]);
        case.declarations.push(format!(
            "source {name} \"{name}\" {{\n  when .feed is \"{name}\"\n  absent \"\"\n  lateness {}\n  \
             dedupe {}\n  fields from .\n  id = .id\n  time = parse_time(.ts, \"iso\")\n}}",
            span(lateness),
            span(dedupe)
        ));
        plan.feeds.push((name.to_owned(), lateness, dedupe));
    }
}

fn one(
    random: &mut Random,
    level: Level,
    name: String,
    case: &mut Case,
    plan: &mut Plan,
) -> RuleText {
    let base = match plan.spans.first() {
        Some(base) if random.chance(75) => *base,
        _ => random.pick(SPANS),
    };
    plan.spans.push(base);
    let mut draft =
        if level >= Level::Groups && random.chance(if level == Level::Lookups { 35 } else { 65 }) {
            pattern::grouped(random, &plan.classes, base)
        } else {
            pattern::sequence(random, &plan.classes, base)
        };
    plan.spans.extend(&draft.spans);
    let mut clauses = Vec::new();
    if level >= Level::Absence && random.chance(if level == Level::Absence { 90 } else { 30 }) {
        clauses.extend(absence::clauses(random, &mut draft, plan, base));
    }
    let mut options = Vec::new();
    if level == Level::Everything {
        everything::enrich(random, &mut draft, case, plan, base);
        options = telling::options(random, &draft, plan, base);
    }
    if level == Level::Lookups {
        lookups::enrich(random, &mut draft, case, plan, base);
    }
    clauses.splice(0..0, bound(random, &mut draft, plan, base));
    clauses.extend(keys(random, &draft));
    clauses.extend(conditions(random, &draft));
    if random.chance(25) {
        clauses.push(format!("on match {}", random.pick(&["keep", "restart"])));
    }
    if plan.tenants && random.chance(25) {
        clauses.push("across tenants".to_owned());
    }
    let text = telling::text(random, &draft, &clauses);
    let alert = format!("{} \"{text}\"", random.pick(&["low", "high"]));
    RuleText {
        name,
        meta: telling::meta(random),
        pattern: draft.print(),
        clauses,
        alert,
        options,
    }
}

/// The window of the whole, where the pattern needs or may have one.
fn bound(random: &mut Random, draft: &mut Draft, plan: &mut Plan, base: i64) -> Vec<String> {
    if draft.own_bound.is_empty() && draft.needs_bound && random.chance(12) {
        let every = random.pick(&[60_000, 600_000, 3_600_000, 86_400_000]);
        plan.aligned = Some(every);
        draft.own_bound = vec![format!("each {}", span(every))];
        if random.chance(20) && every == 86_400_000 {
            draft.own_bound = vec!["each day zone \"Europe/Madrid\"".to_owned()];
        }
    }
    if !draft.own_bound.is_empty() {
        return draft.own_bound.clone();
    }
    let single = draft.steps.len() == 1 && !draft.needs_bound;
    if draft.needs_bound || (!single && random.chance(40)) {
        let within = base * draft.factor;
        plan.spans.push(within);
        return vec![format!("within {}", span(within))];
    }
    Vec::new()
}

/// A key for all that a rule relates.
fn keys(random: &mut Random, draft: &Draft) -> Vec<String> {
    if !draft.joins.is_empty() {
        return vec![format!("where {}", draft.joins.join(" and "))];
    }
    if draft.steps.len() == 1 && !draft.needs_bound && !draft.has_absence && random.chance(50) {
        return Vec::new();
    }
    let key = match random.below(20) {
        0..11 => "where identity same",
        11..13 => "where identity, device.id same",
        13..16 => "where actor.groups same",
        16 => "where device.id same",
        17 => "where identity same and ip same",
        _ => "global",
    };
    vec![key.to_owned()]
}

/// Conditions that relate steps by name, or all of them.
fn conditions(random: &mut Random, draft: &Draft) -> Vec<String> {
    let mut found = draft.conditions.clone();
    let several = draft.steps.len() > 1;
    if several && random.chance(14) {
        found.push(
            random
                .pick(&[
                    "where ip differs",
                    "where geo distance > 500km",
                    "where geo speed > 900km/h",
                    "where elapsed >= 1s",
                    "where not (ip same)",
                    "unless ip same",
                    "where device.id differs or geo distance > 10km",
                    "unless geo distance < 100km",
                    "where actor.groups differs",
                ])
                .to_owned(),
        );
    }
    found
}
