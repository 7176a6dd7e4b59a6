//! Look-ups: as of when a table is read, and what a key that is missing or unknown makes.

use muster_lang::ir::{Calendar, List, Row, Set, StepId, Table, WeeklySpan};
use muster_lang::syntax::ast::TableMode;
use muster_lang::units::SECOND;

use super::*;

/// Two owners of one machine, the second from 100 s on.
const OWNERS: &[u8] = b"id,owner,valid_from,valid_to\n\
    m1,ana,1970-01-01T00:00:00Z,1970-01-01T00:01:40Z\n\
    m1,bo,1970-01-01T00:01:40Z,\n";

/// Returns an evaluator that reads every table as `OWNERS`.
fn with_owners(builder: Builder) -> Evaluator {
    let layout = Layout::of_reads(&builder.program);
    let lookups = Lookups::load(&builder.program, &mut |_| Ok(OWNERS.to_vec())).unwrap();
    Evaluator::new(Arc::new(builder.program), layout, Arc::new(lookups)).unwrap()
}

fn owners(builder: &mut Builder) -> muster_lang::ir::TableId {
    builder.program.tables.add(Table {
        name: "owners".into(),
        path: "owners.csv".into(),
        file: muster_lang::file::FileId(0),
        key: "id".into(),
        mode: TableMode::Exact,
        span: Span::default(),
    })
}

/// Returns the owner of the machine that an expression names.
fn owner(builder: &mut Builder, key: ExprId) -> ExprId {
    let table = owners(builder);
    let column = "owner".into();
    builder.add(ExprKind::Lookup { table, key, column })
}

#[test]
fn a_row_is_read_as_of_the_event_at_hand_or_the_instant_given() {
    let mut builder = Builder::default();
    let key = builder.constant(text("M1"));
    let owner = owner(&mut builder, key);
    let evaluator = with_owners(builder);
    let (early, late) = (event(50, &[]), event(150, &[]));
    assert_eq!(
        evaluator.value(owner, &Scope::of_event(&early)),
        text("ana")
    );
    assert_eq!(evaluator.value(owner, &Scope::of_event(&late)), text("bo"));
    let at = Some(Timestamp(50 * SECOND));
    assert_eq!(
        evaluator.value(
            owner,
            &Scope {
                at,
                ..Scope::default()
            }
        ),
        text("ana")
    );
    assert_eq!(evaluator.value(owner, &Scope::default()), text("bo"));
}

#[test]
fn a_key_of_a_step_is_looked_up_as_of_that_step() {
    // t: 50s a (m1 is ana's)   150s b (m1 is bo's); b reads `owners[a.x].owner`.
    let mut builder = Builder::default();
    let field = builder.field("x", Type::Text);
    let of_step = builder.add(ExprKind::Field(Row::Step(StepId(0)), field));
    let of_this = builder.add(ExprKind::Field(Row::This, field));
    let (by_step, by_this) = (owner(&mut builder, of_step), owner(&mut builder, of_this));
    let evaluator = with_owners(builder);
    let rule = matches::sequence(2);
    let bound = [crate::predicate::Bound::One(event(50, &[text("m1")]))];
    let candidate = event(150, &[text("m1")]);
    let scope = Scope {
        bindings: Some((&rule, &bound)),
        ..Scope::of_event(&candidate)
    };
    assert_eq!(evaluator.value(by_step, &scope), text("ana"));
    assert_eq!(evaluator.value(by_this, &scope), text("bo"));
}

#[test]
fn no_row_and_a_missing_key_are_missing() {
    for key in [text("m2"), Value::Missing] {
        let mut builder = Builder::default();
        let key = builder.constant(key);
        let owner = owner(&mut builder, key);
        assert_eq!(
            with_owners(builder).value(owner, &Scope::default()),
            Value::Missing
        );
    }
}

#[test]
fn membership_in_a_table_asks_for_a_row_that_is_valid() {
    for (value, truth) in [
        (text("M1"), Truth::True),
        (text("m2"), Truth::False),
        (texts(&["m2", "m1"]), Truth::True),
        (Value::Missing, Truth::Unknown),
    ] {
        let mut builder = Builder::default();
        let table = owners(&mut builder);
        let value = builder.constant(value);
        let is_in = builder.add(ExprKind::In(value, Set::Table(table)));
        assert_eq!(with_owners(builder).truth(is_in, &Scope::default()), truth);
    }
}

#[test]
fn membership_in_a_declared_list_ignores_case() {
    for (value, truth) in [
        (text("ANA"), Truth::True),
        (text("cy"), Truth::False),
        (Value::Missing, Truth::Unknown),
    ] {
        let mut builder = Builder::default();
        let items = vec![text("ana"), text("bo")];
        let list = List {
            name: "admins".into(),
            items,
            span: Span::default(),
        };
        let list = builder.program.lists.add(list);
        let value = builder.constant(value);
        let is_in = builder.add(ExprKind::In(value, Set::List(list)));
        assert_eq!(builder.evaluator().truth(is_in, &Scope::default()), truth);
    }
}

#[test]
fn a_missing_time_or_key_of_a_calendar_is_unknown() {
    let during = |time: Value, key: Option<Value>| {
        let mut builder = Builder::default();
        let weekly = vec![WeeklySpan {
            days: 0b000_1000,
            start: 0,
            end: 3_600 * SECOND,
            except: None,
        }];
        let calendar = builder.program.calendars.add(Calendar {
            name: "thursdays".into(),
            zone: None,
            weekly,
            intervals: None,
            span: Span::default(),
        });
        let time = builder.constant(time);
        let key = key.map(|key| builder.constant(key));
        let during = builder.add(ExprKind::During {
            calendar,
            time,
            key,
        });
        builder.evaluator().truth(during, &Scope::default())
    };
    // 1970-01-01 was a Thursday.
    assert_eq!(during(Value::Time(Timestamp(0)), None), Truth::True);
    assert_eq!(
        during(Value::Time(Timestamp(3_600 * SECOND)), None),
        Truth::False
    );
    assert_eq!(during(Value::Missing, None), Truth::Unknown);
    assert_eq!(
        during(Value::Time(Timestamp(0)), Some(Value::Missing)),
        Truth::Unknown
    );
}
