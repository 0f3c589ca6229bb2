//! The root of the crate: it declares the module of people's own, `src/ext.rs` or `src/ext/mod.rs`, where
//! there is one.

const DECLARATION: &str = "pub mod ext;\n\n";

/// Adds the declaration, behind those of the modules that are generated and before the paragraph of the
/// first export, which may begin with an attribute.
pub(super) fn declare(root: &str) -> String {
    let exports = root.find("\npub use ").map_or(root.len(), |at| {
        let blank = root[..=at].rfind("\n\n");
        blank.map_or(at + 1, |blank| blank + 2)
    });
    let (modules, exports) = root.split_at(exports);
    format!("{modules}{DECLARATION}{exports}")
}

/// Removes the declaration.
pub(super) fn undeclare(root: &str) -> String {
    root.replacen(DECLARATION, "", 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_declaration_stands_between_modules_and_exports() {
        let root = "//! Docs.\n\nmod client;\n\npub use self::client::Client;\n";
        let declared = declare(root);
        assert_eq!(
            declared,
            "//! Docs.\n\nmod client;\n\npub mod ext;\n\npub use self::client::Client;\n"
        );
        assert_eq!(undeclare(&declared), root);
        let root = "mod client;\n\n#[cfg(feature = \"a\")]\npub use b::C;\npub use self::client::Client;\n";
        let declared = declare(root);
        assert!(declared.starts_with("mod client;\n\npub mod ext;\n\n#[cfg"));
        assert_eq!(undeclare(&declared), root);
    }
}
