//! Stub.
pub(crate) fn program(_: &mut crate::check::Checker<'_>, _: &crate::resolve::Declared<'_>) {}
