//! Markdown that rustdoc, and a registry, take at its word.
//!
//! A description is CommonMark with HTML in it, written for another renderer. It is parsed and
//! written anew, so that nothing in it means more than it says: no link to an item, no doctest, no
//! tag, no heading above ours.

mod containers;
mod html;
mod render;
mod text;

pub(crate) use self::{
    render::{inline, lines},
    text::{code, escape, wrap},
};
