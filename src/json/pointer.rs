//! JSON Pointers (RFC 6901) to the place of a fault.

/// Longest member name that a pointer shows, in bytes.
const NAME_SHOWN_MAX_BYTES: usize = 64;

/// Segments from the fault outwards, gathered while the reader unwinds.
#[derive(Default)]
pub(super) struct Trail(Vec<String>);

impl Trail {
    /// The enclosing object had the fault under `name`.
    pub(super) fn member(&mut self, name: &str) {
        self.0.push(shown(name));
    }

    /// The enclosing array had the fault at `index`.
    pub(super) fn item(&mut self, index: usize) {
        self.0.push(index.to_string());
    }

    /// The pointer from the root.
    pub(super) fn pointer(&self) -> String {
        let mut pointer = String::new();
        for segment in self.0.iter().rev() {
            pointer.push('/');
            pointer.push_str(segment);
        }
        pointer
    }
}

/// Names that a schema could hold are shown. Others become `?`: a hostile or careless sender may
/// have put a person's name or number there, and refusals reach logs.
fn shown(name: &str) -> String {
    let first = name.bytes().next().is_some_and(|b| b.is_ascii_alphabetic() || b"_$@".contains(&b));
    let rest = name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_$@-.:#".contains(&b));
    if first && rest && name.len() <= NAME_SHOWN_MAX_BYTES { name.to_owned() } else { "?".into() }
}
