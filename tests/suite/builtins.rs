//! The examples of the builtins, run through the whole pipeline: parsed, checked and evaluated.
//!
//! Apart from the registry, where they stand, because it can neither parse nor evaluate.

#![expect(clippy::unwrap_used, reason = "a step that fails fails the test")]

use std::sync::Arc;

use muster_lang::builtins::{Builtin, Occurs, REGISTRY, Takes};
use muster_lang::file::{Files, Origin};
use muster_lang::value::{Value, display, json};
use muster_lang::{CompileOptions, compile};
use muster_runtime::event::Layout;
use muster_runtime::lookup::Lookups;
use muster_runtime::predicate::{Evaluator, Scope};

/// Returns the value of an expression as a source would evaluate it.
fn evaluate(expression: &str) -> Result<Value, String> {
    let program = format!(
        "field time: time\nfield result: any\n\
         source probe {{\n  when .probe exists\n  time = parse_time(.probe, \"epoch\")\n  \
         result = {expression}\n}}\n"
    );
    let mut files = Files::new();
    files.add("example.muster", program, Origin::User);
    let compiled = compile(&files, &CompileOptions::default());
    let Some(program) = compiled.program else {
        let messages = compiled
            .diagnostics
            .into_iter()
            .map(|diagnostic| diagnostic.message);
        return Err(messages.collect::<Vec<_>>().join("; "));
    };
    let result = program
        .fields
        .iter()
        .find(|(_, field)| &*field.name == "result")
        .unwrap()
        .0;
    let source = program.sources.as_slice().first().unwrap();
    let line = source
        .assigns
        .iter()
        .find(|line| line.field == result)
        .unwrap()
        .value;
    let layout = Layout::of_all(&program);
    let lookups = Lookups::load(&program, &mut |_| Err("no tables".to_owned())).unwrap();
    let evaluator = Evaluator::new(Arc::new(program), layout, Arc::new(lookups)).unwrap();
    Ok(evaluator.value(line, &Scope::default()))
}

/// Returns a value as the examples write it.
fn written(value: &Value) -> String {
    match value {
        Value::Missing => "missing".to_owned(),
        Value::Text(_) | Value::Ip(_) | Value::Record(_) => json::write(value),
        Value::List(items) => {
            format!(
                "[{}]",
                items.iter().map(written).collect::<Vec<_>>().join(", ")
            )
        }
        Value::Distance(metres) => format!("{}km", metres / 1_000.0),
        Value::Bool(_)
        | Value::Int(_)
        | Value::Float(_)
        | Value::Time(_)
        | Value::Duration(_)
        | Value::Speed(_)
        | Value::Size(_)
        | Value::Geo(_) => display(value),
    }
}

#[test]
fn every_example_gives_the_result_beside_it() {
    let mut wrong = Vec::new();
    for (expression, result) in REGISTRY.iter().flat_map(|builtin| builtin.examples) {
        let found = evaluate(expression).map(|value| written(&value));
        if found.as_deref() != Ok(result) {
            wrong.push(format!("{expression} gives {found:?}, not {result}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_builtin_is_told_of_whole() {
    for builtin in REGISTRY {
        let name = builtin.name;
        assert!(
            builtin.examples.len() >= 2,
            "{name} has fewer than two examples"
        );
        for (expression, _) in builtin.examples {
            assert!(
                expression.contains(&format!("{name}(")),
                "{expression} does not call {name}"
            );
        }
        for sentences in [builtin.doc, builtin.missing] {
            assert!(sentences.ends_with('.'), "{name}: {sentences}");
            assert!(!sentences.contains("  "), "{name}: {sentences}");
        }
        assert!(builtin.doc.starts_with("Returns "), "{name}");
        assert_eq!(
            REGISTRY.iter().filter(|other| other.name == name).count(),
            1,
            "{name}"
        );
        assert_optional_arguments_stand_last(builtin);
    }
}

fn assert_optional_arguments_stand_last(builtin: &Builtin) {
    let occurs = builtin
        .signature
        .parameters
        .iter()
        .map(|parameter| parameter.occurs);
    let after_once = occurs.skip_while(|occurs| *occurs == Occurs::Once);
    let after_optional = after_once.skip_while(|occurs| *occurs == Occurs::Optional);
    assert!(after_optional.count() <= 1, "{}", builtin.name);
}

/// The names the language promises.
const NAMES: &str = "lower upper trim split join replace len first last count sum min max avg \
                     distinct percentile hash json kv changes pick extract geo distance country_of ip \
                     cidr_host domain_of parse_time hour weekday date abs round gaps cv";

#[test]
fn the_registry_has_exactly_the_functions_the_language_promises() {
    let mut promised: Vec<&str> = NAMES.split_whitespace().collect();
    let mut registered: Vec<&str> = REGISTRY.iter().map(|builtin| builtin.name).collect();
    promised.sort_unstable();
    registered.sort_unstable();
    assert_eq!(registered, promised);
}

#[test]
fn no_arguments_make_a_builtin_panic() {
    let texts = [
        "",
        " ",
        "é\u{202e}",
        "10.0.0.1:99999",
        "1e999",
        "[[[",
        "%",
        "\u{0}",
        "=\"\\",
    ];
    let mut values: Vec<Value> = texts.into_iter().map(Value::text).collect();
    values.extend([
        Value::Missing,
        Value::Bool(true),
        Value::Int(i64::MIN),
        Value::Int(i64::MAX),
        Value::Float(f64::MAX),
        Value::Float(-0.0),
        Value::Distance(f64::MAX),
        Value::Speed(f64::INFINITY),
        Value::Size(i64::MIN),
        Value::Time(muster_lang::units::Timestamp(i64::MAX)),
        Value::Duration(muster_lang::units::Duration(i64::MIN)),
        Value::Ip([0, 0, 0, 0].into()),
        Value::List([Value::Float(f64::MAX), Value::Float(f64::MAX)].into()),
        Value::List([Value::Missing, Value::text("a"), Value::Int(i64::MAX)].into()),
        Value::Record(Arc::default()),
        Value::text("a,".repeat(100_000)),
    ]);
    for builtin in REGISTRY {
        let _ = (builtin.call)(&[]);
        for first in &values {
            let _ = (builtin.call)(std::slice::from_ref(first));
            for second in &values {
                for third in [&Value::Missing, &Value::text("%Y"), &Value::Int(15), second] {
                    let value = (builtin.call)(&[first.clone(), second.clone(), third.clone()]);
                    assert!(
                        is_a_number_or_none(&value),
                        "{} {first:?} {second:?}",
                        builtin.name
                    );
                }
            }
        }
    }
}

/// Tells whether no float in a value is infinite or no number; a speed may be infinite.
fn is_a_number_or_none(value: &Value) -> bool {
    match value {
        Value::Float(float) | Value::Distance(float) => float.is_finite(),
        Value::Speed(speed) => !speed.is_nan(),
        _ => true,
    }
}

#[test]
fn signatures_print_as_the_reference_shows_them() {
    let printed = |name: &str| {
        let builtin = REGISTRY
            .iter()
            .find(|builtin| builtin.name == name)
            .unwrap();
        format!("{name}{}", builtin.signature)
    };
    assert_eq!(
        printed("split"),
        "split(text: text, separator: text) -> list<text>"
    );
    assert_eq!(
        printed("round"),
        "round(value: int or float, [digits: whole number]) -> int, or float with digits"
    );
    assert_eq!(printed("hash"), "hash(parts: any, …) -> text");
    assert_eq!(printed("hour"), "hour(time: time, [zone time zone]) -> int");
    assert!(!Takes::Any.is_constant());
}
