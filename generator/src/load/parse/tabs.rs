//! Tabs in the indentation of YAML, which the specification forbids (YAML 1.2 §6.1).

/// Returns texts in which tabs of the indentation are spaces, the likeliest width first. Lines stay
/// where they are.
pub(super) fn expanded(text: &str) -> impl Iterator<Item = String> {
    let has_tabs = text.lines().any(|line| indentation(line).contains('\t'));
    has_tabs
        .then_some([2, 4, 8, 1])
        .into_iter()
        .flatten()
        .map(|width| expand(text, width))
}

fn expand(text: &str, width: usize) -> String {
    let mut expanded = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let blank = indentation(line);
        let rest = &line[blank.len()..];
        if blank.contains('\t') {
            // On a line without content, blanks mean nothing.
            if !rest.trim().is_empty() {
                expanded.push_str(&blank.replace('\t', &" ".repeat(width)));
            }
        } else {
            expanded.push_str(blank);
        }
        expanded.push_str(rest);
    }
    expanded
}

fn indentation(line: &str) -> &str {
    &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
}
