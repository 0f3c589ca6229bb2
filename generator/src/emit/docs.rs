//! Documentation: what the document says of a thing, or else a line of ours.

use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, quote};

use crate::{markdown, model::Docs};

/// The documentation of one item.
#[derive(Debug, Default)]
pub(super) struct Doc(Vec<String>);

impl Doc {
    /// Documents an item by a line of ours, in Markdown.
    pub(super) fn line(line: &str) -> Self {
        Self::default().paragraph(line)
    }

    /// Documents an item by what the document says of it, or else by a line of ours. A title that
    /// only repeats the name of the item says nothing.
    pub(super) fn of(docs: &Docs, name: &str, fallback: &str) -> Self {
        let description = docs.description.as_deref().unwrap_or_default();
        let title = docs.title.as_deref().unwrap_or_default().trim();
        let mut doc = Self::default();
        let repeats = letters(title) == letters(name) && !description.trim().is_empty();
        if !title.is_empty() && !repeats && !description.trim_start().starts_with(title) {
            doc = doc.paragraph(&sentence(title));
        }
        doc = doc.markdown(description);
        if doc.0.is_empty() {
            doc = Self::line(fallback);
        }
        if docs.deprecated {
            doc = doc.paragraph("Deprecated by the document.");
        }
        doc.list(docs.notes.iter().map(|note| markdown::inline(note)))
    }

    /// Documents an item by a description, or else by a line of ours.
    pub(super) fn described(description: Option<&str>, fallback: &str) -> Self {
        let doc = Self::default().markdown(description.unwrap_or_default());
        if doc.0.is_empty() {
            Self::line(fallback)
        } else {
            doc
        }
    }

    /// Adds a paragraph of ours.
    pub(super) fn paragraph(self, markdown: &str) -> Self {
        self.block(markdown::wrap(markdown, "", ""))
    }

    /// Adds a description.
    pub(super) fn markdown(self, markdown: &str) -> Self {
        self.block(markdown::lines(markdown))
    }

    /// Adds a list of ours.
    pub(super) fn list(self, items: impl IntoIterator<Item = String>) -> Self {
        let items = items.into_iter().filter(|item| !item.is_empty());
        let lines = items.flat_map(|item| markdown::wrap(&item, "- ", "  "));
        let is_text = |line: &String| {
            let begins = |first: char| first.is_alphabetic() || first == '`';
            line.starts_with(begins) && !line.starts_with("```")
        };
        if self.0.last().is_some_and(is_text) {
            // A list ends a paragraph by itself.
            return Self(self.0.into_iter().chain(lines).collect());
        }
        self.block(lines.collect())
    }

    /// Adds an example that is compiled and not run.
    pub(super) fn example(self, lines: Vec<String>) -> Self {
        let fence = |text: &str| [text.to_owned()];
        let lines = fence("```no_run").into_iter().chain(lines);
        self.block(lines.chain(fence("```")).collect())
    }

    fn block(mut self, lines: Vec<String>) -> Self {
        if !lines.is_empty() && !self.0.is_empty() {
            self.0.push(String::new());
        }
        self.0.extend(lines);
        self
    }
}

impl ToTokens for Doc {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        for line in &self.0 {
            let separator = if line.is_empty() { "" } else { " " };
            let line = Literal::string(&format!("{separator}{line}"));
            tokens.extend(quote!(#[doc = #line]));
        }
    }
}

fn letters(text: &str) -> String {
    let letters = text.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

/// Returns a title as a sentence.
fn sentence(title: &str) -> String {
    let title = markdown::inline(title);
    let ends = title.ends_with(['.', '!', '?', ':']);
    if ends { title } else { format!("{title}.") }
}
