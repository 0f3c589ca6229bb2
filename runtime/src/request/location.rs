//! The URL of a request: the path and the query of an operation, on a base URL.

use url::Url;

use super::{Draft, append};
use crate::request_error::RequestError;

impl Draft {
    /// Returns the URL of the operation on a base URL.
    pub(super) fn url(&self, base_url: &Url) -> Result<Url, RequestError> {
        let (template, fixed) = parts(self.operation.path);
        let base_path = base_url.path().trim_end_matches('/');
        let mut path = String::with_capacity(base_path.len() + template.len() + 32);
        path.push_str(base_path);
        if !template.is_empty() && !template.starts_with('/') {
            path.push('/');
        }
        self.expand_path(template, &mut path)?;

        let mut url = base_url.clone();
        url.set_path(&path);
        if url.query().is_some() || !fixed.is_empty() {
            let mut query = url.query().unwrap_or_default().to_owned();
            append(&mut query, "&", fixed);
            append(&mut query, "&", &self.query);
            url.set_query((!query.is_empty()).then_some(query.as_str()));
        } else if !self.query.is_empty() {
            url.set_query(Some(&self.query));
        }
        if url.fragment().is_some() {
            url.set_fragment(None);
        }
        Ok(url)
    }

    /// Appends a path whose parameters have values.
    fn expand_path(&self, template: &str, path: &mut String) -> Result<(), RequestError> {
        let mut rest = template;
        while let Some((literal, name, after)) = split_variable(rest) {
            path.push_str(literal);
            let value = self.path.iter().find(|(known, _)| *known == name);
            let (name, value) =
                value.ok_or_else(|| RequestError::MissingPathParameter(name.to_owned()))?;
            path.push_str(value);
            if is_of_dots(value) && is_dropped(path, after) {
                return Err(RequestError::EmptySegment(name));
            }
            rest = after;
        }
        path.push_str(rest);
        Ok(())
    }
}

/// Returns the path and the query of a template. A fragment is never sent; documents that tell
/// operations apart by one mean the same URL.
fn parts(template: &str) -> (&str, &str) {
    let (template, _) = split(template, b'#').unwrap_or((template, ""));
    split(template, b'?').unwrap_or((template, ""))
}

/// Returns what stands before a variable, its name, and what stands after it.
fn split_variable(template: &str) -> Option<(&str, &str, &str)> {
    let (literal, open) = split(template, b'{')?;
    let (name, after) = split(open, b'}')?;
    Some((literal, name, after))
}

/// Does the same as [`str::split_once`], in less time where the text is as short as a path.
fn split(text: &str, delimiter: u8) -> Option<(&str, &str)> {
    let at = text.bytes().position(|byte| byte == delimiter)?;
    Some((&text[..at], &text[at + 1..]))
}

fn is_of_dots(text: &str) -> bool {
    text.bytes().all(|byte| byte == b'.')
}

/// Returns whether the segment that a path ends with, and that goes on after it, wouldn't be sent. A URL
/// doesn't keep segments of dots, whether encoded or not, and without its segment the URL is that of
/// another resource.
fn is_dropped(path: &str, after: &str) -> bool {
    let start = path.rfind('/').map_or(0, |slash| slash + 1);
    let tail = after.split('/').next().unwrap_or_default();
    let segment = &path[start..];
    is_of_dots(segment) && is_of_dots(tail) && segment.len() + tail.len() <= 2
}
