//! The hash of what each rule means.
//!
//! Apart from the listing because rules over alerts rest on the hashes of others.

use crate::ir::{Program, RuleId, listing};

/// Bytes of a hash that are kept.
const HASH_BYTES: usize = 16;

/// Fills in the meaning of each rule, those first whose alerts others read.
pub(super) fn hash(program: &mut Program) {
    let mut order: Vec<RuleId> = program.rules.iter().map(|(id, _)| id).collect();
    order.sort_by_key(|id| (program.rules[*id].stratum, *id));
    for id in order {
        let hash = blake3::hash(listing::meaning(program, id).as_bytes());
        let bytes = hash.as_bytes().iter().take(HASH_BYTES);
        let hex: String = bytes.map(|byte| format!("{byte:02x}")).collect();
        program.rules[id].meaning = hex.into();
    }
}
