//! Which name of a table an element or an attribute has.
//!
//! Local names are equal. A name that the table has in a namespace is that of an element in this one; an
//! element in none has it too, because servers leave out what they declare, and an element in another one
//! doesn't (Namespaces in XML §6.1). A name that the table has in no namespace is that of an element in
//! any: documents leave them out as well.

use quick_xml::name::{Namespace, NamespaceResolver, QName, ResolveResult};

use super::{Name, Node, Property};

/// How well a name fits; the better comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fit {
    Exact,
    /// The table has no namespace for it.
    AnyNamespace,
    /// The name has none.
    NoNamespace,
}

/// A name of a text, with the namespace that it is in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found<'n> {
    local: &'n str,
    namespace: Option<&'n str>,
}

impl<'n> Found<'n> {
    pub(super) fn element(name: QName<'n>, resolver: &'n NamespaceResolver) -> Self {
        Self::of(name, &resolver.resolve_element(name).0)
    }

    pub(super) fn attribute(name: QName<'n>, resolver: &'n NamespaceResolver) -> Self {
        Self::of(name, &resolver.resolve_attribute(name).0)
    }

    fn of(name: QName<'n>, resolved: &ResolveResult<'n>) -> Self {
        let namespace = match resolved {
            ResolveResult::Bound(Namespace(namespace)) => Some(*namespace),
            ResolveResult::Unbound | ResolveResult::Unknown(_) => None,
        };
        Self {
            local: name.local_name().into_inner(),
            namespace,
        }
    }

    pub(super) fn fit(&self, name: &Name) -> Option<Fit> {
        match (name.namespace, self.namespace) {
            _ if name.local != self.local => None,
            ("", _) => Some(Fit::AnyNamespace),
            (_, None) => Some(Fit::NoNamespace),
            (declared, Some(found)) => (declared == found).then_some(Fit::Exact),
        }
    }

    /// Returns the property that is an element of this name.
    pub(super) fn among_elements(
        &self,
        properties: &'static [Property],
    ) -> Option<&'static Property> {
        self.among(properties, Node::element)
    }

    /// Returns the property that is an attribute of this name.
    pub(super) fn among_attributes(
        &self,
        properties: &'static [Property],
    ) -> Option<&'static Property> {
        self.among(properties, |node| match node {
            Node::Attribute(name) => Some(name),
            _ => None,
        })
    }

    fn among(
        &self,
        properties: &'static [Property],
        name: impl Fn(&Node) -> Option<&Name>,
    ) -> Option<&'static Property> {
        let fits = properties.iter().filter_map(|property| {
            let fit = self.fit(name(&property.node)?)?;
            Some((fit, property))
        });
        fits.min_by_key(|(fit, _)| *fit)
            .map(|(_, property)| property)
    }
}
