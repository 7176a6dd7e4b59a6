//! What a field is called elsewhere, and what it is called here.
//!
//! Apart from misspellings because no distance between letters leads from `src_ip` to `ip`.

/// Names of other schemas (ECS, OCSF, CIM, products) and the field of the prelude that each means.
const SYNONYMS: &[(&str, &[&str])] = &[
    (
        "identity",
        &[
            "user",
            "username",
            "user_name",
            "account",
            "principal",
            "subject",
            "user.name",
        ],
    ),
    ("actor.email", &["email", "mail", "user.email"]),
    ("actor.id", &["user_id", "userid", "user.id"]),
    ("target.identity", &["target", "target_user", "victim"]),
    (
        "ip",
        &[
            "src",
            "src_ip",
            "source_ip",
            "client_ip",
            "ip_address",
            "remote_addr",
            "source.ip",
        ],
    ),
    (
        "peer.ip",
        &["dest", "dst", "dest_ip", "dst_ip", "destination.ip"],
    ),
    ("geo.country", &["country", "country_code"]),
    ("geo.city", &["city", "location"]),
    (
        "time",
        &["timestamp", "ts", "_time", "datetime", "event_time", "now"],
    ),
    (
        "class",
        &["event_type", "eventtype", "category", "type", "kind"],
    ),
    (
        "action",
        &["event_name", "eventname", "operation", "event.action"],
    ),
    ("outcome", &["result", "status", "event.outcome"]),
    ("device.id", &["device", "device_id", "deviceid", "machine"]),
    (
        "device.name",
        &["host", "hostname", "computer", "host.name"],
    ),
    ("app.name", &["app", "application", "app_name", "service"]),
    ("resource.id", &["resource", "object", "file"]),
    ("user_agent", &["useragent", "ua"]),
    ("bytes.down", &["bytes", "bytes_in", "downloaded"]),
    ("bytes.up", &["bytes_out", "uploaded"]),
    ("session.id", &["session", "session_id"]),
    (
        "process.command",
        &["command_line", "commandline", "cmdline"],
    ),
];

/// Returns the field that a name of another schema means.
pub(super) fn field(name: &str) -> Option<&'static str> {
    let name = name.to_ascii_lowercase();
    let found = SYNONYMS.iter().find(|(_, others)| others.contains(&&*name));
    found.map(|(field, _)| *field)
}
