//! Tests of what a program knows, over files written here.

use super::*;

mod calendars;
mod faults;
mod identities;
mod tables;

use std::sync::Arc;

use muster_lang::file::{FileId, Span};
use muster_lang::syntax::ast::TableMode;
use muster_lang::time::parse_rfc3339;

/// A program of tables and what reads them.
#[derive(Default)]
struct Builder {
    program: Program,
    files: Vec<(Arc<str>, Vec<u8>)>,
}

impl Builder {
    fn table(&mut self, path: &str, mode: TableMode, key: &str, text: impl AsRef<[u8]>) -> TableId {
        self.files.push((path.into(), text.as_ref().to_vec()));
        self.program.tables.add(ir::Table {
            name: path.split('.').next().unwrap().into(),
            path: path.into(),
            file: FileId(0),
            key: key.into(),
            mode,
            span: Span::default(),
        })
    }

    fn load(&self) -> Result<Lookups, Vec<LookupError>> {
        Lookups::load(&self.program, &mut |table| {
            let file = self.files.iter().find(|(path, _)| *path == table.path);
            file.map(|(_, bytes)| bytes.clone())
                .ok_or_else(|| "no such file".to_owned())
        })
    }

    fn loaded(&self) -> Lookups {
        self.load().unwrap_or_else(|errors| panic!("{errors:?}"))
    }

    /// Returns why the program cannot be loaded.
    fn faults(&self) -> Vec<String> {
        self.load()
            .err()
            .unwrap_or_default()
            .iter()
            .map(ToString::to_string)
            .collect()
    }
}

/// Returns the lookups of one table, which is number 0.
fn table(path: &str, mode: TableMode, key: &str, text: impl AsRef<[u8]>) -> Lookups {
    let mut builder = Builder::default();
    builder.table(path, mode, key, text);
    builder.loaded()
}

fn fault(path: &str, mode: TableMode, key: &str, text: impl AsRef<[u8]>) -> String {
    let mut builder = Builder::default();
    builder.table(path, mode, key, text);
    builder.faults().join("; ")
}

fn at(text: &str) -> Timestamp {
    parse_rfc3339(text).unwrap_or_else(|| panic!("{text}"))
}

fn text(text: &str) -> Value {
    Value::text(text)
}

fn ip(text: &str) -> Value {
    Value::Ip(text.parse().unwrap())
}

const ASSETS: &str = "id,class,owner\nsrv-1,restricted,ana\nsrv-2,public,\n";
const TABLE: TableId = TableId(0);
const NOW: Timestamp = Timestamp(1_770_000_000_000_000);
