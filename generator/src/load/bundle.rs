//! Bundle: the files that refer to each other become one document.
//!
//! Afterwards every reference is `#/components/<section>/<name>`: what is referred to elsewhere is
//! moved there, under a name that follows from where it stood, and a reference is left in its place.

mod assemble;
mod files;
mod identifiers;
mod names;

use std::collections::BTreeSet;

use indexmap::IndexMap;
use serde_json::{Map, Value};

use super::{
    Origins,
    library::{Library, Refusal},
    normalise::Version,
    structure::{self, Kind},
};
use crate::{
    diagnostics::{At, Code, Diagnostic, Diagnostics},
    pointer::{Pointer, Trail},
};
use files::Files;
pub(super) use names::Names;

/// The number of references that are followed from one to the next.
const MAX_HOPS: usize = 32;

/// Bundles the document in a file of the library. Where there are errors, it stays as it is; with
/// `keep_going`, they are warnings.
pub(super) fn bundle(
    root: usize,
    version: Version,
    keep_going: bool,
    library: &mut Library,
    diagnostics: &mut Diagnostics,
) -> (Value, Origins) {
    let files = Files::new(root, library);
    let mut bundle = Bundle {
        names: Names::new(files.value(root), version),
        files,
        version,
        keep_going,
        references: IndexMap::new(),
        targets: IndexMap::new(),
        parts: vec![(root, Pointer::root(), Kind::Root)],
        reported: BTreeSet::new(),
    };
    let mut found = Diagnostics::new();
    let mut next = 0;
    while next < bundle.parts.len() {
        bundle.gather(next, &mut found);
        next += 1;
    }
    if keep_going {
        found.soften();
    }
    diagnostics.append(found);
    if diagnostics.has_errors() {
        return (bundle.files.into_root(), Origins::of(root));
    }
    assemble::assemble(bundle, diagnostics)
}

struct Bundle<'a> {
    files: Files<'a>,
    version: Version,
    /// Whether what a reference doesn't lead to is left out.
    keep_going: bool,
    names: Names,
    /// What each reference of a file leads to: an index of `targets`, or nothing.
    references: IndexMap<(usize, String, Kind), Option<usize>>,
    targets: IndexMap<Location, Target>,
    /// What is to be walked: the document, and what references lead to elsewhere.
    parts: Vec<Location>,
    /// Members of cycles that were reported.
    reported: BTreeSet<(usize, Pointer)>,
}

/// A file, an address in it, and what stands there.
type Location = (usize, Pointer, Kind);

/// Something that is referred to.
struct Target {
    /// Its name in the section of its kind.
    name: String,
    /// Whether it stands under this name in the document already.
    in_place: bool,
}

impl Bundle<'_> {
    /// Gathers the references of a part and what they lead to.
    fn gather(&mut self, part: usize, diagnostics: &mut Diagnostics) {
        let (file, pointer, kind) = self.parts[part].clone();
        let Some(value) = structure::get(self.files.value(file), &pointer) else {
            return;
        };
        let mut found = IndexMap::new();
        references(kind, value, &pointer, &mut |kind, reference, trail, key| {
            let known = found.contains_key(&(kind, reference));
            if !known {
                found.insert((kind, reference), trail.pointer().child(key));
            }
        });
        let found: Vec<_> = found
            .into_iter()
            .map(|((kind, reference), at)| (kind, reference.to_owned(), at))
            .filter(|(kind, reference, _)| {
                !self
                    .references
                    .contains_key(&(file, reference.clone(), *kind))
            })
            .collect();
        let mut failures = IndexMap::new();
        for (kind, reference, at) in found {
            let target = match self.resolve(file, &reference, kind, &at, diagnostics) {
                Ok(location) => Some(self.target(location)),
                Err(failure) => {
                    failures.insert((kind, reference.clone()), failure);
                    None
                }
            };
            self.references.insert((file, reference, kind), target);
        }
        if !failures.is_empty() {
            self.report(part, &failures, diagnostics);
        }
    }

    /// Returns what a reference leads to, after any cycle among references is excluded.
    fn resolve(
        &mut self,
        file: usize,
        reference: &str,
        kind: Kind,
        at: &Pointer,
        diagnostics: &mut Diagnostics,
    ) -> Result<Location, Failure> {
        if kind == Kind::Discriminator {
            return self.resolve_mapping(file, reference, at);
        }
        if kind.section().is_none() {
            return Err(Failure::NotAllowed);
        }
        let (mut file, mut pointer) = self.locate(file, reference, at, diagnostics)?;
        let first = (file, pointer.clone());
        let mut chain = vec![first.clone()];
        while let Some(next) = self.reference_at(file, &pointer) {
            let at = pointer.child("$ref");
            // A reference further on that leads nowhere is reported where it stands.
            let Ok(target) = self.locate(file, &next, &at, &mut Diagnostics::new()) else {
                break;
            };
            if chain.contains(&target) {
                return Err(Failure::Cycle(chain));
            }
            if chain.len() > MAX_HOPS {
                break;
            }
            (file, pointer) = target.clone();
            chain.push(target);
        }
        // Path items and media types are inlined, so that the end of the chain is what counts.
        let (file, pointer) = if matches!(kind, Kind::PathItem | Kind::MediaType) {
            (file, pointer)
        } else {
            first
        };
        if file == self.files.root() && pointer.tokens().is_empty() {
            return Err(Failure::NotAllowed);
        }
        Ok((file, pointer, kind))
    }

    /// Returns what a mapping leads to: the schema of a name, or else of a reference
    /// (OpenAPI 3.0 §4.7.25). A mapping that leads nowhere is a warning, so that a file that can't be
    /// read is no error either.
    fn resolve_mapping(
        &mut self,
        file: usize,
        written: &str,
        at: &Pointer,
    ) -> Result<Location, Failure> {
        let named: Pointer = ["components", "schemas", written].into_iter().collect();
        if structure::get(self.files.value(file), &named).is_some() {
            return Ok((file, named, Kind::Schema));
        }
        self.resolve(file, written, Kind::Schema, at, &mut Diagnostics::new())
    }

    fn reference_at(&self, file: usize, pointer: &Pointer) -> Option<String> {
        let value = structure::get(self.files.value(file), pointer)?;
        value.get("$ref")?.as_str().map(str::to_owned)
    }

    /// Returns the file and the address that a reference names, where something stands there.
    fn locate(
        &mut self,
        file: usize,
        reference: &str,
        at: &Pointer,
        diagnostics: &mut Diagnostics,
    ) -> Result<(usize, Pointer), Failure> {
        self.locate_within(file, reference, at, diagnostics, 0)
    }

    fn locate_within(
        &mut self,
        file: usize,
        reference: &str,
        at: &Pointer,
        diagnostics: &mut Diagnostics,
        hops: usize,
    ) -> Result<(usize, Pointer), Failure> {
        if hops > MAX_HOPS {
            return Err(Failure::Nowhere);
        }
        let (path, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        // A document refers to itself by the identifier that it gives itself, too (OpenAPI 3.2 §4.1).
        let root = self.files.root();
        let is_self = !path.is_empty()
            && self.files.value(root).get("$self").and_then(Value::as_str) == Some(path);
        let (file, path) = if is_self { (root, "") } else { (file, path) };
        if !path.is_empty()
            && let Some((file, schema)) = self.identified(file, path)
            && let Some(within) = Pointer::parse(fragment)
        {
            return self.descend(file, &schema.join(&within), diagnostics, hops);
        }
        let target = if path.is_empty() {
            file
        } else {
            let at = At::Source {
                file,
                pointer: at.clone(),
            };
            self.files.open(file, path, &at, diagnostics)?
        };
        let pointer = match Pointer::parse(fragment) {
            Some(pointer) => pointer,
            None => {
                identifiers::anchor(self.files.value(target), fragment).ok_or(Failure::Nowhere)?
            }
        };
        self.descend(target, &pointer, diagnostics, hops)
    }

    /// Follows an address, also through references that stand on the way.
    fn descend(
        &mut self,
        file: usize,
        pointer: &Pointer,
        diagnostics: &mut Diagnostics,
        hops: usize,
    ) -> Result<(usize, Pointer), Failure> {
        let tokens = pointer.tokens();
        let mut value = self.files.value(file);
        for (index, token) in tokens.iter().enumerate() {
            if let Some(next) = structure::step(value, token) {
                value = next;
                continue;
            }
            let Some(Value::String(reference)) = value.get("$ref") else {
                return Err(Failure::Nowhere);
            };
            let (reference, at) = (reference.clone(), tokens[..index].iter().cloned().collect());
            let (file, before) =
                self.locate_within(file, &reference, &at, diagnostics, hops + 1)?;
            let pointer: Pointer = before
                .tokens()
                .iter()
                .chain(&tokens[index..])
                .cloned()
                .collect();
            return self.descend(file, &pointer, diagnostics, hops + 1);
        }
        Ok((file, pointer.clone()))
    }

    /// Returns what the schema is that a reference without its fragment identifies, in the file itself
    /// or in the document.
    fn identified(&self, file: usize, path: &str) -> Option<(usize, Pointer)> {
        let root = self.files.root();
        let others = (file != root).then_some(root);
        std::iter::once(file).chain(others).find_map(|file| {
            let mentions = self.files.mentions(file, "$id");
            let found = mentions.then(|| identifiers::identified(self.files.value(file), path));
            Some((file, found??))
        })
    }

    /// Returns the index of a target, named and put on the list of what is to be walked when new.
    fn target(&mut self, location: Location) -> usize {
        if let Some(index) = self.targets.get_index_of(&location) {
            return index;
        }
        let (file, pointer, kind) = &location;
        let section = kind.section().unwrap_or_default();
        let is_root = *file == self.files.root();
        let own = is_root
            .then(|| names::component(pointer, section, self.version))
            .flatten();
        let target = match own {
            Some(name) => Target {
                name: name.to_owned(),
                in_place: true,
            },
            None => Target {
                name: self.names.claim(section, pointer, self.files.stem(*file)),
                in_place: false,
            },
        };
        let is_walked = is_root && Kind::Root.at(pointer.tokens()) == Some(*kind);
        if !is_walked {
            self.parts.push(location.clone());
        }
        self.targets.insert_full(location, target).0
    }

    /// Reports references everywhere they stand in a part; of a cycle only one.
    fn report(
        &mut self,
        part: usize,
        failures: &IndexMap<(Kind, String), Failure>,
        diagnostics: &mut Diagnostics,
    ) {
        let (file, pointer, start) = &self.parts[part];
        let root = self.files.value(*file);
        let Some(value) = structure::get(root, pointer) else {
            return;
        };
        let mut suggestions = IndexMap::new();
        let keep_going = self.keep_going;
        let reported = &mut self.reported;
        references(*start, value, pointer, &mut |kind, text, trail, key| {
            let Some(failure) = failures.get(&(kind, text.to_owned())) else {
                return;
            };
            if let Failure::Cycle(chain) = failure {
                let known = reported.len();
                reported.extend(chain.iter().cloned());
                if reported.len() == known {
                    return;
                }
            }
            // To look for what was meant takes time, and the first mistakes tell of the others.
            let similar = if suggestions.len() < MAX_SUGGESTIONS || suggestions.contains_key(text) {
                suggestions
                    .entry(text.to_owned())
                    .or_insert_with(|| names::similar(root, text))
                    .as_deref()
            } else {
                None
            };
            let at = At::Source {
                file: *file,
                pointer: trail.pointer().child(key),
            };
            if let Some(mistake) = failure.report(text, at, similar, kind, diagnostics)
                && keep_going
            {
                mistake.add_consequence(match kind {
                    Kind::Schema => "any value stands for it",
                    _ => "it is left out",
                });
            }
        });
    }
}

/// The number of references that lead nowhere for which what was meant is looked for.
const MAX_SUGGESTIONS: usize = 50;

/// Why a reference can't be followed.
enum Failure {
    /// Nothing stands there.
    Nowhere,
    /// The file couldn't be read, which was reported.
    Unread,
    Remote,
    /// The file is outside the directory of the document.
    Outside,
    /// References lead to each other.
    Cycle(Vec<(usize, Pointer)>),
    /// There is no section of `components` for what should stand there.
    NotAllowed,
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Unread => Self::Unread,
            Refusal::Remote => Self::Remote,
            Refusal::Outside => Self::Outside,
        }
    }
}

impl Failure {
    /// Reports the reference; returns the mistake that is left to be dealt with.
    fn report<'d>(
        &self,
        reference: &str,
        at: At,
        similar: Option<&str>,
        kind: Kind,
        diagnostics: &'d mut Diagnostics,
    ) -> Option<&'d mut Diagnostic> {
        if kind == Kind::Discriminator {
            diagnostics
                .warning(
                    Code::UnresolvedReference,
                    at,
                    format!("the mapping `{reference}` leads to no schema; it is left out"),
                )
                .set_hint("name a schema of `components`, or refer to one");
            return None;
        }
        let (code, message, hint) = match self {
            Self::Unread => return None,
            Self::Nowhere => (
                Code::UnresolvedReference,
                format!("the reference `{reference}` leads nowhere"),
                similar.map_or_else(
                    || "correct it, or add what it refers to".to_owned(),
                    |similar| format!("did you mean `{similar}`?"),
                ),
            ),
            Self::Remote => (
                Code::UnresolvedReference,
                format!("the reference `{reference}` leads to another host, which isn't asked"),
                "save the file next to the document and refer to it by its path, or allow it by \
                 `--allow-remote`"
                    .to_owned(),
            ),
            Self::Outside => (
                Code::UnresolvedReference,
                format!("the reference `{reference}` leads out of the document's directory"),
                "move the file into the directory of the document or below, or allow its own by \
                 `--root`"
                    .to_owned(),
            ),
            Self::Cycle(_) => (
                Code::ReferenceCycle,
                format!("the reference `{reference}` leads back to itself"),
                "one of the references on the way must be replaced by what is meant".to_owned(),
            ),
            Self::NotAllowed => (
                Code::UnresolvedReference,
                format!("the reference `{reference}` leads to what can't stand here"),
                "refer to an object of the kind that is expected here".to_owned(),
            ),
        };
        let mistake = diagnostics.error(code, at, message);
        mistake.set_hint(hint);
        Some(mistake)
    }
}

/// Visits the references in a value: the kind they must lead to, their text, the object they stand
/// in and their key there. The mapping of a discriminator refers to schemas too.
fn references<'v>(
    kind: Kind,
    value: &'v Value,
    pointer: &Pointer,
    visit: &mut impl FnMut(Kind, &'v str, &Trail<'_>, &str),
) {
    structure::walk(
        kind,
        value,
        &Trail::At(pointer),
        &mut |kind, object, trail| {
            if kind == Kind::Discriminator {
                let trail = Trail::Member(trail, "mapping");
                for (tag, reference) in mapping(object) {
                    visit(kind, reference, &trail, tag);
                }
            } else if let Some(Value::String(reference)) = object.get("$ref") {
                visit(kind, reference, trail, "$ref");
            }
        },
    );
}

fn mapping(discriminator: &Map<String, Value>) -> impl Iterator<Item = (&String, &str)> {
    let mapping = discriminator.get("mapping").and_then(Value::as_object);
    mapping
        .into_iter()
        .flatten()
        .filter_map(|(tag, reference)| Some((tag, reference.as_str()?)))
}
