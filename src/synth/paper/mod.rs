//! Papers that talents carry besides: titles, occupational qualifications, hours, permits, diplomas, skills
//! and certifications of other districts, what becomes of them, copies, and who holds them under which
//! document; with questions whether they count. What a writer states is compared with the derivation of
//! [`super::naive`], which labels them all.

mod class;
mod copies;
mod hours;
mod lives;
mod mixed;
mod occupational;
mod permit;
mod title;
mod who;

use super::plain::District;
use super::teller::{Paper, Teller};

/// A kind of papers.
#[derive(Clone, Copy, Debug)]
pub struct PaperKind {
    /// Its name.
    pub name: &'static str,
    /// Is it put together by chance, so that its truth is derived alone?
    pub combined: bool,
    /// Do districts link two documents of the talent?
    pub linked: bool,
    prepare: Option<fn(&mut Teller)>,
    tell: fn(&mut Teller),
}

impl PaperKind {
    /// Gives the talent the documents and the home that the papers need, before the story begins.
    pub(super) fn prepare(&self, teller: &mut Teller) {
        if let Some(prepare) = self.prepare {
            prepare(teller);
        }
    }

    pub(super) fn tell(&self, teller: &mut Teller) {
        teller.turn_to_papers(self.name);
        (self.tell)(teller);
    }

    const fn after(self, prepare: fn(&mut Teller)) -> Self {
        Self { prepare: Some(prepare), ..self }
    }

    const fn linked(self) -> Self {
        Self { linked: true, ..self }
    }
}

const fn kind(name: &'static str, tell: fn(&mut Teller)) -> PaperKind {
    PaperKind { name, combined: false, linked: false, prepare: None, tell }
}

/// The kinds, chapter by chapter, in the order in which they are dealt out.
const CHAPTERS: [&[PaperKind]; 8] = [
    title::KINDS,
    occupational::KINDS,
    hours::KINDS,
    permit::KINDS,
    class::KINDS,
    lives::KINDS,
    copies::KINDS,
    who::KINDS,
];

/// Drawn at random.
const MIXED: PaperKind = PaperKind { combined: true, ..kind("mixed", mixed::mixed) };

/// Every kind of papers.
pub fn paper_kinds() -> impl Iterator<Item = &'static PaperKind> {
    CHAPTERS.into_iter().flatten().chain([&MIXED])
}

/// Of six talents one carries papers: the first after every second hard case.
const EVERY: usize = 6;
/// Of so many one is mixed.
const MIXED_EVERY: usize = 4;

/// The papers of the talent at this place of the sequence.
pub(super) fn dealt(index: usize) -> Option<&'static PaperKind> {
    if index % EVERY != 1 {
        return None;
    }
    let (turn, kinds) = (index / EVERY, CHAPTERS.iter().map(|c| c.len()).sum::<usize>().max(1));
    if turn % MIXED_EVERY == MIXED_EVERY - 1 {
        return Some(&MIXED);
    }
    CHAPTERS.into_iter().flatten().nth((turn - turn / MIXED_EVERY) % kinds)
}

/// A district of the demonstration zone with its province.
#[derive(Clone, Copy, Debug)]
struct Side {
    district: District,
    /// Code of the province.
    province: &'static str,
    title: &'static str,
    hours: &'static str,
}

const SIDES: [Side; 3] = [
    Side {
        district: District::Qingpu,
        province: "310000",
        title: "shanghai-title",
        hours: "shanghai-hours",
    },
    Side {
        district: District::Jiashan,
        province: "330000",
        title: "zhejiang-title",
        hours: "zhejiang-hours",
    },
    Side {
        district: District::Wujiang,
        province: "320000",
        title: "jiangsu-title",
        hours: "jiangsu-hours",
    },
];

/// A side that gives papers and another that is asked whether they count.
fn sides(t: &mut Teller) -> (Side, Side) {
    let (from, by) = (t.rng.usize(0..3), t.rng.usize(1..3));
    (SIDES[from], SIDES[(from + by) % 3])
}

/// The third side.
fn third(a: Side, b: Side) -> Side {
    let other = SIDES.into_iter().find(|s| s.district != a.district && s.district != b.district);
    other.unwrap_or(a)
}

fn any<T: Copy>(t: &mut Teller, from: &[T], otherwise: T) -> T {
    let at = t.rng.usize(0..from.len().max(1));
    from.get(at).copied().unwrap_or(otherwise)
}

/// A day of the years 2022 to 2025.
fn day(t: &mut Teller) -> String {
    let (year, month, day) = (t.rng.u16(2022..=2025), t.rng.u8(1..=12), t.rng.u8(1..=28));
    format!("{year}-{month:02}-{day:02}")
}

/// A title of a side, by its province.
fn title_of(t: &mut Teller, from: Side) -> Paper {
    let class = any(t, &["411", "412", "420", "430", "434", "435"], "420");
    let paper = Paper::of(from.district, "title", from.title, class).by_office(from.province);
    // 卫生, 工程 …: the measure speaks of titles, whatever their 系列.
    match t.rng.u8(0..3) {
        0 => paper.with("speciality", serde_json::json!(any(t, &["231", "083"], "231"))),
        _ => paper,
    }
}

/// The talent has moved to work here, says who knows; and the title meets the standard, says who gave it.
fn moved(t: &mut Teller, from: Side, to: Side) {
    t.file(Paper::tie(to.district, "employment", to.district));
    t.file(Paper::fact(from.district, "title-meets-national-standard", true));
}
