//! Tables: files, keys and rows.
//!
//! Apart because most of what can go wrong in a table has no calendar and no identity.

use super::*;

fn class(lookups: &Lookups, key: &str) -> Value {
    lookups.column(TABLE, &text(key), "class", NOW)
}

#[test]
fn a_row_is_found_by_its_key_whatever_the_case() {
    let assets = table("assets.csv", TableMode::Exact, "id", ASSETS);
    assert_eq!(class(&assets, "srv-1"), text("restricted"));
    assert_eq!(class(&assets, "SRV-2"), text("public"));
    assert_eq!(class(&assets, "srv"), Value::Missing);
    assert_eq!(class(&assets, ""), Value::Missing);
}

#[test]
fn an_empty_cell_is_missing() {
    let assets = table("assets.csv", TableMode::Exact, "id", ASSETS);
    assert_eq!(
        assets.column(TABLE, &text("srv-2"), "owner", NOW),
        Value::Missing
    );
    let assets = table(
        "assets.json",
        TableMode::Exact,
        "id",
        r#"[{"id":"a","owner":""}]"#,
    );
    assert_eq!(
        assets.column(TABLE, &text("a"), "owner", NOW),
        Value::Missing
    );
}

#[test]
fn membership_is_unknown_for_a_missing_key() {
    let assets = table("assets.csv", TableMode::Exact, "id", ASSETS);
    assert_eq!(assets.contains(TABLE, &text("SRV-1"), NOW), Some(true));
    assert_eq!(assets.contains(TABLE, &text("srv-9"), NOW), Some(false));
    assert_eq!(assets.contains(TABLE, &Value::Missing, NOW), None);
}

#[test]
fn every_kind_of_file_gives_the_same_rows() {
    for (path, file) in [
        (
            "assets.csv",
            "\u{feff}id,class\r\nsrv-1,restricted\r\n\r\nsrv-2,public",
        ),
        (
            "assets.csv",
            " id ; class \n srv-1 ; restricted \n\"srv-2\";\"public\"\n",
        ),
        (
            "assets.tsv",
            "id\tclass\nsrv-1\trestricted\nsrv-2\tpublic\n",
        ),
        (
            "assets.json",
            r#"[{"id":"srv-1","class":"restricted"},{"class":"public","id":"srv-2"}]"#,
        ),
        (
            "assets.json",
            "{\n \"srv-1\": {\"class\":\"restricted\"},\n \"srv-2\": {\"class\":\"public\"}}",
        ),
        (
            "assets.jsonl",
            "{\"id\":\"srv-1\",\"class\":\"restricted\"}\n\n{\"id\":\"srv-2\",\"class\":\"public\"}\n",
        ),
        ("assets.txt", "id,class\nsrv-1,restricted\nsrv-2,public\n"),
        (
            "assets",
            "[{\"id\":\"srv-1\",\"class\":\"restricted\"},{\"id\":\"srv-2\",\"class\":\"public\"}]",
        ),
    ] {
        let assets = table(path, TableMode::Exact, "id", file);
        assert_eq!(class(&assets, "srv-1"), text("restricted"), "{file}");
        assert_eq!(class(&assets, "srv-2"), text("public"), "{file}");
        assert_eq!(
            assets.contains(TABLE, &text("srv-3"), NOW),
            Some(false),
            "{file}"
        );
    }
}

#[test]
fn values_of_json_keep_their_kind() {
    let file = r#"[{"id":7,"level":3,"tags":["a"],"on":true,"more":{"x":1},"none":null}]"#;
    let assets = table("t.json", TableMode::Exact, "id", file);
    let column = |name| assets.column(TABLE, &text("7"), name, NOW);
    assert_eq!(column("level"), Value::Int(3));
    assert_eq!(column("on"), Value::Bool(true));
    assert_eq!(column("tags"), Value::List([text("a")].into()));
    assert_eq!(column("none"), Value::Missing);
    assert!(matches!(column("more"), Value::Record(_)));
    assert_eq!(assets.contains(TABLE, &Value::Int(7), NOW), Some(true));
}

#[test]
fn columns_are_found_whatever_the_case_but_exactly_first() {
    let assets = table(
        "t.csv",
        TableMode::Exact,
        "asset id",
        "Asset ID,Class,class\nA,1,2\n",
    );
    let column = |name| assets.column(TABLE, &text("a"), name, NOW);
    assert_eq!(column("class"), text("2"));
    assert_eq!(column("Class"), text("1"));
    assert_eq!(column("CLASS"), text("1"));
    assert_eq!(column("other"), Value::Missing);
}

#[test]
fn quoted_cells_may_hold_separators_and_line_breaks() {
    let file = "id,class\n\"CN=Ana, OU=X\",\"a \"\"b\"\"\nc\"\n";
    let assets = table("t.csv", TableMode::Exact, "id", file);
    assert_eq!(class(&assets, "cn=ana, ou=x"), text("a \"b\"\nc"));
}

#[test]
fn of_several_rows_the_last_valid_one_counts() {
    let file = "id,class,valid_from,valid_to\n\
        a,one,,2026-02-01\n\
        a,two,2026-02-01T00:00:00Z,2026-03-01\n\
        a,three,2026-02-15,2026-02-16T12:00:00+01:00\n\
        b,only,2026-05-01,\n";
    let table = table("t.csv", TableMode::Exact, "id", file);
    for (time, expected) in [
        ("2025-01-01T00:00:00Z", text("one")),
        ("2026-01-31T23:59:59.999999Z", text("one")),
        ("2026-02-01T00:00:00Z", text("two")),
        ("2026-02-15T00:00:00Z", text("three")),
        ("2026-02-16T10:59:59Z", text("three")),
        ("2026-02-16T11:00:00Z", text("two")),
        ("2026-02-28T23:59:59Z", text("two")),
        ("2026-03-01T00:00:00Z", Value::Missing),
    ] {
        assert_eq!(
            table.column(TABLE, &text("A"), "class", at(time)),
            expected,
            "{time}"
        );
    }
    assert_eq!(
        table.contains(TABLE, &text("b"), at("2026-04-30T00:00:00Z")),
        Some(false)
    );
    assert_eq!(
        table.contains(TABLE, &text("b"), at("2026-05-01T00:00:00Z")),
        Some(true)
    );
    let twice = "id,class\na,one\nb,x\na,two\n";
    assert_eq!(
        class(&super::table("t.csv", TableMode::Exact, "id", twice), "a"),
        text("two")
    );
}

const NETS: &str = "cidr,class\n\
    10.0.0.0/8,all\n\
    10.1.0.0/16,office\n\
    10.1.2.3,printer\n\
    2001:db8::/32,six\n\
    2001:db8:1::/48,six office\n\
    ::ffff:192.168.0.0/112,mapped\n";

#[test]
fn the_longest_network_counts() {
    let nets = table("nets.csv", TableMode::Net, "cidr", NETS);
    let class = |key: &Value| nets.column(TABLE, key, "class", NOW);
    for (address, expected) in [
        ("10.9.0.1", "all"),
        ("10.1.0.0", "office"),
        ("10.1.255.255", "office"),
        ("10.1.2.3", "printer"),
        ("10.2.0.0", "all"),
        ("2001:db8::1", "six"),
        ("2001:db8:1::1", "six office"),
        ("192.168.0.9", "mapped"),
        ("::ffff:10.1.7.7", "office"),
    ] {
        assert_eq!(class(&ip(address)), text(expected), "{address}");
        assert_eq!(class(&text(address)), text(expected), "{address} as text");
    }
    for address in ["11.0.0.1", "2001:db9::1", "::1", "192.169.0.1"] {
        assert_eq!(
            nets.contains(TABLE, &ip(address), NOW),
            Some(false),
            "{address}"
        );
    }
    assert_eq!(nets.contains(TABLE, &text("no address"), NOW), None);
    assert_eq!(nets.contains(TABLE, &Value::Missing, NOW), None);
}

#[test]
fn a_network_that_is_not_valid_yet_lets_the_wider_one_count() {
    let file = "cidr,class,valid_from\n10.0.0.0/8,all,\n10.1.0.0/16,new,2026-06-01\n";
    let nets = table("nets.csv", TableMode::Net, "cidr", file);
    let class = |time| nets.column(TABLE, &ip("10.1.1.1"), "class", at(time));
    assert_eq!(class("2026-05-31T00:00:00Z"), text("all"));
    assert_eq!(class("2026-06-01T00:00:00Z"), text("new"));
}

#[test]
fn the_longest_prefix_counts() {
    let file = "prefix,class\niam.,other\nIAM.User.,user\niam.user.delete,gone\nÁ,accent\n";
    let actions = table("t.csv", TableMode::Prefix, "prefix", file);
    for (key, expected) in [
        ("iam.role.create", text("other")),
        ("iam.user.create", text("user")),
        ("IAM.USER.DELETE", text("gone")),
        ("iam.user.deleted", text("gone")),
        ("iam.user.", text("user")),
        ("iam", Value::Missing),
        ("áb", text("accent")),
        ("é", Value::Missing),
        ("", Value::Missing),
    ] {
        assert_eq!(class(&actions, key), expected, "{key}");
    }
}

#[test]
fn an_address_is_found_in_whatever_way_it_is_written() {
    let hosts = table(
        "t.csv",
        TableMode::Exact,
        "ip",
        "ip,class\n2001:DB8:0:0::1,six\n10.0.0.1,four\n",
    );
    assert_eq!(
        hosts.column(TABLE, &ip("2001:db8::1"), "class", NOW),
        text("six")
    );
    assert_eq!(
        hosts.column(TABLE, &text("2001:db8:0:0::1"), "class", NOW),
        text("six")
    );
    assert_eq!(
        hosts.column(TABLE, &ip("10.0.0.1"), "class", NOW),
        text("four")
    );
}

#[test]
fn rows_without_a_key_are_found_by_none() {
    let assets = table("t.csv", TableMode::Exact, "id", "id,class\n,lost\na,kept\n");
    assert_eq!(class(&assets, ""), Value::Missing);
    assert_eq!(class(&assets, "a"), text("kept"));
    table(
        "t.csv",
        TableMode::Net,
        "id",
        "id,class\n,lost\n10.0.0.0/8,kept\n",
    );
}

#[test]
fn lists_hold_texts_ignoring_case_and_addresses_in_their_networks() {
    let mut builder = Builder::default();
    let mut list = |items: &[Value]| {
        builder.program.lists.add(ir::List {
            name: "l".into(),
            items: items.to_vec(),
            span: Span::default(),
        })
    };
    let admins = list(&[text("Ana"), text("ΟΔΟΣ")]);
    let nets = list(&[text("10.0.0.0/8"), text("192.0.2.1"), text("2001:db8::/32")]);
    let ports = list(&[Value::Int(22), Value::Int(3389)]);
    let lookups = builder.loaded();
    for (list, value, expected) in [
        (admins, text("ANA"), Some(true)),
        (admins, text("οδος"), Some(true)),
        (admins, text("an"), Some(false)),
        (admins, Value::Missing, None),
        (admins, ip("10.0.0.1"), Some(false)),
        (nets, ip("10.9.9.9"), Some(true)),
        (nets, ip("::ffff:10.9.9.9"), Some(true)),
        (nets, ip("192.0.2.1"), Some(true)),
        (nets, ip("192.0.2.2"), Some(false)),
        (nets, ip("2001:db8::7"), Some(true)),
        (nets, text("10.9.9.9"), Some(true)),
        (nets, text("10.0.0.0/8"), Some(true)),
        (nets, text("11.0.0.1"), Some(false)),
        (ports, Value::Int(22), Some(true)),
        (ports, Value::Float(22.0), Some(true)),
        (ports, Value::Int(23), Some(false)),
        (ports, text("22"), Some(false)),
        (ListId(9), text("x"), None),
    ] {
        assert_eq!(lookups.listed(list, &value), expected, "{value:?}");
    }
}
