//! Numbers with right check digits. `draw` is unique per person, so numbers of one kind do not meet.

use jiff::civil::Date;

use crate::domain::id::RegionCode;
use crate::domain::id::number::check_mod_11_2;
use crate::domain::id::uscc::{check_code, check_entity};

/// Number of different draws: districts × years × months × days × sequences.
pub(super) const DRAWS: u64 = 6 * YEARS * 12 * 28 * 999;
/// Years of birth, from [`FIRST_YEAR`] on.
const YEARS: u64 = 43;
const FIRST_YEAR: u64 = 1960;
/// Has no factor in common with [`DRAWS`], so multiplying by it shuffles without meeting.
const STRIDE: u64 = 7_368_787;

/// What distinguishes one person from all others.
#[derive(Clone, Copy)]
pub(super) struct Draw {
    pub(super) value: u64,
    pub(super) district: usize,
    pub(super) birth: Date,
    sequence: u64,
}

impl Draw {
    /// Different for every `index` below [`DRAWS`] under one seed.
    pub(super) fn new(seed: u64, index: u64) -> Self {
        let value = ((index % DRAWS) * STRIDE + seed % DRAWS) % DRAWS;
        let (rest, sequence) = (value / 999, value % 999 + 1);
        let (rest, day) = (rest / 28, rest % 28 + 1);
        let (rest, month) = (rest / 12, rest % 12 + 1);
        let (rest, year) = (rest / YEARS, rest % YEARS + FIRST_YEAR);
        let small = |n: u64| i8::try_from(n).unwrap_or(1);
        let year = i16::try_from(year).unwrap_or(1960);
        let birth = jiff::civil::date(year, small(month), small(day));
        Self { value, district: usize::try_from(rest % 6).unwrap_or(0), birth, sequence }
    }

    /// 公民身份号码 under an address code; with 810000 and the like a residence permit.
    pub(super) fn resident(self, address: &str) -> String {
        self.checked(address)
    }

    /// New permanent resident card: `9`, province, nationality, birth, sequence.
    pub(super) fn permanent_new(self, province: &str, nationality: &str) -> String {
        self.checked(&format!("9{province}{nationality}"))
    }

    /// Old permanent resident card: nationality, region, birth, two digits.
    pub(super) fn permanent_old(self, nationality: &str, region: &str) -> String {
        format!("{nationality}{region}{}{:02}", self.birth.strftime("%y%m%d"), self.sequence % 100)
    }

    /// Travel permit: a letter, eight lifelong digits, how often it was issued again.
    pub(super) fn hong_kong_macao(self, letter: char, again: u8) -> String {
        format!("{letter}{:08}{again:02}", self.value)
    }

    /// The number before 1999, without century and check digit; none for who was born later.
    pub(super) fn resident_old(self, address: &str) -> Option<String> {
        let birth = self.birth.strftime("%y%m%d");
        (self.birth.year() < 2000).then(|| format!("{address}{birth}{:03}", self.sequence))
    }

    /// Passport: a letter and eight digits.
    pub(super) fn passport(self, letter: char) -> String {
        format!("{letter}{:08}", self.value)
    }

    /// 军官证: words and eight digits.
    pub(super) fn officer(self) -> String {
        format!("军字第{:08}号", self.value)
    }

    /// Travel permit for Taiwan residents.
    pub(super) fn taiwan(self) -> String {
        format!("{:08}", self.value)
    }

    fn checked(self, six: &str) -> String {
        let body = format!("{six}{}{:03}", self.birth.strftime("%Y%m%d"), self.sequence);
        // Six digits and eleven: the check always exists; a test shows it.
        let check = check_mod_11_2(&body).unwrap_or('?');
        format!("{body}{check}")
    }
}

/// A credit code of an enterprise that does not exist: its entity code starts with `XU`.
pub(super) fn credit_code(region: RegionCode, number: u64) -> String {
    code(region, &format!("XU{:06}", number % 1_000_000))
}

fn code(region: RegionCode, entity: &str) -> String {
    let entity_check = check_entity(entity).unwrap_or('?');
    let body = format!("91{region}{entity}{entity_check}");
    let check = check_code(&body).unwrap_or('?');
    format!("{body}{check}")
}

/// Letters of credit codes, without those that look like digits (GB 32100).
const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

/// A credit code of its own for each number below 31⁶: the entity code starts with `XU`.
pub(super) fn own_code(region: RegionCode, mut number: u64) -> String {
    let mut digits = [b'0'; 6];
    for digit in digits.iter_mut().rev() {
        *digit = usize::try_from(number % 31).map_or(b'0', |i| ALPHABET[i]);
        number /= 31;
    }
    code(region, &format!("XU{}", String::from_utf8_lossy(&digits)))
}
