//! Entry bundles (C2SP tlog-tiles): entries behind their lengths, big-endian u16.

use super::prove::TILE_WIDTH;

/// Bytes that are not an entry bundle, or an entry that fits none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BundleError {
    /// The caller's entry is longer than 65,535 bytes.
    #[error("the entry is longer than 65,535 bytes")]
    EntryTooLong,
    /// The bundle ends within an entry: the fault of whoever served it.
    #[error("the bundle ends within an entry")]
    Truncated,
    /// The bundle has another number of entries than its path says: the fault of whoever served it.
    #[error("the bundle has another number of entries than its path says")]
    Width,
}

/// Adds an entry to a bundle.
pub fn push_entry(bundle: &mut Vec<u8>, entry: &[u8]) -> Result<(), BundleError> {
    let length = u16::try_from(entry.len()).map_err(|_| BundleError::EntryTooLong)?;
    bundle.extend_from_slice(&length.to_be_bytes());
    bundle.extend_from_slice(entry);
    Ok(())
}

/// The entries of a bundle of `width` (at most 256) entries.
pub fn entries(bundle: &[u8], width: u16) -> Result<Vec<&[u8]>, BundleError> {
    let mut entries = Vec::with_capacity(usize::from(width.min(TILE_WIDTH)));
    let mut rest = bundle;
    while !rest.is_empty() {
        if entries.len() >= usize::from(width.min(TILE_WIDTH)) {
            return Err(BundleError::Width);
        }
        let (length, tail) = rest.split_first_chunk().ok_or(BundleError::Truncated)?;
        let length = usize::from(u16::from_be_bytes(*length));
        let (entry, tail) = tail.split_at_checked(length).ok_or(BundleError::Truncated)?;
        entries.push(entry);
        rest = tail;
    }
    if entries.len() == usize::from(width) { Ok(entries) } else { Err(BundleError::Width) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bundles_round_trip() {
        let (longest, too_long) = (vec![7; 65_535], vec![0; 65_536]);
        let mut bundle = Vec::new();
        for entry in [&b"one"[..], b"", &longest] {
            push_entry(&mut bundle, entry).unwrap();
        }
        assert_eq!(&bundle[..7], b"\0\x03one\0\0");
        assert_eq!(entries(&bundle, 3).unwrap(), [&b"one"[..], b"", &longest]);
        assert_eq!(entries(&bundle, 2), Err(BundleError::Width));
        assert_eq!(entries(&bundle, 4), Err(BundleError::Width));
        assert_eq!(entries(&bundle[..4], 1), Err(BundleError::Truncated));
        assert_eq!(entries(&bundle[..1], 1), Err(BundleError::Truncated));
        assert_eq!(entries(&[0; 1024], 512), Err(BundleError::Width));
        assert_eq!(push_entry(&mut bundle, &too_long), Err(BundleError::EntryTooLong));
    }
}
