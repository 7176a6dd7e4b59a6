//! Stub.
impl crate::check::Checker<'_> {
    pub(super) fn lower_tests(&mut self, _: &crate::resolve::Declared<'_>) {}
}
