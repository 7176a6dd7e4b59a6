//! Files that are empty, broken, or not what the program asks of them.
//!
//! Apart because what is told of them is read by whoever wrote the file.

use super::*;

#[test]
fn a_file_without_rows_knows_nothing() {
    for (path, file) in [("t.csv", "id,class\n"), ("t.json", "[]"), ("t.json", "{}")] {
        let assets = table(path, TableMode::Exact, "id", file);
        assert_eq!(
            assets.contains(TABLE, &text("a"), NOW),
            Some(false),
            "{file}"
        );
    }
}

#[test]
fn a_broken_file_is_told_with_its_row() {
    for (path, mode, key, file, expected) in [
        (
            "t.csv",
            TableMode::Exact,
            "id",
            "id,a\nx,1\ny\n",
            "row 2: expected 2 cells as in the header, found 1",
        ),
        (
            "t.csv",
            TableMode::Exact,
            "id",
            "id,a\nx,1,2\n",
            "row 1: expected 2 cells as in the header, found 3",
        ),
        (
            "t.csv",
            TableMode::Exact,
            "key",
            "id,a\nx,1\n",
            "expected a column `key`, found `id`, `a`",
        ),
        (
            "t.csv",
            TableMode::Exact,
            "id",
            "id,a,id\n",
            "column `id` is there twice",
        ),
        (
            "t.csv",
            TableMode::Exact,
            "id",
            "",
            "expected a header, found nothing",
        ),
        (
            "t.csv",
            TableMode::Net,
            "id",
            "id\n10.0.0.0/8\n10.0.0.0/33\n",
            "row 2: expected a network like `10.0.0.0/8`, found `10.0.0.0/33`",
        ),
        (
            "t.csv",
            TableMode::Net,
            "id",
            "id\nhost\n",
            "row 1: expected a network like `10.0.0.0/8`, found `host`",
        ),
        (
            "t.csv",
            TableMode::Exact,
            "id",
            "id,valid_from\na,soon\n",
            "row 1: expected a time in `valid_from`, found `soon`",
        ),
        (
            "t.csv",
            TableMode::Exact,
            "id",
            "id,valid_to\na,\nb,2026-02-30\n",
            "row 2: expected a time in `valid_to`, found `2026-02-30`",
        ),
        (
            "t.json",
            TableMode::Exact,
            "id",
            "[{\"id\":1},",
            "ends in the middle of a value",
        ),
        (
            "t.json",
            TableMode::Exact,
            "id",
            "[{\"id\":1},2]",
            "row 2: expected an object, found another value",
        ),
        (
            "t.json",
            TableMode::Exact,
            "id",
            "7",
            "row 1: expected an object, found another value",
        ),
        (
            "t.json",
            TableMode::Exact,
            "id",
            "",
            "ends in the middle of a value",
        ),
        (
            "t.json",
            TableMode::Exact,
            "id",
            "[{\"name\":1}]",
            "expected a column `id`, found `name`",
        ),
        (
            "t.json",
            TableMode::Exact,
            "id",
            "[{\"id\":[1]}]",
            "row 1: expected a text as the key, found another value",
        ),
        (
            "t.jsonl",
            TableMode::Exact,
            "id",
            "{\"id\":1}\n{\"id\":\n{\"id\":3}",
            "row 2: ends in the middle of a value",
        ),
        (
            "t.jsonl",
            TableMode::Exact,
            "id",
            "{\"id\":1}\n7",
            "row 2: expected an object, found another value",
        ),
    ] {
        let found = fault(path, mode, key, file);
        assert_eq!(
            found,
            format!(
                "table `t`, file `{path}`{}{expected}",
                if expected.starts_with("row") {
                    ", "
                } else {
                    ": "
                }
            )
        );
    }
    let found = fault("t.csv", TableMode::Exact, "id", b"id,a\nx,1\ny,\xff\n");
    assert_eq!(
        found,
        "table `t`, file `t.csv`, row 2: expected UTF-8, found other bytes"
    );
    let found = fault("t.json", TableMode::Exact, "id", b"[\"\xff\"]");
    assert_eq!(found, "table `t`, file `t.json`: invalid UTF-8 at byte 2");
}

#[test]
fn a_file_that_cannot_be_read_is_told() {
    let mut builder = Builder::default();
    builder.table("a.csv", TableMode::Exact, "id", "id\nx\n");
    builder.table("b.csv", TableMode::Exact, "id", "");
    builder.files.remove(0);
    assert_eq!(
        builder.faults(),
        [
            "table `a`, file `a.csv`: no such file",
            "table `b`, file `b.csv`: expected a header, found nothing"
        ]
    );
}

#[test]
fn a_column_that_no_row_has_is_told_before_any_event() {
    let mut builder = Builder::default();
    let table = builder.table("assets.csv", TableMode::Exact, "id", ASSETS);
    for column in ["class", "Owner", "clas", "clas"] {
        let key = builder.program.exprs.add(ir::Expr {
            kind: ExprKind::Constant(text("srv-1")),
            ty: muster_lang::types::Type::Text,
            span: Span::default(),
        });
        builder.program.exprs.add(ir::Expr {
            kind: ExprKind::Lookup {
                table,
                key,
                column: column.into(),
            },
            ty: muster_lang::types::Type::Any,
            span: Span::default(),
        });
    }
    let expected =
        "table `assets`, file `assets.csv`: expected a column `clas`, found `id`, `class`, `owner`";
    assert_eq!(builder.faults(), [expected]);
}

#[test]
fn random_files_never_panic() {
    let mut seed = 11_u64;
    let mut roll = |sides: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        usize::try_from(seed % sides as u64).unwrap()
    };
    let pieces = [
        "id",
        ",",
        "\n",
        "\"",
        "a",
        "{",
        "}",
        "[",
        "]",
        ":",
        "\"id\":1",
        "10.0.0.0/8",
        ";",
        "valid_to",
        "2026-01-01",
        "\r",
        "\u{feff}",
        "é",
        "\\",
    ];
    for _ in 0..5_000 {
        let file: String = (0..roll(14)).map(|_| pieces[roll(pieces.len())]).collect();
        let mode = [TableMode::Exact, TableMode::Net, TableMode::Prefix][roll(3)];
        let path = ["t.csv", "t.json", "t"][roll(3)];
        let mut builder = Builder::default();
        builder.table(path, mode, "id", &file);
        if let Ok(lookups) = builder.load() {
            for key in [
                text("a"),
                text("é1"),
                ip("10.0.0.1"),
                Value::Int(1),
                Value::Missing,
            ] {
                let _ = lookups.row(TABLE, &key, NOW);
            }
        }
    }
}
