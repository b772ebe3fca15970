//! The kinds of stories. Each rule has kinds that show it and kinds that only look like it; both are
//! true by the words of the policy documents, as the story is built.

mod across;
mod apart;
mod attested;
mod caps;
mod combined;
mod conditions;
mod household;
mod identity;
mod integrity;
mod lawful;
mod lives;
mod noise;
mod ordinary;
mod points;
mod same_district;
mod standards;

use serde::Serialize;

use super::act::Story;
use super::paper;
use super::plain::{Draft, TIED};
use super::teller::Teller;
use crate::domain::time::Month;

/// A kind of story.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// Its name.
    pub name: &'static str,
    /// Rules that must be found in it.
    pub shows: &'static [u8],
    /// Rules that it looks like, and that must not be found in it.
    pub resembles: &'static [u8],
    /// Is somebody known under two identifiers, and how are they found to be one person?
    pub matching: Option<Match>,
    /// Is it put together by chance, so that its truth is derived and differs from story to story?
    pub combined: bool,
    tell: fn(&mut Teller),
}

/// How two identifiers of one story are found to be one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Match {
    /// By the number itself: the two are forms of one number.
    Number,
    /// By a link that districts have confirmed, and not before.
    Link,
    /// Not at all: nobody has linked them, or they are two persons.
    Never,
}

impl Kind {
    /// With how two identifiers are found to be one person.
    const fn matching(mut self, matching: Match) -> Self {
        self.matching = Some(matching);
        self
    }

    /// Put together by chance.
    const fn combined(mut self) -> Self {
        self.combined = true;
        self
    }
}

const fn kind(
    name: &'static str,
    shows: &'static [u8],
    resembles: &'static [u8],
    tell: fn(&mut Teller),
) -> Kind {
    Kind { name, shows, resembles, matching: None, combined: false, tell }
}

/// Nothing to find: one district, one certification, one application.
const ORDINARY: Kind = kind("ordinary", &[], &[], ordinary::ordinary);

/// The hard kinds, chapter by chapter, in the order in which they are dealt out.
const CHAPTERS: [&[Kind]; 12] = [
    across::KINDS,
    same_district::KINDS,
    caps::KINDS,
    identity::KINDS,
    household::KINDS,
    points::KINDS,
    conditions::KINDS,
    integrity::KINDS,
    lawful::KINDS,
    attested::KINDS,
    lives::KINDS,
    standards::KINDS,
];

/// Every kind, the ordinary one first.
pub fn kinds() -> impl Iterator<Item = &'static Kind> {
    std::iter::once(&ORDINARY).chain(CHAPTERS.into_iter().flatten()).chain(combined::KINDS)
}

/// Kinds that need an exchange of their own.
pub fn kinds_apart() -> impl Iterator<Item = &'static Kind> {
    apart::KINDS.iter()
}

/// Every third talent has a hard case.
const HARD_EVERY: usize = 3;
/// Of so many hard cases one is combined: there are many more combinations than kinds.
const COMBINED_EVERY: usize = 5;
/// Where the talents of stories apart are numbered from; other talents stay below it.
const APART: usize = 20_000_000;

/// Tells the story of one talent: the same for one seed and index, whatever else is generated.
pub(super) fn tell(seed: u64, index: usize) -> Story {
    let hard = CHAPTERS.iter().map(|c| c.len()).sum::<usize>().max(1);
    let (turn, is_hard) = (index / HARD_EVERY, index.is_multiple_of(HARD_EVERY));
    let kind = match turn % COMBINED_EVERY {
        _ if !is_hard => Some(&ORDINARY),
        0 => combined::KINDS.get(turn / COMBINED_EVERY % combined::KINDS.len()),
        _ => kinds().nth(1 + (turn - turn / COMBINED_EVERY - 1) % hard),
    };
    let kind = kind.unwrap_or(&ORDINARY);
    let mut teller = Teller::new(seed, index);
    let papers = if is_hard { None } else { paper::dealt(index) };
    if let Some(papers) = papers {
        papers.prepare(&mut teller);
    }
    noise::before(&mut teller, kind, papers.is_some_and(|papers| papers.linked));
    (kind.tell)(&mut teller);
    if let Some(papers) = papers {
        papers.tell(&mut teller);
    }
    teller.into_story(kind.name, kind.resembles)
}

/// Tells a story that needs an exchange of its own.
pub(super) fn tell_apart(seed: u64, index: usize) -> Story {
    let kind = apart::KINDS.get(index % apart::KINDS.len()).unwrap_or(&ORDINARY);
    let mut teller = Teller::new(seed, APART + index);
    (kind.tell)(&mut teller);
    teller.into_story(kind.name, kind.resembles)
}

/// Months asked for by most applications.
const YEAR: u32 = 12;

fn later(first: Month, months: u32) -> Month {
    first.plus(i32::try_from(months).unwrap_or(0))
}

/// Rent under Annex 4, class D, with everything that it asks for but the certification.
fn housing_rent(first: Month, yuan: u64) -> Draft {
    Draft::of("qingpu/housing-rent/D").months(first, YEAR).monthly(yuan).yes(&TIED)
}

/// Rent under Annex 2, class D, likewise.
fn industry_rent(first: Month, yuan: u64) -> Draft {
    let facts = [TIED[0], TIED[1], TIED[2], "newly-introduced"];
    Draft::of("qingpu/industry-rent/D").months(first, YEAR).monthly(yuan).yes(&facts)
}

/// The first group that talent apartments are for (附件4 三（一）).
const FIRST_GROUP: [&str; 2] = ["residence-permit", "residence-points-at-least-120"];

/// A talent apartment of Qingpu with the usual discount.
fn apartment(first: Month) -> Draft {
    let draft = Draft::of("qingpu/apartment/in-kind").months(first, YEAR).monthly(900).yes(&TIED);
    draft.yes(&FIRST_GROUP).set("discount_percent", serde_json::json!(20))
}

/// Cash in place of an apartment.
fn apartment_cash(first: Month) -> Draft {
    let draft = Draft::of("qingpu/apartment/cash").months(first, YEAR).monthly(900);
    draft.yes(&TIED).yes(&FIRST_GROUP).yes(&["apartment-shortage"])
}

/// Points rent of the lowest tier.
fn points_rent(first: Month) -> Draft {
    let draft = Draft::of("qingpu/points-rent/tier-1").months(first, YEAR).monthly(1_000);
    let facts = ["family-owns-no-home-in-district", "self-renting-in-district"];
    draft.yes(&TIED).yes(&facts).yes(&["below-high-level-standard"])
}

/// Rent subsidies of the neighbours: examples, no documents of theirs are held.
const NEIGHBOURS: [(&str, u64); 2] =
    [("wujiang/example-rent", 2_500), ("jiashan/example-rent", 2_000)];

fn neighbour_rent(teller: &mut Teller, first: Month) -> Draft {
    let (policy, yuan) = NEIGHBOURS[teller.rng.usize(0..NEIGHBOURS.len())];
    Draft::of(policy).months(first, YEAR).monthly(yuan)
}
