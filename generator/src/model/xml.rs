//! XML: what values are in it (OpenAPI 3.0 §4.7.26).

use super::{Api, Content, Field, Presence, Scalar, Struct, Type, TypeId, TypeKind};

/// A name with its namespace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct XmlName {
    pub(crate) local: String,
    pub(crate) prefix: Option<String>,
    pub(crate) namespace: Option<String>,
}

/// The root element of a body.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct XmlRoot {
    /// Its name; `None` where any is taken.
    pub(crate) name: Option<XmlName>,
    /// The name of the elements in it, where the body is an array; `None` where any is taken.
    pub(crate) items: Option<XmlName>,
}

/// What a property is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum XmlNode {
    Attribute(XmlName),
    Element(XmlName),
    /// An element for each item of an array.
    Elements(XmlName),
    /// An element, and in it one for each item of an array.
    Wrapped(XmlName, XmlName),
    Text,
    Cdata,
}

/// What an element or an attribute holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum XmlShape {
    Text,
    Number,
    Boolean,
    /// The properties of a struct, or those of all variants of a union.
    Object(TypeId),
    Map(Box<Self>),
}

/// A property of a struct or a union.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct XmlProperty {
    pub(crate) name: String,
    pub(crate) node: XmlNode,
    pub(crate) shape: XmlShape,
    pub(crate) absent: XmlAbsent,
}

/// What it means that nothing of a property is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum XmlAbsent {
    Absent,
    Null,
    Empty,
}

/// The properties of an object, and what all others hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct XmlObject {
    pub(crate) properties: Vec<XmlProperty>,
    pub(crate) others: Option<XmlShape>,
}

/// Types stand in one another no deeper, unless they lead back to themselves.
const DEEPEST: usize = 64;

impl Api {
    /// Returns the bodies of XML, of requests and of responses.
    pub(crate) fn xml_bodies(&self) -> impl Iterator<Item = (&Type, &XmlRoot)> {
        let contents = self.operations.iter().flat_map(|operation| {
            let responses = operation.successes.iter().chain(&operation.failures);
            let responses = responses.flat_map(|response| &response.contents);
            let bodies = operation.body.iter().flat_map(|body| &body.contents);
            bodies.chain(responses)
        });
        contents.filter_map(Content::xml)
    }

    /// Returns what a type is in XML; `None` for what has no form of its own there.
    pub(crate) fn xml_shape(&self, ty: &Type) -> Option<XmlShape> {
        self.shape_within(ty, DEEPEST)
    }

    fn shape_within(&self, ty: &Type, depth: usize) -> Option<XmlShape> {
        let depth = depth.checked_sub(1)?;
        match ty {
            Type::Scalar(Scalar::Bool) => Some(XmlShape::Boolean),
            Type::Scalar(
                Scalar::I32
                | Scalar::I64
                | Scalar::U32
                | Scalar::U64
                | Scalar::F64
                | Scalar::Number,
            ) => Some(XmlShape::Number),
            Type::Scalar(Scalar::String | Scalar::Secret | Scalar::Text(_)) => Some(XmlShape::Text),
            Type::Nullable(inner) => self.shape_within(inner, depth),
            Type::Map(inner) => {
                let inner = self.shape_within(inner, depth)?;
                Some(XmlShape::Map(Box::new(inner)))
            }
            Type::Named(id) => match &self.ty(*id).kind {
                TypeKind::Struct(_) => Some(XmlShape::Object(*id)),
                TypeKind::Alias(ty) | TypeKind::Newtype(ty) => self.shape_within(ty, depth),
                TypeKind::Enum(values) => {
                    let mut values = values.values.iter();
                    Some(if values.all(|value| value.value.is_string()) {
                        XmlShape::Text
                    } else {
                        XmlShape::Number
                    })
                }
                TypeKind::Union(union) => {
                    let variants = union.variants.iter();
                    let mut shapes = variants.map(|it| self.shape_within(&it.ty, depth));
                    match shapes.next()?? {
                        XmlShape::Object(_) => shapes
                            .all(|shape| matches!(shape, Some(XmlShape::Object(_))))
                            .then_some(XmlShape::Object(*id)),
                        XmlShape::Map(_) => None,
                        first => shapes
                            .all(|shape| shape.as_ref() == Some(&first))
                            .then_some(first),
                    }
                }
                TypeKind::Foreign(_) => None,
            },
            Type::Array(_) | Type::Tuple(_) | Type::Any => None,
        }
    }

    /// Returns what the items of an array are, unless the type is none.
    pub(crate) fn xml_items<'a>(&'a self, ty: &'a Type) -> Option<&'a Type> {
        match self.resolved(ty) {
            Type::Array(inner) => Some(inner),
            Type::Nullable(inner) => self.xml_items(inner),
            _ => None,
        }
    }

    /// Returns the properties of a struct or a union, of which `node` says what they are; the name of one
    /// that has no form in XML, or that variants of the union disagree about.
    pub(crate) fn xml_object(
        &self,
        id: TypeId,
        node: &impl Fn(TypeId, &Field) -> Option<XmlNode>,
    ) -> Result<XmlObject, String> {
        self.object_within(id, node, DEEPEST)
    }

    fn object_within(
        &self,
        id: TypeId,
        node: &impl Fn(TypeId, &Field) -> Option<XmlNode>,
        depth: usize,
    ) -> Result<XmlObject, String> {
        let Some(depth) = depth.checked_sub(1) else {
            return Ok(XmlObject::default());
        };
        match &self.ty(id).kind {
            TypeKind::Struct(object) => self.object_of(id, object, node),
            TypeKind::Union(union) => {
                let mut variants = Vec::new();
                for variant in &union.variants {
                    if let Some(XmlShape::Object(id)) = self.xml_shape(&variant.ty) {
                        variants.push(self.object_within(id, node, depth)?);
                    }
                }
                let mut merged = merged(variants)?;
                let tag = union.discriminator.iter();
                let properties = &merged.properties;
                let tag = tag.filter(|tag| properties.iter().all(|it| it.name != **tag));
                let tag = tag.map(|tag| XmlProperty {
                    name: tag.clone(),
                    node: XmlNode::Element(XmlName::new(tag)),
                    shape: XmlShape::Text,
                    absent: XmlAbsent::Absent,
                });
                let tag: Vec<_> = tag.collect();
                merged.properties.splice(0..0, tag);
                Ok(merged)
            }
            TypeKind::Alias(ty) | TypeKind::Newtype(ty) => match self.xml_shape(ty) {
                Some(XmlShape::Object(id)) => self.object_within(id, node, depth),
                _ => Ok(XmlObject::default()),
            },
            TypeKind::Enum(_) | TypeKind::Foreign(_) => Ok(XmlObject::default()),
        }
    }

    fn object_of(
        &self,
        id: TypeId,
        object: &Struct,
        node: &impl Fn(TypeId, &Field) -> Option<XmlNode>,
    ) -> Result<XmlObject, String> {
        let mut properties = Vec::new();
        for field in &object.fields {
            let name = || field.name.clone();
            let node = node(id, field).ok_or_else(name)?;
            let items = self.xml_items(&field.ty);
            let shape = self
                .xml_shape(items.unwrap_or(&field.ty))
                .ok_or_else(name)?;
            let can_be_nothing = !matches!(
                node,
                XmlNode::Attribute(_) | XmlNode::Element(_) | XmlNode::Wrapped(..)
            );
            properties.push(XmlProperty {
                name: name(),
                node,
                shape,
                absent: match field.presence {
                    Presence::Nullable => XmlAbsent::Null,
                    Presence::Required if can_be_nothing => XmlAbsent::Empty,
                    _ => XmlAbsent::Absent,
                },
            });
        }
        let others = object.additional.as_ref();
        let others = others.map(|ty| self.xml_shape(ty).ok_or("additionalProperties"));
        Ok(XmlObject {
            properties,
            others: others.transpose()?,
        })
    }
}

/// Returns the properties of several objects, one of which is there.
fn merged(objects: Vec<XmlObject>) -> Result<XmlObject, String> {
    let mut merged = XmlObject::default();
    let number = objects.len();
    let mut counts: Vec<usize> = Vec::new();
    for object in objects {
        for property in object.properties {
            let mut known = merged.properties.iter().zip(0..);
            let known = known.find(|(it, _)| it.name == property.name);
            match known.map(|(_, index)| index) {
                Some(index) if is_alike(&merged.properties[index], &property) => {
                    counts[index] += 1;
                    if merged.properties[index].absent != property.absent {
                        merged.properties[index].absent = XmlAbsent::Absent;
                    }
                }
                Some(_) => return Err(property.name),
                None => {
                    merged.properties.push(property);
                    counts.push(1);
                }
            }
        }
        match (&merged.others, object.others) {
            (Some(known), Some(others)) if *known != others => {
                return Err("additionalProperties".to_owned());
            }
            (None, others) => merged.others = others,
            _ => {}
        }
    }
    // What only some of them have may be absent.
    for (property, count) in merged.properties.iter_mut().zip(counts) {
        if count < number {
            property.absent = XmlAbsent::Absent;
        }
    }
    Ok(merged)
}

fn is_alike(one: &XmlProperty, other: &XmlProperty) -> bool {
    one.node == other.node && one.shape == other.shape
}

impl XmlName {
    pub(crate) fn new(local: impl Into<String>) -> Self {
        Self {
            local: local.into(),
            prefix: None,
            namespace: None,
        }
    }
}
