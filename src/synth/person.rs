//! Fictitious people, their documents and employers.

use jiff::civil::Date;

use super::number::{Draw, credit_code, own_code};
use super::plain::District;
use crate::domain::id::DocumentType;

/// Somebody who does not exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Place in the sequence, from 0.
    pub index: usize,
    /// 试甲子, 测乙丑, 虚丙寅 …; two people may share a name.
    pub name: String,
    /// One or two documents; the first is the usual one.
    pub documents: Vec<PlainDocument>,
    /// Date of birth, as in the documents that hold one.
    pub birth: Date,
    /// The district where the person lives and works.
    pub home: District,
    /// Index of the spouse; always mutual.
    pub spouse: Option<usize>,
    /// Where the person works.
    pub employer: Employer,
}

/// A document in plain, as a district system holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlainDocument {
    /// Its type.
    pub document_type: DocumentType,
    /// Its number, in the one written form.
    pub number: String,
    /// What stands beside the number of a passport.
    pub passport: Option<PlainPassport>,
}

/// What makes a passport's number a person: numbers of different states meet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlainPassport {
    /// Three letters (ISO 3166-1).
    pub nationality: &'static str,
    /// Date of birth.
    pub birth: Date,
    /// Name as in the machine-readable zone.
    pub latin_name: String,
}

impl PlainDocument {
    pub(super) fn new(document_type: DocumentType, number: String) -> Self {
        Self { document_type, number, passport: None }
    }
}

/// An enterprise that does not exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Employer {
    /// 虚构…科技有限公司.
    pub name: String,
    /// Credit code with both checks right.
    pub uscc: String,
}

/// People 0 to `n − 1` of a seed. Person `i` is the same for every `n` above it, but for a spouse
/// that lies beyond the end.
pub fn people(seed: u64, n: usize) -> impl Iterator<Item = Person> {
    (0..n).map(move |index| person(seed, index, n))
}

/// Somebody without a spouse, at any place of the sequence.
pub(super) fn lone(seed: u64, index: usize) -> Person {
    person(seed, index, 0)
}

/// An employer of one story alone, so that what is decided about it reaches no other.
pub(super) fn firm(home: District, number: u64) -> Employer {
    Employer {
        name: format!("虚构第{number}号科技有限公司"),
        uscc: own_code(home.region(), number),
    }
}

const STEMS: [&str; 10] = ["甲", "乙", "丙", "丁", "戊", "己", "庚", "辛", "壬", "癸"];
const BRANCHES: [&str; 12] =
    ["子", "丑", "寅", "卯", "辰", "巳", "午", "未", "申", "酉", "戌", "亥"];
const FAMILIES: [&str; 3] = ["试", "测", "虚"];
/// Colleagues share an employer.
const STAFF: usize = 8;
/// In a hundred neighbours of the sequence, so many are married to each other.
const MARRIED_PERCENT: u64 = 20;
/// Nationality by letters and by number (ISO 3166-1).
const NATIONS: [(&str, &str); 4] = [("PAK", "586"), ("CAN", "124"), ("SGP", "702"), ("FRA", "250")];

fn person(seed: u64, index: usize, n: usize) -> Person {
    let mut rng = stream(seed, index, 0);
    let draw = Draw::new(seed, index as u64);
    let home = District::ALL[draw.district % District::ALL.len()];
    let name = format!(
        "{}{}{}",
        pick(&mut rng, &FAMILIES),
        pick(&mut rng, &STEMS),
        pick(&mut rng, &BRANCHES)
    );
    let documents = documents(&mut rng, draw, home);
    let partner = index ^ 1;
    let married = stream(seed, index / 2, 1).u64(0..100) < MARRIED_PERCENT;
    let spouse = (married && partner < n).then_some(partner);
    let employer = employer(seed, index / STAFF, home);
    Person { index, name, documents, birth: draw.birth, home, spouse, employer }
}

/// Mostly resident cards; the others as often as the hard cases need them.
fn documents(rng: &mut fastrand::Rng, draw: Draw, home: District) -> Vec<PlainDocument> {
    let (letters, numeric) = NATIONS[rng.usize(0..NATIONS.len())];
    let region = home.region().to_string();
    let of = |document_type, number| vec![PlainDocument::new(document_type, number)];
    match rng.u8(0..100) {
        0..80 => of(DocumentType::ResidentId, draw.resident(&region)),
        80..84 => {
            of(DocumentType::ResidentId, draw.resident(rng.choice(PERMITS).unwrap_or(PERMITS[0])))
        }
        84..88 => of(DocumentType::HongKongMacaoPermit, draw.hong_kong_macao('H', 0)),
        88..90 => hong_kong_pair(draw),
        90..94 => of(DocumentType::TaiwanPermit, draw.taiwan()),
        94..97 => of(
            DocumentType::PermanentResident,
            draw.permanent_old(letters, region.get(..4).unwrap_or("3100")),
        ),
        _ => of(
            DocumentType::PermanentResident,
            draw.permanent_new(region.get(..2).unwrap_or("31"), numeric),
        ),
    }
}

const PERMITS: [&str; 3] = ["810000", "820000", "830000"];

/// Travel permit and residence permit of one person: the classic missed duplicate.
pub(super) fn hong_kong_pair(draw: Draw) -> Vec<PlainDocument> {
    vec![
        PlainDocument::new(DocumentType::HongKongMacaoPermit, draw.hong_kong_macao('H', 0)),
        PlainDocument::new(DocumentType::ResidentId, draw.resident("810000")),
    ]
}

fn employer(seed: u64, group: usize, home: District) -> Employer {
    let stem = STEMS[group % STEMS.len()];
    let branch = BRANCHES[group % BRANCHES.len()];
    let number = (seed % 1000) * 1000 + group as u64;
    Employer {
        name: format!("虚构{stem}{branch}科技有限公司"),
        uscc: credit_code(home.region(), number),
    }
}

/// An independent stream for each index and use, so that adding a draw to one moves no other.
pub(super) fn stream(seed: u64, index: usize, salt: u64) -> fastrand::Rng {
    let mixed = seed ^ (index as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ salt.rotate_left(48);
    fastrand::Rng::with_seed(mixed)
}

fn pick<'a>(rng: &mut fastrand::Rng, from: &[&'a str]) -> &'a str {
    from.get(rng.usize(0..from.len())).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::domain::id::{Document, Notice, Severity, Uscc};

    const TODAY: Date = jiff::civil::date(2026, 1, 1);

    #[test]
    fn the_same_seed_gives_the_same_people() {
        assert!(people(7, 50).eq(people(7, 50)));
        assert!(!people(7, 50).eq(people(8, 50)));
    }

    #[test]
    fn every_number_passes_its_own_check_and_is_unique() {
        let mut seen = BTreeSet::new();
        let mut types = BTreeSet::new();
        for p in people(42, 3000) {
            for d in &p.documents {
                let parsed = Document::parse(d.document_type, &d.number, TODAY).unwrap();
                assert_eq!(parsed.number().expose(), d.number);
                assert!(parsed.birth().is_none_or(|b| b == p.birth));
                assert!(parsed.notices().iter().all(|n| n.severity() == Severity::Hint));
                assert!(!parsed.notices().contains(&Notice::RegionUnknown));
                let key = parsed.person_key().unwrap();
                assert!(seen.insert((d.document_type, key.expose().to_owned())), "{d:?}");
                types.insert((d.document_type, parsed.form() as u8));
            }
            let code = Uscc::parse(&p.employer.uscc).unwrap();
            assert!(p.employer.name.starts_with("虚构"), "{code}");
            assert!(["试", "测", "虚"].iter().any(|f| p.name.starts_with(f)));
        }
        assert_eq!(types.len(), 6, "111 twice, 516, 511, 553 twice");
    }

    #[test]
    fn marriage_is_mutual() {
        let all: Vec<_> = people(3, 501).collect();
        let married = all.iter().filter(|p| p.spouse.is_some()).count();
        assert!((50..200).contains(&married), "{married}");
        for p in &all {
            if let Some(other) = p.spouse {
                assert_eq!(all[other].spouse, Some(p.index));
            }
        }
    }
}
