//! Options, as the lock file tells them.

use super::{Config, Formats, Mistakes, Policies, Runtime};

impl Config {
    /// Returns what makes the output what it is, beside the documents and the files that mend them, as the
    /// command line spells it, or the configuration.
    pub(crate) fn recorded(&self) -> Vec<String> {
        // Each option is named, so that a new one doesn't compile before it is told or isn't.
        let Self {
            documents: _,
            name,
            // The manifest has it.
            metadata: _,
            runtime,
            layout: _,
            tests,
            validate,
            tag_features,
            mistakes,
            formats,
            exact_numbers,
            also_xml,
            tolerances,
            selection,
            policies,
            renames,
            overlays: _,
            roots: _,
            remote: _,
        } = self;
        let mut options = Vec::new();
        let mut tell = |option: &str, value: &str| options.push(format!("--{option} {value}"));
        if let Some(name) = name {
            tell("name", name);
        }
        if *runtime != Runtime::default() {
            match runtime {
                Runtime::Version(version) => tell("runtime", version),
                Runtime::Path(path) => tell("runtime", &path.to_string_lossy()),
            }
        }
        for (option, selector) in selection.selectors() {
            tell(option, &selector.to_string());
        }
        // What these say of operations is in the code of the operations and of the client.
        let said = selection
            .said()
            .map(|(key, selector)| format!("{key} {selector}"));
        if *formats != Formats::default() {
            tell("formats", &formats.to_string());
        }
        for tolerance in tolerances.list() {
            tell("tolerate", tolerance.name());
        }
        options.extend(said);
        if *policies != Policies::default() {
            options.push("policies".to_owned());
        }
        options.extend(renames.list.iter().map(ToString::to_string));
        if *mistakes == Mistakes::LeftOut {
            options.push("--keep-going".to_owned());
        }
        if *tests {
            options.push("--emit-tests".to_owned());
        }
        if *exact_numbers {
            options.push("--exact-numbers".to_owned());
        }
        if *also_xml {
            options.push("--also-xml".to_owned());
        }
        if *validate {
            options.push("--validate".to_owned());
        }
        if !*tag_features {
            options.push("tag-features = false".to_owned());
        }
        options
    }
}
