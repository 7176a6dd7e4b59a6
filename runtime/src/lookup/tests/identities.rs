//! Identities: who somebody is, whatever a source called them.
//!
//! Apart because a wrong answer here joins two people or parts one.

use super::*;
use muster_lang::ir::Cleaner;

const PEOPLE: &str = "person_id,upn,sam,email,valid_from,valid_to\n\
    p1,Ana@corp.example,CORP\\ana,ana.diaz@mail.example,,\n\
    p2,bo@corp.example,bo,,,2026-01-01\n\
    p3,bo2@corp.example,bo,,2026-01-01,\n\
    ,nobody@corp.example,ghost,,,\n";

fn person(from: bool, clean: &[Cleaner], never: &[&str]) -> Lookups {
    let mut builder = Builder::default();
    let table = builder.table("people.csv", TableMode::Exact, "person_id", PEOPLE);
    let columns = vec!["upn".into(), "sam".into(), "email".into()];
    builder.program.identities.add(ir::Identity {
        name: "person".into(),
        from: from.then(|| (table, columns, "person_id".into())),
        clean: clean.to_vec(),
        never: never.iter().map(|name| Arc::from(*name)).collect(),
        span: Span::default(),
    });
    builder.loaded()
}

fn corp() -> Lookups {
    let clean = [
        Cleaner::Lower,
        Cleaner::StripDomain("CORP".into()),
        Cleaner::Trim,
    ];
    person(true, &clean, &["administrator", "CORP\\Root", "system"])
}

fn of(lookups: &Lookups, names: &[&str]) -> Value {
    let arguments: Vec<Value> = names.iter().map(|name| text(name)).collect();
    lookups.identity(IdentityId(0), &arguments, at("2026-03-15T00:00:00Z"))
}

#[test]
fn a_person_is_found_by_any_of_the_columns() {
    let lookups = corp();
    for name in [
        "ana@corp.example",
        "ANA@CORP.EXAMPLE",
        "corp\\Ana",
        "Ana@corp",
        "ana",
        "Ana.Diaz@mail.example",
    ] {
        assert_eq!(of(&lookups, &[name]), text("p1"), "{name}");
    }
}

#[test]
fn the_first_argument_that_resolves_counts() {
    let lookups = corp();
    assert_eq!(
        of(&lookups, &["stranger@x.example", "bo2@corp.example", "ana"]),
        text("p3")
    );
    let arguments = [Value::Missing, Value::Int(7), text("ana")];
    assert_eq!(lookups.identity(IdentityId(0), &arguments, NOW), text("p1"));
}

#[test]
fn what_does_not_resolve_is_the_first_name_cleaned() {
    let lookups = corp();
    assert_eq!(of(&lookups, &["CORP\\Eve", "ada"]), text("eve"));
    assert_eq!(
        of(&lookups, &["Eve@other.example"]),
        text("eve@other.example")
    );
    assert_eq!(of(&lookups, &["", "  ", "Ada"]), text("ada"));
    assert_eq!(of(&lookups, &[]), Value::Missing);
    assert_eq!(of(&lookups, &["", " "]), Value::Missing);
}

#[test]
fn shared_names_identify_nobody() {
    let lookups = corp();
    assert_eq!(of(&lookups, &["Administrator"]), Value::Missing);
    assert_eq!(of(&lookups, &["CORP\\administrator"]), Value::Missing);
    assert_eq!(of(&lookups, &["root"]), Value::Missing);
    assert_eq!(of(&lookups, &["root", "eve"]), Value::Missing);
    assert_eq!(of(&lookups, &["root", "ana"]), text("p1"));
    let lookups = person(true, &[Cleaner::Lower], &["bo"]);
    assert_eq!(of(&lookups, &["bo"]), Value::Missing);
}

#[test]
fn rows_are_read_as_of_the_event() {
    let lookups = corp();
    let bo = |time| lookups.identity(IdentityId(0), &[text("bo")], at(time));
    assert_eq!(bo("2025-12-31T23:59:59Z"), text("p2"));
    assert_eq!(bo("2026-01-01T00:00:00Z"), text("p3"));
}

#[test]
fn a_row_without_a_canonical_id_does_not_resolve() {
    assert_eq!(of(&corp(), &["ghost"]), text("ghost"));
}

#[test]
fn without_a_table_a_name_is_only_cleaned() {
    let lookups = person(false, &[Cleaner::Lower], &[]);
    assert_eq!(
        of(&lookups, &["Ana@Corp.Example"]),
        text("ana@corp.example")
    );
    assert_eq!(of(&lookups, &["CORP\\ana"]), text("corp\\ana"));
    let arguments = [Value::Int(1001)];
    assert_eq!(
        lookups.identity(IdentityId(0), &arguments, NOW),
        text("1001")
    );
    let lookups = person(false, &[], &[]);
    assert_eq!(of(&lookups, &["Ana"]), text("Ana"));
    assert_eq!(
        lookups.identity(IdentityId(3), &arguments, NOW),
        Value::Missing
    );
}

#[test]
fn cleaners_apply_in_their_order() {
    let domain = Cleaner::StripDomain("corp".into());
    let trimmed_first = person(false, &[Cleaner::Trim, domain.clone()], &[]);
    assert_eq!(of(&trimmed_first, &[" CORP\\Ana "]), text("Ana"));
    let trimmed_last = person(false, &[domain, Cleaner::Trim], &[]);
    assert_eq!(of(&trimmed_last, &[" CORP\\Ana "]), text("CORP\\Ana"));
}

#[test]
fn columns_that_are_not_there_are_told() {
    let mut builder = Builder::default();
    let table = builder.table("people.csv", TableMode::Exact, "person_id", PEOPLE);
    builder.program.identities.add(ir::Identity {
        name: "person".into(),
        from: Some((table, vec!["mail".into()], "person_id".into())),
        clean: Vec::new(),
        never: Vec::new(),
        span: Span::default(),
    });
    let faults = builder.faults().join("");
    assert!(
        faults.starts_with("identity `person`: expected a column `mail`, found `person_id`"),
        "{faults}"
    );
}

#[test]
fn a_row_that_gives_no_id_hides_none_that_does() {
    let mut builder = Builder::default();
    let people = "person,sam\nu1,ana\n,ana\n";
    let table = builder.table("people.csv", TableMode::Exact, "person", people);
    builder.program.identities.add(ir::Identity {
        name: "person".into(),
        from: Some((table, vec!["sam".into()], "person".into())),
        clean: Vec::new(),
        never: Vec::new(),
        span: Span::default(),
    });
    assert_eq!(of(&builder.loaded(), &["ana"]), text("u1"));
}
