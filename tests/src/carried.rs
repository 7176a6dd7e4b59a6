//! Files that a program of the tests carries with it, as comments behind its text.
//!
//! Apart from the harness because the reference reads the same bytes and knows nothing of the engine.

use std::collections::BTreeMap;

const NAME: &str = "#file ";
const LINE: &str = "#| ";

/// Returns the comment in which a program carries a file of lines.
#[must_use]
pub fn carry(name: &str, content: &str) -> String {
    let lines = content.lines().map(|line| format!("{LINE}{line}\n"));
    format!("{NAME}{name}\n{}", lines.collect::<String>())
}

/// Returns the files that a program carries, by name.
#[must_use]
pub fn carried(rules: &str) -> BTreeMap<String, String> {
    let mut files: BTreeMap<String, String> = BTreeMap::new();
    let mut name = None;
    for line in rules.lines() {
        if let Some(next) = line.strip_prefix(NAME) {
            name = Some(next.trim().to_owned());
            files.entry(next.trim().to_owned()).or_default();
        } else if let (Some(name), Some(line)) = (&name, line.strip_prefix(LINE)) {
            let content = files.entry(name.clone()).or_default();
            content.push_str(line);
            content.push('\n');
        }
    }
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_carried_is_read_back() {
        let two = format!(
            "rule r {{}}\n{}{}",
            carry("a.csv", "k,v\n1, \n"),
            carry("b.json", "[]")
        );
        let files = carried(&two);
        assert_eq!(files.get("a.csv").map(String::as_str), Some("k,v\n1, \n"));
        assert_eq!(files.get("b.json").map(String::as_str), Some("[]\n"));
        assert_eq!(files.len(), 2);
    }
}
