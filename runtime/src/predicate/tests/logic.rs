//! Logic, comparison, tests of text, membership, conversion.

use muster_lang::ir::{Comparison, ExprKind, Network, Patterns, Set, TextTest};
use muster_lang::types::EnumType;
use muster_lang::value::{RecordBuilder, address};

use super::*;

const TRUTHS: [Truth; 3] = [Truth::True, Truth::False, Truth::Unknown];

#[test]
fn and_or_and_not_follow_their_tables() {
    for left in TRUTHS {
        for right in TRUTHS {
            let both = |builder: &mut Builder| {
                [left, right]
                    .map(|truth| builder.constant(truth.into_value()))
                    .to_vec()
            };
            let and = truth_of(|builder| {
                let items = both(builder);
                builder.add(ExprKind::And(items))
            });
            assert_eq!(and, left.and(right), "{left:?} and {right:?}");
            let or = truth_of(|builder| {
                let items = both(builder);
                builder.add(ExprKind::Or(items))
            });
            assert_eq!(or, left.or(right), "{left:?} or {right:?}");
        }
        let not = truth_of(|builder| {
            let item = builder.constant(left.into_value());
            builder.add(ExprKind::Not(item))
        });
        assert_eq!(not, !left);
    }
}

fn compared(comparison: Comparison, left: &Value, right: &Value) -> Truth {
    truth_of(|builder| {
        let (left, right) = (
            builder.constant(left.clone()),
            builder.constant(right.clone()),
        );
        builder.add(ExprKind::Compare(comparison, left, right))
    })
}

#[test]
fn comparisons_with_what_is_missing_are_unknown() {
    for comparison in [
        Comparison::Is,
        Comparison::Equal,
        Comparison::Less,
        Comparison::LessOrEqual,
        Comparison::Greater,
        Comparison::GreaterOrEqual,
    ] {
        for (left, right) in [
            (Value::Missing, Value::Int(1)),
            (Value::Int(1), Value::Missing),
            (Value::Missing, Value::Missing),
            (Value::Int(1), text("1")),
        ] {
            assert_eq!(
                compared(comparison, &left, &right),
                Truth::Unknown,
                "{left:?} {right:?}"
            );
        }
    }
}

#[test]
fn comparisons_are_inclusive_exactly_where_they_say_so() {
    use Comparison::{Greater, GreaterOrEqual, Less, LessOrEqual};
    for (comparison, [less, equal, greater]) in [
        (Less, [true, false, false]),
        (LessOrEqual, [true, true, false]),
        (Greater, [false, false, true]),
        (GreaterOrEqual, [false, true, true]),
    ] {
        let five = Value::Float(5.0);
        assert_eq!(compared(comparison, &Value::Int(4), &five), less.into());
        assert_eq!(compared(comparison, &Value::Int(5), &five), equal.into());
        assert_eq!(compared(comparison, &Value::Int(6), &five), greater.into());
    }
}

#[test]
fn is_and_equal_take_a_list_on_the_right() {
    let names = texts(&["ana", "bo"]);
    assert_eq!(compared(Comparison::Is, &text("ANA"), &names), Truth::True);
    assert_eq!(
        compared(Comparison::Equal, &text("ANA"), &names),
        Truth::False
    );
    assert_eq!(compared(Comparison::Is, &text("cy"), &names), Truth::False);
    assert_eq!(
        compared(Comparison::Is, &Value::Missing, &names),
        Truth::Unknown
    );
    assert_eq!(
        compared(Comparison::Is, &names, &texts(&["ANA", "BO"])),
        Truth::True
    );
}

#[test]
fn symbols_compare_by_their_rank() {
    let levels = EnumType {
        symbols: ["public", "internal", "restricted"].map(Arc::from).into(),
        ordered: true,
    };
    let levels = Arc::new(levels);
    let ranked = |comparison, left: &str, right: &str| {
        truth_of(|builder| {
            let (left, right) = (builder.constant(text(left)), builder.constant(text(right)));
            builder.add(ExprKind::CompareRank(
                levels.clone(),
                comparison,
                left,
                right,
            ))
        })
    };
    assert_eq!(
        ranked(Comparison::Less, "public", "restricted"),
        Truth::True
    );
    assert_eq!(
        ranked(Comparison::GreaterOrEqual, "Internal", "internal"),
        Truth::True
    );
    assert_eq!(
        ranked(Comparison::Greater, "internal", "restricted"),
        Truth::False
    );
    assert_eq!(
        ranked(Comparison::Less, "secret", "restricted"),
        Truth::Unknown
    );
}

fn matched(test: TextTest, left: Value, patterns: &[&str]) -> Truth {
    truth_of(|builder| {
        let left = builder.constant(left);
        let patterns = Patterns::Texts(patterns.iter().copied().map(Arc::from).collect());
        builder.add(ExprKind::Match(test, left, patterns))
    })
}

#[test]
fn a_text_test_holds_if_any_pattern_fits() {
    for (test, left, patterns, truth) in [
        (
            TextTest::Contains,
            text("libCURL"),
            &["wget", "curl"] as &[_],
            Truth::True,
        ),
        (
            TextTest::Contains,
            text("python"),
            &["wget", "curl"],
            Truth::False,
        ),
        (TextTest::StartsWith, text("ROOT"), &["ro"], Truth::True),
        (TextTest::EndsWith, text("a.EXE"), &[".exe"], Truth::True),
        (
            TextTest::Like,
            text("Mozilla/5.0 Chrome"),
            &["*chrome*"],
            Truth::True,
        ),
        (
            TextTest::Matches,
            text("ABC"),
            &["abc", "^A.C$"],
            Truth::True,
        ),
        (TextTest::Matches, text("abd"), &["^A.C$"], Truth::False),
        (TextTest::Contains, text("x"), &[], Truth::False),
        (TextTest::Contains, Value::Missing, &["x"], Truth::Unknown),
        (TextTest::Contains, Value::Int(8443), &["44"], Truth::True),
        (TextTest::Contains, texts(&["a", "xb"]), &["B"], Truth::True),
        (TextTest::Contains, texts(&[]), &["b"], Truth::False),
        (
            TextTest::Contains,
            Value::Record(Arc::default()),
            &["b"],
            Truth::Unknown,
        ),
    ] {
        assert_eq!(
            matched(test, left.clone(), patterns),
            truth,
            "{left:?} {patterns:?}"
        );
    }
}

#[test]
fn a_computed_pattern_is_read_for_each_event() {
    let computed = |test, left: &str, pattern: Value| {
        truth_of(|builder| {
            let left = builder.constant(text(left));
            let pattern = builder.constant(pattern);
            builder.add(ExprKind::Match(test, left, Patterns::Expr(pattern)))
        })
    };
    assert_eq!(
        computed(TextTest::EndsWith, "ana@CORP", text("@corp")),
        Truth::True
    );
    assert_eq!(
        computed(TextTest::Contains, "ana", texts(&["x", "AN"])),
        Truth::True
    );
    assert_eq!(
        computed(TextTest::Contains, "ana", Value::Missing),
        Truth::Unknown
    );
    assert_eq!(
        computed(TextTest::Matches, "ana", text("(")),
        Truth::Unknown
    );
}

fn is_in(value: Value, set: Set) -> Truth {
    truth_of(|builder| {
        let value = builder.constant(value);
        builder.add(ExprKind::In(value, set))
    })
}

#[test]
fn membership_in_values_is_any_is() {
    let set = || Set::Values(vec![text("Ana"), Value::Int(7)]);
    for (value, truth) in [
        (text("ANA"), Truth::True),
        (text("bo"), Truth::False),
        (Value::Float(7.0), Truth::True),
        (Value::Missing, Truth::Unknown),
        (texts(&["bo", "ana"]), Truth::True),
        (texts(&[]), Truth::False),
        (Value::Bool(true), Truth::Unknown),
    ] {
        assert_eq!(is_in(value.clone(), set()), truth, "{value:?}");
    }
    assert_eq!(is_in(text("x"), Set::Values(vec![])), Truth::False);
}

#[test]
fn membership_in_networks_asks_for_an_address() {
    let networks: Vec<Network> = ["10.0.0.0/8", "2001:db8::/32"]
        .map(|text| address::parse_network(text).unwrap())
        .into();
    for (value, truth) in [
        (ip("10.9.9.9"), Truth::True),
        (ip("11.0.0.1"), Truth::False),
        (ip("2001:db8::1"), Truth::True),
        (text("10.1.1.1:443"), Truth::True),
        (text("localhost"), Truth::Unknown),
        (Value::Missing, Truth::Unknown),
    ] {
        assert_eq!(
            is_in(value.clone(), Set::Networks(networks.clone())),
            truth,
            "{value:?}"
        );
    }
}

#[test]
fn membership_in_a_computed_list_is_unknown_where_an_element_is_missing() {
    let in_list = |value: Value, list: Value| {
        truth_of(|builder| {
            let (value, list) = (builder.constant(value), builder.constant(list));
            builder.add(ExprKind::In(value, Set::Expr(list)))
        })
    };
    assert_eq!(in_list(text("A"), texts(&["a"])), Truth::True);
    assert_eq!(in_list(text("b"), texts(&["a"])), Truth::False);
    assert_eq!(
        in_list(text("b"), Value::List([text("a"), Value::Missing].into())),
        Truth::Unknown
    );
    assert_eq!(
        in_list(text("a"), Value::List([text("a"), Value::Missing].into())),
        Truth::True
    );
    assert_eq!(in_list(text("b"), Value::Missing), Truth::Unknown);
    assert_eq!(in_list(Value::Missing, texts(&["a"])), Truth::Unknown);
    assert_eq!(in_list(ip("10.0.0.1"), texts(&["10.0.0.0/8"])), Truth::True);
}

#[test]
fn existence_is_never_unknown() {
    let exists = |value: Value| {
        truth_of(|builder| {
            let value = builder.constant(value);
            builder.add(ExprKind::Exists(value))
        })
    };
    assert_eq!(exists(Value::Missing), Truth::False);
    for value in [text(""), Value::Bool(false), texts(&[]), Value::Int(0)] {
        assert_eq!(exists(value), Truth::True);
    }
}

#[test]
fn a_default_stands_where_the_first_is_missing() {
    let or = |first: Value, second: Value| {
        value_of(|builder| {
            let (first, second) = (builder.constant(first), builder.constant(second));
            builder.add(ExprKind::Default(first, second))
        })
    };
    assert_eq!(or(Value::Missing, Value::Int(2)), Value::Int(2));
    assert_eq!(or(text(""), Value::Int(2)), text(""));
    assert_eq!(or(Value::Missing, Value::Missing), Value::Missing);
}

#[test]
fn a_conversion_that_fails_is_missing() {
    let converted = |value: Value, ty: Type| {
        value_of(|builder| {
            let value = builder.constant(value);
            builder.typed(ExprKind::Convert(value), ty)
        })
    };
    assert_eq!(converted(text("5"), Type::Int), Value::Int(5));
    assert_eq!(converted(text("five"), Type::Int), Value::Missing);
    assert_eq!(converted(Value::Missing, Type::Int), Value::Missing);
}

#[test]
fn coordinates_are_made_and_taken_apart() {
    let place = |builder: &mut Builder, lat: Value, lon: Value| {
        let (lat, lon) = (builder.constant(lat), builder.constant(lon));
        builder.add(ExprKind::Geo(lat, lon))
    };
    let lon = |lat: Value, lon: Value| {
        value_of(|builder| {
            let place = place(builder, lat, lon);
            builder.add(ExprKind::Longitude(place))
        })
    };
    assert_eq!(lon(Value::Int(0), Value::Float(-3.7)), Value::Float(-3.7));
    assert_eq!(lon(Value::Int(0), Value::Int(181)), Value::Missing);
    assert_eq!(lon(Value::Missing, Value::Int(0)), Value::Missing);
    let lat = value_of(|builder| {
        let place = place(builder, Value::Int(90), Value::Int(0));
        builder.add(ExprKind::Latitude(place))
    });
    assert_eq!(lat, Value::Float(90.0));
}

#[test]
fn calls_run_the_body_of_the_registry() {
    let call = |name: &str, arguments: Vec<Value>| {
        value_of(|builder| {
            let arguments = arguments
                .into_iter()
                .map(|value| builder.constant(value))
                .collect();
            builder.add(ExprKind::Call(name.into(), arguments))
        })
    };
    assert_eq!(call("lower", vec![text("ANA")]), text("ana"));
    assert_eq!(call("lower", vec![Value::Missing]), Value::Missing);
    assert_eq!(
        call("extract", vec![text("u=ana"), text("u=(.*)")]),
        text("ana")
    );
    assert_eq!(
        call("extract", vec![Value::Int(15), text("(5)")]),
        text("5")
    );
    let mut options = RecordBuilder::default();
    options.put("zone".into(), text("Europe/Madrid"));
    let local = vec![text("1970-01-01 01:00:00"), text("iso"), options.build()];
    let time = call("parse_time", local);
    assert_eq!(time, Value::Time(Timestamp(0)));
    assert_eq!(
        call("parse_time", vec![text("never"), text("iso")]),
        Value::Missing
    );
}

#[test]
fn a_program_with_a_bad_pattern_or_function_is_refused() {
    let refused = |kind: fn(&mut Builder) -> ExprKind| {
        let mut builder = Builder::default();
        let kind = kind(&mut builder);
        builder.add(kind);
        let program = Arc::new(builder.program);
        let layout = Layout::of_reads(&program);
        Evaluator::new(program, layout, Arc::default())
            .unwrap_err()
            .to_string()
    };
    let message = refused(|builder| {
        let text = builder.constant(text("x"));
        ExprKind::Match(TextTest::Matches, text, Patterns::Texts(vec!["(".into()]))
    });
    assert!(message.contains("`(`"), "{message}");
    let message = refused(|_| ExprKind::Call("launch".into(), vec![]));
    assert!(message.contains("`launch`"), "{message}");
}

#[test]
fn a_chain_of_defaults_of_any_length_is_read() {
    let value = value_of(|builder| {
        let missing = builder.constant(Value::Missing);
        let mut chain = builder.constant(Value::Int(1));
        for _ in 0..200_000 {
            chain = builder.add(ExprKind::Default(missing, chain));
        }
        chain
    });
    assert_eq!(value, Value::Int(1));
}
