//! Types as Rust writes them, in a few words.

use crate::model::{Content, ContentKind, Presence, Scalar, Type};
use crate::names::Names;

/// Returns a type.
pub(super) fn ty(names: &Names, ty: &Type) -> String {
    let inner = |ty: &Type| self::ty(names, ty);
    match ty {
        Type::Scalar(scalar) => scalar_text(*scalar).to_owned(),
        Type::Named(id) => names.ty(*id).name.to_string(),
        Type::Array(element) => format!("Vec<{}>", inner(element)),
        Type::Map(value) => format!("BTreeMap<String, {}>", inner(value)),
        Type::Tuple(elements) => {
            let elements: Vec<_> = elements.iter().map(inner).collect();
            format!("({})", elements.join(", "))
        }
        Type::Nullable(value) => format!("Option<{}>", inner(value)),
        Type::Any => "Value".to_owned(),
    }
}

/// Returns the type of a field.
pub(super) fn present(names: &Names, ty: &Type, presence: Presence, boxed: bool) -> String {
    let ty = self::ty(names, ty);
    let ty = if boxed { format!("Box<{ty}>") } else { ty };
    match presence {
        Presence::Required => ty,
        Presence::Optional | Presence::Nullable => format!("Option<{ty}>"),
        Presence::OptionalNullable => format!("Option<Option<{ty}>>"),
    }
}

/// Returns what a body is.
pub(super) fn content(names: &Names, content: &Content) -> String {
    match &content.kind {
        ContentKind::Json(ty) | ContentKind::Form(ty, _) | ContentKind::Xml(ty, _) => {
            self::ty(names, ty)
        }
        ContentKind::Multipart(parts) => {
            let parts = parts.iter().map(|part| {
                let ty = part
                    .kind
                    .ty()
                    .map_or_else(|| "Upload".to_owned(), |ty| self::ty(names, ty));
                let ty = if part.repeated {
                    format!("Vec<{ty}>")
                } else {
                    ty
                };
                let optional = if part.required { "" } else { "?" };
                let mut text = format!("{}{optional}: {ty}", part.name);
                for header in &part.headers {
                    let optional = if header.required { "" } else { "?" };
                    let ty = self::ty(names, &header.ty);
                    let header = format!(", {} {}{optional}: {ty}", part.name, header.name);
                    text.push_str(&header);
                }
                text
            });
            let parts: Vec<_> = parts.collect();
            format!("form {{ {} }}", parts.join(", "))
        }
        ContentKind::Items(framing, ty) => format!("{framing:?} of {}", self::ty(names, ty)),
        ContentKind::Text => "String".to_owned(),
        ContentKind::Bytes => "Bytes".to_owned(),
    }
}

const fn scalar_text(scalar: Scalar) -> &'static str {
    match scalar {
        Scalar::Bool => "bool",
        Scalar::I32 => "i32",
        Scalar::I64 => "i64",
        Scalar::U32 => "u32",
        Scalar::U64 => "u64",
        Scalar::F64 => "f64",
        Scalar::Number => "number",
        Scalar::String => "String",
        Scalar::Secret => "Secret",
        Scalar::Text(format) => format.name(),
    }
}
