//! Makes the vectors from nothing but constants, so that anyone can see how each was made.

mod claims;
mod encoding;
mod header;
mod json;
mod key;
mod ok;
mod signature;
mod vector;

pub use vector::Vector;

/// File name (without `.json`) and vectors of every file under `tests/vectors/jws`.
pub fn files() -> Vec<(&'static str, Vec<Vector>)> {
    let mut files = vec![
        ("ok", ok::vectors()),
        ("encoding", encoding::vectors()),
        ("header", header::vectors()),
        ("key", key::vectors()),
        ("signature", signature::vectors()),
        ("json", json::vectors()),
        ("claims", claims::vectors()),
    ];
    for (file, vectors) in &mut files {
        for vector in vectors {
            vector.id = format!("{file}/{}", vector.id);
        }
    }
    files
}
