//! What the tests of this stage share: documents in, a model as text out.

use crate::config::Config;
use crate::diagnostics::{Code, Diagnostics};
use crate::model::{
    Api, ContentKind, Enum, Naming, PartKind, Presence, Response, Role, Scalar, Struct, Type,
    TypeId, TypeKind, Union,
};

/// A lowered document.
pub(super) struct Lowered {
    pub(super) api: Api,
    /// Code and pointer of every diagnostic.
    pub(super) told: Vec<(Code, String)>,
}

/// Lowers a document.
pub(super) fn lower(yaml: &str) -> Lowered {
    let document: openapiv3::OpenAPI = serde_yaml::from_str(yaml).expect("an OpenAPI document");
    lower_document(&document)
}

pub(super) fn lower_document(document: &openapiv3::OpenAPI) -> Lowered {
    lower_document_as(document, &Config::new("openapi.yaml"))
}

fn lower_document_as(document: &openapiv3::OpenAPI, config: &Config) -> Lowered {
    let mut diagnostics = Diagnostics::new();
    let mut document = document.clone();
    if document.servers.is_empty() {
        let url = "https://api.example".to_owned();
        document.servers.push(openapiv3::Server {
            url,
            ..Default::default()
        });
    }
    let description = crate::openapi::Description::from(document);
    let api = super::lower(&description, config, &mut diagnostics).remove(0);
    check(&api);
    let told = diagnostics.into_list();
    let told = told.iter().map(|diagnostic| match &diagnostic.at {
        crate::diagnostics::At::Pointer(pointer) => (diagnostic.code(), pointer.to_string()),
        _ => (diagnostic.code(), String::new()),
    });
    Lowered {
        api,
        told: told.collect(),
    }
}

/// Lowers path items; every operation asks for a token.
pub(super) fn lower_paths(paths: &str) -> Lowered {
    let paths = paths.replace('\n', "\n  ");
    lower(&format!(
        "openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\npaths:\n  {paths}\ncomponents:\n  \
         securitySchemes:\n    a: {{type: oauth2, flows: {{clientCredentials: {{tokenUrl: \
         /token, scopes: {{}}}}}}}}\nsecurity: [{{a: []}}]\n"
    ))
}

/// Lowers schemas, the first being what the only operation answers with; `schemas` is indented by
/// nothing.
pub(super) fn lower_schemas(schemas: &str) -> Lowered {
    lower_used(
        schemas,
        "responses: {'200': {description: '', content: *content}}",
    )
}

/// [`lower_schemas`], by what a configuration says.
pub(super) fn lower_schemas_as(schemas: &str, config: &Config) -> Lowered {
    let usage = "responses: {'200': {description: '', content: *content}}";
    let document = serde_yaml::from_str(&document_of(schemas, usage));
    lower_document_as(&document.expect("an OpenAPI document"), config)
}

/// Lowers schemas, the first being what the only operation sends.
pub(super) fn lower_sent(schemas: &str) -> Lowered {
    lower_used(
        schemas,
        "requestBody: {content: *content}\n      responses: {'204': {description: ''}}",
    )
}

fn lower_used(schemas: &str, usage: &str) -> Lowered {
    lower(&document_of(schemas, usage))
}

/// Returns a document with one operation.
fn document_of(schemas: &str, usage: &str) -> String {
    let first = schemas.split(':').next().unwrap_or_default().trim();
    let schemas = schemas.replace('\n', "\n    ");
    format!(
        "openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\nx-content: &content\n  \
         application/json: {{schema: {{$ref: '#/components/schemas/{first}'}}}}\n\
         paths:\n  /t:\n    post:\n      operationId: t\n      {usage}\n\
         components:\n  securitySchemes:\n    a: {{type: oauth2, flows: {{clientCredentials: \
         {{tokenUrl: /token, scopes: {{}}}}}}}}\n  schemas:\n    {schemas}\nsecurity:\n- a: []\n"
    )
}

impl Lowered {
    /// Returns the types as text, a line each.
    pub(super) fn types(&self) -> String {
        let types = self.api.types().map(|(id, def)| {
            let kind = match &def.kind {
                TypeKind::Struct(object) => self.object(object),
                TypeKind::Enum(values) => constants(values),
                TypeKind::Union(union) => self.union(union),
                TypeKind::Alias(ty) => format!("= {}", self.ty(ty)),
                TypeKind::Newtype(ty) => format!("({})", self.ty(ty)),
                TypeKind::Foreign(path) => format!("= {}", path.join("::")),
            };
            format!("{} {kind}\n", self.name(id))
        });
        types.collect()
    }

    fn object(&self, object: &Struct) -> String {
        let fields = object.fields.iter().map(|field| {
            let presence = match field.presence {
                Presence::Required => "",
                Presence::Optional => "?",
                Presence::Nullable => "~",
                Presence::OptionalNullable => "?~",
            };
            let boxed = if field.boxed { "Box " } else { "" };
            format!("{}{presence}: {boxed}{}", field.name, self.ty(&field.ty))
        });
        let additional = object
            .additional
            .iter()
            .map(|ty| format!("*: {}", self.ty(ty)));
        let fields: Vec<_> = fields.chain(additional).collect();
        format!("{{ {} }}", fields.join(", "))
    }

    fn union(&self, union: &Union) -> String {
        let variants = union.variants.iter().map(|variant| {
            let boxed = if variant.boxed { "Box " } else { "" };
            let tags = variant.evidence.tags.join("/");
            let tags = if tags.is_empty() {
                tags
            } else {
                format!("{tags}: ")
            };
            format!("{tags}{boxed}{}", self.ty(&variant.ty))
        });
        let variants: Vec<_> = variants.collect();
        let by = union.discriminator.iter().map(|name| format!(" by {name}"));
        format!("| {}{}", variants.join(" | "), by.collect::<String>())
    }

    /// Returns a use of a type as text.
    pub(super) fn ty(&self, ty: &Type) -> String {
        match ty {
            Type::Scalar(scalar) => match scalar {
                Scalar::Bool => "bool".to_owned(),
                Scalar::I32 => "i32".to_owned(),
                Scalar::I64 => "i64".to_owned(),
                Scalar::U32 => "u32".to_owned(),
                Scalar::U64 => "u64".to_owned(),
                Scalar::F64 => "f64".to_owned(),
                Scalar::Number => "number".to_owned(),
                Scalar::String => "String".to_owned(),
                Scalar::Secret => "Secret".to_owned(),
                Scalar::Text(format) => format.to_string(),
            },
            Type::Named(id) => self.name(*id),
            Type::Array(inner) => format!("[{}]", self.ty(inner)),
            Type::Map(inner) => format!("map[{}]", self.ty(inner)),
            Type::Tuple(elements) => {
                let elements: Vec<_> = elements.iter().map(|it| self.ty(it)).collect();
                format!("({})", elements.join(", "))
            }
            Type::Nullable(inner) => format!("{}~", self.ty(inner)),
            Type::Any => "any".to_owned(),
        }
    }

    fn name(&self, id: TypeId) -> String {
        match &self.api.ty(id).naming {
            Naming::Component(name) => name.clone(),
            Naming::Inside { parent, role, .. } => format!("{}.{}", self.name(*parent), part(role)),
            Naming::Of {
                operation, role, ..
            } => {
                format!(
                    "{}.{}",
                    self.api.operations[operation.index()].id,
                    part(role)
                )
            }
        }
    }

    /// Returns responses as text.
    pub(super) fn responses(&self, responses: &[Response]) -> Vec<String> {
        let responses = responses.iter().map(|response| {
            let contents = response.contents.iter();
            let contents: Vec<_> = contents
                .map(|content| self.content(&content.kind))
                .collect();
            format!("{} {}", response.status, contents.join(" | "))
                .trim()
                .to_owned()
        });
        responses.collect()
    }

    pub(super) fn content(&self, kind: &ContentKind) -> String {
        match kind {
            ContentKind::Json(ty) => format!("json {}", self.ty(ty)),
            ContentKind::Form(ty, properties) => {
                let properties = properties
                    .iter()
                    .map(|it| format!(" {}: {:?}", it.name, it.content));
                format!("form {}{}", self.ty(ty), properties.collect::<String>())
            }
            ContentKind::Xml(ty, root) => {
                let name = root.name.as_ref().map_or("?", |name| &name.local);
                format!("xml {name}: {}", self.ty(ty))
            }
            ContentKind::Items(framing, ty) => format!("{framing:?} of {}", self.ty(ty)),
            ContentKind::Multipart(parts) => {
                let parts = parts.iter().map(|part| {
                    let kind = match &part.kind {
                        PartKind::File => "file".to_owned(),
                        PartKind::Text(ty) => self.ty(ty),
                        PartKind::Json(ty) => format!("json {}", self.ty(ty)),
                    };
                    let optional = if part.required { "" } else { "?" };
                    let many = if part.repeated { "*" } else { "" };
                    let headers = part.headers.iter();
                    let headers = headers.map(|it| format!("{}: {}", it.name, self.ty(&it.ty)));
                    let headers = headers.collect::<Vec<_>>().join(", ");
                    let headers = match headers.as_str() {
                        "" => String::new(),
                        headers => format!(" [{headers}]"),
                    };
                    format!("{}{optional}{many}: {kind}{headers}", part.name)
                });
                format!("parts {{ {} }}", parts.collect::<Vec<_>>().join(", "))
            }
            ContentKind::Text => "text".to_owned(),
            ContentKind::Bytes => "bytes".to_owned(),
        }
    }
}

fn part(role: &Role) -> String {
    match role {
        Role::Property(name) | Role::Parameter(name) => name.clone(),
        Role::Item => "item".to_owned(),
        Role::Value => "value".to_owned(),
        Role::Variant(number) => number.to_string(),
        Role::RequestBody => "body".to_owned(),
        Role::Response(status) => status.to_string(),
    }
}

fn constants(values: &Enum) -> String {
    let values = values.values.iter().map(|value| value.value.to_string());
    format!("enum {}", values.collect::<Vec<_>>().join(" "))
}

/// What must hold of every model.
fn check(api: &Api) {
    let known = |id: &TypeId| assert!(id.index() < api.types.len(), "no id dangles");
    for (id, def) in api.types() {
        crate::model::visit_kind(&def.kind, &mut |id| known(&id));
        let mut parents = 0;
        let mut naming = &def.naming;
        while let Naming::Inside { parent, .. } = naming {
            known(parent);
            naming = &api.ty(*parent).naming;
            parents += 1;
            assert!(
                parents <= api.types.len(),
                "the parents of a name end: {id:?}"
            );
        }
        if let TypeKind::Union(union) = &def.kind {
            assert!(union.variants.len() > 1 || union.discriminator.is_some());
            assert!(union.base < union.variants.len());
        }
        assert!(
            blank_ends(api, id, 0),
            "a blank value of {:?} is finite",
            def.naming
        );
        assert!(size_is_finite(api, id, 0), "{:?} has a size", def.naming);
    }
    for operation in &api.operations {
        assert!(!operation.successes.is_empty());
        assert!(operation.group < api.groups.len());
    }
}

/// Whether the value that the runtime makes to begin with is finite.
fn blank_ends(api: &Api, id: TypeId, depth: usize) -> bool {
    let of = |ty: &Type| match ty {
        Type::Named(id) => blank_ends(api, *id, depth + 1),
        _ => true,
    };
    depth <= api.types.len()
        && match &api.ty(id).kind {
            TypeKind::Struct(object) => {
                let mut fields = object.fields.iter();
                fields.all(|field| field.presence != Presence::Required || of(&field.ty))
            }
            TypeKind::Union(union) => {
                union.discriminator.is_some() || of(&union.variants[union.base].ty)
            }
            TypeKind::Alias(ty) | TypeKind::Newtype(ty) => of(ty),
            TypeKind::Enum(_) | TypeKind::Foreign(_) => true,
        }
}

/// Whether the Rust type has a size: no cycle without a pointer.
fn size_is_finite(api: &Api, id: TypeId, depth: usize) -> bool {
    fn of(api: &Api, ty: &Type, depth: usize) -> bool {
        match ty {
            Type::Named(id) => size_is_finite(api, *id, depth + 1),
            Type::Nullable(inner) => of(api, inner, depth),
            _ => true,
        }
    }
    depth <= api.types.len()
        && match &api.ty(id).kind {
            TypeKind::Struct(object) => {
                let mut fields = object.fields.iter().filter(|field| !field.boxed);
                fields.all(|field| of(api, &field.ty, depth))
            }
            TypeKind::Union(union) => {
                let mut variants = union.variants.iter().filter(|variant| !variant.boxed);
                variants.all(|variant| of(api, &variant.ty, depth))
            }
            TypeKind::Alias(ty) | TypeKind::Newtype(ty) => of(api, ty, depth),
            TypeKind::Enum(_) | TypeKind::Foreign(_) => true,
        }
}
