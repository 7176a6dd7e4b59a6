//! The embedded rules, compiled, with their tables.
//!
//! Apart from the suites because each of them starts here.

use std::sync::Arc;

use muster_lang::file::{Files, Origin};
use muster_lang::ir::Program;
use muster_lang::{CompileOptions, compile};
use muster_runtime::lookup::Lookups;

/// Compiles the prelude and a pack; whatever the compiler says fails the test.
pub(crate) fn load(pack: Option<&str>) -> (Arc<Program>, Arc<Lookups>) {
    let mut files = Files::new();
    for (name, text) in muster_stdlib::prelude() {
        files.add(*name, *text, Origin::Prelude);
    }
    let pack = pack.and_then(muster_stdlib::pack);
    for (name, text) in pack.map(|pack| pack.files).unwrap_or_default() {
        files.add(*name, *text, Origin::Pack);
    }
    let compilation = compile(&files, &CompileOptions::default());
    let told: Vec<String> = compilation
        .diagnostics
        .iter()
        .map(|d| muster_lang::diagnostic::render::render(&files, d, false))
        .collect();
    assert!(told.is_empty(), "{}", told.join("\n"));
    let program = Arc::new(compilation.program.unwrap());
    let lookups = Lookups::load(&program, &mut |table| {
        let bytes = muster_stdlib::data(&table.path).map(<[u8]>::to_vec);
        bytes.ok_or_else(|| "it is not embedded".to_owned())
    });
    (program, Arc::new(lookups.unwrap()))
}
