//! Sharing: schemas without a name that come to the same are one type, and what nothing uses is gone.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::Lowerer;
use crate::model::{
    Api, ContentKind, Naming, OperationId, Role, Type, TypeId, TypeKind, visit_type,
};

impl Lowerer<'_, '_> {
    /// Leaves one type of those that are equal, and only types that an operation reaches.
    pub(super) fn share(&mut self) {
        dissolve_aliases(&mut self.api);
        merge_equal(&mut self.api);
        prune(&mut self.api);
        let exemplified = &mut self.api.exemplified;
        exemplified.sort_unstable();
        exemplified.dedup();
    }
}

fn is_inline(naming: &Naming) -> bool {
    !matches!(naming, Naming::Component(_))
}

/// Puts what an alias without a name stands for in its place.
fn dissolve_aliases(api: &mut Api) {
    wrap_circular_aliases(api);
    let mut targets: Vec<Option<Type>> = api
        .types()
        .map(|(id, _)| inline_alias(api, id).cloned())
        .collect();
    // Aliases of aliases: as many rounds as they are long.
    loop {
        let last = targets.clone();
        let mut changed = false;
        for target in targets.iter_mut().flatten() {
            changed |= substitute(target, &mut |id| last[id.index()].clone());
        }
        if !changed {
            break;
        }
    }
    each_type(api, &mut |ty| {
        substitute(ty, &mut |id| targets[id.index()].clone());
    });
}

/// Returns what an alias without a name stands for.
fn inline_alias(api: &Api, id: TypeId) -> Option<&Type> {
    let def = api.ty(id);
    match &def.kind {
        TypeKind::Alias(ty) if is_inline(&def.naming) => Some(ty),
        _ => None,
    }
}

/// Makes a type of its own of an alias without a name that stands for what holds itself.
fn wrap_circular_aliases(api: &mut Api) {
    for index in 0..api.types.len() {
        let id = TypeId::new(index);
        let mut seen = BTreeSet::new();
        let mut open = vec![id];
        while let Some(next) = open.pop() {
            let Some(ty) = inline_alias(api, next) else {
                continue;
            };
            visit_type(ty, &mut |id| {
                if seen.insert(id) {
                    open.push(id);
                }
            });
        }
        let kind = &mut api.types[index].kind;
        if let (true, TypeKind::Alias(ty)) = (seen.contains(&id), &mut *kind) {
            *kind = TypeKind::Newtype(std::mem::replace(ty, Type::Any));
        }
    }
}

/// Finds types without a name that are equal, and uses the best-named one in place of the others.
fn merge_equal(api: &mut Api) {
    // By type, the type that stands for its class.
    let mut classes: Vec<TypeId> = api.types().map(|(id, _)| id).collect();
    loop {
        let mut known: BTreeMap<String, TypeId> = BTreeMap::new();
        let mut changed = false;
        // What stands in a type comes after it, so that backwards most are merged at once.
        for index in (0..api.types.len()).rev() {
            let def = &api.types[index];
            if !is_inline(&def.naming) || classes[index].index() != index {
                continue;
            }
            let key = structure(&def.kind, &classes);
            if let Some(equal) = known.get(&key) {
                classes[index] = *equal;
                changed = true;
            } else {
                known.insert(key, TypeId::new(index));
            }
        }
        // A class that was merged into another takes its members along.
        for index in 0..classes.len() {
            while classes[classes[index].index()] != classes[index] {
                classes[index] = classes[classes[index].index()];
            }
        }
        if !changed {
            break;
        }
    }
    let mut best: BTreeMap<TypeId, TypeId> = BTreeMap::new();
    for (id, def) in api.types() {
        let best = best.entry(classes[id.index()]).or_insert(id);
        if rank(&def.naming) < rank(&api.ty(*best).naming) {
            *best = id;
        }
    }
    let chosen = |id: TypeId| best.get(&classes[id.index()]).copied().unwrap_or(id);
    each_type(api, &mut |ty| {
        substitute(ty, &mut |id| Some(Type::Named(chosen(id))));
    });
    for def in &mut api.types {
        if let Naming::Inside { parent, .. } = &mut def.naming {
            *parent = chosen(*parent);
        }
    }
}

/// How well a place names a type; less is better.
const fn rank(naming: &Naming) -> u8 {
    match naming {
        Naming::Component(_) => 0,
        Naming::Inside { title: Some(_), .. } | Naming::Of { title: Some(_), .. } => 1,
        Naming::Inside {
            role: Role::Property(_),
            ..
        } => 2,
        Naming::Of {
            role: Role::Parameter(_) | Role::RequestBody,
            ..
        } => 3,
        Naming::Inside { .. } => 4,
        Naming::Of { .. } => 5,
    }
}

/// Returns a text that is equal for types that are equal apart from what is said of them.
fn structure(kind: &TypeKind, classes: &[TypeId]) -> String {
    let class = |ty: &Type| {
        let mut ty = ty.clone();
        substitute(&mut ty, &mut |id| Some(Type::Named(classes[id.index()])));
        ty
    };
    match kind {
        TypeKind::Struct(object) => {
            let fields = object.fields.iter();
            let fields: Vec<_> = fields
                .map(|field| {
                    let ty = class(&field.ty);
                    let value = (&field.default, &field.constant, &field.xml);
                    (&field.name, ty, field.presence, value)
                })
                .collect();
            format!(
                "struct {fields:?} {:?}",
                object.additional.as_ref().map(class)
            )
        }
        TypeKind::Enum(values) => {
            let values = values.values.iter();
            let values: Vec<_> = values.map(|value| (&value.value, &value.name)).collect();
            format!("enum {values:?}")
        }
        TypeKind::Union(union) => {
            let variants = union.variants.iter();
            let variants: Vec<_> = variants
                .map(|variant| (class(&variant.ty), &variant.evidence.tags))
                .collect();
            format!("union {:?} {variants:?}", union.discriminator)
        }
        TypeKind::Alias(ty) => format!("alias {:?}", class(ty)),
        TypeKind::Newtype(ty) => format!("newtype {:?}", class(ty)),
        TypeKind::Foreign(path) => format!("foreign {path:?}"),
    }
}

/// Removes the types that no operation reaches, if there are operations.
fn prune(api: &mut Api) {
    let places = places(api);
    settle_names(api, &places);
    let mut renumbered = Vec::new();
    let mut next = 0;
    for place in &places {
        renumbered.push(TypeId::new(next));
        next += usize::from(place.is_some());
    }
    api.exemplified.retain(|place| {
        let mut is_left = true;
        visit_type(&place.ty, &mut |id| is_left &= places[id.index()].is_some());
        is_left
    });
    let mut index = 0;
    api.types.retain(|_| {
        index += 1;
        places[index - 1].is_some()
    });
    each_type(api, &mut |ty| {
        substitute(ty, &mut |id| Some(Type::Named(renumbered[id.index()])));
    });
    for def in &mut api.types {
        if let Naming::Inside { parent, .. } = &mut def.naming {
            *parent = renumbered[parent.index()];
        }
    }
}

/// Returns, by type, the first place that uses it, from the operations inwards; without operations, from the
/// components.
fn places(api: &Api) -> Vec<Option<Naming>> {
    let mut places: Vec<Option<Naming>> = vec![None; api.types.len()];
    let mut open = VecDeque::new();
    let mut visit = |ty: &Type, naming: &dyn Fn() -> Naming, open: &mut VecDeque<TypeId>| {
        visit_type(ty, &mut |id| {
            let place = &mut places[id.index()];
            if place.is_none() {
                *place = Some(naming());
                open.push_back(id);
            }
        });
    };
    for (operation, _) in api.operations() {
        let of = |role: Role| Naming::Of {
            operation,
            role,
            title: None,
        };
        for (role, ty) in operation_types(api, operation) {
            visit(ty, &|| of(role.clone()), &mut open);
        }
    }
    if api.operations.is_empty() {
        for (id, def) in api.types().filter(|(_, def)| !is_inline(&def.naming)) {
            visit(&Type::Named(id), &|| def.naming.clone(), &mut open);
        }
    }
    while let Some(parent) = open.pop_front() {
        let inside = |role: Role| Naming::Inside {
            parent,
            role,
            title: None,
        };
        match &api.ty(parent).kind {
            TypeKind::Struct(object) => {
                for field in &object.fields {
                    let role = || inside(Role::Property(field.name.clone()));
                    visit(&field.ty, &role, &mut open);
                }
                if let Some(ty) = &object.additional {
                    visit(ty, &|| inside(Role::Value), &mut open);
                }
            }
            TypeKind::Union(union) => {
                for (index, variant) in union.variants.iter().enumerate() {
                    visit(&variant.ty, &|| inside(Role::Variant(index + 1)), &mut open);
                }
            }
            TypeKind::Alias(ty) | TypeKind::Newtype(ty) => {
                visit(ty, &|| inside(Role::Item), &mut open);
            }
            TypeKind::Enum(_) | TypeKind::Foreign(_) => {}
        }
    }
    places
}

/// Returns the types that an operation names itself, each with its role.
fn operation_types(api: &Api, id: OperationId) -> Vec<(Role, &Type)> {
    let operation = &api.operations[id.index()];
    let mut types = Vec::new();
    for parameter in &operation.parameters {
        types.push((Role::Parameter(parameter.name.clone()), &parameter.ty));
    }
    let responses = operation.successes.iter().chain(&operation.failures);
    let bodies = operation.body.iter().flat_map(|body| &body.contents);
    let bodies = bodies.map(|content| (Role::RequestBody, content));
    let contents = responses.flat_map(|response| {
        let role = Role::Response(response.status);
        let contents = response.contents.iter();
        contents.map(move |content| (role.clone(), content))
    });
    for (role, content) in bodies.chain(contents) {
        match &content.kind {
            ContentKind::Json(ty)
            | ContentKind::Form(ty, _)
            | ContentKind::Xml(ty, _)
            | ContentKind::Items(_, ty) => {
                types.push((role, ty));
            }
            ContentKind::Multipart(parts) => {
                for part in parts {
                    let named = |name: &String| Role::Parameter(name.clone());
                    types.extend(part.kind.ty().map(|ty| (named(&part.name), ty)));
                    let headers = part.headers.iter();
                    types.extend(headers.map(|it| (named(&it.name), &it.ty)));
                }
            }
            ContentKind::Text | ContentKind::Bytes => {}
        }
    }
    for response in operation.successes.iter().chain(&operation.failures) {
        let headers = response.headers.iter();
        types.extend(headers.map(|it| (Role::Parameter(it.name.clone()), &it.ty)));
    }
    types
}

/// Renames types after a place that is left: one whose parent is gone, or whose parents lead back to
/// itself.
fn settle_names(api: &mut Api, places: &[Option<Naming>]) {
    for index in 0..api.types.len() {
        if let Naming::Inside { parent, .. } = &api.types[index].naming
            && places[parent.index()].is_none()
        {
            rename(api, index, places);
        }
    }
    // The places lead to the operations, so that a cycle is broken once all of it follows them. What has
    // no place goes, whatever it leads back to.
    for index in (0..api.types.len()).filter(|index| places[*index].is_some()) {
        while leads_back(api, index) {
            let mut current = index;
            for _ in 0..api.types.len() {
                rename(api, current, places);
                match &api.types[current].naming {
                    Naming::Inside { parent, .. } => current = parent.index(),
                    _ => break,
                }
            }
        }
    }
}

fn rename(api: &mut Api, index: usize, places: &[Option<Naming>]) {
    let naming = &mut api.types[index].naming;
    let Some(place) = places[index].as_ref().filter(|_| is_inline(naming)) else {
        return;
    };
    let kept = match naming {
        Naming::Inside { title, .. } | Naming::Of { title, .. } => title.take(),
        Naming::Component(_) => None,
    };
    *naming = place.clone();
    if let Naming::Inside { title, .. } | Naming::Of { title, .. } = naming {
        *title = kept;
    }
}

/// Whether the parents of a type lead back to it.
fn leads_back(api: &Api, index: usize) -> bool {
    let mut current = index;
    for _ in 0..api.types.len() {
        match &api.types[current].naming {
            Naming::Inside { parent, .. } if parent.index() == index => return true,
            Naming::Inside { parent, .. } => current = parent.index(),
            _ => return false,
        }
    }
    false
}

/// Replaces named types where `target` has something else for them. Returns whether it had.
fn substitute(ty: &mut Type, target: &mut impl FnMut(TypeId) -> Option<Type>) -> bool {
    match ty {
        Type::Named(id) => match target(*id) {
            Some(new) => {
                let changed = *ty != new;
                *ty = new;
                changed
            }
            None => false,
        },
        Type::Array(inner) | Type::Map(inner) | Type::Nullable(inner) => substitute(inner, target),
        Type::Tuple(elements) => elements.iter_mut().fold(false, |changed, element| {
            substitute(element, target) | changed
        }),
        Type::Scalar(_) | Type::Any => false,
    }
}

/// Calls `visit` for every use of a type.
fn each_type(api: &mut Api, visit: &mut impl FnMut(&mut Type)) {
    for operation in &mut api.operations {
        for parameter in &mut operation.parameters {
            visit(&mut parameter.ty);
        }
        let bodies = operation.body.iter_mut();
        for content in bodies.flat_map(|body| &mut body.contents) {
            content.kind.types_mut().into_iter().for_each(&mut *visit);
        }
        let responses = operation
            .successes
            .iter_mut()
            .chain(&mut operation.failures);
        for response in responses {
            for content in &mut response.contents {
                content.kind.types_mut().into_iter().for_each(&mut *visit);
            }
            for header in &mut response.headers {
                visit(&mut header.ty);
            }
        }
    }
    for place in &mut api.exemplified {
        visit(&mut place.ty);
    }
    for def in &mut api.types {
        match &mut def.kind {
            TypeKind::Struct(object) => {
                object
                    .fields
                    .iter_mut()
                    .for_each(|field| visit(&mut field.ty));
                object.additional.iter_mut().for_each(&mut *visit);
            }
            TypeKind::Union(union) => {
                union
                    .variants
                    .iter_mut()
                    .for_each(|variant| visit(&mut variant.ty));
            }
            TypeKind::Alias(ty) | TypeKind::Newtype(ty) => visit(ty),
            TypeKind::Enum(_) | TypeKind::Foreign(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use indoc::indoc;

    use super::super::testing::lower_schemas;

    #[test]
    fn equal_schemas_without_a_name_are_one_type() {
        let lowered = lower_schemas(indoc! {"
            T:
              properties:
                a: {properties: {x: {properties: {y: {type: string}}}}}
                b: {properties: {x: {properties: {y: {type: string, description: words}}}}}
                c: {properties: {x: {properties: {y: {type: integer}}}}}
        "});
        assert_eq!(
            lowered.types(),
            indoc! {"
                T { a?: T.a, b?: T.a, c?: T.c }
                T.a { x?: T.a.x }
                T.c { x?: T.c.x }
                T.a.x { y?: String }
                T.c.x { y?: i64 }
            "}
        );
    }

    #[test]
    fn components_keep_their_names() {
        let lowered = lower_schemas(indoc! {"
            T: {properties: {a: {$ref: '#/components/schemas/A'}, b: {$ref: '#/components/schemas/B'}}}
            A: {type: object, properties: {x: {type: string}}}
            B: {type: object, properties: {x: {type: string}}}
        "});
        assert_eq!(
            lowered.types(),
            "T { a?: A, b?: B }\nA { x?: String }\nB { x?: String }\n"
        );
    }
}
