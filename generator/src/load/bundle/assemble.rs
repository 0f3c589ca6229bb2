//! What was gathered becomes one document.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{Bundle, Target};
use crate::{
    diagnostics::{Code, Diagnostics},
    load::{
        Origins,
        structure::{self, Kind},
    },
    pointer::{Pointer, Trail},
};

type Members = Map<String, Value>;

/// Marks a reference that is rewritten already: parts may lie in each other.
const DONE: char = '\u{1}';

/// How many values are copied where several references lead to the same path item or media type.
const MAX_COPIED: usize = 1_000_000;

pub(super) fn assemble(mut bundle: Bundle<'_>, diagnostics: &mut Diagnostics) -> (Value, Origins) {
    let root = bundle.files.root();
    let mut origins = Origins::of(root);
    let is_complete = bundle.references.iter().all(|((_, text, _), target)| {
        target.is_some_and(|target| {
            let ((_, _, kind), target) = &bundle.targets.get_index(target).expect("an index of it");
            target.in_place && *text == reference(*kind, target)
        })
    });
    if !is_complete {
        rewrite(&mut bundle);
        move_targets(&mut bundle, &mut origins);
    }
    let moved: BTreeSet<String> = bundle
        .targets
        .iter()
        .filter(|((_, _, kind), target)| *kind == Kind::SecurityScheme && !target.in_place)
        .map(|(_, target)| target.name.clone())
        .collect();
    let mut root = bundle.files.into_root();
    for kind in [Kind::PathItem, Kind::MediaType] {
        inline(kind, |_| true, &mut root, &mut origins, diagnostics);
    }
    // A scheme of another file is known by the name that the document gives it, and by no other.
    inline(
        Kind::SecurityScheme,
        |name| moved.contains(name),
        &mut root,
        &mut origins,
        diagnostics,
    );
    if !is_complete {
        structure::walk_mut(Kind::Root, &mut root, &Trail::Root, &mut unmark);
    }
    (root, origins)
}

/// Returns the text of a reference to a target.
fn reference(kind: Kind, target: &Target) -> String {
    structure::reference(kind.section().unwrap_or_default(), &target.name)
}

/// Rewrites the references of all parts.
fn rewrite(bundle: &mut Bundle<'_>) {
    for (file, pointer, kind) in &bundle.parts {
        let value = bundle.files.value_mut(*file);
        let Some(value) = structure::get_mut(value, pointer) else {
            continue;
        };
        let new = |kind: Kind, text: &str| {
            let key = (*file, text.to_owned(), kind);
            let index = (*bundle.references.get(&key)?)?;
            let ((_, _, kind), target) = bundle.targets.get_index(index)?;
            Some(format!("{DONE}{}", reference(*kind, target)))
        };
        structure::walk_mut(*kind, value, &Trail::Root, &mut |kind, value, _| {
            if kind == Kind::Discriminator {
                if let Some(Value::Object(mapping)) = value.get_mut("mapping") {
                    mapping.retain(|_, value| match value {
                        Value::String(text) if !text.starts_with(DONE) => {
                            let new = new(kind, text);
                            let is_known = new.is_some();
                            text.clone_from(&new.unwrap_or_default());
                            is_known
                        }
                        _ => true,
                    });
                }
            } else if let Some(Value::String(text)) = value.get_mut("$ref")
                && !text.starts_with(DONE)
            {
                match new(kind, text) {
                    Some(new) => *text = new,
                    // Where nothing is known of a value, it is any.
                    None if kind == Kind::Schema => {
                        value
                            .as_object_mut()
                            .map(|schema| schema.shift_remove("$ref"));
                    }
                    None => text.clear(),
                }
            }
        });
    }
}

/// Moves what is referred to into `components`, the innermost first.
fn move_targets(bundle: &mut Bundle<'_>, origins: &mut Origins) {
    let mut targets: Vec<_> = bundle
        .targets
        .iter()
        .enumerate()
        .filter(|(_, (_, target))| !target.in_place)
        .collect();
    targets.sort_by_key(|(_, ((_, pointer, _), _))| std::cmp::Reverse(pointer.tokens().len()));
    let own = bundle.files.root();
    let mut moved = Vec::new();
    for (order, ((file, pointer, kind), target)) in targets {
        let Some(value) = structure::get_mut(bundle.files.value_mut(*file), pointer) else {
            continue;
        };
        // What stands in the document as something else is copied.
        let stays = *file == own && Kind::Root.at(pointer.tokens()) != Some(*kind);
        let taken = if stays {
            value.clone()
        } else {
            let left = json!({"$ref": format!("{DONE}{}", reference(*kind, target))});
            std::mem::replace(value, left)
        };
        let section = kind.section().unwrap_or_default();
        let place: Pointer = ["components", section, &target.name].into_iter().collect();
        origins.insert(place, *file, pointer.clone());
        moved.push((order, section, target.name.clone(), taken));
    }
    // The order of the components is that of the first references to them.
    moved.sort_by_key(|(order, ..)| *order);
    let root = bundle.files.value_mut(own);
    for (_, section, name, value) in moved {
        if let Some(section) = object(root, "components").and_then(|it| object_in(it, section)) {
            section.insert(name, value);
        }
    }
}

fn object<'v>(value: &'v mut Value, key: &str) -> Option<&'v mut Members> {
    object_in(value.as_object_mut()?, key)
}

/// Returns a member that is an object, made so if it isn't.
fn object_in<'v>(members: &'v mut Members, key: &str) -> Option<&'v mut Members> {
    let member = members.entry(key).or_insert_with(|| json!({}));
    if !member.is_object() {
        *member = json!({});
    }
    member.as_object_mut()
}

/// Puts components where they are referred to, and nowhere else: `components` of OpenAPI 3.0 has no
/// section for path items and media types. What stands beside the reference takes precedence.
fn inline(
    kind: Kind,
    is_meant: impl Fn(&str) -> bool,
    root: &mut Value,
    origins: &mut Origins,
    diagnostics: &mut Diagnostics,
) {
    let section = kind.section().unwrap_or_default();
    let items = take(section, is_meant, root);
    if items.is_empty() {
        return;
    }
    let mut copied = 0;
    structure::walk_mut(Kind::Root, root, &Trail::Root, &mut |at, value, trail| {
        let Value::Object(own) = value else { return };
        if at != kind || !own.get("$ref").is_some_and(Value::is_string) {
            return;
        }
        let place = trail.pointer();
        let Some((name, mut item)) = item(&items, own) else {
            return;
        };
        let is_path = place.tokens().len() == 2;
        if kind == Kind::PathItem && !is_path {
            // A callback may lead to the path item that it stands in.
            for operation in item.values_mut().filter_map(Value::as_object_mut) {
                operation.shift_remove("callbacks");
            }
        }
        copied += size(&item);
        if copied > MAX_COPIED {
            let message =
                format!("`{section}` are referred to so often that the document is too large");
            if copied - size(&item) <= MAX_COPIED {
                diagnostics.error(Code::Unsupported, &place, message);
            }
            return;
        }
        own.shift_remove("$ref");
        for key in own.keys() {
            let own = place.child(key.as_str());
            let (file, source) = origins.find(&own);
            origins.insert(own, file, source);
        }
        for (key, value) in item {
            own.entry(key).or_insert(value);
        }
        let target = ["components", section, &name].into_iter().collect();
        let (file, source) = origins.find(&target);
        origins.insert(place, file, source);
    });
}

/// Takes components out of their section, and the section where none is left.
fn take(section: &str, is_meant: impl Fn(&str) -> bool, root: &mut Value) -> Members {
    let components = root.get_mut("components").and_then(Value::as_object_mut);
    let Some(components) = components else {
        return Members::new();
    };
    let Some(Value::Object(all)) = components.get_mut(section) else {
        return Members::new();
    };
    let (taken, left): (Members, Members) = std::mem::take(all)
        .into_iter()
        .partition(|(name, _)| is_meant(name));
    if left.is_empty() {
        components.shift_remove(section);
    } else {
        *all = left;
    }
    taken
}

/// Returns what a reference leads to, and its name.
fn item(items: &Members, reference: &Members) -> Option<(String, Members)> {
    let mut item = reference;
    let mut name = None;
    for _ in 0..super::MAX_HOPS {
        let Some(Value::String(reference)) = item.get("$ref") else {
            return Some((name?, item.clone()));
        };
        let reference = reference.trim_start_matches(DONE).strip_prefix('#')?;
        let pointer = Pointer::parse(reference)?;
        let last = pointer.tokens().last()?.clone();
        item = items.get(&last)?.as_object()?;
        name = Some(last);
    }
    None
}

fn size(members: &Members) -> usize {
    fn of(value: &Value) -> usize {
        match value {
            Value::Object(members) => size(members),
            Value::Array(elements) => elements.iter().map(of).sum::<usize>() + 1,
            _ => 1,
        }
    }
    members.values().map(of).sum::<usize>() + 1
}

fn unmark(kind: Kind, value: &mut Value, _: &Trail<'_>) {
    let unmark = |text: &mut Value| {
        if let Value::String(text) = text
            && text.starts_with(DONE)
        {
            text.remove(0);
        }
    };
    if kind == Kind::Discriminator {
        if let Some(Value::Object(mapping)) = value.get_mut("mapping") {
            mapping.values_mut().for_each(unmark);
        }
    } else if let Some(text) = value.get_mut("$ref") {
        unmark(text);
    }
}
