//! Which source takes a record, and what events it makes of it.
//!
//! Apart from what fields become.

use super::*;

#[test]
fn the_first_source_whose_condition_holds_takes_the_record() {
    let mut builder = Builder::new(&[]);
    builder.source("one", "a");
    builder.source("two", "b");
    let mut normalizer = builder.build();
    let mut source = |text: &str| {
        normalizer
            .normalize(&record(text))
            .source
            .map(|source| source.0)
    };
    assert_eq!(source(r#"{"a":1,"t":0}"#), Some(0));
    assert_eq!(source(r#"{"b":1,"t":0}"#), Some(1));
    assert_eq!(source(r#"{"b":1,"a":1,"t":0}"#), Some(0));
    assert_eq!(source(r#"{"b":1,"a":null,"t":0}"#), Some(1));
    for text in [r#"{"c":1}"#, "{}", "7", "[]", "null", r#"{"b":null}"#] {
        assert_eq!(source(text), None, "{text}");
        assert_eq!(
            outcomes(&mut normalizer_of_one(), text),
            ["no source accepts it"],
            "{text}"
        );
    }
}

fn normalizer_of_one() -> Counting {
    let mut builder = Builder::new(&[]);
    builder.source("one", "a");
    builder.build()
}

#[test]
fn a_forced_source_takes_every_record() {
    let mut builder = Builder::new(&[]);
    builder.source("one", "a");
    let second = builder.source("two", "b").id;
    let mut normalizer = builder.forced(Some(second));
    assert_eq!(
        normalizer.normalize(&record(r#"{"a":1,"t":0}"#)).source,
        Some(second)
    );
    assert_eq!(outcomes(&mut normalizer, "7"), ["no usable time"]);
}

#[test]
fn what_is_absent_does_not_exist_for_the_source_alone() {
    let mut builder = Builder::new(&[("reason", Type::Text)]);
    builder
        .source("one", "a")
        .absent(&["", "-"])
        .line("reason", "r");
    builder.source("two", "a").line("reason", "r");
    let mut normalizer = builder.build();
    let mut of = |text: &str| {
        let normalized = normalizer.normalize(&record(text));
        let Part::Event(draft) = &normalized.parts[0] else {
            panic!()
        };
        (
            normalized.source.unwrap().0,
            value(&normalizer, draft, "reason"),
        )
    };
    assert_eq!(of(r#"{"a":"x","t":0,"r":"-"}"#), (0, Value::Missing));
    assert_eq!(of(r#"{"a":"x","t":0,"r":"y"}"#), (0, Value::text("y")));
    assert_eq!(of(r#"{"a":"-","t":0,"r":"-"}"#), (1, Value::text("-")));
}

#[test]
fn a_record_without_a_usable_time_is_dead() {
    let mut normalizer = normalizer_of_one();
    for text in [
        r#"{"a":1}"#,
        r#"{"a":1,"t":null}"#,
        r#"{"a":1,"t":"yesterday"}"#,
        r#"{"a":1,"t":-1}"#,
        r#"{"a":1,"t":"1969-12-31T23:59:59Z"}"#,
        r#"{"a":1,"t":99999999999999999}"#,
    ] {
        assert_eq!(
            outcomes(&mut normalizer, text),
            ["no usable time"],
            "{text}"
        );
    }
    for (text, time) in [
        (
            r#"{"a":1,"t":"2026-03-15T08:42:17.003Z"}"#,
            "2026-03-15T08:42:17.003Z",
        ),
        (r#"{"a":1,"t":0}"#, "1970-01-01T00:00:00Z"),
        (
            r#"{"a":1,"t":"9999-12-31T23:59:59.999999Z"}"#,
            "9999-12-31T23:59:59.999999Z",
        ),
    ] {
        assert_eq!(event(&mut normalizer, text).time, at(time), "{text}");
    }
}

#[test]
fn an_id_is_the_sources_own_or_a_hash_of_the_record() {
    let mut builder = Builder::new(&[]);
    builder
        .source("one", "a")
        .absent(&["-"])
        .line("id", "id")
        .line("tenant", "tenant");
    let mut normalizer = builder.build();
    let mut id = |text: &str| event(&mut normalizer, text).id;
    assert_eq!(
        id(r#"{"a":1,"t":0,"id":"e1"}"#),
        DraftId::Given("e1".into())
    );
    assert_eq!(id(r#"{"a":1,"t":0,"id":7}"#), DraftId::Given("7".into()));
    let plain = id(r#"{"a":1,"t":0}"#);
    assert!(matches!(plain, DraftId::Fingerprint(_)));
    assert_eq!(id(r#"{ "t":0, "a":1 }"#), plain);
    assert_ne!(id(r#"{"a":1,"t":0,"id":"-"}"#), plain);
    assert_ne!(id(r#"{"a":2,"t":0}"#), plain);
    assert!(matches!(
        id(r#"{"a":1,"t":0,"id":""}"#),
        DraftId::Fingerprint(_)
    ));
    let mut tenant = |text: &str| event(&mut normalizer, text).tenant;
    assert_eq!(
        tenant(r#"{"a":1,"t":0,"tenant":"acme"}"#).as_deref(),
        Some("acme")
    );
    assert_eq!(tenant(r#"{"a":1,"t":0,"tenant":"-"}"#), None);
}

/// Returns a source that makes an event of each element of `list`, drops those whose kind is noise,
/// and reads the element's `x` and the record's `y`.
fn exploding() -> Counting {
    let mut builder = Builder::new(&[("x", Type::Int), ("y", Type::Int)]);
    let list = builder.raw("list");
    let x = builder.item("x");
    let kind = builder.item("kind");
    let noise = builder.is(kind, "noise");
    let mut source = builder
        .source("one", "a")
        .assign("x", x, None)
        .line("y", "y");
    source.edit().explode = Some(list);
    source.edit().drops = vec![noise];
    builder.build()
}

#[test]
fn each_element_of_an_exploded_list_is_an_event() {
    let mut normalizer = exploding();
    let text = r#"{"a":1,"t":0,"y":9,"list":[{"x":1},{"x":2},{"x":1}]}"#;
    let drafts = events(&mut normalizer, text);
    let xs: Vec<Value> = drafts
        .iter()
        .map(|draft| value(&normalizer, draft, "x"))
        .collect();
    assert_eq!(xs, [Value::Int(1), Value::Int(2), Value::Int(1)]);
    assert!(
        drafts
            .iter()
            .all(|draft| value(&normalizer, draft, "y") == Value::Int(9))
    );
    assert_ne!(drafts[0].id, drafts[2].id);
    assert_eq!(drafts[0].id, events(&mut normalizer, text)[0].id);
}

#[test]
fn a_record_to_explode_always_has_an_outcome() {
    let mut normalizer = exploding();
    for (list, expected) in [
        (
            r#"[{"x":1},{"kind":"noise"},{"x":2}]"#,
            &["event", "dropped", "event"][..],
        ),
        ("[]", &["dropped"]),
        ("null", &["no list to explode"]),
        (r#"{"x":1}"#, &["event"]),
        (r#"{"kind":"noise"}"#, &["dropped"]),
        ("7", &["event"]),
    ] {
        let text = format!(r#"{{"a":1,"t":0,"list":{list}}}"#);
        assert_eq!(outcomes(&mut normalizer, &text), expected, "{list}");
    }
    assert_eq!(
        outcomes(&mut normalizer, r#"{"a":1,"t":0}"#),
        ["no list to explode"]
    );
    assert_eq!(
        outcomes(&mut normalizer, r#"{"a":1,"list":[{},{}]}"#),
        ["no usable time", "no usable time"]
    );
}

#[test]
fn a_list_beyond_measure_is_cut_and_told() {
    let items = vec!["{}"; ELEMENTS_MAX + 3].join(",");
    let outcomes = outcomes(
        &mut exploding(),
        &format!(r#"{{"a":1,"t":0,"list":[{items}]}}"#),
    );
    assert_eq!(outcomes.len(), ELEMENTS_MAX + 1);
    assert_eq!(outcomes[ELEMENTS_MAX - 1], "event");
    assert_eq!(
        outcomes[ELEMENTS_MAX],
        "more than 10000 elements to explode"
    );
}

#[test]
fn raw_is_kept_only_if_something_reads_it() {
    let text = r#"{"a":1,"t":0}"#;
    assert_eq!(event(&mut normalizer_of_one(), text).raw, None);
    let mut builder = Builder::new(&[]);
    builder.program.reads_raw = true;
    builder.source("one", "a");
    assert_eq!(event(&mut builder.build(), text).raw, Some(record(text)));
}

#[test]
fn ruling_sources_out_by_keys_never_changes_the_answer() {
    let mut builder = Builder::new(&[]);
    let keys = ["a", "b", "c", "d"];
    let mut seed = 5_u64;
    let mut roll = move |sides: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        usize::try_from(seed % sides as u64).unwrap()
    };
    for n in 0..300 {
        let when = random_condition(&mut builder, &mut roll, 3);
        let id = builder.source(&format!("s{n}"), "a").absent(&["-"]).id;
        builder.program.sources[id].when = when;
    }
    let normalizer = builder.build();
    for _ in 0..300 {
        let entries: Vec<String> = (0..roll(5))
            .map(|_| {
                format!(
                    r#""{}":{}"#,
                    keys[roll(4)],
                    ["null", r#""-""#, r#""x""#, r#"{"k":"x"}"#][roll(4)]
                )
            })
            .collect();
        let record = record(&format!("{{{}}}", entries.join(",")));
        let candidates: Vec<SourceId> = normalizer.selector.candidates(&record).collect();
        for (id, source) in normalizer.program().sources.iter() {
            let takes = normalizer.sources[id.index()].takes(&normalizer.evaluator, &record);
            assert!(
                !takes || candidates.contains(&id),
                "{entries:?} {:?}",
                source.name
            );
        }
    }
}

fn random_condition(
    builder: &mut Builder,
    roll: &mut impl FnMut(usize) -> usize,
    depth: usize,
) -> ExprId {
    let kinds = if depth == 0 { 4 } else { 7 };
    let value = random_value(builder, roll, 2);
    match roll(kinds) {
        0 | 1 => builder.expr(ExprKind::Exists(value), Type::Bool),
        2 => builder.is(value, "x"),
        3 => {
            let set = ir::Set::Values(vec![Value::text("x"), Value::text("-")]);
            builder.expr(ExprKind::In(value, set), Type::Bool)
        }
        4 => {
            let inner = random_condition(builder, roll, depth - 1);
            builder.expr(ExprKind::Not(inner), Type::Bool)
        }
        kind => {
            let both = vec![
                random_condition(builder, roll, depth - 1),
                random_condition(builder, roll, depth - 1),
            ];
            let kind = if kind == 5 {
                ExprKind::And(both)
            } else {
                ExprKind::Or(both)
            };
            builder.expr(kind, Type::Bool)
        }
    }
}

fn random_value(
    builder: &mut Builder,
    roll: &mut impl FnMut(usize) -> usize,
    depth: usize,
) -> ExprId {
    if depth > 0 && roll(3) == 0 {
        let left = random_value(builder, roll, depth - 1);
        let right = random_value(builder, roll, depth - 1);
        return builder.expr(ExprKind::Default(left, right), Type::Any);
    }
    match roll(6) {
        0 => builder.text("x"),
        1 => {
            let raw = builder.raw("");
            builder.expr(ExprKind::Part(raw, "a".into()), Type::Any)
        }
        2 => {
            let raw = builder.raw(["a", "b.k"][roll(2)]);
            builder.expr(ExprKind::Call("lower".into(), vec![raw]), Type::Text)
        }
        _ => builder.raw(["a", "b", "c.k", "d"][roll(4)]),
    }
}

#[test]
fn tables_are_read_as_of_the_event() {
    let mut builder = Builder::new(&[("class_of", Type::Text)]);
    let table = builder.program.tables.add(ir::Table {
        name: "assets".into(),
        path: "assets.csv".into(),
        file: muster_lang::file::FileId(0),
        key: "id".into(),
        mode: muster_lang::syntax::ast::TableMode::Exact,
        span: Span::default(),
    });
    let key = builder.raw("asset");
    let column = builder.expr(
        ExprKind::Lookup {
            table,
            key,
            column: "class".into(),
        },
        Type::Any,
    );
    builder.source("one", "a").assign("class_of", column, None);
    let file = b"id,class,valid_to,valid_from\nx,old,2026-01-01,\nx,new,,2026-01-01\n";
    let lookups = Lookups::load(&builder.program, &mut |_| Ok(file.to_vec())).unwrap();
    let mut normalizer = builder.with(lookups, None);
    for (time, expected) in [
        ("2025-06-01T00:00:00Z", "old"),
        ("2026-06-01T00:00:00Z", "new"),
    ] {
        let text = format!(r#"{{"a":1,"t":"{time}","asset":"x"}}"#);
        assert_eq!(
            field(&mut normalizer, &text, "class_of"),
            Value::text(expected)
        );
    }
}
