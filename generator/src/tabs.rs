//! Tabs in the indentation of YAML, which the specification forbids (YAML 1.2 §6.1).

/// A text in which tabs of the indentation are spaces. Lines stay where they are.
#[derive(Debug)]
pub(crate) struct Expanded {
    pub(crate) text: String,
    /// How many spaces stand for a tab.
    pub(crate) width: usize,
}

/// Returns a text with its tabs read in several ways, the likeliest first; nothing if it has none.
pub(crate) fn expanded(text: &str) -> impl Iterator<Item = Expanded> {
    first(text)
        .map(|_| [2, 4, 8, 1])
        .into_iter()
        .flatten()
        .map(|width| Expanded {
            text: expand(text, width),
            width,
        })
}

/// Returns the line and the column, counted from 1, of the first tab of an indentation.
pub(crate) fn first(text: &str) -> Option<(usize, usize)> {
    text.lines().enumerate().find_map(|(index, line)| {
        let column = indentation(line).find('\t')?;
        Some((index + 1, column + 1))
    })
}

/// Returns the column of a line, counted from 0, that a column of its expansion is.
pub(crate) fn column(line: &str, width: usize, column: usize) -> usize {
    let blank = indentation(line);
    let tabs = blank.matches('\t').count();
    let growth = tabs * width - tabs;
    if column < blank.len() + growth {
        column.min(blank.len())
    } else {
        column - growth
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_found_again() {
        let line = " \tkey: value";
        let expanded = expand(line, 4);
        assert_eq!(expanded, "     key: value");
        for (offset, character) in line.char_indices().skip(2) {
            let there = expanded.rfind(&line[offset..]).expect("the rest");
            assert_eq!(column(line, 4, there), offset, "{character}");
        }
        assert_eq!(column(line, 4, 3), 2);
    }
}
