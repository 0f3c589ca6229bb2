//! What cargo and the registry take as the name of a crate.

/// The longest name that crates.io takes.
const LONGEST: usize = 64;

/// Names that a crate can't have beside the language's keywords: the crates that every crate can
/// see, and the one that every generated crate depends on.
const TAKEN: [&str; 6] = [
    "accredit_runtime",
    "alloc",
    "core",
    "proc_macro",
    "std",
    "test",
];

/// Returns what is wrong with a name; `None` for one that can be taken.
pub(crate) fn fault(name: &str) -> Option<String> {
    let identifier = name.replace('-', "_");
    if name.is_empty() {
        Some("it is empty".to_owned())
    } else if name.len() > LONGEST {
        Some(format!("it is longer than {LONGEST} characters"))
    } else if !name.starts_with(|first: char| first.is_ascii_alphabetic()) {
        Some("it doesn't begin with a letter".to_owned())
    } else if let Some(odd) = name
        .chars()
        .find(|odd| !odd.is_ascii_alphanumeric() && *odd != '-' && *odd != '_')
    {
        Some(format!("it has a {odd:?}"))
    } else if TAKEN.contains(&identifier.as_str()) {
        Some("another crate has it".to_owned())
    } else if syn::parse_str::<syn::Ident>(&identifier).is_err() {
        Some("it is a keyword of Rust".to_owned())
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_cargo_takes_are_taken() {
        for name in ["paypal", "paypal-orders", "x_2", "Mixed"] {
            assert_eq!(fault(name), None, "{name}");
        }
    }

    #[test]
    fn names_that_cargo_refuses_are_refused() {
        let long = "a".repeat(65);
        for name in [
            "", "1st", "-a", "_a", "a b", "a/b", "ü", "a.b", "fn", "self", "std", &long,
        ] {
            assert!(fault(name).is_some(), "{name}");
        }
        assert!(fault("accredit-runtime").is_some());
    }
}
