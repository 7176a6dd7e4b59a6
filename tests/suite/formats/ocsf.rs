//! What the OCSF schema, version 1.3.0, asks of a Detection Finding, as far as we write one.
//!
//! Apart from the tests because it is written from the schema and not from what we write.

use serde_json::Value as Json;

/// What an attribute holds.
#[derive(Clone, Copy)]
enum Type {
    Text,
    Texts,
    /// A whole number of 32 bits.
    Integer,
    /// A whole number of 64 bits; times are milliseconds since 1970.
    Long,
    /// One of these numbers.
    OneOf(&'static [i64]),
    Object(&'static Object),
    Objects(&'static Object),
    /// Anything.
    Json,
    /// An object of anything.
    AnyObject,
}

use Type::{AnyObject, Integer, Json as Anything, Long, Objects, OneOf, Text, Texts};

/// An object of the schema: its attributes, those that are required, and of which one must be there.
struct Object {
    attributes: &'static [(&'static str, Type)],
    required: &'static [&'static str],
    at_least_one: &'static [&'static str],
}

const NAMED: Object = Object {
    attributes: &[("name", Text), ("src_url", Text), ("uid", Text)],
    required: &[],
    at_least_one: &["name", "uid"],
};

const ATTACK: Object = Object {
    attributes: &[
        ("sub_technique", Type::Object(&NAMED)),
        ("tactic", Type::Object(&NAMED)),
        ("technique", Type::Object(&NAMED)),
        ("version", Text),
    ],
    required: &[],
    at_least_one: &["sub_technique", "tactic", "technique"],
};

const ANALYTIC: Object = Object {
    attributes: &[
        ("category", Text),
        ("desc", Text),
        ("name", Text),
        ("type", Text),
        (
            "type_id",
            OneOf(&[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 99]),
        ),
        ("uid", Text),
        ("version", Text),
    ],
    required: &["type_id"],
    at_least_one: &["name", "uid"],
};

const PRODUCT: Object = Object {
    attributes: &[
        ("name", Text),
        ("uid", Text),
        ("vendor_name", Text),
        ("version", Text),
    ],
    required: &["vendor_name"],
    at_least_one: &["name", "uid"],
};

const METADATA: Object = Object {
    attributes: &[
        ("labels", Texts),
        ("product", Type::Object(&PRODUCT)),
        ("tenant_uid", Text),
        ("uid", Text),
        ("version", Text),
    ],
    required: &["product", "version"],
    at_least_one: &[],
};

const RELATED_EVENT: Object = Object {
    attributes: &[("type_name", Text), ("type_uid", Long), ("uid", Text)],
    required: &["uid"],
    at_least_one: &[],
};

const FINDING_INFO: Object = Object {
    attributes: &[
        ("analytic", Type::Object(&ANALYTIC)),
        ("attacks", Objects(&ATTACK)),
        ("created_time", Long),
        ("data_sources", Texts),
        ("desc", Text),
        ("first_seen_time", Long),
        ("last_seen_time", Long),
        ("related_events", Objects(&RELATED_EVENT)),
        ("title", Text),
        ("types", Texts),
        ("uid", Text),
    ],
    required: &["title", "uid"],
    at_least_one: &[],
};

const EVIDENCE: Object = Object {
    attributes: &[("data", Anything)],
    required: &[],
    at_least_one: &["data"],
};

const OBSERVABLE: Object = Object {
    attributes: &[
        ("name", Text),
        ("type", Text),
        (
            "type_id",
            OneOf(&[
                0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22,
                23, 24, 25, 26, 27, 28, 29, 30, 99,
            ]),
        ),
        ("value", Text),
    ],
    required: &["name", "type_id"],
    at_least_one: &[],
};

const DETECTION_FINDING: Object = Object {
    attributes: &[
        ("activity_id", OneOf(&[0, 1, 2, 3, 99])),
        ("activity_name", Text),
        ("category_name", Text),
        ("category_uid", OneOf(&[2])),
        ("class_name", Text),
        ("class_uid", OneOf(&[2004])),
        ("count", Integer),
        ("end_time", Long),
        ("evidences", Objects(&EVIDENCE)),
        ("finding_info", Type::Object(&FINDING_INFO)),
        ("message", Text),
        ("metadata", Type::Object(&METADATA)),
        ("observables", Objects(&OBSERVABLE)),
        ("risk_score", Integer),
        ("severity", Text),
        ("severity_id", OneOf(&[0, 1, 2, 3, 4, 5, 6, 99])),
        ("start_time", Long),
        ("status", Text),
        ("status_id", OneOf(&[0, 1, 2, 3, 4, 99])),
        ("time", Long),
        ("type_name", Text),
        (
            "type_uid",
            OneOf(&[200_400, 200_401, 200_402, 200_403, 200_499]),
        ),
        ("unmapped", AnyObject),
    ],
    required: &[
        "activity_id",
        "category_uid",
        "class_uid",
        "finding_info",
        "metadata",
        "severity_id",
        "time",
        "type_uid",
    ],
    at_least_one: &[],
};

/// Returns what is wrong with a Detection Finding.
pub(crate) fn faults(finding: &Json) -> Vec<String> {
    let mut faults = Vec::new();
    check(&DETECTION_FINDING, finding, "", &mut faults);
    faults
}

fn check(schema: &Object, found: &Json, path: &str, faults: &mut Vec<String>) {
    let Some(object) = found.as_object() else {
        faults.push(format!("{path}: no object"));
        return;
    };
    for name in schema
        .required
        .iter()
        .filter(|name| !object.contains_key(**name))
    {
        faults.push(format!("{path}.{name}: missing"));
    }
    let one = schema.at_least_one;
    if !one.is_empty() && !one.iter().any(|name| object.contains_key(*name)) {
        faults.push(format!("{path}: none of {one:?}"));
    }
    for (name, value) in object {
        let path = format!("{path}.{name}");
        match schema.attributes.iter().find(|(known, _)| known == name) {
            Some((_, of)) => check_type(*of, value, &path, faults),
            None => faults.push(format!("{path}: not in the schema")),
        }
    }
}

fn check_type(of: Type, value: &Json, path: &str, faults: &mut Vec<String>) {
    let whole = value.as_i64();
    let fits = match of {
        Text => value.is_string(),
        Texts => value
            .as_array()
            .is_some_and(|items| items.iter().all(Json::is_string)),
        Integer => whole.is_some_and(|number| i32::try_from(number).is_ok()),
        Long => whole.is_some(),
        OneOf(numbers) => whole.is_some_and(|number| numbers.contains(&number)),
        Type::Object(schema) => {
            check(schema, value, path, faults);
            true
        }
        Objects(schema) => {
            let items = value.as_array();
            for (at, item) in items.into_iter().flatten().enumerate() {
                check(schema, item, &format!("{path}[{at}]"), faults);
            }
            items.is_some()
        }
        Anything => true,
        AnyObject => value.is_object(),
    };
    if !fits {
        faults.push(format!("{path}: {value} is of another type"));
    }
}
