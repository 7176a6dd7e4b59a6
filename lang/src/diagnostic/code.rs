//! The registry of diagnostics: one line a code, one page a code.
//!
//! Apart from the stages so that a code is never used twice and never lacks its page.

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)*) => {
        /// A stable code of a diagnostic.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $($(#[$doc])* $name,)*
        }

        impl Code {
            /// Every code, in the order of the registry.
            pub const ALL: &[Code] = &[$(Code::$name,)*];

            /// Returns its text, `M0101`.
            #[must_use]
            pub fn text(self) -> &'static str {
                match self { $(Code::$name => $text,)* }
            }

            /// Returns its page: what it means, a wrong program and a right one.
            #[must_use]
            pub fn page(self) -> &'static str {
                match self { $(Code::$name => include_str!(concat!("explain/", $text, ".md")),)* }
            }
        }
    };
}

// M01xx: letters and words · M02xx: names · M03xx: types · M04xx: rules and time ·
// M05xx: other declarations · M06xx: tests · M08xx: lints · M09xx: not yet at run time.
codes! {
    /// The text does not fit the grammar.
    Syntax = "M0101";
}
