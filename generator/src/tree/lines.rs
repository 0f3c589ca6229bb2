//! Lines and columns of a text.

use std::ops::Range;

/// Where the lines of a text begin.
#[derive(Debug)]
pub(crate) struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        let starts = std::iter::once(0)
            .chain(text.match_indices('\n').map(|(newline, _)| newline + 1))
            .collect();
        Self { text, starts }
    }

    /// Returns the byte offset of a line, counted from 1.
    pub(crate) fn start(&self, line: usize) -> Option<usize> {
        self.starts.get(line.checked_sub(1)?).copied()
    }

    /// Returns the span of a line without its end, counted from 1.
    pub(crate) fn line(&self, line: usize) -> Range<usize> {
        let start = self.start(line).unwrap_or(self.text.len());
        let end = self.start(line + 1).unwrap_or(self.text.len());
        let content = self.text[start..end].trim_end_matches(['\n', '\r']);
        start..start + content.len()
    }

    /// Returns line and column of a byte offset, both counted from 1, the column in characters.
    pub(crate) fn position(&self, offset: usize) -> (usize, usize) {
        let line = self.starts.partition_point(|start| *start <= offset);
        let start = self.start(line).unwrap_or_default();
        let before = self.text.get(start..offset).unwrap_or_default();
        (line, before.chars().count() + 1)
    }

    /// Returns the byte offset of a line and a column, both counted from 1; what is outside is
    /// moved to the nearest place inside.
    pub(crate) fn offset(&self, line: usize, column: usize) -> usize {
        let line = self.line(line.clamp(1, self.starts.len()));
        self.text[line.clone()]
            .char_indices()
            .nth(column.saturating_sub(1))
            .map_or(line.end, |(offset, _)| line.start + offset)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_and_offsets_are_each_other_s_inverse() {
        let text = "a\r\nü: x\n";
        let lines = Lines::new(text);
        for offset in [0, 3, 5, 7] {
            let (line, column) = lines.position(offset);
            assert_eq!(lines.offset(line, column), offset);
        }
        assert_eq!(lines.position(7), (2, 4));
        assert_eq!(&text[lines.line(1)], "a");
        assert_eq!(lines.offset(9, 9), text.len());
    }
}
