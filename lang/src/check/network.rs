//! Networks: what an address lies in.
//!
//! Apart from other membership because a text is read as a network here, and may be malformed.

use super::{Checker, Meaning, Scope, Typed, constant};
use crate::diagnostic::{Code, Diagnostic};
use crate::file::Span;
use crate::ir::{ExprKind, Network, Set};
use crate::resolve::Global;
use crate::syntax::ast::{self, Expr, Literal, LiteralKind};
use crate::types::Type;
use crate::value::Value;

impl Checker<'_> {
    /// Returns the network right of `in` where an address stands on the left.
    #[expect(
        clippy::option_option,
        reason = "no network at all differs from a malformed one"
    )]
    pub(super) fn lone_network(
        &mut self,
        left: &Typed,
        right: &Expr,
        scope: &Scope<'_>,
    ) -> Option<Option<Network>> {
        let text = match &super::bare(right).kind {
            ast::ExprKind::Literal(Literal {
                kind: LiteralKind::Text { value, .. },
                ..
            }) => value.clone(),
            ast::ExprKind::Path(path) => match self.meaning(path, scope) {
                Ok(Meaning::Global(Global::Param(index))) => {
                    match self.names.params.get(index)?.as_ref()?.value.clone() {
                        Value::Text(text) => text.to_string(),
                        _ => return None,
                    }
                }
                _ => return None,
            },
            _ => return None,
        };
        (left.ty == Type::Ip).then(|| self.network(&text, right.span))
    }

    pub(super) fn in_networks(
        &mut self,
        left: &Typed,
        networks: Vec<Network>,
        span: Span,
    ) -> Option<Typed> {
        Some(self.add_bool(ExprKind::In(left.id, Set::Networks(networks)), span))
    }

    pub(super) fn networks(&mut self, items: &[Literal]) -> Option<Vec<Network>> {
        let networks: Vec<Option<Network>> = items
            .iter()
            .map(|item| {
                if let LiteralKind::Text { value, .. } = &item.kind {
                    return self.network(value, item.span);
                }
                let quoted = self.quote(item.span);
                let message = format!("expected an address or a network, found `{quoted}`");
                self.report(Diagnostic::error(Code::BadAddress, item.span, message));
                None
            })
            .collect();
        networks.into_iter().collect()
    }

    /// Returns the network of a text, or tells that it is malformed.
    pub(crate) fn network(&mut self, text: &str, span: Span) -> Option<Network> {
        let network = constant::network(text);
        if network.is_none() {
            let message = format!(
                "expected an address or a network, found {}",
                constant::quoted(text)
            );
            let diagnostic = Diagnostic::error(Code::BadAddress, span, message);
            self.report(
                diagnostic.help("write a network as `\"10.0.0.0/8\"` or `\"2001:db8::/32\"`"),
            );
        }
        network
    }
}
