//! The declared name that a mistyped one was probably meant to be.
//!
//! Apart from the stages because fields, classes, symbols and functions all ask the same question.

/// Names longer than this are never compared: no one mistypes them, and the cost is quadratic.
const LENGTH_MAX: usize = 80;

/// Returns the candidate nearest to a word, or `None` where nothing is near.
///
/// A dotted candidate also counts when its last part is the word: `email` finds `actor.email`.
#[must_use]
pub fn nearest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    if word.len() > LENGTH_MAX {
        return None;
    }
    candidates
        .into_iter()
        .filter(|candidate| candidate.len() <= LENGTH_MAX && *candidate != word)
        .filter_map(|candidate| Some((distance(word, candidate)?, candidate)))
        .min()
        .map(|(_, candidate)| candidate)
}

/// Returns how far a candidate is, or `None` where it is too far to be meant.
fn distance(word: &str, candidate: &str) -> Option<usize> {
    let (word, lowered) = (word.to_lowercase(), candidate.to_lowercase());
    let edits = strsim::osa_distance(&word, &lowered);
    let length = word.chars().count().max(3);
    if edits * 3 <= length {
        return Some(edits * 2);
    }
    if same_parts(&word, &lowered) {
        return Some(length);
    }
    if tail(&word, &lowered) {
        return Some(length + 1);
    }
    begins_alike(&word, &lowered).then_some(length + 2)
}

/// Tells whether most of the word is the beginning of the candidate: `failed` and `failure`.
fn begins_alike(word: &str, candidate: &str) -> bool {
    let shared = word
        .chars()
        .zip(candidate.chars())
        .take_while(|(left, right)| left == right)
        .count();
    let (length, other) = (word.chars().count(), candidate.chars().count());
    shared >= 3 && shared * 5 >= length * 3 && other <= length * 2
}

/// Tells whether both have the same parts but for their separators: `device_id` and `device.id`.
fn same_parts(word: &str, candidate: &str) -> bool {
    let parts = |text: &str| {
        text.chars()
            .filter(|letter| letter.is_alphanumeric())
            .collect::<String>()
    };
    parts(word) == parts(candidate)
}

/// Tells whether a dotted candidate ends with the word as whole parts.
fn tail(word: &str, candidate: &str) -> bool {
    let last = word.rsplit('.').next().unwrap_or(word);
    candidate
        .rsplit_once('.')
        .is_some_and(|(_, part)| part == last && last.len() > 2)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_slip_of_one_letter_is_found() {
        assert_eq!(
            nearest("outcom", ["outcome", "output", "class"]),
            Some("outcome")
        );
        assert_eq!(
            nearest("devcie.id", ["device.id", "device.name"]),
            Some("device.id")
        );
    }

    #[test]
    fn the_last_part_alone_finds_the_whole() {
        assert_eq!(
            nearest("email", ["actor.id", "actor.email"]),
            Some("actor.email")
        );
        assert_eq!(nearest("device_id", ["device.id"]), Some("device.id"));
    }

    #[test]
    fn a_common_beginning_is_enough() {
        assert_eq!(
            nearest("failed", ["success", "failure", "denied"]),
            Some("failure")
        );
    }

    #[test]
    fn what_is_far_is_not_proposed() {
        assert_eq!(nearest("zebra", ["outcome", "class"]), None);
    }
}
