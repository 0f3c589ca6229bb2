//! The HTML that descriptions contain: enough of it to keep what it says.

/// A part of HTML.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Part {
    Text(String),
    /// The end of a block, or the beginning of one.
    Block,
    Item,
    ItemEnd,
    Break,
    Space,
    Code,
    CodeEnd,
    /// A link with its destination.
    Link(String),
    LinkEnd,
}

/// Splits HTML at its tags. Unknown ones are text: `<id>` stands for a value more often than for
/// an element.
pub(super) fn parts(html: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        text(&rest[..start], &mut parts);
        rest = &rest[start..];
        if let Some(comment) = rest.strip_prefix("<!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        let length = rest.find('>').map(|end| end + 1);
        let tag = length.and_then(|length| element(&rest[..length]));
        if let (Some(tag), Some(length)) = (tag, length) {
            parts.extend(tag.0);
            rest = &rest[length..];
        } else {
            text("<", &mut parts);
            rest = &rest[1..];
        }
    }
    text(rest, &mut parts);
    parts
}

fn text(html: &str, parts: &mut Vec<Part>) {
    if html.is_empty() {
        return;
    }
    let decoded = entities(html);
    if let Some(Part::Text(before)) = parts.last_mut() {
        before.push_str(&decoded);
    } else {
        parts.push(Part::Text(decoded));
    }
}

/// A known tag: what it means, if it isn't dropped.
struct Known(Option<Part>);

/// Returns what a tag means; `None` for an unknown one.
fn element(tag: &str) -> Option<Known> {
    let inner = tag.strip_prefix('<')?.strip_suffix('>')?;
    let (is_end, inner) = match inner.strip_prefix('/') {
        Some(inner) => (true, inner),
        None => (false, inner),
    };
    let length = inner
        .find(|c: char| !c.is_ascii_alphanumeric())
        .unwrap_or(inner.len());
    let (name, attributes) = inner.split_at(length);
    let part = match (name.to_ascii_lowercase().as_str(), is_end) {
        ("br", _) => Part::Break,
        ("li", false) => Part::Item,
        ("li" | "ul" | "ol", true) => Part::ItemEnd,
        ("code" | "tt" | "kbd" | "samp", false) => Part::Code,
        ("code" | "tt" | "kbd" | "samp", true) => Part::CodeEnd,
        ("a", false) => match destination(attributes) {
            Some(destination) => Part::Link(destination),
            None => return Some(Known(None)),
        },
        ("a", true) => Part::LinkEnd,
        ("td" | "th", _) => Part::Space,
        (
            "p" | "div" | "ul" | "ol" | "table" | "thead" | "tbody" | "tfoot" | "tr" | "h1" | "h2"
            | "h3" | "h4" | "h5" | "h6" | "section" | "article" | "blockquote" | "pre" | "hr"
            | "dl" | "dt" | "dd" | "details" | "summary" | "caption" | "header" | "footer" | "html"
            | "body",
            _,
        ) => Part::Block,
        (
            "b" | "strong" | "i" | "em" | "u" | "s" | "del" | "ins" | "mark" | "small" | "big"
            | "sup" | "sub" | "font" | "center" | "span" | "img" | "label" | "abbr" | "cite" | "q"
            | "nobr" | "wbr" | "var" | "strike" | "col" | "colgroup" | "iframe" | "video" | "input"
            | "button",
            _,
        ) => return Some(Known(None)),
        _ => return None,
    };
    Some(Known(Some(part)))
}

/// Returns the address of a link that leads out of the document.
fn destination(attributes: &str) -> Option<String> {
    let lower = attributes.to_ascii_lowercase();
    let value = &attributes[lower.find("href")? + "href".len()..];
    let value = value.trim_start().strip_prefix('=')?.trim_start();
    let value = match value.strip_prefix(['"', '\'']) {
        Some(quoted) => quoted.split(['"', '\'']).next()?,
        None => value.split_ascii_whitespace().next()?,
    };
    Some(entities(value.trim()))
}

/// Decodes the character references that people write by hand.
fn entities(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(start) = rest.find('&') {
        text.push_str(&rest[..start]);
        rest = &rest[start..];
        let end = rest.bytes().take(12).position(|c| c == b';');
        let decoded = end.and_then(|end| Some((entity(&rest[1..end])?, end)));
        if let Some((character, end)) = decoded {
            text.push(character);
            rest = &rest[end + 1..];
        } else {
            text.push('&');
            rest = &rest[1..];
        }
    }
    text.push_str(rest);
    text
}

fn entity(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16),
            None => number.parse(),
        };
        return char::from_u32(code.ok()?).filter(|c| !c.is_control());
    }
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => ' ',
        "mdash" => '—',
        "ndash" => '–',
        "hellip" => '…',
        "copy" => '©',
        "reg" => '®',
        "trade" => '™',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_tags_are_read_and_unknown_ones_are_text() {
        assert_eq!(
            parts("a<br/>b <b>c</b> <id> &lt;&#x41;&bogus; <!-- no --><"),
            [
                Part::Text("a".to_owned()),
                Part::Break,
                Part::Text("b ".to_owned()),
                Part::Text("c".to_owned()),
                Part::Text(" <id> <A&bogus; ".to_owned()),
                Part::Text("<".to_owned()),
            ]
            .into_iter()
            .fold(Vec::new(), |mut parts: Vec<Part>, part| {
                match (parts.last_mut(), part) {
                    (Some(Part::Text(before)), Part::Text(text)) => before.push_str(&text),
                    (_, part) => parts.push(part),
                }
                parts
            })
        );
    }

    #[test]
    fn links_keep_their_destination() {
        assert_eq!(
            parts("<A class=x HREF='https://example.com?a&amp;b'>"),
            [Part::Link("https://example.com?a&b".to_owned())]
        );
        assert_eq!(parts("<a name=x>"), []);
    }
}
