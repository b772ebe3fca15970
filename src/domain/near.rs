//! How far two codes lie apart: what tells a slip of the pen from a name of its own.

/// An id that nobody knows and that lies this close to a known one is a slip.
pub const SLIP_EDITS_MAX: usize = 2;
/// Longest id that is compared letter by letter.
const LETTERS_MAX: usize = 64;

/// The known id that an unknown one was meant to be: the nearest within [`SLIP_EDITS_MAX`]. `None` for
/// one that is known itself, and for a name of its own.
pub fn slip_of<'a>(id: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    if id.len() > LETTERS_MAX {
        return None;
    }
    let nearest = known.map(|k| (distance(k, id), k)).min();
    nearest.filter(|(edits, _)| (1..=SLIP_EDITS_MAX).contains(edits)).map(|(_, k)| k)
}

/// Levenshtein's distance in bytes; codes are ASCII.
pub fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.bytes().enumerate() {
        let mut corner = i;
        let mut left = i + 1;
        for (cell, y) in row.iter_mut().skip(1).zip(b.bytes()) {
            let cost = usize::from(x != y);
            let here = (corner + cost).min(left + 1).min(*cell + 1);
            corner = *cell;
            *cell = here;
            left = here;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_names_what_was_meant_and_a_known_id_is_none() {
        let known = ["jiaxing-talent", "shanghai-title", "shanghai-skill"];
        let slip = |id| slip_of(id, known.into_iter());
        assert_eq!(slip("jiaxing-talnt"), Some("jiaxing-talent"));
        assert_eq!(slip("shanghai-titel"), Some("shanghai-title"));
        assert_eq!(slip("shanghai-skill"), None);
        assert_eq!(slip("hangzhou-talent"), None);
        assert_eq!(slip(&"x".repeat(1_000)), None);
    }

    #[test]
    fn edits_are_counted() {
        for (a, b, n) in [("", "", 0), ("abc", "", 3), ("abc", "abd", 1), ("zone", "zoen", 2)] {
            assert_eq!((distance(a, b), distance(b, a)), (n, n), "{a} {b}");
        }
    }
}
