//! The smallest set of events that still shows something, by delta debugging.
//!
//! Apart from tests because it only asks a question again and again, whatever the question is.

/// The most times the question is asked.
const ASKED_MAX: usize = 600;

/// Returns a part of the items, in order, for which the question still holds, and none of which can
/// be left out; more where the question was asked too often.
pub(super) fn shrink<T: Clone>(items: &[T], holds: &mut dyn FnMut(&[T]) -> bool) -> Vec<T> {
    let mut kept = items.to_vec();
    let mut size = kept.len().div_ceil(2).max(1);
    let mut asked = 0;
    loop {
        let mut at = 0;
        let mut is_smaller = false;
        while at < kept.len() && asked < ASKED_MAX {
            let end = (at + size).min(kept.len());
            let rest: Vec<T> = kept
                .iter()
                .take(at)
                .chain(kept.iter().skip(end))
                .cloned()
                .collect();
            asked += 1;
            if holds(&rest) {
                kept = rest;
                is_smaller = true;
            } else {
                at = end;
            }
        }
        if asked >= ASKED_MAX || (size == 1 && !is_smaller) {
            return kept;
        }
        size = (size / 2).max(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_needed_stays() {
        let items: Vec<u32> = (0..100).collect();
        let found = shrink(&items, &mut |part| {
            [3, 57, 99].iter().all(|one| part.contains(one))
        });
        assert_eq!(found, [3, 57, 99]);
    }

    #[test]
    fn nothing_may_be_enough() {
        assert_eq!(shrink(&[1, 2, 3], &mut |_| true), Vec::<i32>::new());
        assert_eq!(shrink(&[1, 2, 3], &mut |part| part.len() == 3), [1, 2, 3]);
    }
}
