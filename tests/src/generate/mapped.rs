//! Sources with an own shape of record: conversions, conditions, look-ups, several events of one.
//!
//! Apart from streams because these records do not bear the names of fields.

use serde_json::{Value as Json, json};

use super::Case;
use super::random::Random;
use super::record::{Clock, Record};
use super::rule::Plan;
use super::words::{Class, span};
use crate::carried::carry;

/// The source of records with an own shape.
pub(crate) const NAME: &str = "east";

/// Declares the source.
pub(crate) fn source(random: &mut Random, case: &mut Case, plan: &mut Plan) {
    let lateness = random.pick(&[0, 5_000, 60_000]);
    let dedupe = random.pick(&[1_000, 20_000]);
    let mut lines = vec![
        random.pick(&[
            "when .feed is \"east\"",
            "when .feed is \"EAST\" and .Kind exists",
        ]),
        random.pick(&[
            "absent \"\", \"-\"",
            "absent \"-\"",
            "absent \"\", \"n/a\", \"-\"",
        ]),
    ];
    if random.chance(40) {
        lines.push(random.pick(&[
            "drop when .Note is \"noise\"",
            "drop when .Note contains \"noise\" or .Kind is missing",
        ]));
    }
    let exploded = random.chance(35);
    if exploded {
        lines.push("explode .Items as item");
        lines.push("id = join([.Id, item.N], \"-\")");
    } else {
        lines.push(random.pick(&["id = .Id", "id = .Missing or .Id"]));
    }
    lines.push(random.pick(&[
        "time = parse_time(.Clock, \"%d.%m.%Y %H:%M:%S\", \"epoch_ms\", \"iso\", zone \"Europe/Madrid\")",
        "time = parse_time(.Clock, \"epoch\", \"epoch_ms\", \"iso\", \"%d.%m.%Y %H:%M:%S\")",
        "time = parse_time(.Clock, \"iso\", \"epoch_ms\") time = parse_time(.Clock, \"%d.%m.%Y %H:%M:%S\", zone \"America/New_York\")",
    ]));
    lines.extend(happened(random));
    lines.extend(who(random, exploded));
    lines.extend(what(random));
    let mut declaration = format!("source {NAME} \"{NAME}\" {{\n");
    let (when, rest) = lines.split_at(1);
    let spans = [
        format!("lateness {}", span(lateness)),
        format!("dedupe {}", span(dedupe)),
    ];
    let all = when.iter().map(ToString::to_string).chain(spans);
    for line in all.chain(rest.iter().map(ToString::to_string)) {
        declaration.push_str(&format!("  {line}\n"));
    }
    declaration.push_str("}\n");
    case.declarations.push(declaration);
    let codes = "code,means\n0,success\n1,failure\n2,Denied\n3,what\n1,denied\n";
    case.declarations.push(format!(
        "table codes from \"codes.csv\" key code\n{}",
        carry("codes.csv", codes)
    ));
    plan.feeds.push((NAME.to_owned(), lateness, dedupe));
}

/// What happened, and how it ended.
fn happened(random: &mut Random) -> Vec<&'static str> {
    let mut lines = Vec::new();
    lines.extend([
        "class = auth.login when .Kind in [\"logon\", \"sign-in\"]",
        "class = file.download when .Kind starts with \"DOWN\"",
        "class = auth.elevate when lower(.Kind) == \"sudo\"",
        "class = access.open when .Kind matches r\"^open\"",
        "class = other",
    ]);
    lines.push(random.pick(&[
        "outcome = failure when .Code == 1 outcome = denied when .Code == 2 outcome = success",
        "outcome = codes[.Code].means or denied",
        "outcome = codes[.Code].means outcome = success when .Code is missing",
        "outcome = .Means outcome = failure when .Code >= 1",
    ]));
    lines
}

/// Who, on which device, from where.
fn who(random: &mut Random, exploded: bool) -> Vec<&'static str> {
    let mut lines = Vec::new();
    lines.push(random.pick(&[
        "identity = .User.Name",
        "identity = lower(.User.Name) or .User.Mail",
        "identity = pick(.People, .Role is \"actor\").Name",
        "identity = trim(.User.Name) identity = first(split(.User.Mail, \"@\"))",
    ]));
    let device: &[&'static str] = if exploded {
        &[
            "device.id = item.Device",
            "device.id = item.Device or .Device",
        ]
    } else {
        &[
            "device.id = .Device",
            "device.id = json(.Detail).Device or .Device",
        ]
    };
    lines.push(random.pick(device));
    lines.push(random.pick(&[
        "ip = .Address",
        "ip = ip(.Address)",
        "ip = cidr_host(.Address)",
    ]));
    lines
}

/// How much, where, and with what.
fn what(random: &mut Random) -> Vec<&'static str> {
    let mut lines = vec![random.pick(&["bytes.down = .Size", "bytes.down = .Size or 500B"])];
    lines.push(random.pick(&[
        "geo = geo(.Lat, .Lon)",
        "geo = .Place",
        "geo = geo(.Place) or geo(.Lat, .Lon)",
    ]));
    lines.push(random.pick(&[
        "actor.groups = split(.Groups, \",\")",
        "actor.groups = .GroupList",
        "actor.groups = .Groups when .Groups exists actor.groups = .GroupList",
    ]));
    lines.push(random.pick(&[
        "resource.id = extract(.Text, r\"res=(\\w+)\")",
        "resource.id = .Targets[0].Id or .Targets[-1].Id",
        "resource.id = replace(.Targets[0].Id, \"doc\", \"Doc\")",
    ]));
    lines.push("actor.admin = .Admin");
    lines
}

/// Makes a record of the source.
pub(crate) fn record(random: &mut Random, class: Class, number: usize) -> Record {
    let clock = random.pick(&[
        Clock::Iso,
        Clock::Millis,
        Clock::Seconds,
        Clock::Local,
        Clock::Local,
    ]);
    let clock = if random.chance(3) { Clock::None } else { clock };
    let mut fields = told(random, class);
    fields.extend(measured(random));
    Record {
        feed: Some(NAME.to_owned()),
        clock: Some(clock),
        millis: 0,
        id: format!("e{number}"),
        fields,
    }
}

/// Values of which each is in a record in most cases.
type Values = Vec<(&'static str, Vec<Json>)>;

fn some(random: &mut Random, values: Values) -> Vec<(String, Json)> {
    let mut fields = Vec::new();
    for (name, values) in values {
        if random.chance(85) {
            fields.push((name.to_owned(), random.pick(&values)));
        }
    }
    fields
}

/// What happened and who did it.
fn told(random: &mut Random, class: Class) -> Vec<(String, Json)> {
    let mut values: Values = Vec::new();
    let kinds: Vec<Json> = match class.class {
        "auth.login" => vec![json!("logon"), json!("Sign-In")],
        "file.download" => vec![json!("download"), json!("Down")],
        "auth.elevate" => vec![json!("sudo"), json!("SUDO")],
        _ => vec![json!("open"), json!("opened"), json!("Open"), json!("-")],
    };
    values.push(("Kind", kinds));
    values.push((
        "Note",
        vec![json!("noise"), json!("x"), json!(""), json!(null)],
    ));
    values.push((
        "Code",
        vec![
            json!(0),
            json!(1),
            json!("1"),
            json!(2),
            json!("3"),
            json!("-"),
            json!(7),
        ],
    ));
    values.push((
        "Means",
        vec![
            json!("success"),
            json!("Failure"),
            json!("what"),
            json!(1),
            json!("-"),
        ],
    ));
    let user = |name: &str, mail: &str| json!({"Name": name, "Mail": mail});
    values.push((
        "User",
        vec![
            user("u1", "u2@x"),
            user("U1", "-"),
            user(" u1 ", "u1@x"),
            user("-", "u1@x"),
            json!("u1"),
        ],
    ));
    let person = |role: &str, name: &str| json!({"Role": role, "Name": name});
    values.push((
        "People",
        vec![
            json!([person("actor", "u1")]),
            json!([
                person("target", "u2"),
                person("Actor", "u1"),
                person("actor", "u2")
            ]),
            json!([]),
            person("actor", "u2"),
        ],
    ));
    values.push((
        "Device",
        vec![json!("d1"), json!("D1"), json!("d2"), json!("-"), json!("")],
    ));
    values.push((
        "Detail",
        vec![
            json!("{\"Device\": \"d1\"}"),
            json!("{"),
            json!({"Device": "d2"}),
            json!("{\"Device\": \"-\"}"),
        ],
    ));
    some(random, values)
}

/// Where, how much, and with what.
fn measured(random: &mut Random) -> Vec<(String, Json)> {
    let mut values: Values = Vec::new();
    values.push((
        "Address",
        vec![
            json!("10.0.0.1"),
            json!("10.0.0.2:443"),
            json!("10.0.0.1/24"),
            json!("::ffff:10.0.0.1"),
            json!("x"),
            json!(7),
        ],
    ));
    values.push((
        "Size",
        vec![
            json!(1000),
            json!("3000"),
            json!("2KB"),
            json!(-1),
            json!("many"),
            json!(5000),
        ],
    ));
    values.push((
        "Lat",
        vec![json!(40.42), json!("40.42"), json!(95), json!("-")],
    ));
    values.push(("Lon", vec![json!(-3.7), json!("139.69"), json!(139.69)]));
    values.push((
        "Place",
        vec![
            json!({"lat": 40.42, "lon": -3.7}),
            json!([35.68, 139.69]),
            json!({"latitude": "35.68", "longitude": 139.69}),
            json!({}),
            json!("x"),
        ],
    ));
    values.push((
        "Groups",
        vec![json!("g1,g2"), json!("G2"), json!(""), json!("g1,,g3")],
    ));
    values.push((
        "GroupList",
        vec![
            json!(["g1", "-"]),
            json!(["G1", "g3"]),
            json!([]),
            json!("g2"),
            json!([["g1"]]),
            json!([1, "g1"]),
        ],
    ));
    values.push((
        "Text",
        vec![
            json!("got res=doc1 ok"),
            json!("res=Doc1"),
            json!("res="),
            json!("none"),
        ],
    ));
    let target = |id: &str| json!({"Id": id});
    values.push((
        "Targets",
        vec![
            json!([target("doc1")]),
            json!([target("-"), target("doc2")]),
            json!([]),
            json!([{}, target("doc1")]),
        ],
    ));
    values.push((
        "Admin",
        vec![
            json!(true),
            json!("TRUE"),
            json!("false"),
            json!("yes"),
            json!(1),
        ],
    ));
    let item = |n: i64, device: &str| json!({"N": n, "Device": device});
    values.push((
        "Items",
        vec![
            json!([item(1, "d1")]),
            json!([item(1, "d1"), item(2, "D1")]),
            json!([item(1, "d2"), item(2, "d1"), item(3, "-")]),
            json!([]),
            item(4, "d1"),
        ],
    ));
    some(random, values)
}
