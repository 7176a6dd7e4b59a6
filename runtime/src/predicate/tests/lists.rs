//! Lists, records, quantifiers and aggregates.

use muster_lang::ir::{AggregateFunction, Over, RawPart, RawRoot};
use muster_lang::value::RecordBuilder;

use super::*;

fn record(entries: &[(&str, Value)]) -> Value {
    let mut record = RecordBuilder::default();
    for (key, value) in entries {
        record.put((*key).into(), value.clone());
    }
    record.build()
}

fn element(builder: &mut Builder, key: &str) -> ExprId {
    let path = [RawPart::Key(key.to_owned())].into();
    builder.add(ExprKind::Raw(RawRoot::Element, path))
}

/// Returns the test `.KEY is VALUE` of an element.
fn element_is(builder: &mut Builder, key: &str, value: &str) -> ExprId {
    let left = element(builder, key);
    let right = builder.constant(text(value));
    builder.add(ExprKind::Compare(
        muster_lang::ir::Comparison::Is,
        left,
        right,
    ))
}

fn targets() -> Value {
    Value::List(
        [
            record(&[("type", text("App")), ("id", Value::Int(1))]),
            record(&[("id", Value::Int(2))]),
            record(&[("type", text("USER")), ("id", Value::Int(3))]),
        ]
        .into(),
    )
}

#[test]
fn pick_takes_the_first_element_for_which_the_test_is_true() {
    let picked = |list: Value| {
        value_of(|builder| {
            let list = builder.constant(list);
            let test = element_is(builder, "type", "user");
            let picked = builder.add(ExprKind::Pick(list, test));
            builder.add(ExprKind::Part(picked, "id".into()))
        })
    };
    assert_eq!(picked(targets()), Value::Int(3));
    assert_eq!(
        picked(record(&[("type", text("User")), ("id", Value::Int(9))])),
        Value::Int(9)
    );
    assert_eq!(picked(Value::List([].into())), Value::Missing);
    assert_eq!(picked(Value::Missing), Value::Missing);
}

#[test]
fn quantifiers_are_three_valued_and_decided_over_none() {
    let quantified = |all: bool, list: Value| {
        truth_of(|builder| {
            let list = builder.constant(list);
            let test = element_is(builder, "type", "user");
            builder.add(ExprKind::Quantified { all, list, test })
        })
    };
    let user = || record(&[("type", text("user"))]);
    let app = || record(&[("type", text("app"))]);
    let odd = || record(&[]);
    let list = |items: &[Value]| Value::List(items.into());
    for (items, any, all) in [
        (list(&[]), Truth::False, Truth::True),
        (list(&[user(), app()]), Truth::True, Truth::False),
        (list(&[user(), user()]), Truth::True, Truth::True),
        (list(&[app(), odd()]), Truth::Unknown, Truth::False),
        (list(&[user(), odd()]), Truth::True, Truth::Unknown),
        (user(), Truth::True, Truth::True),
        (Value::Missing, Truth::Unknown, Truth::Unknown),
    ] {
        assert_eq!(quantified(false, items.clone()), any, "any of {items:?}");
        assert_eq!(quantified(true, items.clone()), all, "all of {items:?}");
    }
}

#[test]
fn a_list_holds_a_value_or_one_of_several() {
    let holds = |list: Value, value: Value| {
        truth_of(|builder| {
            let (list, value) = (builder.constant(list), builder.constant(value));
            builder.add(ExprKind::Holds { list, value })
        })
    };
    let tags = || texts(&["Finance", "eu"]);
    assert_eq!(holds(tags(), text("finance")), Truth::True);
    assert_eq!(holds(tags(), text("hr")), Truth::False);
    assert_eq!(holds(tags(), texts(&["hr", "EU"])), Truth::True);
    assert_eq!(holds(text("Finance"), text("finance")), Truth::True);
    assert_eq!(holds(Value::Missing, text("hr")), Truth::Unknown);
    assert_eq!(holds(tags(), Value::Missing), Truth::Unknown);
    assert_eq!(holds(texts(&[]), text("hr")), Truth::False);
}

#[test]
fn lists_and_records_are_read_by_position_and_key() {
    let indexed = |base: Value, index: Value| {
        value_of(|builder| {
            let (base, index) = (builder.constant(base), builder.constant(index));
            builder.add(ExprKind::Index(base, index))
        })
    };
    assert_eq!(indexed(ints(&[1, 2, 3]), Value::Int(0)), Value::Int(1));
    assert_eq!(indexed(ints(&[1, 2, 3]), Value::Int(-1)), Value::Int(3));
    assert_eq!(indexed(ints(&[1, 2, 3]), Value::Int(3)), Value::Missing);
    assert_eq!(indexed(ints(&[]), Value::Int(i64::MIN)), Value::Missing);
    assert_eq!(
        indexed(record(&[("a b", Value::Int(1))]), text("a b")),
        Value::Int(1)
    );
    assert_eq!(
        indexed(record(&[("a", Value::Int(1))]), text("A")),
        Value::Missing
    );
    assert_eq!(indexed(text("abc"), Value::Int(0)), Value::Missing);
    assert_eq!(indexed(Value::Missing, Value::Int(0)), Value::Missing);
}

#[test]
fn a_list_keeps_the_place_of_what_is_missing() {
    let list = value_of(|builder| {
        let items = vec![
            builder.constant(Value::Missing),
            builder.constant(Value::Int(1)),
        ];
        builder.add(ExprKind::List(items))
    });
    assert_eq!(list, Value::List([Value::Missing, Value::Int(1)].into()));
}

#[test]
fn aggregates_over_lists_choose_and_read_their_elements() {
    let aggregate = |function, list: Value, argument: Option<&str>, filter: bool| {
        value_of(|builder| {
            let list = builder.constant(list);
            let argument = argument.map(|key| element(builder, key));
            let filter = filter.then(|| element_is(builder, "type", "user"));
            let over = Over::List(list);
            builder.add(ExprKind::Aggregate {
                function,
                over,
                argument,
                filter,
            })
        })
    };
    let count = AggregateFunction::Count;
    assert_eq!(aggregate(count, targets(), None, false), Value::Int(3));
    assert_eq!(aggregate(count, targets(), None, true), Value::Int(1));
    assert_eq!(
        aggregate(count, targets(), Some("type"), false),
        Value::Int(2)
    );
    assert_eq!(
        aggregate(AggregateFunction::Sum, targets(), Some("id"), false),
        Value::Int(6)
    );
    assert_eq!(
        aggregate(AggregateFunction::Max, ints(&[3, 9]), None, false),
        Value::Int(9)
    );
    assert_eq!(
        aggregate(count, Value::Missing, None, false),
        Value::Missing
    );
    assert_eq!(aggregate(count, text("a"), None, false), Value::Int(1));
}

#[test]
fn what_a_source_calls_absent_is_missing_wherever_it_stands() {
    let mut builder = Builder::default();
    let path = |parts: &[&str]| {
        parts
            .iter()
            .map(|key| RawPart::Key((*key).to_owned()))
            .collect()
    };
    let user = builder.add(ExprKind::Raw(RawRoot::Record, path(&["user"])));
    let ids = builder.add(ExprKind::Raw(RawRoot::Record, path(&["ids"])));
    let nested = builder.add(ExprKind::Raw(RawRoot::Record, path(&["who", "name"])));
    let evaluator = builder.evaluator();
    let record = record(&[
        ("user", text("-")),
        ("ids", texts(&["a", "-", "b"])),
        ("who", record(&[("name", text("ana"))])),
    ]);
    let absent = [text("-")];
    let scope = Scope {
        record: Some(&record),
        absent: &absent,
        ..Scope::default()
    };
    assert_eq!(evaluator.value(user, &scope), Value::Missing);
    let without = Value::List([text("a"), Value::Missing, text("b")].into());
    assert_eq!(evaluator.value(ids, &scope), without);
    assert_eq!(evaluator.value(nested, &scope), text("ana"));
    assert_eq!(
        evaluator.value(
            user,
            &Scope {
                absent: &[],
                ..scope
            }
        ),
        text("-")
    );
    assert_eq!(evaluator.value(user, &Scope::default()), Value::Missing);
}

#[test]
fn raw_paths_go_through_lists_by_position() {
    let mut builder = Builder::default();
    let last = builder.add(ExprKind::Raw(
        RawRoot::Item,
        [
            RawPart::Key("list".to_owned()),
            RawPart::Index(-1),
            RawPart::Key("x".to_owned()),
        ]
        .into(),
    ));
    let evaluator = builder.evaluator();
    let item = record(&[(
        "list",
        Value::List([record(&[("x", Value::Int(7))])].into()),
    )]);
    let scope = Scope {
        item: Some(&item),
        ..Scope::default()
    };
    assert_eq!(evaluator.value(last, &scope), Value::Int(7));
}
