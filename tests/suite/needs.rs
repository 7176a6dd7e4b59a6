//! What rules need of the machine that runs them, a line a rule.
//!
//! Apart from the checker's corpus because the planner and the cost printer both rest on it.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

use muster_lang::file::{Files, Origin};
use muster_lang::ir::Program;
use muster_lang::ir::needs::{FOREVER, Kept, Needs, deadlines};
use muster_lang::value::Value;
use muster_lang::{CompileOptions, compile};

/// A pattern with its clauses, and what it needs.
const CASES: [(&str, &str); 25] = [
    ("login as a", "nothing"),
    (
        "login as a then access as b within 5m where identity same",
        "newest, at most 1, a 5m",
    ),
    (
        "login as a then access as b within 5m where identity same and geo distance > 500km",
        "newest by geo, a 5m",
    ),
    (
        "login as a then access as b within 5m where identity same and geo speed > 900km/h",
        "newest by geo, a 5m",
    ),
    (
        "login as a then access as b within 5m where identity same and geo speed < 900km/h",
        "everything, a 5m",
    ),
    (
        "login as a then access as b within 5m where identity same and elapsed < 1m",
        "newest, at most 1, a 5m",
    ),
    (
        "login as a then access as b within 5m where identity same and elapsed > 1m",
        "everything, a 5m",
    ),
    (
        "login as a then access as b within 5m where identity same and ip differs",
        "newest by ip, a 5m",
    ),
    (
        "login as a then access as b within 5m where identity same and a.ip exists and b.bytes.down > 1MB",
        "newest, at most 1, a 5m",
    ),
    (
        "login as a then access as b within 5m where identity same and a.bytes.down < b.bytes.down",
        "newest by bytes.down, a 5m",
    ),
    (
        "login as a then access as b within 5m where identity same and b.time - a.time > 1m",
        "everything, a 5m",
    ),
    (
        "login as a then access as b within 5m where a.device.id is b.device.id",
        "newest, at most 1, a 5m",
    ),
    (
        "login as a then access as b then download as c within 5m where identity same",
        "chains, at most 3, a 5m, b 5m",
    ),
    (
        "login as a then access as b then download as c within 5m where identity same and ip differs",
        "newest by ip, a 5m, b 5m",
    ),
    (
        "login as a then within 2m access as b then within 3m download as c where identity same",
        "chains, at most 3, a 5m, b 3m",
    ),
    (
        "login as a then access as b then download as c within 5m \
         where a.device.id is b.device.id and b.session.id is c.session.id",
        "everything, a 5m, b 5m",
    ),
    (
        "login as a then access as b within 5m where identity same tolerate 10s",
        "everything, a 5m10s, b 5m10s",
    ),
    (
        "5+ login_failed as f within 10m where identity same",
        "everything, f 10m",
    ),
    (
        "5+ login_failed as f then login as s within 10m where identity same",
        "everything, f 10m",
    ),
    (
        "all of (login as a, access as b) within 10m where identity same",
        "everything, a 10m, b 10m",
    ),
    (
        "login as a then access as b within 1h where identity same without logout as q between a and b",
        "newest, a 1h",
    ),
    (
        "login as a where identity same without logout as q within 10m after a",
        "everything, deadline 10m",
    ),
    (
        "login as a then access as b within 1h where identity same without logout as q within 10m before a",
        "everything, a 1h",
    ),
    (
        "login as a then access as b within 1h where identity same without logout as q within 10m after b",
        "newest, a 1h, deadline 10m",
    ),
    (
        "5+ login_failed as f session gap 5m up to 1h where identity same",
        "everything, f 1h",
    ),
];

#[test]
fn the_machine_a_rule_needs_follows_from_its_conditions() {
    let wrong: Vec<String> = CASES
        .iter()
        .filter_map(|(pattern, expected)| {
            let found = told(pattern);
            (found != *expected)
                .then(|| format!("{pattern}\n  expected {expected}\n  found    {found}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn told(pattern: &str) -> String {
    let program = compiled(pattern);
    let rule = program.rules.as_slice().first().unwrap();
    let needs = Needs::of(&program, rule);
    let mut parts = vec![kept(&program, &needs.kept)];
    if let Some(most) = needs.events_max(rule).filter(|most| *most > 0) {
        parts.push(format!("at most {most}"));
    }
    for (step, what) in rule.steps.iter() {
        let reach = needs.reach_of(rule, step);
        assert!(
            reach < FOREVER,
            "{pattern}: `{}` is kept for ever",
            what.label
        );
        if reach.0 > 0 {
            parts.push(format!(
                "{} {}",
                what.label,
                Value::Duration(reach).display()
            ));
        }
    }
    let deadlines = deadlines(rule);
    parts
        .extend(deadlines.map(|(_, span)| format!("deadline {}", Value::Duration(span).display())));
    parts.join(", ")
}

fn kept(program: &Program, kept: &Kept) -> String {
    match kept {
        Kept::Nothing => "nothing".into(),
        Kept::Newest(fields) if fields.is_empty() => "newest".into(),
        Kept::Newest(fields) => {
            let names = fields.iter().map(|field| &*program.fields[*field].name);
            format!("newest by {}", names.collect::<Vec<_>>().join(", "))
        }
        Kept::Chains => "chains".into(),
        Kept::Everything => "everything".into(),
    }
}

fn compiled(pattern: &str) -> Program {
    let mut files = Files::new();
    for (name, text) in muster_stdlib::prelude() {
        files.add(*name, *text, Origin::Prelude);
    }
    let text = format!("rule r \"r\" {{ when {pattern} alert low \"x\" }}");
    files.add("rule.muster", text, Origin::User);
    let compilation = compile(&files, &CompileOptions::default());
    compilation
        .program
        .unwrap_or_else(|| panic!("{pattern}: {:?}", compilation.diagnostics))
}
