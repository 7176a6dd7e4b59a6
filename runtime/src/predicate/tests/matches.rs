//! Whole matches: bindings, same, differs, distance, speed, elapsed, groups, look-ups by step.

use muster_lang::ir::{
    AggregateFunction, Alert, Element, Key, Meta, OnMatch, Over, Row, Rule, Severity, Step, StepId,
    StepKind,
};
use muster_lang::units::Duration;
use muster_lang::value::geo;

use super::*;
use crate::predicate::Bound;

/// A rule of elements, with nothing else in it.
fn rule(elements: Vec<Element>, steps: u32) -> Rule {
    let mut rule = Rule {
        name: "r".into(),
        title: "".into(),
        meta: Meta::default(),
        meaning: "".into(),
        steps: muster_lang::ir::Arena::default(),
        elements,
        windows: vec![],
        key: Key::default(),
        conditions: vec![],
        absences: vec![],
        on_match: OnMatch::default(),
        frame: None,
        tolerate: None,
        alert: Alert {
            severity: Severity::Low,
            text: muster_lang::ir::Template::default(),
            show: vec![],
            notes: vec![],
            severities: vec![],
            scores: vec![],
            suppress: None,
        },
        stratum: 0,
        evidence: vec![],
        span: Span::default(),
    };
    for _ in 0..steps {
        rule.steps.add(Step {
            label: "s".into(),
            class: muster_lang::ir::ClassId(0),
            conditions: vec![],
            kind: StepKind::One,
            span: Span::default(),
        });
    }
    rule
}

pub(super) fn sequence(steps: u32) -> Rule {
    rule(
        (0..steps).map(|step| Element::One(StepId(step))).collect(),
        steps,
    )
}

fn one(seconds: i64, value: Value) -> Bound {
    Bound::One(event(seconds, &[value]))
}

/// Returns the value of an expression over a field `x`, which is `geo` too, for what is bound.
fn over(kind: fn(ExprId) -> ExprKind, rule: &Rule, bound: &[Bound]) -> Value {
    let mut builder = Builder::default();
    let field = builder.field("x", Type::Any);
    builder.program.core.geo = field;
    let path = builder.add(ExprKind::Field(Row::This, field));
    let id = builder.add(kind(path));
    let scope = Scope {
        bindings: Some((rule, bound)),
        ..Scope::default()
    };
    builder.evaluator().value(id, &scope)
}

fn same(rule: &Rule, bound: &[Bound]) -> Truth {
    Truth::of(&over(|path| ExprKind::Same(vec![path]), rule, bound))
}

fn differs(rule: &Rule, bound: &[Bound]) -> Truth {
    Truth::of(&over(|path| ExprKind::Differs(vec![path]), rule, bound))
}

fn distance(rule: &Rule, bound: &[Bound]) -> Value {
    over(|_| ExprKind::GeoDistance, rule, bound)
}

fn speed(rule: &Rule, bound: &[Bound]) -> Value {
    over(|_| ExprKind::GeoSpeed, rule, bound)
}

fn place(lat: f64, lon: f64) -> Value {
    Value::Geo(geo::coordinates(lat, lon).unwrap())
}

#[test]
fn same_ranges_over_every_event_and_differs_over_adjacent_ones() {
    let rule = sequence(3);
    for (values, is_same, differ) in [
        (["Ana", "ana", "ANA"], Truth::True, Truth::False),
        (["a", "b", "a"], Truth::False, Truth::True),
        (["a", "a", "b"], Truth::False, Truth::False),
        (["a", "", "b"], Truth::Unknown, Truth::Unknown),
    ] {
        let bound: Vec<Bound> = values.map(|value| one(1, text(value))).into();
        assert_eq!(same(&rule, &bound), is_same, "{values:?}");
        assert_eq!(differs(&rule, &bound), differ, "{values:?}");
    }
    let bound = [one(1, text("a")), one(2, Value::Missing), one(3, text("b"))];
    assert_eq!(same(&rule, &bound), Truth::Unknown);
    assert_eq!(differs(&rule, &bound), Truth::Unknown);
}

#[test]
fn on_lists_same_means_a_common_value_and_differs_none() {
    let rule = sequence(2);
    for (left, right, is_same, differ) in [
        (
            texts(&["a", "b"]),
            texts(&["B", "c"]),
            Truth::True,
            Truth::False,
        ),
        (texts(&["a"]), texts(&["b"]), Truth::False, Truth::True),
        (texts(&[]), texts(&["b"]), Truth::False, Truth::True),
        (texts(&["a", "b"]), text("A"), Truth::True, Truth::False),
        (Value::Int(1), Value::Float(1.0), Truth::True, Truth::False),
    ] {
        let bound = [one(1, left.clone()), one(2, right.clone())];
        assert_eq!(same(&rule, &bound), is_same, "{left:?} {right:?}");
        assert_eq!(differs(&rule, &bound), differ, "{left:?} {right:?}");
    }
    // Each pair shares a value, all three do not.
    let three = sequence(3);
    let bound =
        [texts(&["a", "b"]), texts(&["b", "c"]), texts(&["c", "a"])].map(|list| one(1, list));
    assert_eq!(same(&three, &bound), Truth::False);
}

#[test]
fn without_bindings_nothing_is_known_of_a_match() {
    let mut builder = Builder::default();
    let ids = [
        builder.add(ExprKind::Same(vec![])),
        builder.add(ExprKind::Differs(vec![])),
        builder.add(ExprKind::GeoDistance),
        builder.add(ExprKind::GeoSpeed),
        builder.add(ExprKind::Elapsed),
    ];
    let evaluator = builder.evaluator();
    for id in ids {
        assert_eq!(evaluator.value(id, &Scope::default()), Value::Missing);
    }
}

#[test]
fn a_lone_event_has_no_pair_that_does_not_differ() {
    let rule = sequence(1);
    let bound = [one(1, place(0.0, 0.0))];
    assert_eq!(differs(&rule, &bound), Truth::True);
    assert_eq!(distance(&rule, &bound), Value::Missing);
    assert_eq!(same(&rule, &bound), Truth::True);
}

#[test]
fn the_greatest_distance_of_adjacent_steps_counts() {
    // t: 0s Madrid   1s Tokyo   2s Madrid: first and last are not adjacent.
    let (madrid, tokyo) = (place(40.4168, -3.7038), place(35.6762, 139.6503));
    let rule = sequence(3);
    let bound = [
        one(0, madrid.clone()),
        one(1, madrid.clone()),
        one(2, tokyo.clone()),
    ];
    let Value::Distance(metres) = distance(&rule, &bound) else {
        panic!("a distance")
    };
    assert!((metres - 10_766_000.0).abs() < 5_000.0, "{metres}");
    let bound = [one(0, madrid), one(1, Value::Missing), one(2, tokyo)];
    assert_eq!(distance(&rule, &bound), Value::Missing);
}

#[test]
fn speed_over_no_time_is_infinite_unless_there_is_no_way() {
    let rule = sequence(2);
    let speed = |from: Value, to: Value, seconds: i64| {
        speed(&rule, &[one(10, from), one(10 + seconds, to)])
    };
    let (here, there) = (place(0.0, 0.0), place(0.0, 1.0));
    let Value::Speed(metres) = speed(here.clone(), there.clone(), 100) else {
        panic!("a speed")
    };
    assert!((metres - 1_111.95).abs() < 0.01, "{metres}");
    assert_eq!(speed(here.clone(), here.clone(), 0), Value::Speed(0.0));
    assert_eq!(speed(here.clone(), there, 0), Value::Speed(f64::INFINITY));
    assert_eq!(speed(here, Value::Missing, 0), Value::Missing);
}

#[test]
fn every_member_of_a_group_is_paired_with_its_neighbor() {
    let rule = rule(vec![Element::Group(StepId(0)), Element::One(StepId(1))], 2);
    let group = |values: &[&str]| {
        Bound::Many(
            values
                .iter()
                .map(|value| event(1, &[text(value)]))
                .collect(),
        )
    };
    let last = || one(5, text("x"));
    assert_eq!(differs(&rule, &[group(&["a", "a"]), last()]), Truth::True);
    assert_eq!(differs(&rule, &[group(&["a", "x"]), last()]), Truth::False);
    assert_eq!(same(&rule, &[group(&["x", "X"]), last()]), Truth::True);
    assert_eq!(same(&rule, &[group(&["x", "a"]), last()]), Truth::False);
}

#[test]
fn members_of_a_set_are_adjacent_in_stream_order() {
    // t: 1s c   2s a   3s b; `all of (a, b, c)`; a and c are alike, b differs.
    let set = Element::Set {
        least: 2,
        members: vec![StepId(0), StepId(1), StepId(2)],
    };
    let rule = rule(vec![set], 3);
    let bound = [one(2, text("x")), one(3, text("y")), one(1, text("x"))];
    assert_eq!(differs(&rule, &bound), Truth::False);
    let bound = [one(1, text("x")), one(2, text("y")), one(3, text("x"))];
    assert_eq!(differs(&rule, &bound), Truth::True);
    let bound = [one(1, text("x")), Bound::None, one(3, text("X"))];
    assert_eq!(differs(&rule, &bound), Truth::False);
    assert_eq!(same(&rule, &bound), Truth::True);
}

#[test]
fn elapsed_is_the_latest_minus_the_earliest_event() {
    let rule = rule(vec![Element::Group(StepId(0)), Element::One(StepId(1))], 2);
    let group = Bound::Many(vec![event(3, &[]), event(9, &[])]);
    let bound = [group, Bound::One(event(12, &[]))];
    let elapsed = over(|_| ExprKind::Elapsed, &rule, &bound);
    assert_eq!(elapsed, Value::Duration(Duration(9_000_000)));
    let none = [Bound::None, Bound::None];
    assert_eq!(over(|_| ExprKind::Elapsed, &rule, &none), Value::Missing);
}

#[test]
fn steps_are_read_by_what_they_are_bound_to_and_groups_by_their_last_event() {
    let mut builder = Builder::default();
    let field = builder.field("x", Type::Any);
    let reads = [0, 1, 2].map(|step| builder.add(ExprKind::Field(Row::Step(StepId(step)), field)));
    let evaluator = builder.evaluator();
    let rule = sequence(3);
    let group = Bound::Many(vec![event(1, &[text("a")]), event(2, &[text("b")])]);
    let bound = [one(0, text("x")), group, Bound::None];
    let scope = Scope {
        bindings: Some((&rule, &bound)),
        ..Scope::default()
    };
    let values = reads.map(|read| evaluator.value(read, &scope));
    assert_eq!(values, [text("x"), text("b"), Value::Missing]);
}

#[test]
fn aggregates_over_groups_and_windows_read_each_member() {
    let mut builder = Builder::default();
    let field = builder.field("x", Type::Int);
    let x = builder.add(ExprKind::Field(Row::This, field));
    let mut aggregate = |function, over, argument| {
        let kind = ExprKind::Aggregate {
            function,
            over,
            argument,
            filter: None,
        };
        builder.typed(kind, Type::Int)
    };
    let group = Over::Group(StepId(0));
    let count = aggregate(AggregateFunction::Count, group, None);
    let some = aggregate(AggregateFunction::Count, group, Some(x));
    let sum = aggregate(AggregateFunction::Sum, group, Some(x));
    let gaps = aggregate(AggregateFunction::Gaps, group, None);
    let window = aggregate(AggregateFunction::Max, Over::Window, Some(x));
    let unbound = aggregate(AggregateFunction::Count, Over::Group(StepId(1)), None);
    let evaluator = builder.evaluator();
    let rule = sequence(2);
    let events = vec![
        event(1, &[Value::Int(5)]),
        event(2, &[Value::Missing]),
        event(5, &[Value::Int(7)]),
    ];
    let bound = [Bound::Many(events.clone()), Bound::None];
    let scope = Scope {
        bindings: Some((&rule, &bound)),
        window: &events,
        ..Scope::default()
    };
    assert_eq!(evaluator.value(count, &scope), Value::Int(3));
    assert_eq!(evaluator.value(some, &scope), Value::Int(2));
    assert_eq!(evaluator.value(sum, &scope), Value::Int(12));
    let spans = [1_000_000, 3_000_000].map(|span| Value::Duration(Duration(span)));
    assert_eq!(evaluator.value(gaps, &scope), spans.into_iter().collect());
    assert_eq!(evaluator.value(window, &scope), Value::Int(7));
    assert_eq!(evaluator.value(unbound, &scope), Value::Missing);
    assert_eq!(
        evaluator.value(
            sum,
            &Scope {
                bindings: None,
                ..scope
            }
        ),
        Value::Missing
    );
}

#[test]
fn a_step_that_reads_others_still_sees_its_own_event() {
    let mut builder = Builder::default();
    let field = builder.field("x", Type::Any);
    let own = builder.add(ExprKind::Field(Row::This, field));
    let other = builder.add(ExprKind::Field(Row::Step(StepId(0)), field));
    let kind = ExprKind::Compare(muster_lang::ir::Comparison::Is, own, other);
    let id = builder.add(kind);
    let evaluator = builder.evaluator();
    let rule = sequence(2);
    let bound = [one(1, text("a")), Bound::None];
    let candidate = event(2, &[text("A")]);
    let scope = Scope {
        bindings: Some((&rule, &bound)),
        ..Scope::of_event(&candidate)
    };
    assert_eq!(evaluator.truth(id, &scope), Truth::True);
}
