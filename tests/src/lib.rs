//! What the project is checked with: a second engine made of definitions, and cases for both.

pub mod compare;
pub mod generate;
pub mod reference;
