//! Plain text as Markdown, and its lines.

/// A space at which a line isn't broken.
pub(super) const HARD_SPACE: char = '\u{1}';
/// The end of a line that stays one.
pub(super) const BREAK: char = '\u{2}';

/// The width of a line, its indentation in the file aside.
const WIDTH: usize = 92;

/// Returns a text without the characters that would change how the lines around it are read:
/// controls, and those that turn the direction of writing.
pub(super) fn clean(text: &str) -> String {
    let is_kept = |c: &char| {
        let turns = matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
        !turns && (!c.is_control() || matches!(c, '\n' | '\t'))
    };
    text.replace("\r\n", "\n")
        .replace('\r', "\n")
        .chars()
        .filter(is_kept)
        .collect()
}

/// Returns a text as Markdown that reads as the text, on one line.
pub(crate) fn escape(text: &str) -> String {
    let text = clean(text);
    let words: Vec<_> = text
        .split_whitespace()
        .map(|word| escape_word(word, true))
        .collect();
    words.join(" ")
}

/// Returns a text as a code span (CommonMark §6.1).
pub(crate) fn code(text: &str) -> String {
    let text: Vec<_> = text.split_whitespace().map(clean).collect();
    let text = text.join(" ");
    if text.is_empty() {
        return "` `".to_owned();
    }
    let fence = "`".repeat(longest_run(&text) + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') {
        " "
    } else {
        ""
    };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// Returns the length of the longest run of backticks.
pub(super) fn longest_run(text: &str) -> usize {
    let runs = text.split(|c| c != '`').map(str::len);
    runs.max().unwrap_or(0)
}

/// Escapes a word; a URL becomes an autolink where `links` says so.
pub(super) fn escape_word(word: &str, links: bool) -> String {
    let start = ["https://", "http://"]
        .iter()
        .filter_map(|scheme| word.find(scheme))
        .min();
    let Some(start) = start.filter(|_| links) else {
        return escape_letters(word);
    };
    let (before, url) = word.split_at(start);
    let length = url
        .find(['<', '>', '"', '`', '\\', '|', '*'])
        .unwrap_or(url.len());
    let url = &url[..length];
    let url = url.trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '\'', '}']);
    let after = &word[start + url.len()..];
    if url.ends_with("://") {
        return escape_letters(word).replace("://", ":\\//");
    }
    format!(
        "{}<{url}>{}",
        escape_letters(before),
        escape_word(after, links)
    )
}

fn escape_letters(word: &str) -> String {
    let letters: Vec<char> = word.chars().collect();
    let mut escaped = String::with_capacity(word.len());
    for (at, &letter) in letters.iter().enumerate() {
        let is_inside = |at: Option<usize>| {
            let neighbour = at.and_then(|at| letters.get(at));
            neighbour.is_some_and(|neighbour| neighbour.is_alphanumeric())
        };
        let is_special = match letter {
            '\\' | '`' | '*' | '[' | ']' | '<' | '>' | '~' | '|' | '&' => true,
            // Inside a word an underscore is a letter.
            '_' => !is_inside(at.checked_sub(1)) || !is_inside(Some(at + 1)),
            _ => false,
        };
        if is_special {
            escaped.push('\\');
        }
        escaped.push(letter);
    }
    escaped
}

/// Breaks Markdown into lines; the first begins with `first`, every other with `rest`.
pub(crate) fn wrap(markdown: &str, first: &str, rest: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = first.to_owned();
    let mut is_empty = true;
    let mut parts = markdown.split(BREAK).peekable();
    while let Some(part) = parts.next() {
        for word in part.split_ascii_whitespace() {
            let word = word.replace(HARD_SPACE, " ");
            if is_empty {
                line.push_str(&guard(word));
            } else if line.chars().count() + 1 + word.chars().count() <= WIDTH {
                line.push(' ');
                line.push_str(&word);
            } else {
                lines.push(std::mem::replace(&mut line, rest.to_owned()));
                line.push_str(&guard(word));
            }
            is_empty = false;
        }
        if parts.peek().is_some() && !is_empty {
            line.push('\\');
            lines.push(std::mem::replace(&mut line, rest.to_owned()));
            is_empty = true;
        }
    }
    if is_empty {
        // A break with nothing after it breaks nothing.
        if let Some(last) = lines.last_mut() {
            last.pop();
        }
    } else {
        lines.push(line);
    }
    lines
}

/// Escapes a word that begins a block where it begins a line.
fn guard(word: String) -> String {
    if word
        .chars()
        .all(|c| matches!(c, '-' | '+' | '=' | ':' | '#'))
    {
        return format!("\\{word}");
    }
    match word.strip_suffix(['.', ')']) {
        Some(digits) if !digits.is_empty() && digits.bytes().all(|c| c.is_ascii_digit()) => {
            let marker = &word[digits.len()..];
            format!("{digits}\\{marker}")
        }
        _ => word,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_spans_hold_any_text() {
        assert_eq!(code("a"), "`a`");
        assert_eq!(code("a``b"), "```a``b```");
        assert_eq!(code("`a"), "`` `a ``");
        assert_eq!(code(" \n"), "` `");
    }

    #[test]
    fn urls_become_links_without_the_full_stop_after_them() {
        assert_eq!(
            escape("see (https://example.com/a_b?c=*d*)."),
            "see (<https://example.com/a_b?c=>\\*d\\*)."
        );
        assert_eq!(escape("https://"), "https:\\//");
        assert_eq!(escape("https://{host}/x"), "<https://{host}/x>");
    }

    #[test]
    fn no_line_begins_like_a_list() {
        assert_eq!(wrap("- a", "", ""), ["\\- a"]);
        assert_eq!(wrap("1. a", "", ""), ["1\\. a"]);
        assert_eq!(wrap("a\u{2}\u{2}b\u{2}", "- ", "  "), ["- a\\", "  b"]);
    }
}
