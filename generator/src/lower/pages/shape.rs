//! The body of a page, looked at for what pages have: items, cursors, links.

use super::super::Facts;
use super::words::{ASIDE, CONTAINERS, ENVELOPES, LISTS, normal};
use crate::model::{Api, Field, Scalar, Type};

/// The body of a page.
pub(super) struct Shape<'s> {
    api: &'s Api,
    facts: &'s Facts,
    body: &'s Type,
}

/// An object of the body, and where it stands.
type Object<'s> = (Vec<String>, &'s Type);

impl<'s> Shape<'s> {
    pub(super) const fn new(api: &'s Api, facts: &'s Facts, body: &'s Type) -> Self {
        Self { api, facts, body }
    }

    /// Returns whether a list stands at a place.
    pub(super) fn is_list(&self, place: &[String]) -> bool {
        let mut ty = self.body;
        for name in place {
            let mut fields = self.api.fields(ty).iter();
            match fields.find(|field| field.name == *name) {
                Some(field) => ty = &field.ty,
                None => return false,
            }
        }
        self.is_array(ty)
    }

    /// Returns where the items are, in the answer to a path.
    pub(super) fn items(&self, path: &str) -> Option<Vec<String>> {
        if self.is_array(self.body) {
            return Some(Vec::new());
        }
        let last = path
            .rsplit('/')
            .find(|part| !part.is_empty() && !part.contains('{'));
        let last = normal(last.unwrap_or_default());
        if let Some(list) = self.list(self.body, &last) {
            return Some(vec![list.name.clone()]);
        }
        let mut envelopes = self.api.fields(self.body).iter();
        envelopes.find_map(|envelope| {
            let is_envelope = ENVELOPES.contains(&normal(&envelope.name).as_str());
            let list = self.list(&envelope.ty, &last).filter(|_| is_envelope)?;
            Some(vec![envelope.name.clone(), list.name.clone()])
        })
    }

    /// Returns the list among the fields of an object: the only one, or the one by its name.
    fn list(&self, object: &'s Type, last: &str) -> Option<&'s Field> {
        let fields = self.api.fields(object).iter();
        let lists = fields.filter(|field| {
            self.is_array(&field.ty) && !ASIDE.contains(&normal(&field.name).as_str())
        });
        let lists: Vec<_> = lists.collect();
        if let [list] = lists.as_slice() {
            return Some(list);
        }
        let named = |is_named: &dyn Fn(&str) -> bool| {
            let mut named = lists.iter().filter(|list| is_named(&normal(&list.name)));
            let first = named.next()?;
            named.next().is_none().then_some(*first)
        };
        named(&|name| name == last).or_else(|| named(&|name| LISTS.contains(&name)))
    }

    /// Returns where a value is that has the first of these names which is there, and is as it should
    /// be.
    pub(super) fn value(
        &self,
        names: &[&str],
        is_fit: impl Fn(&Self, &Object<'s>, &Field) -> bool,
    ) -> Option<Vec<String>> {
        let objects = self.objects();
        names
            .iter()
            .find_map(|name| {
                objects.iter().find_map(|object| {
                    let mut fields = self.api.fields(object.1).iter();
                    let field = fields.find(|field| {
                        normal(&field.name) == *name && is_fit(self, object, field)
                    })?;
                    let mut place = object.0.clone();
                    place.push(field.name.clone());
                    Some(place)
                })
            })
            .or_else(|| self.hypertext(names, &objects, is_fit))
    }

    /// Returns where the `href` of a link of one of these names is.
    fn hypertext(
        &self,
        names: &[&str],
        objects: &[Object<'s>],
        is_fit: impl Fn(&Self, &Object<'s>, &Field) -> bool,
    ) -> Option<Vec<String>> {
        objects.iter().find_map(|(place, object)| {
            let mut links = self.api.fields(object).iter();
            links.find_map(|link| {
                if !names.contains(&normal(&link.name).as_str()) {
                    return None;
                }
                let mut place = place.clone();
                place.push(link.name.clone());
                let object = (place, &link.ty);
                let mut fields = self.api.fields(&link.ty).iter();
                let href =
                    fields.find(|field| field.name == "href" && is_fit(self, &object, field))?;
                let mut place = object.0;
                place.push(href.name.clone());
                Some(place)
            })
        })
    }

    /// Returns the body, and the objects about pages in it.
    fn objects(&self) -> Vec<Object<'s>> {
        let mut objects = vec![(Vec::new(), self.body)];
        let mut outer = objects.clone();
        for _ in 0..2 {
            outer = outer
                .iter()
                .flat_map(|object| self.containers(object))
                .collect();
            objects.extend_from_slice(&outer);
        }
        objects
    }

    /// Returns the objects about pages that stand in another.
    fn containers(&self, (place, object): &Object<'s>) -> Vec<Object<'s>> {
        let fields = self.api.fields(object).iter();
        let containers = fields.filter(|field| {
            let is_container = CONTAINERS.contains(&normal(&field.name).as_str());
            is_container && !self.api.fields(&field.ty).is_empty()
        });
        let containers = containers.map(|field| {
            let mut place = place.clone();
            place.push(field.name.clone());
            (place, &field.ty)
        });
        containers.collect()
    }

    /// Returns where a list of links with `rel` and `href` is.
    pub(super) fn links(&self) -> Option<Vec<String>> {
        let mut fields = self.api.fields(self.body).iter();
        let links = fields.find(|field| {
            let Type::Array(link) = self.api.resolved(&field.ty) else {
                return false;
            };
            let parts = self.api.fields(link);
            let has = |name: &str| {
                let mut parts = parts.iter();
                parts.any(|part| part.name == name && self.is_scalar_or_constant(part))
            };
            matches!(normal(&field.name).as_str(), "links" | "link") && has("rel") && has("href")
        })?;
        Some(vec![links.name.clone()])
    }

    fn is_array(&self, ty: &Type) -> bool {
        matches!(self.api.resolved(ty), Type::Array(_))
    }

    fn is_scalar_or_constant(&self, field: &Field) -> bool {
        let ty = self.api.resolved(&field.ty);
        self.is_scalar(field) || matches!(ty, Type::Named(_)) && self.api.fields(ty).is_empty()
    }

    /// Returns whether a value is a text or an integer.
    pub(super) fn is_scalar(&self, field: &Field) -> bool {
        matches!(
            self.api.resolved(&field.ty),
            Type::Scalar(
                Scalar::String
                    | Scalar::Text(_)
                    | Scalar::I32
                    | Scalar::I64
                    | Scalar::U32
                    | Scalar::U64
            )
        )
    }

    pub(super) fn is_bool(&self, _: &Object<'s>, field: &Field) -> bool {
        *self.api.resolved(&field.ty) == Type::Scalar(Scalar::Bool)
    }

    /// Returns whether a text is a URL: by its format, its name, or because it stands among links.
    pub(super) fn is_url(&self, (place, object): &Object<'s>, field: &Field) -> bool {
        let name = normal(&field.name);
        let by_name = ["url", "uri", "link", "href"]
            .iter()
            .any(|part| name.contains(part));
        let by_place = place
            .last()
            .is_some_and(|last| normal(last).contains("link"));
        let by_format = match self.api.resolved(object) {
            Type::Named(id) => {
                let facts = self.facts.fields.get(&(*id, field.name.clone()));
                facts.is_some_and(|facts| facts.is_url)
            }
            _ => false,
        };
        let ty = self.api.resolved(&field.ty);
        let is_text = matches!(ty, Type::Scalar(Scalar::String | Scalar::Text(_)));
        is_text && (by_name || by_place || by_format)
    }
}
