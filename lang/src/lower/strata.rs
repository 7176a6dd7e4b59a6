//! Stub.
impl crate::check::Checker<'_> {
    pub(super) fn lower_strata(&mut self, _: &crate::resolve::Declared<'_>) {}
}
