//! The comments of a text, handed out in order.
//!
//! Apart from the layout because the question is only which comments stand before a place.

use crate::syntax::token::{self, TokenKind};

/// A comment and its place.
#[derive(Clone, Debug)]
pub(super) struct Comment {
    pub(super) start: u32,
    pub(super) text: String,
}

/// The comments that have not been laid out yet.
pub(super) struct Comments {
    comments: Vec<Comment>,
    next: usize,
}

impl Comments {
    pub(super) fn of(text: &str) -> Self {
        let tokens = token::tokens(text)
            .into_iter()
            .filter(|token| token.kind == TokenKind::Comment);
        let comments = tokens.map(|token| Comment {
            start: token.start,
            text: token.text(text).trim_end().to_owned(),
        });
        Self {
            comments: comments.collect(),
            next: 0,
        }
    }

    /// Returns the next comment if it starts before a place.
    pub(super) fn before(&mut self, place: u32) -> Option<Comment> {
        let comment = self
            .comments
            .get(self.next)
            .filter(|comment| comment.start < place)?
            .clone();
        self.next += 1;
        Some(comment)
    }

    /// Returns the next comment if it starts before a place and fits a condition.
    pub(super) fn before_if(
        &mut self,
        place: u32,
        fits: impl Fn(&Comment) -> bool,
    ) -> Option<Comment> {
        let next = self
            .comments
            .get(self.next)
            .filter(|comment| comment.start < place)?;
        if fits(next) { self.before(place) } else { None }
    }

    /// Returns where the next comment starts, if that is before a place.
    pub(super) fn peek(&self, place: u32) -> Option<u32> {
        self.comments
            .get(self.next)
            .map(|comment| comment.start)
            .filter(|start| *start < place)
    }
}
