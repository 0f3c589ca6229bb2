//! CommonMark, parsed and written anew.

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd, TextMergeStream};

use super::{
    containers::{Containers, Kind},
    html::{self, Part},
    text::{self, BREAK, HARD_SPACE, clean, code, escape_word, longest_run},
};

/// Languages of code blocks that rustdoc passes over and readers know.
const LANGUAGES: &[&str] = &["bash", "http", "json", "sh", "xml", "yaml"];

/// Returns a description as lines of Markdown; none if it says nothing.
pub(crate) fn lines(markdown: &str) -> Vec<String> {
    let markdown = clean(markdown);
    let mut renderer = Renderer::default();
    for event in TextMergeStream::new(Parser::new_ext(&markdown, Options::ENABLE_TABLES)) {
        renderer.event(event);
    }
    renderer.flush();
    renderer.lines
}

/// Returns the first paragraph of a description as Markdown for the middle of a line.
pub(crate) fn inline(markdown: &str) -> String {
    let lines = lines(markdown);
    let paragraph: Vec<_> = lines
        .iter()
        .take_while(|line| !line.is_empty())
        .map(|line| line.trim_end_matches('\\'))
        .collect();
    let is_paragraph = paragraph.first().is_some_and(|line| {
        !line.starts_with(['`', '|', '-', '>']) || line.starts_with('`') && !line.starts_with("```")
    });
    if is_paragraph {
        paragraph.join(" ")
    } else {
        text::escape(markdown)
    }
}

#[derive(Default)]
struct Renderer {
    lines: Vec<String>,
    containers: Containers,
    /// The block being read: Markdown that isn't broken into lines yet.
    block: String,
    /// Whether an item that comes next follows the one before without an empty line.
    is_tight: bool,
    /// Destinations of the links being read, and where their text begins.
    links: Vec<(usize, String)>,
    /// The text of an HTML element that is a code span.
    code: Option<String>,
    code_block: Option<(String, String)>,
    is_heading: bool,
    table: Option<Table>,
    /// Whether an item of an HTML list is open. Those that nest are written as if they didn't.
    is_html_item: bool,
}

#[derive(Default)]
struct Table {
    rows: Vec<Vec<String>>,
}

impl Renderer {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) | Event::InlineMath(text) | Event::DisplayMath(text) => {
                self.text(&text);
            }
            Event::Code(text) => self.code_span(&text),
            Event::Html(html) | Event::InlineHtml(html) => self.html(&html),
            Event::SoftBreak => self.text(" "),
            Event::HardBreak => self.line_break(),
            Event::Rule => self.flush(),
            Event::FootnoteReference(_) | Event::TaskListMarker(_) => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Paragraph | Tag::HtmlBlock => self.flush(),
            Tag::Heading { .. } => {
                self.flush();
                self.is_heading = true;
            }
            Tag::BlockQuote(_) => {
                self.flush();
                self.containers
                    .enter("> ".to_owned(), "> ".to_owned(), Kind::Quote);
            }
            Tag::CodeBlock(kind) => {
                self.flush();
                let language = match kind {
                    CodeBlockKind::Fenced(language) => language.to_ascii_lowercase(),
                    CodeBlockKind::Indented => String::new(),
                };
                self.code_block = Some((language, String::new()));
            }
            Tag::List(number) => {
                self.flush();
                self.containers
                    .enter(String::new(), String::new(), Kind::List(number));
            }
            Tag::Item => {
                self.flush();
                self.containers.item();
            }
            Tag::Table(_) => {
                self.flush();
                self.table = Some(Table::default());
            }
            Tag::TableHead | Tag::TableRow => {
                if let Some(table) = &mut self.table {
                    table.rows.push(Vec::new());
                }
            }
            Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. } => {
                self.begin_link(dest_url.into_string());
            }
            Tag::Strong if !self.is_heading => self.block.push_str("**"),
            Tag::Emphasis => self.block.push('*'),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph | TagEnd::HtmlBlock => {
                self.flush();
                self.end_items();
                self.is_tight = false;
            }
            TagEnd::Heading(_) => {
                self.flush();
                self.is_heading = false;
            }
            TagEnd::BlockQuote(_) | TagEnd::List(_) => {
                self.flush();
                self.containers.leave();
                self.is_tight = false;
            }
            TagEnd::Item => {
                self.flush();
                self.end_items();
                self.containers.leave();
                self.is_tight = true;
            }
            TagEnd::CodeBlock => self.end_code_block(),
            TagEnd::Table => self.end_table(),
            TagEnd::TableCell => {
                self.end_code();
                let cell = std::mem::take(&mut self.block);
                if let Some(row) = self.table.as_mut().and_then(|table| table.rows.last_mut()) {
                    let words: Vec<_> = cell.split_ascii_whitespace().collect();
                    row.push(words.join(" ").replace(HARD_SPACE, " "));
                }
            }
            TagEnd::Link | TagEnd::Image => self.end_link(),
            TagEnd::Strong if !self.is_heading => self.block.push_str("**"),
            TagEnd::Emphasis => self.block.push('*'),
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if let Some((_, code)) = &mut self.code_block {
            code.push_str(text);
            return;
        }
        if let Some(code) = &mut self.code {
            code.push_str(text);
            return;
        }
        let text = clean(text);
        let mut words = text.split_whitespace().peekable();
        if text.starts_with(char::is_whitespace) {
            self.block.push(' ');
        }
        while let Some(word) = words.next() {
            self.block
                .push_str(&escape_word(word, self.links.is_empty()));
            if words.peek().is_some() || text.ends_with(char::is_whitespace) {
                self.block.push(' ');
            }
        }
    }

    fn code_span(&mut self, text: &str) {
        let mut span = code(&clean(text)).replace(' ', &HARD_SPACE.to_string());
        if self.table.is_some() {
            span = span.replace('|', "\\|");
        }
        // Two spans that touch would be one, or none.
        if self.block.ends_with('`') {
            self.block.push(' ');
        }
        self.block.push_str(&span);
    }

    fn line_break(&mut self) {
        let space = if self.table.is_some() { ' ' } else { BREAK };
        self.block.push(space);
    }

    fn html(&mut self, html: &str) {
        let in_table = self.table.is_some();
        for part in html::parts(html) {
            match part {
                Part::Text(text) => self.text(&text),
                Part::Space => self.block.push(' '),
                Part::Break => self.line_break(),
                Part::Code => self.code = Some(String::new()),
                Part::CodeEnd => self.end_code(),
                Part::Link(destination) => self.begin_link(destination),
                Part::LinkEnd => self.end_link(),
                Part::Block | Part::Item | Part::ItemEnd if in_table => self.block.push(' '),
                Part::Block => self.flush(),
                Part::Item => {
                    self.flush();
                    self.end_items();
                    self.is_html_item = true;
                    self.containers
                        .enter("- ".to_owned(), "  ".to_owned(), Kind::Item);
                }
                Part::ItemEnd => {
                    self.flush();
                    self.end_items();
                }
            }
        }
    }

    fn end_items(&mut self) {
        if std::mem::take(&mut self.is_html_item) {
            self.containers.leave();
            self.is_tight = true;
        }
    }

    fn end_code(&mut self) {
        if let Some(text) = self.code.take().filter(|text| !text.trim().is_empty()) {
            self.code_span(&text);
        }
    }

    /// Links don't nest: one inside another leads nowhere.
    fn begin_link(&mut self, destination: String) {
        let is_outer = self.links.is_empty();
        let destination = if is_outer { destination } else { String::new() };
        self.links.push((self.block.len(), destination));
    }

    fn end_link(&mut self) {
        self.end_code();
        let Some((start, destination)) = self.links.pop() else {
            return;
        };
        let text = self.block.split_off(start.min(self.block.len()));
        if !is_address(&destination) {
            self.block.push_str(&unlinked(&text));
            return;
        }
        let text = text.trim();
        if self.block.ends_with('!') {
            self.block.pop();
            self.block.push_str("\\!");
        }
        if text.is_empty() || text.contains("://") || text.contains(BREAK) {
            self.block.extend(["<", &destination, ">"]);
        } else {
            let is_open = destination.contains(['(', ')']);
            let (open, close) = if is_open { ("<", ">") } else { ("", "") };
            let parts = ["[", text, "](", open, &destination, close, ")"];
            self.block.extend(parts);
        }
    }

    fn end_code_block(&mut self) {
        let Some((language, code)) = self.code_block.take() else {
            return;
        };
        let code = code.replace('\t', "    ");
        if code.trim().is_empty() {
            return;
        }
        let fence = "`".repeat(longest_run(&code).max(2) + 1);
        let language = LANGUAGES
            .iter()
            .find(|known| **known == language)
            .unwrap_or(&"text");
        self.begin_block();
        self.push_line(&format!("{fence}{language}"));
        for line in code.lines() {
            self.push_line(line.trim_end());
        }
        self.push_line(&fence);
    }

    fn end_table(&mut self) {
        let Some(table) = self.table.take() else {
            return;
        };
        self.begin_block();
        let mut rows = table.rows.iter();
        if let Some(head) = rows.next() {
            self.push_line(&format!("| {} |", head.join(" | ")));
            self.push_line(&format!("|{}", "---|".repeat(head.len())));
        }
        for row in rows {
            self.push_line(&format!("| {} |", row.join(" | ")));
        }
    }

    /// Ends the block being read.
    fn flush(&mut self) {
        self.end_code();
        if let Some((start, _)) = self.links.first() {
            let text = self.block.split_off((*start).min(self.block.len()));
            self.block.push_str(&unlinked(&text));
            self.links.clear();
        }
        let block = std::mem::take(&mut self.block);
        for paragraph in block.split("\u{2}\u{2}") {
            let is_blank = |c: char| c.is_whitespace() || c == BREAK || c == '*';
            if paragraph.chars().all(is_blank) {
                continue;
            }
            let paragraph = paragraph.trim_matches([' ', BREAK]);
            self.begin_block();
            if self.is_heading {
                self.paragraph(&format!("**{}**", paragraph.replace("**", "")));
            } else {
                self.paragraph(paragraph);
            }
        }
    }

    fn paragraph(&mut self, paragraph: &str) {
        let (first, rest) = self.containers.prefixes();
        self.lines.extend(text::wrap(paragraph, &first, &rest));
    }

    /// Separates a block from the one before.
    fn begin_block(&mut self) {
        let is_tight = self.is_tight && self.containers.begins_item();
        if !self.lines.is_empty() && !is_tight {
            let prefix = self.containers.prefix();
            self.lines.push(prefix.trim_end().to_owned());
        }
        self.is_tight = false;
    }

    fn push_line(&mut self, line: &str) {
        let (first, _) = self.containers.prefixes();
        self.lines
            .push(format!("{first}{line}").trim_end().to_owned());
    }
}

/// Returns whether a link leads somewhere, wherever it stands.
fn is_address(destination: &str) -> bool {
    let is_plain = |c: char| !c.is_whitespace() && !matches!(c, '<' | '>' | '\\' | '`' | '|');
    let mut scheme = ["https://", "http://"].into_iter();
    let rest = scheme.find_map(|scheme| destination.strip_prefix(scheme));
    rest.is_some_and(|rest| !rest.is_empty() && rest.chars().all(is_plain))
        && clean(destination) == destination
}

/// Returns Markdown in which no URL is one: what was the text of a link.
fn unlinked(markdown: &str) -> String {
    markdown.replace("://", ":\\//")
}

#[cfg(test)]
mod tests {
    use indoc::indoc;
    use proptest::prelude::*;

    use super::*;

    fn rendered(markdown: &str) -> String {
        lines(markdown).join("\n")
    }

    #[test]
    fn what_means_more_to_rustdoc_than_it_says_is_escaped() {
        for (markdown, expected) in [
            ("An [id] of `Vec<T>`.", r"An \[id\] of `Vec<T>`."),
            ("Type <id> or <script>", r"Type \<id\> or \<script\>"),
            ("an `unbalanced tick", r"an \`unbalanced tick"),
            (
                "snake_case _em_ and __init",
                r"snake_case *em* and \_\_init",
            ),
            (
                "See https://example.com/a_b.",
                "See <https://example.com/a_b>.",
            ),
            ("# Heading\ntext", "**Heading**\n\ntext"),
            (
                "[here](/relative) or [there](https://example.com)",
                "here or [there](https://example.com)",
            ),
            ("[http://a.b](/relative)", r"http:\//a.b"),
            ("&#x202e;reversed", "reversed"),
            ("a\0b\u{202e}", "ab"),
            ("5 * 3 ~~gone~~", r"5 \* 3 \~\~gone\~\~"),
            ("tom & jerry &amp; &bogus;", r"tom \& jerry \& \&bogus;"),
            (
                "![alt](https://example.com/a.png)",
                "[alt](https://example.com/a.png)",
            ),
            ("wow![x](https://a.b)", "wow[x](https://a.b)"),
            ("", ""),
            ("***", ""),
        ] {
            assert_eq!(rendered(markdown), expected, "{markdown}");
        }
    }

    #[test]
    fn code_is_never_run() {
        assert_eq!(
            rendered("```rust\nfn main() {}\n```"),
            "```text\nfn main() {}\n```"
        );
        assert_eq!(
            rendered("    indented\n\tcode"),
            "```text\nindented\ncode\n```"
        );
        assert_eq!(rendered("````\n```\n````"), "````text\n```\n````");
        assert_eq!(rendered("```json\n{}\n"), "```json\n{}\n```");
        assert_eq!(rendered("```\n```"), "");
    }

    #[test]
    fn lists_keep_their_structure() {
        let markdown = indoc! {"
            Before:
            * one
            lazy
              continuation
            * two
                1. first

                2. second
            After
        "};
        let expected = indoc! {"
            Before:

            - one lazy continuation
            - two

              1. first
              2. second After"};
        assert_eq!(rendered(markdown), expected);
    }

    #[test]
    fn html_is_read_for_what_it_says() {
        let markdown = "<p>A <b>bold</b> claim<br>of <code>x<y</code>:</p><ul><li>one</li><li>two<li>three</ul>See <a href=\"https://example.com\">this</a>.";
        let expected = "A bold claim\\\nof `x<y`:\n\n- one\n- two\n- three\n\nSee [this](https://example.com).";
        assert_eq!(rendered(markdown), expected);
        assert_eq!(
            rendered("<div><a href='https://a.b'>http://open"),
            r"http:\//open"
        );
    }

    #[test]
    fn tables_stay_tables() {
        let markdown = "| a | b |\n|---|:-:|\n| `x\\|y` | <br> |\n| 1 |";
        let expected = "| a | b |\n|---|---|\n| `x\\|y` |  |\n| 1 |  |";
        assert_eq!(rendered(markdown), expected);
    }

    #[test]
    fn lines_are_short() {
        let text = rendered(&"words of some length ".repeat(40));
        assert!(text.lines().count() > 5 && text.lines().all(|line| line.len() <= 92));
    }

    #[test]
    fn depth_without_end_is_written_without_it() {
        let deep = format!("{}text", "> - ".repeat(2000));
        assert!(rendered(&deep).ends_with("text"));
    }

    proptest! {
        #[test]
        fn nothing_is_left_that_rustdoc_would_act_on(
            markdown in "[a-c <>\\[\\]`*_#+=\\-\\\\\n\t|&;!()~:/.\"'123]{0,60}|(https?://|<b>|</b>|<code>|</code>|<li>|<br>|<a href='https://a.b'>|</a>|\n|\n    |- |1\\. |> |`|```|~~~|\\[|\\](/x)| a|!){0,14}",
        ) {
            let rendered = rendered(&markdown);
            let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_FOOTNOTES;
            for event in Parser::new_ext(&rendered, options) {
                let is_safe = match &event {
                    Event::Html(_)
                    | Event::InlineHtml(_)
                    | Event::FootnoteReference(_)
                    | Event::Start(
                        Tag::Heading { .. }
                        | Tag::Image { .. }
                        | Tag::Strikethrough
                        | Tag::CodeBlock(CodeBlockKind::Indented),
                    ) => false,
                    Event::Start(Tag::Link { dest_url, .. }) => is_address(dest_url),
                    Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(language))) => {
                        &**language == "text" || LANGUAGES.contains(&&**language)
                    }
                    _ => true,
                };
                prop_assert!(is_safe, "{:?} in\n{}", event, rendered);
            }
        }
    }
}
