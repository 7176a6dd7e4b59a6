//! The parser that pest makes of `muster.pest`, and how its nodes are walked.
//!
//! Apart from the readers so that each of them is only about its construct.

use pest::iterators::Pair;

/// The parser of `muster.pest`.
#[derive(pest_derive::Parser)]
#[grammar = "syntax/muster.pest"]
pub(crate) struct Grammar;

/// Returns the first child that a rule made.
pub(crate) fn child<'i>(node: &Pair<'i, Rule>, rule: Rule) -> Option<Pair<'i, Rule>> {
    node.clone()
        .into_inner()
        .find(|child| child.as_rule() == rule)
}

/// Returns every child that a rule made.
pub(crate) fn children<'i>(
    node: &Pair<'i, Rule>,
    rule: Rule,
) -> impl Iterator<Item = Pair<'i, Rule>> + use<'i> {
    node.clone()
        .into_inner()
        .filter(move |child| child.as_rule() == rule)
}

/// Returns whether a rule made a child.
pub(crate) fn has(node: &Pair<'_, Rule>, rule: Rule) -> bool {
    child(node, rule).is_some()
}

/// Returns the first child.
pub(crate) fn first<'i>(node: &Pair<'i, Rule>) -> Option<Pair<'i, Rule>> {
    node.clone().into_inner().next()
}
