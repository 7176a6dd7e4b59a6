//! What the alert of a rule says: text with holes, shown fields, notes, severities, scores.
//!
//! Apart from patterns because words decide nothing about what is found.

use super::pattern::{Draft, Step};
use super::random::Random;
use super::rule::Plan;
use super::words::span;

/// Makes the text of an alert.
pub(crate) fn text(random: &mut Random, draft: &Draft, clauses: &[String]) -> String {
    let mut words = vec!["told".to_owned()];
    for step in &draft.steps {
        if random.chance(30) {
            words.push(hole(random, step));
        }
    }
    if draft.steps.len() > 1 && random.chance(25) {
        words.push(
            random
                .pick(&["{elapsed}", "{geo distance}", "{geo speed}"])
                .to_owned(),
        );
    }
    let keyed = |key: &&str| {
        clauses.iter().any(|clause| {
            let paths = clause
                .strip_prefix("where ")
                .and_then(|rest| rest.strip_suffix(" same"));
            paths.is_some_and(|paths| paths.split(", ").any(|path| path == *key))
        })
    };
    let keys = ["identity", "device.id", "actor.groups"];
    if let (Some(key), true) = (keys.iter().find(|key| keyed(key)), random.chance(40)) {
        words.push(format!("{{{key}}}"));
    }
    words.join(" ")
}

/// A hole that reads one step.
fn hole(random: &mut Random, step: &Step) -> String {
    let name = &step.name;
    let inner = if step.group {
        random.pick(&[
            format!("count({name})"),
            format!("distinct({name}.ip)"),
            format!("max({name}.bytes.down)"),
            format!("first({name}.device.id)"),
            format!("last({name}.ip)"),
            format!("last({name}.time)"),
            format!("count({name} where outcome is failure)"),
            format!("distinct({name}.actor.groups)"),
        ])
    } else {
        random.pick(&[
            format!("{name}.device.id"),
            format!("{name}.bytes.down"),
            format!("{name}.bytes.down * 1500"),
            format!("{name}.time"),
            format!("{name}.ip"),
            format!("{name}.actor.groups"),
            format!("{name}.actor.admin"),
            format!("{name}.outcome"),
            format!("{name}.resource.id or \\\"none\\\""),
            format!("lower({name}.resource.id)"),
            format!("{name}.geo.lat"),
        ])
    };
    format!("{{{inner}}}")
}

/// Makes lines before `when`.
pub(crate) fn meta(random: &mut Random) -> Vec<String> {
    let mut lines = Vec::new();
    if random.chance(15) {
        lines.push("attack T1078, T1110.003".to_owned());
    }
    if random.chance(15) {
        lines.push("tags made, \"of words\"".to_owned());
    }
    lines
}

/// Makes lines behind an alert.
pub(crate) fn options(
    random: &mut Random,
    draft: &Draft,
    plan: &mut Plan,
    base: i64,
) -> Vec<String> {
    let mut options = Vec::new();
    if let Some(group) = draft.steps.iter().find(|step| step.group) {
        group_options(random, group, &mut options);
    }
    let step = draft
        .steps
        .iter()
        .find(|step| !step.group && !step.optional);
    let Some(step) = step.map(|step| step.name.as_str()) else {
        return options;
    };
    if random.chance(20) {
        options.push(format!("show {step}.resource.id, {step}.bytes.down"));
    }
    if random.chance(20) {
        options.push(format!(
            "note \"admin of {{{step}.device.id}}\" when {step}.actor.admin is true"
        ));
        options.push("severity critical when notes >= 1".to_owned());
    }
    if random.chance(10) {
        options.push(format!(
            "note \"from {{{step}.ip}}\" when {step}.ip in \"10.0.0.0/8\""
        ));
    }
    if random.chance(20) {
        options.push(format!("severity medium when {step}.bytes.down > 2KB"));
    }
    if random.chance(15) {
        options.push(format!("severity none when {step}.device.id is \"d1\""));
    }
    if random.chance(20) {
        options.push(format!(
            "score 10 on {step}.identity when {step}.bytes.down > 1KB"
        ));
        options.push(format!(
            "score 5 on {step}.device.id when {step}.outcome is success"
        ));
    }
    if random.chance(30) {
        let within = random.pick(&[base, base * 2]);
        plan.spans.push(within);
        let per = random.pick(&["device.id", "ip", "identity"]);
        options.push(format!("suppress {} per {step}.{per}", span(within)));
    }
    options
}

fn group_options(random: &mut Random, group: &Step, options: &mut Vec<String>) {
    let name = &group.name;
    if random.chance(15) {
        options.push(format!("show {name}.ip"));
    }
    if random.chance(15) {
        options.push(format!(
            "note \"many: {{count({name})}}\" when count({name}) >= 3"
        ));
    }
    if random.chance(10) {
        options.push(format!("severity high when distinct({name}.ip) >= 2"));
    }
}
