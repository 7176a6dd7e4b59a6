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
        if left.ty != Type::Ip {
            return None;
        }
        let text = self.text_of(right, scope)?;
        Some(self.network(&text, right.span))
    }

    /// Returns the text that a literal or a param is.
    fn text_of(&self, expr: &Expr, scope: &Scope<'_>) -> Option<String> {
        if let ast::ExprKind::Literal(literal) = &super::bare(expr).kind {
            let LiteralKind::Text { value, .. } = &literal.kind else {
                return None;
            };
            return Some(value.clone());
        }
        let ast::ExprKind::Path(path) = &super::bare(expr).kind else {
            return None;
        };
        let Ok(Meaning::Global(Global::Param(index))) = self.meaning(path, scope) else {
            return None;
        };
        let constant = self.names.params.get(index)?.as_ref()?;
        constant.value.as_text().map(str::to_owned)
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
