//! XML: the tables by which the runtime reads and writes bodies of it.

use std::collections::BTreeSet;

use proc_macro2::{Literal, TokenStream, TokenTree};
use quote::{format_ident, quote};

use super::{Context, uses::Uses};
use crate::model::{
    Api, Content, Field, Type, TypeId, XmlAbsent, XmlName, XmlNode, XmlObject, XmlProperty,
    XmlRoot, XmlShape,
};

/// What the bodies of XML are, each once, and the objects in them.
#[derive(Debug, Default)]
pub(super) struct Tables<'a> {
    documents: Vec<(&'a Type, &'a XmlRoot)>,
    objects: Vec<TypeId>,
}

impl<'a> Tables<'a> {
    /// Returns the tables of an API, in the order of its operations.
    pub(super) fn of(api: &'a Api) -> Self {
        let mut tables = Self::default();
        for document in api.xml_bodies() {
            if !tables.documents.contains(&document) {
                tables.documents.push(document);
            }
        }
        let held = tables.documents.iter().map(|(ty, _)| held(api, ty));
        let mut open: Vec<_> = held.filter_map(|ty| api.xml_shape(ty)).collect();
        open.reverse();
        while let Some(shape) = open.pop() {
            match shape {
                XmlShape::Map(inner) => open.push(*inner),
                XmlShape::Object(id) if !tables.objects.contains(&id) => {
                    tables.objects.push(id);
                    let object = object(api, id);
                    let held = object.properties.into_iter().map(|property| property.shape);
                    let held: Vec<_> = held.chain(object.others).collect();
                    open.extend(held.into_iter().rev());
                }
                _ => {}
            }
        }
        tables
    }
}

/// Returns the tables of an API; `None` where it has no XML.
pub(super) fn items(context: Context<'_>) -> Option<TokenStream> {
    let tables = context.xml;
    if tables.documents.is_empty() {
        return None;
    }
    let objects: Vec<_> = tables
        .objects
        .iter()
        .map(|id| {
            let name = context.names.ty(*id).name.as_str();
            let object = object(context.api, *id);
            let properties = object.properties.iter();
            let properties = properties.map(|property| self::property(tables, property));
            let others = object.others.iter().map(|others| {
                let shape = shape(tables, others);
                quote!(Property::new("", Node::Others, #shape))
            });
            quote!(Object(#name, &[#(#properties,)* #(#others),*]))
        })
        .collect();
    let documents: Vec<_> = tables
        .documents
        .iter()
        .map(|(ty, root)| document(context.api, tables, ty, root))
        .collect();
    let has_features = context.names.features().next().is_some();
    let unused = has_features
        .then(|| quote!(#[allow(dead_code, reason = "operations stand behind features")]));
    let mut named = BTreeSet::from(["Document".to_owned(), "Object".to_owned()]);
    name_types(quote!(#(#objects)* #(#documents)*), &mut named);
    let imports = named.iter().map(|name| format_ident!("{name}"));
    Some(quote! {
        use accredit_runtime::xml::{#(#imports),*};

        static OBJECTS: &[Object] = &[#(#objects),*];

        static DOCUMENTS: &[Document] = &[#(#documents),*];

        /// Returns what a body is.
        #unused
        pub(crate) const fn of(index: usize) -> Document {
            DOCUMENTS[index]
        }
    })
}

/// Collects the types of the runtime that tables are made of: what a path begins with.
fn name_types(tables: TokenStream, named: &mut BTreeSet<String>) {
    let mut tokens = tables.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Group(group) => name_types(group.stream(), named),
            TokenTree::Ident(ident) => {
                let next = tokens.peek();
                if matches!(next, Some(TokenTree::Punct(punct)) if punct.as_char() == ':') {
                    named.insert(ident.to_string());
                }
            }
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
}

/// Returns the description of a content of XML.
pub(super) fn described(context: Context<'_>, content: &Content, uses: &mut Uses) -> TokenStream {
    let xml = uses.table("xml");
    let mut documents = context.xml.documents.iter();
    let index = documents.position(|known| content.xml() == Some(*known));
    let index = index.unwrap_or_default();
    let index = Literal::usize_unsuffixed(index);
    quote!(#xml::of(#index))
}

fn document(api: &Api, tables: &Tables<'_>, ty: &Type, root: &XmlRoot) -> TokenStream {
    let is_array = api.xml_items(ty).is_some();
    let shape = api.xml_shape(held(api, ty));
    let shape = shape.map(|shape| self::shape(tables, &shape));
    let new = if is_array {
        quote!(of_items)
    } else {
        quote!(new)
    };
    let of_root = root.name.as_ref().map(|name| {
        let name = self::name(name);
        quote!(.root(#name))
    });
    let items = root.items.as_ref().map(|name| {
        let name = self::name(name);
        quote!(.items(#name))
    });
    quote!(Document::#new(OBJECTS, #shape) #of_root #items)
}

/// Returns what the root element holds, or each element in it.
fn held<'a>(api: &'a Api, ty: &'a Type) -> &'a Type {
    api.xml_items(ty).unwrap_or(ty)
}

fn object(api: &Api, id: TypeId) -> XmlObject {
    let node = |_: TypeId, field: &Field| field.xml.clone();
    // What hasn't a form was found in time, and is none of the tables.
    api.xml_object(id, &node).unwrap_or_default()
}

fn property(tables: &Tables<'_>, property: &XmlProperty) -> TokenStream {
    let own = &property.name;
    let node = match &property.node {
        XmlNode::Attribute(it) => {
            let name = name(it);
            quote!(Attribute(#name))
        }
        XmlNode::Element(it) => {
            let name = name(it);
            quote!(Element(#name))
        }
        XmlNode::Elements(it) => {
            let name = name(it);
            quote!(Elements(#name))
        }
        XmlNode::Wrapped(it, items) => {
            let (name, items) = (name(it), name(items));
            quote!(Wrapped(#name, #items))
        }
        XmlNode::Text => quote!(Text),
        XmlNode::Cdata => quote!(Cdata),
    };
    let shape = shape(tables, &property.shape);
    let absent = match property.absent {
        XmlAbsent::Absent => None,
        XmlAbsent::Null => Some(quote!(.when_absent(Absent::Null))),
        XmlAbsent::Empty => Some(quote!(.when_absent(Absent::Empty))),
    };
    quote!(Property::new(#own, Node::#node, #shape) #absent)
}

fn name(name: &XmlName) -> TokenStream {
    let local = &name.local;
    let prefix = name.prefix.iter().map(|it| quote!(.prefix(#it)));
    let namespace = name.namespace.iter().map(|it| quote!(.namespace(#it)));
    quote!(Name::new(#local) #(#prefix)* #(#namespace)*)
}

fn shape(tables: &Tables<'_>, shape: &XmlShape) -> TokenStream {
    match shape {
        XmlShape::Text => quote!(Shape::Text),
        XmlShape::Number => quote!(Shape::Number),
        XmlShape::Boolean => quote!(Shape::Boolean),
        XmlShape::Map(inner) => {
            let inner = self::shape(tables, inner);
            quote!(Shape::Map(&#inner))
        }
        XmlShape::Object(id) => {
            let index = tables.objects.iter().position(|known| known == id);
            let index = Literal::usize_unsuffixed(index.unwrap_or_default());
            quote!(Shape::Object(#index))
        }
    }
}
