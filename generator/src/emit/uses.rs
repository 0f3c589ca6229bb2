//! What a file imports.

use std::collections::BTreeSet;

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use crate::model::TypeId;

/// The names that the items of a file need.
///
/// Where types are defined, another type is imported by its name, and the runtime's traits are
/// reached through its module, so that a type of the document can be called `Field` or `Value`.
/// Where operations are, it is the other way round.
#[derive(Debug, Default)]
pub(super) struct Uses {
    /// Whether the file defines types.
    pub(super) is_types: bool,
    pub(super) types: BTreeSet<TypeId>,
    /// The modules of tables, of values that are checked and of bodies of XML.
    tables: BTreeSet<&'static str>,
    runtime: BTreeSet<&'static str>,
    has_map: bool,
}

impl Uses {
    pub(super) fn in_types() -> Self {
        Self {
            is_types: true,
            ..Self::default()
        }
    }

    pub(super) fn in_operations() -> Self {
        Self::default()
    }

    /// Returns an item of the runtime by its name, which becomes imported.
    pub(super) fn runtime(&mut self, name: &'static str) -> TokenStream {
        self.runtime.insert(name);
        let name = Ident::new(name, Span::call_site());
        quote!(#name)
    }

    /// Returns a module of tables by its name, which becomes imported.
    pub(super) fn table(&mut self, name: &'static str) -> TokenStream {
        self.tables.insert(name);
        let name = Ident::new(name, Span::call_site());
        quote!(#name)
    }

    /// Returns the declarations for modules of tables, which stand in `parent`, and for that of types.
    pub(super) fn modules(&self, parent: &TokenStream, types: &TokenStream) -> TokenStream {
        let mut modules = self.tables.clone();
        if !self.types.is_empty() {
            modules.insert("types");
        }
        let modules = modules.into_iter().map(|name| {
            let parent = if name == "types" { types } else { parent };
            let name = Ident::new(name, Span::call_site());
            quote!(use #parent #name;)
        });
        modules.collect()
    }

    /// Returns `BTreeMap`, which becomes imported.
    pub(super) fn map(&mut self) -> TokenStream {
        self.has_map = true;
        quote!(BTreeMap)
    }

    /// Adds what other items of the same file need.
    pub(super) fn add(&mut self, other: &Self) {
        self.types.extend(&other.types);
        self.runtime.extend(&other.runtime);
        self.has_map |= other.has_map;
        self.tables.extend(&other.tables);
    }

    /// Leaves what a text names.
    pub(super) fn retain_named_in(&mut self, text: &str) {
        let words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
        let words: BTreeSet<_> = words.collect();
        self.runtime.retain(|name| words.contains(name));
        self.has_map &= words.contains("BTreeMap");
    }

    /// Returns the declarations for what comes from other crates.
    pub(super) fn declarations(&self) -> TokenStream {
        let map = self.has_map.then(|| {
            quote!(
                use std::collections::BTreeMap;
            )
        });
        let names = self
            .runtime
            .iter()
            .map(|name| Ident::new(name, Span::call_site()));
        let names: Vec<_> = names.collect();
        let runtime = match names.as_slice() {
            [] => None,
            [name] => Some(quote!(use accredit_runtime::#name;)),
            names => Some(quote!(use accredit_runtime::{#(#names),*};)),
        };
        quote!(#map #runtime)
    }
}
