//! What lines become, as JSON texts; and that no bytes stop it.

use muster_lang::value::json;

use super::super::dice::Dice;
use super::super::json::Decoder;
use super::decode;

/// Returns the record of a line, as JSON.
fn read(line: &str) -> String {
    match decode(line.as_bytes(), &mut Decoder::new()) {
        Ok(decoded) => json::write(&decoded.value),
        Err(error) => format!("error: {error}"),
    }
}

#[track_caller]
fn holds(line: &str, parts: &[&str]) {
    let record = read(line);
    for part in parts {
        assert!(record.contains(part), "{line}\n{record}\nhas no {part}");
    }
}

#[test]
fn json_is_read_as_ever_and_what_is_nothing_stays_an_error() {
    assert_eq!(read(r#"{"a":1}"#), r#"{"a":1}"#);
    assert!(read(r#"{"a":"#).starts_with("error: ends"));
    assert!(read("no record").starts_with("error: not JSON"));
    assert!(read("a=1 b").starts_with("error: not JSON"));
}

#[test]
fn rfc_5424_with_json_gives_the_keys_of_the_json_beside_the_header() {
    let line = "<110>1 2026-03-15T08:42:17.003Z zaita.example.net zaita - audit - {\"event_id\":\"evt_1\"}";
    assert_eq!(
        read(line),
        r#"{"event_id":"evt_1","syslog":{"priority":110,"facility":13,"severity":6,"timestamp":"2026-03-15T08:42:17.003Z","host":"zaita.example.net","app":"zaita","kind":"audit","message":"{\"event_id\":\"evt_1\"}"}}"#
    );
    holds(
        &line.replace("- {", "- \u{feff}{"),
        &[r#""event_id":"evt_1""#],
    );
    holds(
        &line.replace("- {", "- @cee: {"),
        &[r#""event_id":"evt_1""#],
    );
    holds(
        &format!("{} {line}", line.len()),
        &[r#""event_id":"evt_1""#],
    );
    assert!(read(&line.replace("\"}", "")).starts_with("error: ends"));
}

#[test]
fn structured_data_is_unescaped_as_the_standard_says() {
    holds(
        r#"<0165>1 2026-03-15t08:42:17.003123456z h a 1 m [x@1 a="q\"b\\c\]d\n" b=""][y z="1"] text"#,
        &[
            r#""priority":165"#,
            r#""x@1":{"a":"q\"b\\c]d\\n","b":""}"#,
            r#""y":{"z":"1"}"#,
            r#""message":"text""#,
            r#""process":"1""#,
        ],
    );
    holds("<34>1 - - - - - -", &[r#""priority":34"#]);
    holds(
        "<34>1 - h a - - [broken text",
        &[r#""message":"[broken text""#],
    );
    holds(
        "<34>1 2026-03-15T08:42:17Z h a - - -no space",
        &[r#""message":"no space""#],
    );
}

#[test]
fn rfc_3164_in_the_ways_it_is_written() {
    holds(
        "<34>Oct 11 22:14:15 mymachine su[77]: 'su root' failed",
        &[
            r#""timestamp":"Oct 11 22:14:15""#,
            r#""host":"mymachine""#,
            r#""app":"su""#,
            r#""process":"77""#,
            r#""message":"'su root' failed""#,
        ],
    );
    holds(
        "<164>Oct  1 2026 09:17:31 asa-vpn-01 : %ASA-4-113019: Group = TG, Username = dana",
        &[
            r#""timestamp":"Oct  1 2026 09:17:31""#,
            r#""host":"asa-vpn-01""#,
            r#""app":"%ASA-4-113019""#,
            r#""message":"Group = TG, Username = dana""#,
        ],
    );
    holds(
        "Oct 11 22:14:15 h a: m",
        &[r#""host":"h""#, r#""message":"m""#],
    );
    holds(
        "<13>2026-03-15T08:42:17+01:00 h a: m",
        &[r#""host":"h""#, r#""app":"a""#],
    );
    holds(
        "<134>Mar 14 15:09:26.123 h sshd: x",
        &[r#""timestamp":"Mar 14 15:09:26.123""#],
    );
    holds(
        "<190>Mar 14 15:09:26 2026: h x",
        &[r#""timestamp":"Mar 14 15:09:26 2026""#],
    );
    holds("<13>just words", &[r#""message":"just words""#]);
    holds(
        "<189>date=2024-01-23 time=15:00:00 type=\"event\" user=\"a b\"",
        &[r#""message":"date=2024-01-23 time=15:00:00"#],
    );
}

#[test]
fn cef_survives_its_senders() {
    holds(
        r"<13>Mar 14 15:09:26 host CEF:0|Ven\|dor|Pro\\duct|1.0|100|A name|High|src=10.0.0.1 msg=a value\=b with spaces request=http://x/?a=b&c=d cs1Label=The Rule cs1=r 1 rt=1700000000000",
        &[
            r#""vendor":"Ven|dor""#,
            r#""product":"Pro\\duct""#,
            r#""severity":"High""#,
            r#""msg":"a value=b with spaces""#,
            r#""request":"http://x/?a=b&c=d""#,
            r#""The Rule":"r 1""#,
            r#""rt":"1700000000000""#,
            r#""host":"host""#,
        ],
    );
    holds(
        "CEF:0|V|P|1|2|n|5|",
        &[r#""severity":"5","labels":{},"extension":{}"#],
    );
    holds("CEF:0|V|P|1|2|n|5", &[r#""severity":"5""#]);
    holds(
        "CEF:0|V|P|1|2|n|5|a = 1 b=2 a=3",
        &[r#""extension":{"a":"3","b":"2"}"#],
    );
    assert!(read("CEF:0|V|P").starts_with("error"));
}

#[test]
fn leef_survives_its_delimiters() {
    let part = r#""usrName":"ana","src":"10.0.0.1""#;
    holds("LEEF:1.0|V|P|1|login|usrName=ana\tsrc=10.0.0.1", &[part]);
    holds("LEEF:2.0|V|P|1|login|^|usrName=ana^src=10.0.0.1", &[part]);
    holds(
        "LEEF:2.0|V|P|1|login|0x5E|usrName=ana^src=10.0.0.1",
        &[part],
    );
    holds("LEEF:2.0|V|P|1|login|x5e|usrName=ana^src=10.0.0.1", &[part]);
    holds("LEEF:2.0|V|P|1|login||usrName=ana\tsrc=10.0.0.1", &[part]);
    holds("LEEF:2.0|V|P|1|login|usrName=ana|src=10.0.0.1", &[part]);
    holds("LEEF:1.0|V|P|1|login|usrName=ana src=10.0.0.1", &[part]);
}

#[test]
fn audit_records_flatten_what_they_nest() {
    holds(
        r#"type=ADD_USER msg=audit(1610903553.730:591): pid=2945 uid=0 auid=1000 ses=14 msg='op=adding user id=1004 exe="/usr/sbin/useradd" hostname=h addr=127.0.0.1 terminal=pts/2 res=success'UID="root" AUID="ana" ID="charlie""#,
        &[
            r#""type":"ADD_USER","time":"1610903553.730","serial":"591""#,
            r#""auid":"1000""#,
            r#""op":"adding user","id":"1004","exe":"/usr/sbin/useradd""#,
            r#""res":"success","UID":"root","AUID":"ana","ID":"charlie""#,
        ],
    );
    holds(
        r#"node=h1 type=USER_AUTH msg=audit(1.2:3): pid=1 msg='op=PAM:authentication acct="root res=failed"#,
        &[r#""node":"h1""#, r#""acct":"root"#],
    );
    holds(
        "<13>Mar 14 15:09:26 h audispd: type=USER_LOGIN msg=audit(1.2:3): auid=1 res=success",
        &[r#""auditd":{"type":"USER_LOGIN""#],
    );
}

#[test]
fn windows_xml_and_lines_of_the_log_stream() {
    holds(
        r"<Event xmlns='http://x'><System><Provider Name='P'/><EventID Qualifiers='0'>4720</EventID><TimeCreated SystemTime='2026-01-05T09:00:00Z'/></System><EventData><Data Name='TargetUserName'>svc&amp;x</Data></EventData></Event>",
        &[
            r#""EventID":{"Qualifiers":"0","text":"4720"}"#,
            r#""TimeCreated":{"SystemTime":"2026-01-05T09:00:00Z"}"#,
            r#""EventData":{"TargetUserName":"svc&x"}"#,
        ],
    );
    assert!(read("<Event><System>").starts_with("error"));
    holds(
        "Wed Jul 3 05:12:25 2019 User Status zpa-lss: ,a,b",
        &[
            r#"{"lss":{"kind":"User Status","time":"Wed Jul 3 05:12:25 2019","separator":"comma","columns":["a","b"]}}"#,
        ],
    );
    holds(
        "Audit zpa-lss: ,\ta\tb",
        &[r#""separator":"tab","columns":["a","b"]"#],
    );
}

#[test]
fn invalid_utf8_and_padding_do_no_harm() {
    let decoded = decode(b"<13>Oct 11 22:14:15 h a: caf\xe9\0\r", &mut Decoder::new()).unwrap();
    assert!(json::write(&decoded.value).contains("caf\u{fffd}"));
}

#[test]
fn no_bytes_stop_it_and_long_lines_take_linear_time() {
    let pieces = [
        "<34>",
        "1 ",
        "2026-03-15T08:42:17Z ",
        "- ",
        "[x ",
        "a=\"",
        "\\",
        "]",
        "CEF:0|",
        "LEEF:2.0|",
        "|",
        "=",
        "type=",
        "msg=audit(",
        "1.2:3)",
        "msg='",
        "'",
        "\"",
        "Oct 11 22:14:15 ",
        "é",
        "{",
        "}",
        "<Event",
        ">",
        "\u{1d}",
        " zpa-lss: ,",
        "User Activity",
        "99 ",
    ];
    let mut dice = Dice(0x5eed);
    for _ in 0..20_000 {
        let count = dice.roll(14);
        let line: String = (0..count)
            .filter_map(|_| pieces.get(dice.roll(pieces.len())).copied())
            .collect();
        let _ = read(&line);
    }
    for piece in pieces {
        let _ = read(&piece.repeat(20_000));
        let _ = read(&format!("<34>{}", piece.repeat(20_000)));
        let _ = read(&format!("CEF:0|a|b|c|d|e|5|{}", piece.repeat(20_000)));
    }
}
