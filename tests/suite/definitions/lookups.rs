//! "Tables, lists, calendars", "Identity", "Sources", unmapped input, patterns, percentiles.

use muster_tests::carried::carry;

use super::timeline::alerts;

fn with(declaration: &str, file: (&str, &str), condition: &str) -> String {
    let rule = format!("rule r {{ when ev_a as a {condition} alert low \"t\" }}");
    format!("{declaration}\n{rule}\n{}", carry(file.0, file.1))
}

fn table(rows: &str, condition: &str) -> String {
    let rows = format!("id,class,limit,valid_from,valid_to\n{rows}");
    with("table t from \"t.csv\" key id", ("t.csv", &rows), condition)
}

#[test]
fn a_row_is_found_ignoring_case_and_no_row_is_unknown() {
    let one = table("DOC1,red,,,", "where t[resource.id].class is \"Red\"");
    assert_eq!(
        alerts(&one, "0s A resource.id=doc1  1s A resource.id=x"),
        ["0s a:A1"]
    );
    let not = table("DOC1,red,,,", "where t[resource.id].class is not \"blue\"");
    assert_eq!(
        alerts(&not, "0s A resource.id=doc1  1s A resource.id=x"),
        ["0s a:A1"]
    );
    let unless = table("DOC1,red,,,", "unless t[resource.id].class is \"red\"");
    assert_eq!(
        alerts(&unless, "0s A resource.id=doc1  1s A resource.id=x"),
        ["1s a:A2"]
    );
}

#[test]
fn an_empty_cell_is_unknown_and_a_cell_takes_the_type_it_is_compared_with() {
    let rows = "doc1,,1000,,\ndoc2,,x,,";
    let number = table(rows, "where t[resource.id].limit >= 1000");
    let timeline = "0s A resource.id=doc1  1s A resource.id=doc2";
    assert_eq!(alerts(&number, timeline), ["0s a:A1"]);
    let missing = table(rows, "where t[resource.id].class is missing");
    assert_eq!(alerts(&missing, timeline).len(), 2);
}

#[test]
fn rows_are_read_as_of_the_event_and_their_end_is_the_first_instant_after() {
    let rows = "d,red,,2026-03-15T09:00:01Z,2026-03-15T09:00:02Z";
    let rule = table(rows, "where t[resource.id].class is \"red\"");
    let timeline =
        "999ms A resource.id=d 1s A resource.id=d 1999ms A resource.id=d 2s A resource.id=d";
    assert_eq!(alerts(&rule, timeline), ["1s a:A2", "1999ms a:A3"]);
}

#[test]
fn of_several_rows_with_one_key_the_last_valid_one_counts() {
    let rows = "d,red,,,\nD,blue,,,2026-03-15T09:00:01Z";
    let rule = table(rows, "where t[resource.id].class is \"red\"");
    assert_eq!(
        alerts(&rule, "0s A resource.id=d  1s A resource.id=d"),
        ["1s a:A2"]
    );
}

#[test]
fn the_longest_network_and_the_longest_prefix_with_a_valid_row_count() {
    let rows = "net,site\n10.0.0.0/8,west\n10.0.0.0/31,east\n";
    let nets = |condition: &str| {
        with(
            "table n from \"n.csv\" key cidr net",
            ("n.csv", rows),
            condition,
        )
    };
    let timeline = "0s A ip=10.0.0.1  1s A ip=10.0.0.2  2s A ip=192.168.1.5";
    assert_eq!(
        alerts(&nets("where n[ip].site is \"east\""), timeline),
        ["0s a:A1"]
    );
    assert_eq!(alerts(&nets("where ip not in n"), timeline), ["2s a:A3"]);
    let rows = "head,kind,valid_to\ndo,short,\nDOC,long,2026-03-15T09:00:01Z\n";
    let heads = with(
        "table p from \"p.csv\" key prefix head",
        ("p.csv", rows),
        "where p[resource.id].kind is \"short\"",
    );
    assert_eq!(
        alerts(&heads, "0s A resource.id=doc1  1s A resource.id=doc1"),
        ["1s a:A2"]
    );
}

#[test]
fn tables_are_also_written_in_json() {
    let rule = |file: (&str, &str)| {
        let declaration = format!("table t from \"{}\" key id", file.0);
        with(&declaration, file, "where t[resource.id].level > 1")
    };
    let timeline = "0s A resource.id=x  1s A resource.id=y";
    for (name, content) in [
        (
            "t.json",
            "[{\"id\": \"x\", \"level\": 2}, {\"id\": \"y\", \"level\": 1}]",
        ),
        (
            "t.json",
            "{\"x\": {\"level\": 2}, \"y\": {\"level\": null}}",
        ),
        (
            "t.jsonl",
            "{\"id\": \"x\", \"level\": \"2\"}\n{\"id\": \"y\"}",
        ),
    ] {
        assert_eq!(
            alerts(&rule((name, content)), timeline),
            ["0s a:A1"],
            "{content}"
        );
    }
}

#[test]
fn a_look_up_with_the_key_of_a_step_is_as_of_that_step() {
    let rows = "id,class,valid_to\nd,red,2026-03-15T09:00:01Z\n";
    let rule = |condition: &str| {
        format!(
            "table t from \"t.csv\" key id\nrule r {{ when ev_a as a then ev_b as b where {condition} \
             within 1m where identity same alert low \"t\" }}\n{}",
            carry("t.csv", rows)
        )
    };
    let timeline = "0s A resource.id=d  2s B resource.id=d";
    assert_eq!(
        alerts(&rule("t[a.resource.id].class is \"red\""), timeline),
        ["2s a:A1 b:B1"]
    );
    assert!(alerts(&rule("t[resource.id].class is \"red\""), timeline).is_empty());
}

fn who(clean: &str, rows: &str) -> String {
    format!(
        "table people from \"people.csv\" key person\n\
         identity person {{ from people match sam, mail give person {clean} }}\n\
         field who: text = person(actor.sam, actor.email)\n\
         rule r {{ when ev_a as a where who is \"p1\" alert low \"t\" }}\n{}",
        carry("people.csv", &format!("person,sam,mail,valid_to\n{rows}"))
    )
}

#[test]
fn a_name_in_any_of_the_columns_is_that_rows_person() {
    let rule = who("", "p1,ana,ana@x,\n");
    let timeline = "0s A actor.sam=ANA  1s A actor.email=ana@x  2s A actor.sam=bo actor.email=ana@x  3s A actor.sam=p1";
    assert_eq!(
        alerts(&rule, timeline),
        ["0s a:A1", "1s a:A2", "2s a:A3", "3s a:A4"]
    );
    assert!(alerts(&rule, "0s A actor.sam=bo").is_empty());
}

#[test]
fn names_are_cleaned_on_both_sides_and_shared_ones_are_nobody() {
    let rule = who(
        "clean lower, strip_domain \"CORP\" never \"root\"",
        "p1,CORP\\ana,root,\n",
    );
    let timeline = "0s A actor.sam=corp\\Ana  1s A actor.sam=ana  2s A actor.sam=other\\ana  3s A actor.email=ROOT";
    assert_eq!(alerts(&rule, timeline), ["0s a:A1", "1s a:A2"]);
}

#[test]
fn a_directory_is_read_as_of_the_event_and_a_row_without_an_id_is_passed_over() {
    let rule = who("", "p1,ana,,2026-03-15T09:00:01Z\n,ana,,\n");
    assert_eq!(
        alerts(&rule, "0s A actor.sam=ana  1s A actor.sam=ana"),
        ["0s a:A1"]
    );
}

#[test]
fn spans_of_the_week_go_by_the_clock_on_the_wall() {
    // The timeline begins on Sunday, 10:00 in Madrid. On Sunday the 29th clocks go from 02:00 to 03:00.
    let rule = with(
        "calendar c { zone \"Europe/Madrid\" sat-sun 01:30-02:30, sun 03:30-04:00 }",
        ("none.csv", ""),
        "where time during c",
    );
    // 13d15h29m is 01:29 on the 29th, 13d16h is 03:00, 13d16h30m is 03:30, 13d17h is 04:00.
    let timeline = "13d15h29m A  13d15h30m A  13d15h59m A  13d16h A  13d16h30m A  13d17h A";
    let found: Vec<String> = alerts(&rule, timeline);
    let found: Vec<&str> = found
        .iter()
        .filter_map(|one| one.split(':').nth(1))
        .collect();
    assert_eq!(found, ["A2", "A3", "A5"]);
}

#[test]
fn a_day_that_is_left_out_takes_its_night_with_it() {
    let rule = with(
        "calendar c { sat-sun 22:00-06:00 except days in free }\ntable free from \"f.csv\" key day",
        ("f.csv", "day\n2026-03-15\n"),
        "where time outside c",
    );
    // Sunday 23:00, Monday 05:00, and a week later.
    let timeline = "14h A  20h A  182h A  188h A";
    assert_eq!(alerts(&rule, timeline).len(), 2);
}

#[test]
fn an_interval_is_half_open_and_a_key_that_is_not_known_is_unknown() {
    let rows = "asset,starts,ends\nfw,2026-03-15T09:00:01Z,2026-03-15T09:00:02Z\n";
    let rule = |condition: &str| {
        with(
            "table log from \"log.csv\" key asset\n\
             calendar c { from log start starts end ends per asset }",
            ("log.csv", rows),
            condition,
        )
    };
    let timeline =
        "0s A resource.id=FW  1s A resource.id=fw  2s A resource.id=fw  3s A resource.id=x";
    assert_eq!(
        alerts(&rule("where time during c(resource.id)"), timeline),
        ["1s a:A2"]
    );
    let outside = alerts(&rule("where time outside c(resource.id)"), timeline);
    assert_eq!(outside, ["0s a:A1", "2s a:A3"]);
}

fn plain(condition: &str) -> String {
    format!("rule r {{ when ev_a as a where {condition} alert low \"t\" }}")
}

#[test]
fn unmapped_input_takes_the_type_of_what_it_is_compared_with() {
    let timeline = "0s A Level=2  1s A Level=x  2s A";
    assert_eq!(alerts(&plain("raw.Level >= 2"), timeline), ["0s a:A1"]);
    assert_eq!(alerts(&plain("raw.Level is not 3"), timeline), ["0s a:A1"]);
    assert_eq!(alerts(&plain("raw.Level is \"X\""), timeline), ["1s a:A2"]);
    assert_eq!(
        alerts(&plain("raw.Level is missing"), timeline),
        ["2s a:A3"]
    );
}

#[test]
fn a_pattern_minds_case_unless_it_says_otherwise() {
    let timeline = "0s A resource.id=doc1  1s A resource.id=Doc2  2s A";
    assert_eq!(
        alerts(&plain("resource.id matches r\"^doc\\d\""), timeline),
        ["0s a:A1"]
    );
    assert_eq!(
        alerts(&plain("resource.id matches r\"(?i)^doc\\d\""), timeline).len(),
        2
    );
    let list = plain("resource.id not matches [r\"^doc\", r\"3$\"]");
    assert_eq!(alerts(&list, timeline), ["1s a:A2"]);
}

#[test]
fn percentiles_are_nearest_rank() {
    let rule = |pattern: &str| {
        format!("rule r {{ when {pattern} within 1m where identity same alert low \"t\" }}")
    };
    let timeline = "0s A bytes.down=3000  1s A bytes.down=1000  2s A bytes.down=2000";
    for (percent, bytes) in [
        (0, 1000),
        (33, 1000),
        (34, 2000),
        (66, 2000),
        (67, 3000),
        (100, 3000),
    ] {
        let rule = rule(&format!(
            "3+ ev_a as f where percentile(f.bytes.down, {percent}) is {bytes}B"
        ));
        assert_eq!(alerts(&rule, timeline).len(), 1, "{rule}");
    }
    // At 0s the only value is 3000, at 1s the lesser of two is 1000.
    assert_eq!(
        alerts(&rule("p50 of bytes.down in ev_a as f <= 1KB"), timeline).len(),
        1
    );
    assert_eq!(
        alerts(&rule("p95 of bytes.down in ev_a as f > 2KB"), timeline).len(),
        1
    );
}

/// A source whose records have a shape of their own: they bear `feed=x` and `ts`.
fn mapped(lines: &str, condition: &str) -> String {
    format!(
        "source x \"x\" {{ when .feed is \"x\" {lines} id = .id time = parse_time(.ts, \"epoch\", \"iso\") }}\n\
         rule r {{ when any as a where {condition} alert low \"t\" }}"
    )
}

#[test]
fn the_first_line_of_a_field_that_applies_and_fits_counts() {
    let source = |condition: &str| {
        mapped(
            "absent \"-\" outcome = .Result when .Kind is \"new\" outcome = .Old or denied",
            condition,
        )
    };
    let timeline = "0s A feed=x Kind=new Result=failure Old=success  1s A feed=x Kind=new Result=what Old=success  \
                    2s A feed=x Kind=old Result=failure Old=-";
    assert_eq!(alerts(&source("outcome is failure"), timeline), ["0s a:A1"]);
    assert_eq!(alerts(&source("outcome is success"), timeline), ["1s a:A2"]);
    assert_eq!(alerts(&source("outcome is denied"), timeline), ["2s a:A3"]);
}

#[test]
fn a_record_may_be_of_no_interest_and_no_source_may_take_it() {
    let rule = mapped("drop when .Kind is \"noise\"", "source is x");
    let timeline = "0s A feed=x Kind=noise  1s A feed=x  2s A feed=y";
    assert_eq!(
        alerts(&rule.replace("source is x", "source is \"x\""), timeline),
        ["1s a:A2"]
    );
}

#[test]
fn a_value_that_does_not_fit_is_missing() {
    let source = |condition: &str| mapped("bytes.down = .Size ip = .Address", condition);
    let timeline = "0s A feed=x Size=2KB Address=10.0.0.1:80  1s A feed=x Size=many Address=host";
    assert_eq!(
        alerts(&source("bytes.down is 2000B"), timeline),
        ["0s a:A1"]
    );
    assert_eq!(
        alerts(&source("bytes.down is missing"), timeline),
        ["1s a:A2"]
    );
    assert_eq!(
        alerts(&source("ip in \"10.0.0.0/8\""), timeline),
        ["0s a:A1"]
    );
}

#[test]
fn a_list_makes_an_event_of_each_element() {
    let source = "source x \"x\" { when .feed is \"x\" explode .groups as one id = join([.id, one], \"-\") \
                  time = parse_time(.ts, \"iso\") device.id = one }\n\
                  rule r { when any as a where device.id exists alert low \"t\" }";
    let found = alerts(
        source,
        "0s A feed=x groups=p,q  1s A feed=x  2s A feed=x groups=r",
    );
    assert_eq!(found, ["0s a:A1-p", "0s a:A1-q", "2s a:A3-r"]);
}
