//! What the fields of an event become: lines, `fields from`, defaults, and where each came from.
//!
//! Apart from which source takes a record.

use super::*;
use muster_lang::value::Coordinates;

fn list(texts: &[&str]) -> Value {
    Value::List(texts.iter().map(|text| Value::text(*text)).collect())
}

fn place(lat: f64, lon: f64) -> Value {
    Value::Geo(Coordinates { lat, lon })
}

#[test]
fn the_first_line_that_applies_and_has_a_value_counts() {
    let mut builder = Builder::new(&[("reason", Type::Text)]);
    let kind = builder.raw("kind");
    let is_x = builder.is(kind, "x");
    let (from_x, other) = (builder.raw("x"), builder.raw("other"));
    let fallback = builder.text("none");
    builder
        .source("one", "a")
        .assign("reason", from_x, Some(is_x))
        .assign("reason", other, None)
        .assign("reason", fallback, None);
    let mut normalizer = builder.build();
    for (rest, expected) in [
        (r#""kind":"X","x":"one","other":"two""#, "one"),
        (r#""kind":"y","x":"one","other":"two""#, "two"),
        (r#""x":"one","other":"two""#, "two"),
        (r#""kind":"x","other":"two""#, "two"),
        (r#""kind":"x","other":null"#, "none"),
        (r#""kind":"x","x":[1],"other":"two""#, "two"),
    ] {
        let text = format!(r#"{{"a":1,"t":0,{rest}}}"#);
        assert_eq!(
            field(&mut normalizer, &text, "reason"),
            Value::text(expected),
            "{rest}"
        );
    }
    assert_eq!(failures(&normalizer), [failure("one", "reason", 1)]);
}

#[test]
fn a_value_that_does_not_fit_is_missing_and_counted() {
    let mut builder = Builder::new(&[("port", Type::Int), ("ip", Type::Ip), ("asn", Type::Int)]);
    builder
        .source("one", "a")
        .line("port", "port")
        .line("ip", "ip");
    builder
        .source("two", "b")
        .line("port", "port")
        .line("asn", "asn");
    let mut normalizer = builder.build();
    let text = r#"{"a":1,"t":0,"port":"many","ip":"10.0.0.1:80"}"#;
    let draft = event(&mut normalizer, text);
    assert_eq!(value(&normalizer, &draft, "port"), Value::Missing);
    assert_eq!(
        value(&normalizer, &draft, "ip"),
        Value::Ip([10, 0, 0, 1].into())
    );
    event(&mut normalizer, text);
    event(
        &mut normalizer,
        r#"{"b":1,"t":0,"port":"80","asn":9999999999999999999}"#,
    );
    event(&mut normalizer, r#"{"b":1,"t":0,"port":null}"#);
    assert_eq!(
        failures(&normalizer),
        [failure("one", "port", 2), failure("two", "asn", 1)]
    );
}

#[test]
fn absent_elements_of_a_list_are_left_out() {
    let texts = Type::List(Box::new(Type::Text));
    let mut builder = Builder::new(&[("postures", texts)]);
    builder
        .source("one", "a")
        .absent(&["", "-"])
        .line("postures", "p");
    builder.source("two", "b").absent(&["", "-"]).direct("");
    let mut normalizer = builder.build();
    let text = r#"{"a":1,"t":0,"p":["x","","-","y"]}"#;
    assert_eq!(field(&mut normalizer, text, "postures"), list(&["x", "y"]));
    let text = r#"{"b":1,"t":0,"postures":["x","","-","y"]}"#;
    assert_eq!(field(&mut normalizer, text, "postures"), list(&["x", "y"]));
}

/// Returns a source that reads fields by their names.
fn direct(fields: &[(&str, Type)], path: &str) -> Counting {
    let mut builder = Builder::new(fields);
    builder.source("one", "t").absent(&["-"]).direct(path);
    builder.build()
}

fn names() -> Counting {
    direct(
        &[
            ("actor.email", Type::Text),
            ("actor.name", Type::Text),
            ("device.state.compliant", Type::Bool),
            ("bytes.down", Type::Size),
            ("tags", Type::List(Box::new(Type::Text))),
            ("risk", Type::Text),
            ("risk.level", Type::Text),
            ("changes", Type::List(Box::new(Type::Any))),
        ],
        "",
    )
}

#[test]
fn fields_are_read_by_their_names_nested_or_dotted() {
    let mut normalizer = names();
    for rest in [
        r#""actor":{"email":"e","name":"n"},"device":{"state":{"compliant":true}},"bytes":{"down":5}"#,
        r#""actor.email":"e","actor.name":"n","device.state.compliant":true,"bytes.down":5"#,
        r#""actor.email":"e","actor":{"name":"n"},"device":{"state.compliant":"true"},"bytes.down":"5""#,
        r#""actor":{"email":"e"},"actor.name":"n","device.state":{"compliant":true},"bytes":{"down":5.0}"#,
    ] {
        let draft = event(&mut normalizer, &format!(r#"{{"t":0,"time":0,{rest}}}"#));
        for (field, expected) in [
            ("actor.email", Value::text("e")),
            ("actor.name", Value::text("n")),
            ("device.state.compliant", Value::Bool(true)),
            ("bytes.down", Value::Size(5)),
        ] {
            assert_eq!(
                value(&normalizer, &draft, field),
                expected,
                "{field} of {rest}"
            );
        }
    }
    assert!(failures(&normalizer).is_empty());
}

#[test]
fn of_a_field_written_twice_the_first_counts() {
    let mut normalizer = names();
    for (rest, expected) in [
        (
            r#""actor":{"name":"nested"},"actor.name":"dotted""#,
            "nested",
        ),
        (
            r#""actor.name":"dotted","actor":{"name":"nested"}"#,
            "dotted",
        ),
        (r#""actor.name":null,"actor":{"name":"nested"}"#, "nested"),
        (r#""actor.name":"-","actor":{"name":"nested"}"#, "nested"),
        (r#""actor.name":["x"],"actor":{"name":"nested"}"#, "nested"),
    ] {
        let text = format!(r#"{{"t":0,{rest}}}"#);
        assert_eq!(
            field(&mut normalizer, &text, "actor.name"),
            Value::text(expected),
            "{rest}"
        );
    }
    assert_eq!(failures(&normalizer), [failure("one", "actor.name", 1)]);
}

#[test]
fn what_does_not_fit_its_field_is_counted_and_what_has_none_is_passed_over() {
    let mut normalizer = names();
    let text = r#"{"t":0,"actor":"ana","device":{"state":7},"unknown":{"email":"x"},"email":"x","time":3,
        "risk":{"level":"high"},"tags":"one","bytes":{"down":-5},"class":"no.such","changes":[{"path":"p"}]}"#;
    let draft = event(&mut normalizer, text);
    for field in [
        "actor.email",
        "device.state.compliant",
        "risk",
        "bytes.down",
        "class",
    ] {
        assert_eq!(value(&normalizer, &draft, field), Value::Missing, "{field}");
    }
    assert_eq!(
        value(&normalizer, &draft, "risk.level"),
        Value::text("high")
    );
    assert_eq!(value(&normalizer, &draft, "tags"), list(&["one"]));
    assert!(matches!(
        value(&normalizer, &draft, "changes"),
        Value::List(_)
    ));
    assert_eq!(
        failures(&normalizer),
        [failure("one", "bytes.down", 1), failure("one", "class", 1)]
    );
}

#[test]
fn a_class_is_a_symbol_that_some_source_makes() {
    let mut normalizer = names();
    let text = r#"{"t":0,"class":"Auth.Login"}"#;
    assert_eq!(
        field(&mut normalizer, text, "class"),
        Value::text("auth.login")
    );
    assert_eq!(
        field(
            &mut normalizer,
            r#"{"t":0,"class":"auth.nothing"}"#,
            "class"
        ),
        Value::Missing
    );
}

#[test]
fn the_engine_itself_says_which_source_it_was() {
    let mut normalizer = names();
    assert_eq!(
        field(&mut normalizer, r#"{"t":0,"source":"other"}"#, "source"),
        Value::Missing
    );
    let draft = event(
        &mut normalizer,
        r#"{"t":0,"id":"e","tenant":"acme","identity":"ana"}"#,
    );
    assert_eq!(draft.id, DraftId::Given("e".into()));
    assert_eq!(draft.tenant.as_deref(), Some("acme"));
    assert_eq!(value(&normalizer, &draft, "identity"), Value::text("ana"));
}

#[test]
fn a_line_comes_before_the_fields_own_name() {
    let mut builder = Builder::new(&[("actor.name", Type::Text)]);
    builder
        .source("one", "t")
        .line("actor.name", "who")
        .direct("");
    let mut normalizer = builder.build();
    let text = r#"{"t":0,"actor.name":"named","who":"line"}"#;
    assert_eq!(
        field(&mut normalizer, text, "actor.name"),
        Value::text("line")
    );
    assert_eq!(
        field(
            &mut normalizer,
            r#"{"t":0,"actor.name":"named"}"#,
            "actor.name"
        ),
        Value::text("named")
    );
}

#[test]
fn fields_may_be_read_from_below_a_path() {
    let mut normalizer = direct(&[("actor.name", Type::Text)], "event.data");
    let text = r#"{"t":0,"actor":{"name":"outside"},"event":{"data":{"actor":{"name":"inside"}}}}"#;
    assert_eq!(
        field(&mut normalizer, text, "actor.name"),
        Value::text("inside")
    );
    assert_eq!(
        field(&mut normalizer, r#"{"t":0,"event":7}"#, "actor.name"),
        Value::Missing
    );
}

#[test]
fn coordinates_are_read_in_every_form() {
    let mut normalizer = direct(&[("geo.city", Type::Text), ("geo.country", Type::Text)], "");
    for rest in [
        r#""geo":{"lat":40.42,"lon":-3.7,"city":"Madrid"}"#,
        r#""geo":{"city":"Madrid","latitude":"40.42","longitude":"-3.7"}"#,
        r#""geo.lat":40.42,"geo.lon":-3.7,"geo.city":"Madrid""#,
        r#""geo":{"lat":40.42},"geo.lon":-3.7,"geo.city":"Madrid""#,
        r#""geo":[40.42,-3.7],"geo.city":"Madrid""#,
        r#""geo.city":"Madrid","geo":["40.42","-3.7"]"#,
    ] {
        let draft = event(&mut normalizer, &format!(r#"{{"t":0,{rest}}}"#));
        assert_eq!(
            value(&normalizer, &draft, "geo"),
            place(40.42, -3.7),
            "{rest}"
        );
        assert_eq!(
            value(&normalizer, &draft, "geo.city"),
            Value::text("Madrid"),
            "{rest}"
        );
    }
    assert!(failures(&normalizer).is_empty());
    for (rest, count) in [
        (r#""geo":{"city":"Madrid"}"#, 0),
        (r#""geo":null"#, 0),
        (r#""geo":{"lat":"-","lon":"-"}"#, 0),
        (r#""geo":{"lat":null,"lon":null}"#, 0),
        (r#""geo":{"lat":91,"lon":0}"#, 1),
        (r#""geo":{"lat":4}"#, 2),
        (r#""geo":[1,2,3]"#, 3),
        (r#""geo":"40,3""#, 4),
    ] {
        assert_eq!(
            field(&mut normalizer, &format!(r#"{{"t":0,{rest}}}"#), "geo"),
            Value::Missing,
            "{rest}"
        );
        let counted: u64 = failures(&normalizer)
            .iter()
            .map(|(_, _, count)| count)
            .sum();
        assert_eq!(counted, count, "{rest}");
    }
}

#[test]
fn only_fields_with_a_slot_are_kept() {
    let mut builder = Builder::new(&[("kept", Type::Text), ("unread", Type::Int)]);
    builder.program.reads = vec![builder.field("kept")];
    builder.reads = Layout::of_reads(&builder.program);
    builder
        .source("one", "t")
        .line("id", "id")
        .line("unread", "kept")
        .direct("");
    let mut normalizer = builder.build();
    let draft = event(
        &mut normalizer,
        r#"{"t":0,"kept":"x","id":"e","unread":"no int"}"#,
    );
    assert_eq!(&*draft.values, [Value::text("x")]);
    assert_eq!(
        (draft.time, draft.id),
        (Timestamp(0), DraftId::Given("e".into()))
    );
    assert!(failures(&normalizer).is_empty());
}

/// Returns a program whose defaults read each other against the order of the fields.
fn defaults() -> Builder {
    let fields = [
        ("a", Type::Text),
        ("b", Type::Text),
        ("c", Type::Int),
        ("d", Type::Text),
    ];
    let mut builder = Builder::new(&fields);
    let (b, d) = (builder.field("b"), builder.field("d"));
    builder.default("a", ExprKind::Field(Row::This, b), Type::Text);
    builder.default("b", ExprKind::Field(Row::This, d), Type::Text);
    let raw = ExprKind::Raw(
        RawRoot::Event(Row::This),
        vec![RawPart::Key("n".into())].into(),
    );
    builder.default("c", raw, Type::Any);
    builder.program.reads_raw = true;
    builder
}

#[test]
fn defaults_are_computed_after_those_they_read() {
    let mut builder = defaults();
    builder.source("one", "t").direct("");
    let mut normalizer = builder.build();
    for (rest, a, b, c) in [
        (
            r#""d":"x","n":"7""#,
            Value::text("x"),
            Value::text("x"),
            Value::Int(7),
        ),
        (
            r#""d":"x","b":"y","n":"no""#,
            Value::text("y"),
            Value::text("y"),
            Value::Missing,
        ),
        (
            r#""a":"z","d":"x","c":3,"n":7"#,
            Value::text("z"),
            Value::text("x"),
            Value::Int(3),
        ),
        (
            r#""n":null"#,
            Value::Missing,
            Value::Missing,
            Value::Missing,
        ),
    ] {
        let draft = event(&mut normalizer, &format!(r#"{{"t":0,{rest}}}"#));
        let draft = complete(&normalizer, draft);
        let values = ["a", "b", "c"].map(|field| value(&normalizer, &draft, field));
        assert_eq!(values, [a, b, c], "{rest}");
    }
}

#[test]
fn defaults_in_a_circle_end() {
    let mut builder = defaults();
    let a = builder.field("a");
    builder.default("d", ExprKind::Field(Row::This, a), Type::Text);
    builder.source("one", "t").direct("");
    let mut normalizer = builder.build();
    let draft = event(&mut normalizer, r#"{"t":0}"#);
    let draft = complete(&normalizer, draft);
    assert_eq!(value(&normalizer, &draft, "a"), Value::Missing);
}

#[test]
fn every_field_can_say_where_it_came_from() {
    let mut builder = defaults();
    let source = builder.source("one", "t").line("d", "who").direct("");
    let line = source.builder.program.exprs.iter().last().unwrap().1.span;
    let id = source.id;
    let normalizer = builder.build();
    let (taken, parts) = normalizer.explain(&record(
        r#"{"t":"2026-01-01T00:00:00Z","who":"ana","b":"y"}"#,
    ));
    assert_eq!(taken, Some(id));
    let [Explained::Event(settings)] = &parts[..] else {
        panic!("{parts:?}")
    };
    let program = normalizer.program();
    let told: Vec<(&str, Origin)> = settings
        .iter()
        .map(|setting| (&*program.fields[setting.field].name, setting.origin))
        .collect();
    let source_span = program.sources[id].span;
    let time_span = program.exprs[program.sources[id].assigns[0].value].span;
    assert_eq!(
        told,
        [
            ("time", Origin::Line(time_span)),
            ("a", Origin::Default(span_of(7))),
            ("b", Origin::Direct(source_span)),
            ("d", Origin::Line(line)),
        ]
    );
    let (taken, parts) = normalizer.explain(&record("{}"));
    assert!(taken.is_none() && matches!(parts[..], [Explained::Dead(DeadReason::NoSource)]));
    assert!(failures(&normalizer).is_empty());
}
