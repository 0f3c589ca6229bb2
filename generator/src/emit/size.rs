//! How large values are: where a variant is to hold a pointer.

use crate::model::{Api, Presence, Scalar, Struct, Type, TypeId, TypeKind, Union};

/// A variant holds no more in place. An enum is as large as its largest variant, and clippy's
/// `large_enum_variant` refuses two hundred bytes more than the second largest.
const LARGEST: usize = 128;

/// The size of `String` and of `Vec`; the space that `Option` needs is in them.
const TEXT: usize = 24;
/// No less than `accredit_runtime::Value` takes, whatever map it is made of.
const VALUE: usize = 80;
const POINTER: usize = 8;

/// Estimates by type, none too small.
#[derive(Debug, Default)]
pub(super) struct Sizes(Vec<Option<usize>>);

impl Sizes {
    pub(super) fn of(api: &Api) -> Self {
        let mut sizes = Self(vec![None; api.types.len()]);
        for (id, _) in api.types() {
            sizes.measure(api, id);
        }
        sizes
    }

    /// Returns whether a variant holds a pointer to a type rather than a value of it.
    pub(super) fn is_large(&self, ty: &Type) -> bool {
        self.known(ty) > LARGEST
    }

    /// Measures a type after those it holds. Types can nest as deeply as a document, so this keeps
    /// its own stack.
    fn measure(&mut self, api: &Api, id: TypeId) {
        let mut open = vec![id];
        while let Some(&id) = open.last() {
            let mut missing = Vec::new();
            if self.0[id.index()].is_none() {
                let mut visit = |ty: &Type| {
                    let held = held(ty).filter(|held| self.0[held.index()].is_none());
                    missing.extend(held.filter(|held| !open.contains(held)));
                };
                in_place(&api.ty(id).kind).into_iter().for_each(&mut visit);
            }
            if missing.is_empty() {
                self.0[id.index()].get_or_insert(0);
                self.0[id.index()] = Some(self.sum(&api.ty(id).kind));
                open.pop();
            } else {
                open.extend(missing);
            }
        }
    }

    fn sum(&self, kind: &TypeKind) -> usize {
        match kind {
            TypeKind::Struct(Struct { fields, additional }) => {
                let fields = fields.iter().map(|field| {
                    let size = if field.boxed {
                        POINTER
                    } else {
                        self.known(&field.ty)
                    };
                    let is_scalar = matches!(field.ty, Type::Scalar(_));
                    match field.presence {
                        Presence::Required => size,
                        Presence::Optional | Presence::Nullable if !is_scalar => size,
                        _ => size + POINTER,
                    }
                });
                fields.sum::<usize>() + additional.as_ref().map_or(0, |_| TEXT)
            }
            TypeKind::Union(Union { variants, .. }) => {
                let variants = variants.iter().map(|variant| {
                    if variant.boxed || self.is_large(&variant.ty) {
                        POINTER
                    } else {
                        self.known(&variant.ty)
                    }
                });
                variants.max().unwrap_or(0).max(VALUE) + POINTER
            }
            TypeKind::Enum(_) => TEXT,
            TypeKind::Alias(ty) | TypeKind::Newtype(ty) => self.known(ty),
            // Nothing is known of it; a value is as large as most.
            TypeKind::Foreign(_) => VALUE,
        }
    }

    fn known(&self, ty: &Type) -> usize {
        match ty {
            Type::Named(id) => self.0[id.index()].unwrap_or(POINTER),
            Type::Nullable(inner) => self.known(inner) + POINTER,
            // Whatever an element is, it is no larger: objects are behind pointers.
            Type::Tuple(elements) => elements.len() * VALUE,
            Type::Array(_)
            | Type::Map(_)
            | Type::Scalar(Scalar::Number | Scalar::String | Scalar::Secret | Scalar::Text(_)) => {
                TEXT
            }
            Type::Any => VALUE,
            Type::Scalar(_) => POINTER,
        }
    }
}

/// Returns what a value of a kind holds without a pointer.
fn in_place(kind: &TypeKind) -> Vec<&Type> {
    match kind {
        TypeKind::Struct(object) => {
            let fields = object.fields.iter().filter(|field| !field.boxed);
            fields.map(|field| &field.ty).collect()
        }
        TypeKind::Union(union) => {
            let variants = union.variants.iter().filter(|variant| !variant.boxed);
            variants.map(|variant| &variant.ty).collect()
        }
        TypeKind::Alias(ty) | TypeKind::Newtype(ty) => vec![ty],
        TypeKind::Enum(_) | TypeKind::Foreign(_) => Vec::new(),
    }
}

fn held(ty: &Type) -> Option<TypeId> {
    match ty {
        Type::Named(id) => Some(*id),
        Type::Nullable(inner) => held(inner),
        Type::Array(_) | Type::Map(_) | Type::Tuple(_) | Type::Any | Type::Scalar(_) => None,
    }
}
