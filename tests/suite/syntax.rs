//! The grammar against its corpus.
//!
//! Apart from the units of the parser because a whole program is read here as its author wrote it.

use muster_lang::file::{Files, Origin};
use muster_lang::syntax;

#[test]
fn every_valid_program_parses() {
    for path in programs("valid") {
        let mut files = Files::new();
        let text = std::fs::read_to_string(&path).unwrap();
        let id = files.add(path.display().to_string(), text, Origin::User);
        let parsed = syntax::parse(&files, id);
        let told: Vec<String> = parsed
            .diagnostics
            .iter()
            .map(|d| {
                format!(
                    "{:?} {} {}",
                    files.position(d.span.file, d.span.start),
                    d.message,
                    files.text(d.span)
                )
            })
            .collect();
        assert!(told.is_empty(), "{}: {told:#?}", path.display());
    }
}

fn programs(folder: &str) -> Vec<std::path::PathBuf> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("programs")
        .join(folder);
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    paths
}
