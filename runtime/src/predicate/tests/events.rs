//! Fields, memories, look-ups, classes, conditions and texts.

use muster_lang::ir::{
    Class, ClassId, ClassKind, Comparison, Condition, MemoryId, MemoryRead, RawRoot, Row, RuleId,
    Template, TemplatePart,
};

use super::*;
use crate::predicate::MemoryReader;

fn condition(expr: ExprId, unless: bool) -> Condition {
    Condition {
        expr,
        unless,
        text: "".into(),
        shown: None,
        span: Span::default(),
    }
}

#[test]
fn fields_are_read_from_the_event_at_hand() {
    let mut builder = Builder::default();
    let name = builder.field("name", Type::Text);
    let read = builder.add(ExprKind::Field(Row::This, name));
    let evaluator = builder.evaluator();
    let ana = event(1, &[text("ana")]);
    assert_eq!(evaluator.value(read, &Scope::of_event(&ana)), text("ana"));
    assert_eq!(evaluator.value(read, &Scope::default()), Value::Missing);
}

#[test]
fn the_record_kept_with_an_event_is_read_by_path() {
    let mut builder = Builder::default();
    let raw = builder.add(ExprKind::Raw(RawRoot::Event(Row::This), [].into()));
    let evaluator = builder.evaluator();
    let mut kept = (*event(1, &[])).clone();
    assert_eq!(
        evaluator.value(raw, &Scope::of_event(&kept)),
        Value::Missing
    );
    kept.raw = Some(Value::Int(5));
    assert_eq!(evaluator.value(raw, &Scope::of_event(&kept)), Value::Int(5));
}

#[test]
fn where_keeps_on_true_and_unless_drops_on_true() {
    for (truth, kept, spared) in [
        (Truth::True, true, false),
        (Truth::False, false, true),
        (Truth::Unknown, false, true),
    ] {
        let mut builder = Builder::default();
        let expr = builder.constant(truth.into_value());
        let evaluator = builder.evaluator();
        assert_eq!(
            evaluator.holds(&condition(expr, false), &Scope::default()),
            kept
        );
        assert_eq!(
            evaluator.holds(&condition(expr, true), &Scope::default()),
            spared
        );
    }
}

#[test]
fn classes_build_on_each_other_and_alerts_are_only_in_theirs() {
    let mut builder = Builder::default();
    let admin = builder.field("admin", Type::Bool);
    let is_admin = builder.add(ExprKind::Field(Row::This, admin));
    let mut class = |kind| {
        let class = Class {
            name: "".into(),
            kind,
            span: Span::default(),
        };
        builder.program.classes.add(class)
    };
    let any = class(ClassKind::Any);
    let alert = class(ClassKind::Alert);
    let of_rule = class(ClassKind::AlertOf(RuleId(3)));
    let conditions = vec![condition(is_admin, false)];
    let admins = class(ClassKind::Where {
        base: any,
        conditions: conditions.clone(),
    });
    let nested = class(ClassKind::Where {
        base: admins,
        conditions: vec![],
    });
    let alerts = class(ClassKind::Where {
        base: alert,
        conditions,
    });
    let evaluator = builder.evaluator();
    let classes = [any, alert, of_rule, admins, nested, alerts];
    let of = |event: &Event| -> Vec<ClassId> {
        classes
            .into_iter()
            .filter(|class| evaluator.in_class(*class, event))
            .collect()
    };
    let mut event = (*event(1, &[Value::Bool(true)])).clone();
    assert_eq!(of(&event), [any, admins, nested]);
    event.values = [Value::Missing].into();
    assert_eq!(of(&event), [any]);
    event.origin = Origin::Alert(RuleId(3));
    assert_eq!(of(&event), [alert, of_rule]);
    event.origin = Origin::Alert(RuleId(4));
    event.values = [Value::Bool(true)].into();
    assert_eq!(of(&event), [alert, alerts]);
}

#[test]
fn classes_in_a_circle_hold_nothing() {
    let mut builder = Builder::default();
    let kind = ClassKind::Where {
        base: ClassId(0),
        conditions: vec![],
    };
    let class = Class {
        name: "".into(),
        kind,
        span: Span::default(),
    };
    let class = builder.program.classes.add(class);
    assert!(!builder.evaluator().in_class(class, &event(1, &[])));
}

/// A memory that answers with what it was asked.
struct Echo;

impl MemoryReader for Echo {
    fn read(
        &self,
        _memory: MemoryId,
        event: &Event,
        read: &MemoryRead,
        argument: Option<&Value>,
    ) -> Value {
        assert_eq!(argument.is_some(), matches!(read, MemoryRead::Contains(_)));
        argument.cloned().unwrap_or(Value::Time(event.time))
    }
}

#[test]
fn memories_are_asked_as_of_an_event_and_never_for_what_is_missing() {
    let mut builder = Builder::default();
    let size = ExprKind::Memory(MemoryId(0), Row::This, MemoryRead::Size);
    let size = builder.add(size);
    let mut asked = |value: Value| {
        let value = builder.constant(value);
        builder.add(ExprKind::Memory(
            MemoryId(0),
            Row::This,
            MemoryRead::Contains(value),
        ))
    };
    let (missing, there) = (asked(Value::Missing), asked(text("x")));
    let evaluator = builder.evaluator();
    let event = event(7, &[]);
    let scope = Scope {
        memories: Some(&Echo),
        ..Scope::of_event(&event)
    };
    assert_eq!(evaluator.value(size, &scope), Value::Time(event.time));
    assert_eq!(evaluator.value(there, &scope), text("x"));
    assert_eq!(evaluator.value(missing, &scope), Value::Missing);
    assert_eq!(
        evaluator.value(size, &Scope::of_event(&event)),
        Value::Missing
    );
    assert_eq!(
        evaluator.value(
            size,
            &Scope {
                this: None,
                ..scope
            }
        ),
        Value::Missing
    );
}

#[test]
fn texts_show_values_with_what_could_deceive_escaped() {
    let mut builder = Builder::default();
    let hostile = builder.constant(text("a\u{1b}[2J\n\u{202e}b"));
    let missing = builder.constant(Value::Missing);
    let span = builder.constant(Value::Duration(muster_lang::units::Duration(900_000_000)));
    let key = builder.add(ExprKind::Key(0));
    let notes = builder.add(ExprKind::Notes);
    let parts = vec![
        TemplatePart::Hole(hostile),
        TemplatePart::Text(" | ".into()),
        TemplatePart::Hole(missing),
        TemplatePart::Hole(span),
        TemplatePart::Hole(key),
        TemplatePart::Hole(notes),
    ];
    let scope = Scope {
        key: &[text("Ana")],
        notes: 2,
        ..Scope::default()
    };
    let shown = builder.evaluator().template(&Template { parts }, &scope);
    assert_eq!(shown, r"a\u{1b}[2J\u{a}\u{202e}b | ?15mAna2");
}

#[test]
fn a_number_is_no_condition() {
    for value in [Value::Int(1), text("true"), texts(&["true"])] {
        let truth = truth_of_constant(value);
        assert_eq!(truth, Truth::Unknown);
    }
    assert_eq!(truth_of_constant(Value::Bool(false)), Truth::False);
}

fn truth_of_constant(value: Value) -> Truth {
    let mut builder = Builder::default();
    let id = builder.constant(value);
    builder.evaluator().truth(id, &Scope::default())
}

#[test]
fn deep_logic_stops_at_what_decides_it() {
    let mut builder = Builder::default();
    let right = builder.constant(Value::Int(1));
    let left = builder.constant(Value::Missing);
    let unknown = builder.add(ExprKind::Compare(Comparison::Is, left, right));
    let no = builder.constant(Value::Bool(false));
    let and = builder.add(ExprKind::And(vec![unknown, no]));
    let or = builder.add(ExprKind::Or(vec![and, unknown]));
    let evaluator = builder.evaluator();
    assert_eq!(evaluator.truth(and, &Scope::default()), Truth::False);
    assert_eq!(evaluator.truth(or, &Scope::default()), Truth::Unknown);
}
