//! Places in TOML: its parser keeps spans.

use std::borrow::Cow;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Kind, Member, Tree};

/// Reads a text.
pub(super) fn read(text: &str) -> Tree<'_> {
    let (table, _) = DeTable::parse_recoverable(text);
    let mut tree = Tree::default();
    // The root is the first, and its members come behind it.
    tree.push(table.span(), Kind::Scalar);
    tree.nodes[0].kind = Kind::Mapping(members(table.get_ref(), &mut tree));
    tree
}

fn members<'t>(table: &DeTable<'t>, tree: &mut Tree<'t>) -> Vec<Member<'t>> {
    let members = table.iter().map(|(key, value)| Member {
        key: Cow::Owned(key.get_ref().as_ref().to_owned()),
        span: key.span(),
        value: node(value, tree),
    });
    members.collect()
}

fn node<'t>(value: &Spanned<DeValue<'t>>, tree: &mut Tree<'t>) -> usize {
    let kind = match value.get_ref() {
        DeValue::Array(elements) => {
            Kind::Sequence(elements.iter().map(|element| node(element, tree)).collect())
        }
        DeValue::Table(table) => Kind::Mapping(members(table, tree)),
        _ => Kind::Scalar,
    };
    tree.push(value.span(), kind)
}
