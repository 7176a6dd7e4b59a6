//! State as bytes: what an engine has to remember, written so that another can go on from it.
//!
//! Apart from what is stored, because the form of the bytes is one subject: how numbers, shared texts
//! and shared events are written, and how they are read back from bytes that may be broken.
//!
//! The format is our own, and small, for three reasons that no general one meets at once. An event
//! that is held by many states is written once and shared again. Ids are written as the names they
//! stand for, so that the state of a program can be read by an edited one. And reading is total:
//! every length is held against the bytes that are left before anything is allocated.

mod basic;
mod error;
mod event;
mod file;
mod read;
mod value;
mod write;

pub use error::StateError;
pub use file::{Construct, Contents, Kind, Stored, contents, count_texts};
pub(crate) use file::{Measure, Section, parse};
use muster_lang::ir::Program;

use read::NO_TABLES;
pub(crate) use read::Reader;
pub(crate) use value::tagged;
pub(crate) use write::Writer;

/// Something that is written into a state and read back from it.
pub(crate) trait Save: Sized {
    /// Writes it.
    fn save(&self, out: &mut Writer<'_>);

    /// Reads one back.
    fn load(input: &mut Reader<'_>) -> Result<Self, StateError>;
}

/// Returns something that shares nothing as bytes.
pub(crate) fn encode(thing: &impl Save) -> Vec<u8> {
    let program = Program::default();
    let mut out = Writer::new(&program);
    thing.save(&mut out);
    out.into_bytes()
}

/// Reads something that shares nothing, and nothing else.
pub(crate) fn decode<T: Save>(bytes: &[u8]) -> Result<T, StateError> {
    let program = Program::default();
    let mut input = Reader::new(&program, &NO_TABLES, bytes);
    let thing = T::load(&mut input)?;
    input.end()?;
    Ok(thing)
}

/// Writes and reads a struct field by field, in the order named.
///
/// A field that is added to the struct does not compile until it is named here: before `anew` if it
/// must be kept, after it if it follows from the rest and starts from its default.
macro_rules! saved {
    ($type:ident { $($field:ident),+ $(,)? } $(anew { $($derived:ident),+ })?) => {
        impl $crate::store::Save for $type {
            fn save(&self, out: &mut $crate::store::Writer<'_>) {
                let Self { $($field),+ $(, $($derived: _),+)? } = self;
                $($crate::store::Save::save($field, out);)+
            }

            fn load(
                input: &mut $crate::store::Reader<'_>,
            ) -> Result<Self, $crate::store::StateError> {
                Ok(Self {
                    $($field: $crate::store::Save::load(input)?,)+
                    $($($derived: Default::default(),)+)?
                })
            }
        }
    };
}

pub(crate) use saved;
