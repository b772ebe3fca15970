//! Paths of tiles and entry bundles (C2SP tlog-tiles).

use std::fmt;
use std::num::NonZeroU8;
use std::str::FromStr;

use super::prove::TILE_WIDTH;
use super::text::decimal;
use crate::domain::code::{Code, Refusal};

/// Highest level a path may name.
pub const MAX_LEVEL: u8 = 63;

/// Longest index in a path: seven groups of three digits hold 2^64.
const MAX_GROUPS: usize = 7;

/// The address of a tile or entry bundle: `/tile/<L>/<N>[.p/<W>]`, `/tile/entries/<N>[.p/<W>]`.
///
/// Made by parsing or from numbers; its text is the only spelling that parses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TilePath {
    /// Hashes of which level, or entries.
    pub kind: TileKind,
    /// Position among the tiles of its kind.
    pub index: u64,
    /// 1 to 255 for a partial tile, `None` for a full one.
    pub partial: Option<NonZeroU8>,
}

/// What a tile holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TileKind {
    /// Hashes of a level, 0 (leaf hashes) to [`MAX_LEVEL`].
    Hashes(u8),
    /// Entries, each behind its length.
    Entries,
}

/// A path that names no tile: the fault of the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TileError {
    /// Not of the form of a tile path.
    #[error("not of the form /tile/<level or entries>/<index>[.p/<width>]")]
    Form,
    /// Not a decimal without leading zeros between 0 and 63.
    #[error("the level is not a number from 0 to 63")]
    Level,
    /// Not groups of three digits, all but the last with `x`, or one group too many.
    #[error("the index is not in groups of three digits, as in x001/x234/067")]
    Index,
    /// Not a decimal without leading zeros between 1 and 255.
    #[error("the width of a partial tile is not a number from 1 to 255")]
    Width,
}

impl TilePath {
    /// How many hashes or entries the tile has.
    pub fn width(self) -> u16 {
        self.partial.map_or(TILE_WIDTH, |width| u16::from(width.get()))
    }

    /// Does a tree of `size` leaves have everything in this tile?
    ///
    /// Also true for the partial tile of a smaller tree: its hashes never change. Compare with
    /// the size of a published checkpoint, not with what is being appended.
    pub fn is_within(self, size: u64) -> bool {
        let level = match self.kind {
            TileKind::Hashes(level) => level,
            TileKind::Entries => 0,
        };
        let count = size.checked_shr(8 * u32::from(level)).unwrap_or(0);
        let end = u128::from(self.index) * u128::from(TILE_WIDTH) + u128::from(self.width());
        end <= u128::from(count)
    }
}

impl FromStr for TilePath {
    type Err = TileError;

    /// Parses the path from its leading `/tile/` on.
    fn from_str(path: &str) -> Result<Self, TileError> {
        let rest = path.strip_prefix("/tile/").ok_or(TileError::Form)?;
        let (kind, rest) = rest.split_once('/').ok_or(TileError::Form)?;
        let kind = if kind == "entries" {
            TileKind::Entries
        } else {
            let level = decimal(kind).and_then(|level| u8::try_from(level).ok());
            TileKind::Hashes(level.filter(|l| *l <= MAX_LEVEL).ok_or(TileError::Level)?)
        };
        let (index, partial) = match rest.split_once(".p/") {
            None => (rest, None),
            Some((index, width)) => {
                let width = decimal(width).and_then(|width| u8::try_from(width).ok());
                (index, Some(width.and_then(NonZeroU8::new).ok_or(TileError::Width)?))
            }
        };
        let parsed = Self { kind, index: parse_index(index).ok_or(TileError::Index)?, partial };
        // What the groups let through (x000/001) has another spelling.
        if parsed.to_string() == path { Ok(parsed) } else { Err(TileError::Index) }
    }
}

fn parse_index(text: &str) -> Option<u64> {
    let mut index = 0u64;
    let mut groups = text.split('/').take(MAX_GROUPS + 1).enumerate().peekable();
    while let Some((at, group)) = groups.next() {
        let last = groups.peek().is_none();
        let digits = if last { group } else { group.strip_prefix('x')? };
        if at == MAX_GROUPS || digits.len() != 3 || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        index = index.checked_mul(1000)?.checked_add(digits.parse().ok()?)?;
    }
    Some(index)
}

impl fmt::Display for TilePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            TileKind::Hashes(level) => write!(f, "/tile/{level}/")?,
            TileKind::Entries => f.write_str("/tile/entries/")?,
        }
        let groups = self.index.checked_ilog10().unwrap_or(0) / 3;
        for group in (1..=groups).rev() {
            write!(f, "x{:03}/", self.index / 1000u64.pow(group) % 1000)?;
        }
        write!(f, "{:03}", self.index % 1000)?;
        self.partial.map_or(Ok(()), |width| write!(f, ".p/{width}"))
    }
}

impl From<TileError> for Refusal {
    fn from(error: TileError) -> Self {
        let zh = match error {
            TileError::Form => "不符合 /tile/<层级或 entries>/<序号>[.p/<宽度>] 的形式",
            TileError::Level => "层级不是 0 到 63 的数字",
            TileError::Index => "序号不是三位一组的形式，例如 x001/x234/067",
            TileError::Width => "不完整瓦片的宽度不是 1 到 255 的数字",
        };
        Self::new(Code::TileMalformed).detail(zh, error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn paths_of_the_specification() {
        for (text, kind, index, partial) in [
            ("/tile/0/000", TileKind::Hashes(0), 0, None),
            ("/tile/63/999", TileKind::Hashes(63), 999, None),
            ("/tile/1/x001/x234/067", TileKind::Hashes(1), 1_234_067, None),
            ("/tile/0/273.p/112", TileKind::Hashes(0), 273, NonZeroU8::new(112)),
            ("/tile/entries/x001/000.p/255", TileKind::Entries, 1000, NonZeroU8::new(255)),
            ("/tile/0/x018/x446/x744/x073/x709/x551/615", TileKind::Hashes(0), u64::MAX, None),
        ] {
            let path = TilePath { kind, index, partial };
            assert_eq!(text.parse(), Ok(path));
            assert_eq!(path.to_string(), text);
        }
    }

    #[test]
    fn a_tree_of_70000_has_the_tiles_of_the_specification() {
        for (path, within) in [
            ("/tile/0/272", true),
            ("/tile/0/273", false),
            ("/tile/0/273.p/112", true),
            ("/tile/0/273.p/111", true),
            ("/tile/0/273.p/113", false),
            ("/tile/1/000", true),
            ("/tile/1/001.p/17", true),
            ("/tile/1/001.p/18", false),
            ("/tile/2/000.p/1", true),
            ("/tile/3/000.p/1", false),
            ("/tile/63/000.p/1", false),
            ("/tile/entries/273.p/112", true),
            ("/tile/entries/274.p/1", false),
        ] {
            assert_eq!(path.parse::<TilePath>().unwrap().is_within(70_000), within, "{path}");
        }
    }

    proptest! {
        #[test]
        fn every_path_has_one_text(level in 0u8..=64, index: u64, width: u8) {
            let kind = if level == 64 { TileKind::Entries } else { TileKind::Hashes(level) };
            let path = TilePath { kind, index, partial: NonZeroU8::new(width) };
            prop_assert_eq!(path.to_string().parse(), Ok(path));
        }

        #[test]
        fn whatever_parses_is_canonical(text in "/tile/(0|1|entries)/(x[0-9]{3}/){0,8}[0-9]{3}(\\.p/[0-9]{1,3})?") {
            if let Ok(path) = text.parse::<TilePath>() {
                prop_assert_eq!(path.to_string(), text);
            }
        }
    }
}
