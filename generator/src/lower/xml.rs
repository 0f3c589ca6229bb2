//! XML: what the properties of a body are in it (OpenAPI 3.0 §4.7.26), and whether they can be that.

use std::collections::{BTreeMap, BTreeSet};
use std::mem;

use openapiv3::{ReferenceOr, Schema};
use serde_json::{Map, Value};

use super::Lowerer;
use super::all_of::Merged;
use super::content::Use;
use super::resolve::Part;
use crate::diagnostics::Code;
use crate::extensions;
use crate::model::{
    Content, ContentKind, Field, Type, TypeId, TypeKind, XmlName, XmlNode, XmlRoot, XmlShape,
    visit_kind, visit_type,
};
use crate::pointer::Pointer;

/// What the document says of a property and of its items, should they be XML.
#[derive(Debug, Clone, Default)]
pub(super) struct XmlFacts {
    own: Said,
    items: Said,
}

/// What an XML Object says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Said {
    name: Option<String>,
    prefix: Option<String>,
    namespace: Option<String>,
    is_attribute: bool,
    is_wrapped: bool,
    /// `nodeType` (OpenAPI 3.2 §4.26.1).
    node_type: Option<String>,
}

/// By type and property, what the property is.
type Nodes = BTreeMap<(TypeId, String), XmlNode>;

/// What keeps a body from being XML by the document: where, and what it is.
struct Obstacle(Pointer, String);

impl<'a> Lowerer<'a, '_> {
    pub(super) fn xml_facts(&mut self, merged: &Merged<'a>) -> XmlFacts {
        let items = self.merge(&merged.items(), None);
        XmlFacts {
            own: Said::of(merged),
            items: Said::of(&items),
        }
    }

    /// Returns the root element of a body. A request needs its name, which is that of the component then
    /// where the document gives none.
    pub(super) fn xml_root(
        &mut self,
        schema: &'a ReferenceOr<Schema>,
        at: &Pointer,
        usage: Use,
    ) -> XmlRoot {
        let parts = [Part::new(schema, at.clone())];
        let merged = self.merge(&parts, None);
        let items = merged.items();
        let facts = self.xml_facts(&merged);
        let inferred = |parts: &[Part<'a>]| {
            let component = self.sole_reference(parts);
            component
                .filter(|_| usage == Use::Request)
                .map(|component| component.name.to_owned())
        };
        let name = facts.own.name.clone().or_else(|| inferred(&parts));
        let of_items = facts.items.name.clone().or_else(|| inferred(&items));
        let of_items = of_items.or_else(|| name.clone().filter(|_| usage == Use::Request));
        XmlRoot {
            name: name.map(|name| facts.own.named(name)),
            items: of_items.map(|name| facts.items.named(name)),
        }
    }

    /// Makes bytes of the bodies of XML that the document doesn't say enough of, and keeps what it says
    /// of the others.
    pub(super) fn settle_xml(&mut self) {
        let mut nodes = Nodes::new();
        let mut operations = mem::take(&mut self.api.operations);
        for operation in &mut operations {
            let bodies = operation.body.iter_mut();
            let bodies = bodies.map(|body| (Use::Request, &mut body.contents));
            let responses = operation
                .successes
                .iter_mut()
                .chain(&mut operation.failures);
            let responses = responses.map(|response| (Use::Response, &mut response.contents));
            for (usage, contents) in bodies.chain(responses) {
                self.settle_contents(contents, usage, &mut nodes);
            }
        }
        self.api.operations = operations;
        for ((id, name), node) in nodes {
            if let TypeKind::Struct(object) = &mut self.api.types[id.index()].kind {
                let field = object.fields.iter_mut().find(|field| field.name == name);
                if let Some(field) = field {
                    field.xml = Some(node);
                }
            }
        }
    }

    fn settle_contents(&mut self, contents: &mut Vec<Content>, usage: Use, nodes: &mut Nodes) {
        let mut has_bytes = contents.iter().any(|it| it.kind == ContentKind::Bytes);
        for content in contents.iter_mut() {
            let Some((media_type, mut root)) = content.also_xml.take() else {
                continue;
            };
            let ContentKind::Json(ty) = &content.kind else {
                continue;
            };
            match self.judge(ty, &root, usage) {
                Ok(found) => {
                    nodes.extend(found);
                    if self.api.xml_items(ty).is_none() {
                        root.items = None;
                    }
                    content.also_xml = Some((media_type, root));
                }
                Err(Obstacle(at, what)) => {
                    let message =
                        format!("`{media_type}` isn't read, because {what}; it is JSON only");
                    let at = if at.tokens().is_empty() {
                        &content.pointer
                    } else {
                        &at
                    };
                    self.warn(Code::Unsupported, at, message);
                }
            }
        }
        contents.retain_mut(|content| {
            let ContentKind::Xml(ty, root) = &mut content.kind else {
                return true;
            };
            match self.judge(ty, root, usage) {
                Ok(found) => {
                    nodes.extend(found);
                    if self.api.xml_items(ty).is_none() {
                        root.items = None;
                    }
                    true
                }
                Err(Obstacle(at, what)) => {
                    let media_type = &content.media_type;
                    let message =
                        format!("`{media_type}` isn't taken apart, because {what}; it is bytes");
                    let at = if at.tokens().is_empty() {
                        &content.pointer
                    } else {
                        &at
                    };
                    let hint = "say what is missing by an overlay, or pass and read the bytes";
                    self.warn_with_hint(Code::Unsupported, at, message, hint);
                    content.kind = ContentKind::Bytes;
                    !mem::replace(&mut has_bytes, true)
                }
            }
        });
    }

    /// Finds out what the properties of all types of a body are.
    fn judge(&self, ty: &Type, root: &XmlRoot, usage: Use) -> Result<Nodes, Obstacle> {
        let here = |what: String| Obstacle(Pointer::root(), what);
        let items = self.api.xml_items(ty);
        let names = [root.name.as_ref(), items.and(root.items.as_ref())];
        let is_named = names[0].is_some() && (items.is_none() || names[1].is_some());
        if usage == Use::Request && !is_named {
            return Err(here("nothing names its root element".to_owned()));
        }
        if self.api.xml_shape(items.unwrap_or(ty)).is_none() {
            return Err(here(
                "XML has no form of its own for what it holds".to_owned(),
            ));
        }
        let bound = names[0].filter(|name| name.namespace.is_some());
        let bound = bound.and_then(|name| name.prefix.as_deref());
        let check = |name: &XmlName| check(name, bound, usage);
        for name in names.into_iter().flatten() {
            check(name).map_err(here)?;
        }
        let mut nodes = Nodes::new();
        let mut seen = BTreeSet::new();
        let mut open = Vec::new();
        visit_type(ty, &mut |id| open.push(id));
        while let Some(id) = open.pop() {
            if seen.insert(id) {
                self.judge_type(id, &check, &mut nodes)?;
                visit_kind(&self.api.ty(id).kind, &mut |id| open.push(id));
            }
        }
        for id in seen {
            let judged = self.judge_object(id, &nodes);
            judged.map_err(|what| Obstacle(self.api.ty(id).pointer.clone(), what))?;
        }
        Ok(nodes)
    }

    /// Finds out whether the properties of a type can be told from each other.
    fn judge_object(&self, id: TypeId, nodes: &Nodes) -> Result<(), String> {
        let node = |id: TypeId, field: &Field| nodes.get(&(id, field.name.clone())).cloned();
        let object = self.api.xml_object(id, &node);
        let object = object.map_err(|name| format!("XML has no one form for `{name}`"))?;
        let properties = object.properties.iter();
        let mut places: Vec<_> = properties.map(|property| property.node.place()).collect();
        places.sort_unstable();
        let mut pairs = places.windows(2);
        // The same name in another namespace is another one, but not in none.
        let is_same = |one: &Place<'_>, other: &Place<'_>| {
            let either = [one.namespace, other.namespace];
            let are_apart = either[0] != either[1] && !either.contains(&"");
            (one.kind, one.local) == (other.kind, other.local) && !are_apart
        };
        match pairs.find(|pair| is_same(&pair[0], &pair[1])) {
            Some(pair) => Err(format!(
                "two properties are the {} `{}`",
                pair[0].kind, pair[0].local
            )),
            None => Ok(()),
        }
    }

    /// Finds out what the properties of a type are.
    fn judge_type(
        &self,
        id: TypeId,
        check: &impl Fn(&XmlName) -> Result<(), String>,
        nodes: &mut Nodes,
    ) -> Result<(), Obstacle> {
        let def = self.api.ty(id);
        let TypeKind::Struct(object) = &def.kind else {
            return Ok(());
        };
        for field in &object.fields {
            let key = (id, field.name.clone());
            let facts = self.facts.fields.get(&key);
            let xml = facts.map(|facts| facts.xml.clone()).unwrap_or_default();
            let node = self.node(field, &xml).and_then(|node| {
                let checked = node.names().try_for_each(check);
                checked.map(|()| node)
            });
            let node = node.map_err(|what| {
                let at = def.pointer.child("properties").child(&field.name);
                Obstacle(at, format!("{what} (`{}`)", field.name))
            })?;
            nodes.insert(key, node);
        }
        Ok(())
    }

    fn node(&self, field: &Field, xml: &XmlFacts) -> Result<XmlNode, String> {
        let XmlFacts { own, items } = xml;
        let node_type = own.node_type.as_deref();
        let named =
            |said: &Said| said.named(said.name.clone().unwrap_or_else(|| field.name.clone()));
        if let Some(ty) = self.api.xml_items(&field.ty) {
            if self.api.xml_shape(ty).is_none() {
                return Err("XML has no form of its own for the items of an array".to_owned());
            }
            if own.is_attribute || matches!(node_type, Some("attribute" | "text" | "cdata")) {
                return Err("an array isn't one attribute or text".to_owned());
            }
            if !own.is_wrapped && node_type != Some("element") {
                return Ok(XmlNode::Elements(named(items)));
            }
            // Items that have no name have that of the array.
            let inner = items.name.clone().or_else(|| own.name.clone());
            let inner = inner.unwrap_or_else(|| field.name.clone());
            return Ok(XmlNode::Wrapped(named(own), items.named(inner)));
        }
        let is_scalar = match self.api.xml_shape(&field.ty) {
            None => return Err("XML has no form of its own for a property".to_owned()),
            Some(XmlShape::Text | XmlShape::Number | XmlShape::Boolean) => true,
            Some(XmlShape::Object(_) | XmlShape::Map(_)) => false,
        };
        match node_type {
            None if own.is_attribute && is_scalar => Ok(XmlNode::Attribute(named(own))),
            Some("attribute") if is_scalar => Ok(XmlNode::Attribute(named(own))),
            Some("text") if is_scalar => Ok(XmlNode::Text),
            Some("cdata") if is_scalar => Ok(XmlNode::Cdata),
            None if own.is_attribute => Err("an object isn't an attribute".to_owned()),
            None | Some("element") => Ok(XmlNode::Element(named(own))),
            Some(other) => Err(format!("`{other}` of an object isn't generated")),
        }
    }
}

impl Said {
    /// Takes each word from the outermost of the schemas that has it.
    fn of(merged: &Merged<'_>) -> Self {
        let objects = merged.atoms.iter();
        let objects = objects.filter_map(|atom| extensions::xml(&atom.keywords.data().extensions));
        let objects: Vec<&Map<String, Value>> = objects.collect();
        let text = |key: &str| {
            let value = objects.iter().find_map(|object| object.get(key));
            value.and_then(Value::as_str).map(str::to_owned)
        };
        let flag = |key: &str| {
            let value = objects.iter().find_map(|object| object.get(key));
            value.and_then(Value::as_bool).unwrap_or_default()
        };
        Self {
            name: text("name"),
            prefix: text("prefix"),
            namespace: text("namespace"),
            is_attribute: flag("attribute"),
            is_wrapped: flag("wrapped"),
            node_type: text("nodeType"),
        }
    }

    fn named(&self, local: String) -> XmlName {
        XmlName {
            local,
            prefix: self.prefix.clone().filter(|prefix| !prefix.is_empty()),
            namespace: self.namespace.clone().filter(|it| !it.is_empty()),
        }
    }
}

impl XmlNode {
    fn names(&self) -> impl Iterator<Item = &XmlName> {
        let (one, other) = match self {
            Self::Attribute(name) | Self::Element(name) | Self::Elements(name) => {
                (Some(name), None)
            }
            Self::Wrapped(name, items) => (Some(name), Some(items)),
            Self::Text | Self::Cdata => (None, None),
        };
        one.into_iter().chain(other)
    }

    /// Returns what no two properties of an object can be.
    fn place(&self) -> Place<'_> {
        let (kind, name) = match self {
            Self::Attribute(name) => ("attribute", Some(name)),
            Self::Element(name) | Self::Elements(name) | Self::Wrapped(name, _) => {
                ("element", Some(name))
            }
            Self::Text | Self::Cdata => ("text", None),
        };
        Place {
            kind,
            local: name.map_or("text", |name| &name.local),
            namespace: name
                .and_then(|it| it.namespace.as_deref())
                .unwrap_or_default(),
        }
    }
}

/// What a property is in the element of its object.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Place<'n> {
    kind: &'static str,
    local: &'n str,
    /// Empty where it has none.
    namespace: &'n str,
}

/// Finds out whether a name can be written where a prefix is bound by the root element. Who reads one
/// takes any prefix.
fn check(name: &XmlName, bound: Option<&str>, usage: Use) -> Result<(), String> {
    let words = [Some(&name.local), name.prefix.as_ref()];
    if let Some(word) = words.into_iter().flatten().find(|word| !is_name(word)) {
        return Err(format!("`{word}` is no name in XML"));
    }
    match &name.prefix {
        Some(prefix)
            if usage == Use::Request
                && name.namespace.is_none()
                && bound != Some(prefix)
                && prefix != "xml" =>
        {
            Err(format!("the prefix `{prefix}` has no namespace"))
        }
        _ => Ok(()),
    }
}

/// Whether a text is a name without a prefix (Namespaces in XML §3).
fn is_name(text: &str) -> bool {
    let is_start = |c: char| c.is_alphabetic() || c == '_';
    let is_rest = |c: char| is_start(c) || c.is_numeric() || c == '-' || c == '.';
    text.starts_with(is_start) && text.chars().all(is_rest)
}

#[cfg(test)]
mod tests {
    use super::super::testing::lower_paths;
    use crate::diagnostics::Code;
    use crate::model::{StatusPattern, TypeKind};

    /// What a body of XML is where it is sent and where it is answered, and the places of what was told.
    fn lowered(schema: &str) -> (String, String, Vec<String>) {
        let content = format!("{{application/xml: {{schema: {schema}}}}}");
        let lowered = lower_paths(&format!(
            "/a: {{post: {{requestBody: {{content: {content}}}, responses: {{'200': {{description: \
             '', content: {content}}}}}}}}}"
        ));
        let operation = &lowered.api.operations[0];
        let body = operation.body.as_ref().expect("a body");
        assert_eq!(operation.successes[0].status, StatusPattern::Code(200));
        let told = lowered.told.iter().map(|(code, at)| {
            assert_eq!(*code, Code::Unsupported);
            at.replace("/paths/~1a/post", "")
        });
        (
            lowered.content(&body.contents[0].kind),
            lowered.content(&operation.successes[0].contents[0].kind),
            told.collect(),
        )
    }

    /// A schema of a property `a` below the root element `r`.
    fn property(schema: &str) -> (String, String, Vec<String>) {
        lowered(&format!(
            "{{x-accredit-xml: {{name: r}}, properties: {{a: {schema}}}}}"
        ))
    }

    #[test]
    fn what_a_document_says_enough_of_is_typed() {
        for schema in [
            "{type: string, nullable: true}",
            "{type: integer, x-accredit-xml: {attribute: true}}",
            "{type: array, items: {properties: {b: {type: string}}}}",
            "{type: array, x-accredit-xml: {wrapped: true}, items: {type: number}}",
            "{type: object, additionalProperties: {type: boolean}}",
            "{oneOf: [{required: [b], properties: {b: {type: string}}}, {required: [c], properties: {c: {type: string}}}]}",
            "{type: string, x-accredit-xml: {prefix: p, namespace: 'urn:p'}}",
        ] {
            let (sent, answered, told) = property(schema);
            assert!(sent.starts_with("xml r: "), "{schema}: {sent}");
            assert_eq!(sent, answered);
            assert_eq!(told, [""; 0], "{schema}");
        }
    }

    #[test]
    fn what_xml_has_no_form_for_is_bytes_and_told_at_its_place() {
        for schema in [
            "{}",
            "{type: object}",
            "{type: array, items: {type: array, items: {type: string}}}",
            "{type: array, items: {type: string}, x-accredit-xml: {attribute: true}}",
            "{properties: {b: {type: string}}, x-accredit-xml: {attribute: true}}",
            "{type: string, x-accredit-xml: {nodeType: none}}",
            "{type: string, x-accredit-xml: {name: 'b c'}}",
            "{oneOf: [{type: string}, {type: integer}]}",
        ] {
            let (sent, answered, told) = property(schema);
            assert_eq!(
                (sent.as_str(), answered.as_str()),
                ("bytes", "bytes"),
                "{schema}"
            );
            let at = |holder: &str| {
                let schema = format!("#{holder}/content/application~1xml/schema");
                format!("{schema}/properties/a")
            };
            assert_eq!(told, [at("/requestBody"), at("/responses/200")], "{schema}");
        }
    }

    #[test]
    fn the_same_name_in_another_namespace_is_another_one() {
        let object = |one: &str, other: &str| {
            lowered(&format!(
                "{{type: object, x-accredit-xml: {{name: o}}, properties: {{a: {{type: string, x-accredit-xml: {{{one}}}}}, b: \
                 {{type: string, x-accredit-xml: {{name: a{other}}}}}}}}}"
            ))
        };
        let (prefix_a, prefix_b) = (
            "prefix: x, namespace: 'urn:a'",
            ", prefix: y, namespace: 'urn:b'",
        );
        assert_eq!(object(prefix_a, prefix_b).2, Vec::<String>::new());
        for (one, other) in [("", ""), (prefix_a, ""), ("namespace: 'urn:b'", prefix_b)] {
            assert_eq!(object(one, other).2.len(), 2, "{one} {other}");
        }
    }

    #[test]
    fn who_sends_a_root_element_needs_its_name_and_prefixes_need_a_namespace() {
        let (sent, answered, told) = lowered("{properties: {a: {type: string}}}");
        assert_eq!(
            (sent.as_str(), answered.starts_with("xml ?: ")),
            ("bytes", true)
        );
        assert_eq!(told, ["#/requestBody/content/application~1xml"]);
        let (sent, answered, told) = property("{type: string, x-accredit-xml: {prefix: p}}");
        assert_eq!(
            (sent.as_str(), answered.starts_with("xml r: ")),
            ("bytes", true)
        );
        assert_eq!(told.len(), 1);
    }

    #[test]
    fn properties_that_are_the_same_element_are_none() {
        let (sent, _, told) = lowered(
            "{x-accredit-xml: {name: r}, properties: {a: {type: string}, b: {type: string, \
             x-accredit-xml: {name: a}}}}",
        );
        assert_eq!((sent.as_str(), told.len()), ("bytes", 2));
    }

    #[test]
    fn types_that_only_json_needs_know_nothing_of_xml() {
        let schema = "{x-accredit-xml: {name: r}, properties: {a: {type: string}}}";
        let lowered = lower_paths(&format!(
            "/a: {{get: {{responses: {{'200': {{description: '', content: {{application/json: \
             {{schema: {schema}}}}}}}}}}}}}"
        ));
        let TypeKind::Struct(object) = &lowered.api.types[0].kind else {
            panic!("a struct");
        };
        assert_eq!(object.fields[0].xml, None);
    }
}
