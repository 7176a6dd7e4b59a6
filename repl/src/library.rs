//! The prelude and the packs that are built in, as loading wants them.
//!
//! Apart from loading so that one file knows how they are embedded.

/// A rule file that is built in.
#[derive(Clone, Copy)]
pub(crate) struct Embedded {
    /// What messages call it.
    pub(crate) name: &'static str,
    /// Its text.
    pub(crate) text: &'static str,
}

/// Returns the files that are always loaded.
pub(crate) fn prelude() -> impl Iterator<Item = Embedded> {
    embedded(muster_stdlib::prelude())
}

/// Returns the names of the packs.
pub(crate) fn packs() -> impl Iterator<Item = &'static str> {
    muster_stdlib::packs().iter().map(|pack| pack.name)
}

/// Returns the files of a pack.
pub(crate) fn pack(name: &str) -> Option<impl Iterator<Item = Embedded>> {
    muster_stdlib::pack(name).map(|pack| embedded(pack.files))
}

/// Returns a file that is named by one that is built in.
pub(crate) fn data(path: &str) -> Option<&'static [u8]> {
    muster_stdlib::data(path)
}

fn embedded(files: &'static [(&'static str, &'static str)]) -> impl Iterator<Item = Embedded> {
    files.iter().map(|(name, text)| Embedded { name, text })
}
