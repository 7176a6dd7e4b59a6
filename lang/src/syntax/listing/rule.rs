//! Listings of rules.
//!
//! Apart from other declarations because patterns nest.

use crate::syntax::ast::{
    Alert, AlertOptionKind, Clause, ClauseKind, CompareOp, Interval, IntervalKind, Meta, MetaKind,
    Name, Pattern, PatternStep, Quantity, Rule, Step, StepKind, Template, TemplatePart, Without,
};
use crate::syntax::listing::declaration::window;
use crate::syntax::listing::expression::{compare_op, expr, filter, filters, quantity};
use crate::syntax::listing::{Tree, atom, name, node, path, paths, quoted, text};

pub(super) fn rule(rule: &Rule) -> Tree {
    let head = [name(&rule.name)]
        .into_iter()
        .chain(rule.title.as_ref().map(text));
    let when = rule.pattern.iter().map(|it| node("when", pattern(it)));
    let clauses = rule.clauses.iter().map(clause);
    let alert = rule.alert.iter().map(alert);
    node(
        "rule",
        head.chain(rule.meta.iter().map(meta))
            .chain(when)
            .chain(clauses)
            .chain(alert),
    )
}

fn meta(meta: &Meta) -> Tree {
    match &meta.kind {
        MetaKind::About(it) => node("about", [text(it)]),
        MetaKind::Attack(ids) => node("attack", ids.iter().map(|id| atom(&*id.text))),
        MetaKind::Tags(tags) => node("tags", tags.iter().map(name)),
        MetaKind::Status(it) => node("status", [name(it)]),
        MetaKind::References(texts) => node("references", texts.iter().map(text)),
        MetaKind::FalsePositives(it) => node("false_positives", [text(it)]),
    }
}

fn pattern(pattern: &Pattern) -> impl Iterator<Item = Tree> {
    pattern
        .steps
        .iter()
        .enumerate()
        .map(|(at, step)| pattern_step(at, step))
}

fn pattern_step(at: usize, step: &PatternStep) -> Tree {
    match (at, &step.gap) {
        (0, _) => self::step(&step.step),
        (_, None) => node("then", [self::step(&step.step)]),
        (_, Some(gap)) => node(
            "then",
            [node("within", [quantity(gap)]), self::step(&step.step)],
        ),
    }
}

fn step(step: &Step) -> Tree {
    let kind = step_kind(&step.kind);
    match step.filters.is_empty() {
        true => kind,
        false => node("step", [kind].into_iter().chain(filters(&step.filters))),
    }
}

fn as_name(step: Option<&Name>) -> Option<Tree> {
    step.map(|it| node("as", [name(it)]))
}

fn step_kind(kind: &StepKind) -> Tree {
    match kind {
        StepKind::Event { class, name: step } => node(
            "event",
            [name(&class.name)]
                .into_iter()
                .chain(as_name(step.as_ref())),
        ),
        StepKind::Count {
            least,
            class,
            name: step,
        } => {
            let head = [quantity(least), name(&class.name)].into_iter();
            node("count", head.chain(as_name(step.as_ref())))
        }
        StepKind::Different {
            least,
            path: of,
            class,
            name: step,
        } => {
            let head = [quantity(least), path(of), name(&class.name)].into_iter();
            node("different", head.chain(as_name(step.as_ref())))
        }
        StepKind::Aggregate {
            function,
            path: of,
            class,
            name: step,
            op,
            value,
        } => {
            let head = [name(function), path(of), name(&class.name)].into_iter();
            let test = comparison(*op, expr(value));
            node(
                "aggregate",
                head.chain(as_name(step.as_ref())).chain([test]),
            )
        }
        StepKind::Set { least: None, steps } => node("all", steps.iter().map(step)),
        StepKind::Set {
            least: Some(least),
            steps,
        } => node(
            "some",
            [quantity(least)].into_iter().chain(steps.iter().map(step)),
        ),
        StepKind::Local {
            pattern: inner,
            within,
        } => {
            let within = within.iter().map(|it| node("within", [quantity(it)]));
            node("local", pattern(inner).chain(within))
        }
    }
}

fn comparison(op: CompareOp, value: Tree) -> Tree {
    node(compare_op(op), [value])
}

fn clause(clause: &Clause) -> Tree {
    match &clause.kind {
        ClauseKind::Within(it) => node("within", [quantity(it)]),
        ClauseKind::Filter(it) => filter(it),
        ClauseKind::Without(it) => without(it),
        ClauseKind::OnMatch(it) => node("on_match", [name(it)]),
        ClauseKind::Each { every, zone } => window("each", every, zone.as_ref()),
        ClauseKind::Session { gap, up_to } => {
            let up_to = up_to.iter().map(|it| node("up_to", [quantity(it)]));
            node(
                "session",
                [node("gap", [quantity(gap)])].into_iter().chain(up_to),
            )
        }
        ClauseKind::Tolerate(it) => node("tolerate", [quantity(it)]),
        ClauseKind::Global => node("global", []),
        ClauseKind::AcrossTenants => node("across_tenants", []),
    }
}

fn without(without: &Without) -> Tree {
    let head = [name(&without.class.name)]
        .into_iter()
        .chain(as_name(without.name.as_ref()));
    let filters = filters(&without.filters);
    node(
        "without",
        head.chain(filters)
            .chain(without.interval.iter().flat_map(interval)),
    )
}

fn interval(interval: &Interval) -> Vec<Tree> {
    match &interval.kind {
        IntervalKind::Between(first, second) => vec![node("between", [name(first), name(second)])],
        IntervalKind::Inside(group) => vec![node("inside", [name(group)])],
        IntervalKind::Around { before, after } => {
            let side = |head, side: &Option<(Quantity, Name)>| {
                side.as_ref()
                    .map(|(span, step)| node(head, [quantity(span), name(step)]))
            };
            [side("before", before), side("after", after)]
                .into_iter()
                .flatten()
                .collect()
        }
    }
}

fn alert(alert: &Alert) -> Tree {
    let head = [name(&alert.severity)]
        .into_iter()
        .chain(alert.text.as_ref().map(template));
    node(
        "alert",
        head.chain(
            alert
                .options
                .iter()
                .map(|option| alert_option(&option.kind)),
        ),
    )
}

fn alert_option(option: &AlertOptionKind) -> Tree {
    let when =
        |when: &Option<crate::syntax::ast::Expr>| when.as_ref().map(|it| node("when", [expr(it)]));
    match option {
        AlertOptionKind::Show(fields) => node("show", fields.iter().map(path)),
        AlertOptionKind::Note { text, when: it } => {
            node("note", [template(text)].into_iter().chain(when(it)))
        }
        AlertOptionKind::Severity { level, when: it } => {
            node("severity", [name(level)].into_iter().chain(when(it)))
        }
        AlertOptionKind::Score {
            points,
            on,
            when: it,
        } => node(
            "score",
            [expr(points), path(on)].into_iter().chain(when(it)),
        ),
        AlertOptionKind::Suppress { span, per } => node(
            "suppress",
            [quantity(span)].into_iter().chain(paths("per", per)),
        ),
    }
}

fn template(template: &Template) -> Tree {
    node(
        "text",
        template.parts.iter().map(|part| match part {
            TemplatePart::Text(value) => quoted(value, false),
            TemplatePart::Hole(hole) => expr(hole),
        }),
    )
}
