//! Numbers, texts, times, ids and collections as bytes.
//!
//! Apart from the states made of them so that each of those is a list of its fields.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::hash::Hash;
use std::sync::Arc;

use ahash::HashMap;
use muster_lang::ir::{FieldId, MemoryId, RuleId, Severity};
use muster_lang::units::{Duration, Timestamp};

use crate::store::{Reader, Save, StateError, Writer};

impl Save for bool {
    fn save(&self, out: &mut Writer<'_>) {
        out.byte(u8::from(*self));
    }

    fn load(input: &mut Reader<'_>) -> Result<Self, StateError> {
        match input.byte()? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(StateError::Malformed("a truth is neither 0 nor 1")),
        }
    }
}

impl Save for u8 {
    fn save(&self, out: &mut Writer<'_>) {
        out.byte(*self);
    }

    fn load(input: &mut Reader<'_>) -> Result<Self, StateError> {
        input.byte()
    }
}

impl Save for u64 {
    fn save(&self, out: &mut Writer<'_>) {
        out.number(*self);
    }

    fn load(input: &mut Reader<'_>) -> Result<Self, StateError> {
        input.number()
    }
}

impl Save for u32 {
    fn save(&self, out: &mut Writer<'_>) {
        out.number(u64::from(*self));
    }

    fn load(input: &mut Reader<'_>) -> Result<Self, StateError> {
        u32::try_from(input.number()?).map_err(|_| StateError::Malformed("a number is too large"))
    }
}

impl Save for usize {
    fn save(&self, out: &mut Writer<'_>) {
        out.count(*self);
    }

    fn load(input: &mut Reader<'_>) -> Result<Self, StateError> {
        usize::try_from(input.number()?).map_err(|_| StateError::Malformed("a number is too large"))
    }
}

impl Save for i64 {
    fn save(&self, out: &mut Writer<'_>) {
        // The sign goes into the lowest bit, so that small numbers of either sign stay short.
        out.number(self.cast_unsigned() << 1 ^ (self >> 63).cast_unsigned());
    }

    fn load(input: &mut Reader<'_>) -> Result<Self, StateError> {
        let number = input.number()?;
        Ok((number >> 1).cast_signed() ^ -(number & 1).cast_signed())
    }
}

impl Save for f64 {
    fn save(&self, out: &mut Writer<'_>) {
        out.raw(&self.to_bits().to_le_bytes());
    }

    fn load(input: &mut Reader<'_>) -> Result<Self, StateError> {
        Ok(f64::from_bits(u64::from_le_bytes(<[u8; 8]>::load(input)?)))
    }
}

impl<const N: usize> Save for [u8; N] {
    fn save(&self, out: &mut Writer<'_>) {
        out.raw(self);
    }

    fn load(input: &mut Reader<'_>) -> Result<Self, StateError> {
        let bytes = input.raw(N)?;
        bytes
            .try_into()
            .map_err(|_| StateError::Malformed("it ends too early"))
    }
}

impl Save for Arc<str> {
    fn save(&self, out: &mut Writer<'_>) {
        out.text(self);
    }

    fn load(input: &mut Reader<'_>) -> Result<Self, StateError> {
        input.text()
    }
}

impl Save for String {
    fn save(&self, out: &mut Writer<'_>) {
        out.inline(self);
    }

    fn load(input: &mut Reader<'_>) -> Result<Self, StateError> {
        input.inline().map(str::to_owned)
    }
}

impl Save for Timestamp {
    fn save(&self, out: &mut Writer<'_>) {
        self.0.save(out);
    }

    fn load(input: &mut Reader<'_>) -> Result<Self, StateError> {
        i64::load(input).map(Self)
    }
}

impl Save for Duration {
    fn save(&self, out: &mut Writer<'_>) {
        self.0.save(out);
    }

    fn load(input: &mut Reader<'_>) -> Result<Self, StateError> {
        i64::load(input).map(Self)
    }
}

impl Save for Severity {
    fn save(&self, out: &mut Writer<'_>) {
        let at = Severity::ALL.iter().position(|(one, _)| one == self);
        out.count(at.unwrap_or_default());
    }

    fn load(input: &mut Reader<'_>) -> Result<Self, StateError> {
        let at = usize::load(input)?;
        let found = Severity::ALL.get(at).map(|(severity, _)| *severity);
        found.ok_or(StateError::Malformed("a severity is not known"))
    }
}

/// Writes an id as its name, and reads the id that has this name now: one past all if none has.
macro_rules! named {
    ($($id:ident in $arena:ident),+) => {$(
        impl Save for $id {
            fn save(&self, out: &mut Writer<'_>) {
                let named = out.program.$arena.as_slice().get(self.index());
                let name = named.map_or_else(|| Arc::from(""), |found| found.name.clone());
                out.text(&name);
            }

            fn load(input: &mut Reader<'_>) -> Result<Self, StateError> {
                let name = input.text()?;
                let mut all = input.program.$arena.iter();
                let found = all.find(|(_, found)| found.name == name);
                Ok(found.map_or($id(u32::MAX), |(id, _)| id))
            }
        }
    )+};
}

named!(RuleId in rules, FieldId in fields, MemoryId in memories);

impl<T: Save> Save for Option<T> {
    fn save(&self, out: &mut Writer<'_>) {
        self.is_some().save(out);
        if let Some(value) = self {
            value.save(out);
        }
    }

    fn load(input: &mut Reader<'_>) -> Result<Self, StateError> {
        Ok(if bool::load(input)? {
            Some(T::load(input)?)
        } else {
            None
        })
    }
}

impl<T: Save> Save for Box<T> {
    fn save(&self, out: &mut Writer<'_>) {
        self.as_ref().save(out);
    }

    fn load(input: &mut Reader<'_>) -> Result<Self, StateError> {
        T::load(input).map(Self::new)
    }
}

impl<A: Save, B: Save> Save for (A, B) {
    fn save(&self, out: &mut Writer<'_>) {
        self.0.save(out);
        self.1.save(out);
    }

    fn load(input: &mut Reader<'_>) -> Result<Self, StateError> {
        Ok((A::load(input)?, B::load(input)?))
    }
}

impl<T: Save> Save for Vec<T> {
    fn save(&self, out: &mut Writer<'_>) {
        out.each(self.iter());
    }

    fn load(input: &mut Reader<'_>) -> Result<Self, StateError> {
        input.each()
    }
}

impl<T: Save> Save for VecDeque<T> {
    fn save(&self, out: &mut Writer<'_>) {
        out.each(self.iter());
    }

    fn load(input: &mut Reader<'_>) -> Result<Self, StateError> {
        input.each()
    }
}

impl<T: Save + Ord> Save for BTreeSet<T> {
    fn save(&self, out: &mut Writer<'_>) {
        out.each(self.iter());
    }

    fn load(input: &mut Reader<'_>) -> Result<Self, StateError> {
        input.each()
    }
}

impl<K: Save + Ord, V: Save> Save for BTreeMap<K, V> {
    fn save(&self, out: &mut Writer<'_>) {
        out.count(self.len());
        for (key, value) in self {
            key.save(out);
            value.save(out);
        }
    }

    fn load(input: &mut Reader<'_>) -> Result<Self, StateError> {
        input.each::<(K, V), Self>()
    }
}

impl<K: Save + Ord + Hash, V: Save> Save for HashMap<K, V> {
    fn save(&self, out: &mut Writer<'_>) {
        // Sorted, so that the same state is the same bytes.
        let mut entries: Vec<(&K, &V)> = self.iter().collect();
        entries.sort_unstable_by(|left, right| left.0.cmp(right.0));
        out.count(entries.len());
        for (key, value) in entries {
            key.save(out);
            value.save(out);
        }
    }

    fn load(input: &mut Reader<'_>) -> Result<Self, StateError> {
        input.each::<(K, V), Self>()
    }
}
