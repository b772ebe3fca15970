//! 学时累计: continuing-education hours by calendar year and kind, in tenths of an hour, and whether
//! they reach the minimum that a rule names.
//!
//! A certificate counts once in a year, however many districts sent it: copies are known as
//! [`super::copies`] says, and by the year. A record without a number counts as a certificate of its own.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::answer::{
    Flag, HoursByKind, HoursOfYear, MinimumFinding, MinimumStanding, Outcome, RecordFinding,
};
use super::copies::{Certificate, certificate_of};
use super::effect::Effect;
use super::record::Credential;
use super::rule::HoursMinimum;
use crate::domain::record::credence::is_checked;
use crate::domain::record::qualification::EducationHours;

impl HoursByKind {
    /// Public and professional subjects together, tenths of an hour.
    pub fn total_tenths(&self) -> u64 {
        self.general_tenths.saturating_add(self.professional_tenths)
    }

    fn plus(self, other: Self) -> Self {
        Self {
            general_tenths: self.general_tenths.saturating_add(other.general_tenths),
            professional_tenths: self.professional_tenths.saturating_add(other.professional_tenths),
        }
    }

    /// What both grant, kind by kind.
    fn least(self, other: Self) -> Self {
        Self {
            general_tenths: self.general_tenths.min(other.general_tenths),
            professional_tenths: self.professional_tenths.min(other.professional_tenths),
        }
    }

    /// What `self` has more than `other`, kind by kind.
    fn beyond(self, other: Self) -> Self {
        Self {
            general_tenths: self.general_tenths.saturating_sub(other.general_tenths),
            professional_tenths: self.professional_tenths.saturating_sub(other.professional_tenths),
        }
    }
}

impl From<EducationHours> for HoursByKind {
    fn from(hours: EducationHours) -> Self {
        Self {
            general_tenths: hours.general_tenths.into(),
            professional_tenths: hours.professional_tenths.into(),
        }
    }
}

/// How sure it is that hours count; the surest copy of a certificate stands for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Column {
    /// Recorded by the receiving district itself.
    Own,
    Recognised,
    Conditional,
}

/// The hours of one record that count.
struct Share {
    /// Place of its record in the list.
    at: usize,
    column: Column,
    year: u16,
    hours: HoursByKind,
    /// Did somebody see the certificate?
    checked: bool,
}

/// Sums what the findings let accumulate, in order of years, and flags copies of one certificate.
/// Expects the findings in the order of the answer.
pub(super) fn by_year(used: &mut [(Credential, RecordFinding)], day: Date) -> Vec<HoursOfYear> {
    let mut certificates: BTreeMap<(Certificate, u16), Vec<Share>> = BTreeMap::new();
    let mut shares = Vec::new();
    for (at, (credential, finding)) in used.iter().enumerate() {
        let Some(content) = credential.on(day).map(|standing| standing.content) else { continue };
        let checked = is_checked(content.attestation.level);
        let Some(hours) = content.hours else { continue };
        let Some(column) = column_of(finding, checked) else { continue };
        let share = Share { at, column, year: hours.year, hours: hours.into(), checked };
        match certificate_of(content) {
            Some(number) => certificates.entry((number, hours.year)).or_default().push(share),
            None => shares.push(share),
        }
    }
    for copies in certificates.into_values() {
        shares.extend(one_of(copies, used));
    }
    let mut years: BTreeMap<u16, HoursOfYear> = BTreeMap::new();
    for share in &shares {
        let line = years.entry(share.year).or_insert_with(|| HoursOfYear::empty(share.year));
        let sum = match share.column {
            Column::Own => &mut line.own,
            Column::Recognised => &mut line.recognised,
            Column::Conditional => &mut line.conditional,
        };
        *sum = sum.plus(share.hours);
        if let Some((_, finding)) = used.get(share.at) {
            note_minimums(line, finding);
        }
    }
    let mut years: Vec<_> = years.into_values().collect();
    for line in &mut years {
        line.minimums.sort_by(|a, b| a.rule.cmp(&b.rule));
        let (sure, open) = (line.own.plus(line.recognised), line.conditional);
        for minimum in &mut line.minimums {
            minimum.measure(sure, open);
        }
    }
    years
}

fn column_of(finding: &RecordFinding, checked: bool) -> Option<Column> {
    let accumulates = finding.effect() == Some(Effect::HoursAccumulate);
    match finding.outcome {
        Outcome::Recognised if accumulates => Some(Column::Recognised),
        Outcome::Conditional if accumulates => Some(Column::Conditional),
        // The receiving district counts its own hours by its own rules, without recognition; what is
        // only declared waits until somebody has seen it.
        Outcome::NoRule if finding.flags.contains(&Flag::OwnRecord) => {
            Some(if checked { Column::Own } else { Column::Conditional })
        }
        _ => None,
    }
}

/// One share for all copies of a certificate. Copies that contradict each other prove nothing:
/// what all of them grant stays open until a person has cleared it. What is only declared contradicts
/// no copy that somebody has seen.
fn one_of(mut copies: Vec<Share>, used: &mut [(Credential, RecordFinding)]) -> Option<Share> {
    copies.sort_by_key(|share| (share.column, !share.checked, share.at));
    let mut copies = copies.into_iter();
    let mut first = copies.next()?;
    let rest: Vec<Share> = copies.collect();
    let (weighing, declared): (Vec<&Share>, Vec<&Share>) =
        rest.iter().partition(|copy| copy.checked || !first.checked);
    let granted = first.hours;
    let contradicts = |copy: &&&Share| copy.hours != granted;
    let differ = weighing.iter().any(|copy| contradicts(&copy));
    for copy in &rest {
        flag(used, copy.at, Flag::CertificateCountedOnce);
    }
    for copy in declared.iter().filter(contradicts) {
        flag(used, copy.at, Flag::CopiesDiffer);
    }
    if differ {
        first.column = Column::Conditional;
        leave_open(used, first.at);
        for copy in weighing {
            leave_open(used, copy.at);
            first.hours = first.hours.least(copy.hours);
        }
    }
    Some(first)
}

fn flag(used: &mut [(Credential, RecordFinding)], at: usize, flag: Flag) {
    if let Some((_, finding)) = used.get_mut(at)
        && !finding.flags.contains(&flag)
    {
        finding.flags.push(flag);
    }
}

/// A copy that another contradicts is recognised no further than its hours count: a person decides.
fn leave_open(used: &mut [(Credential, RecordFinding)], at: usize) {
    flag(used, at, Flag::CopiesDiffer);
    if let Some((_, finding)) = used.get_mut(at)
        && finding.outcome == Outcome::Recognised
    {
        finding.outcome = Outcome::Conditional;
    }
}

fn note_minimums(line: &mut HoursOfYear, finding: &RecordFinding) {
    // Rules that data refute do not speak.
    for rule in finding.rules.iter().filter(|r| !r.is_refuted()) {
        let Some(minimum) = rule.minimum else { continue };
        if line.minimums.iter().all(|m| m.rule != rule.rule) {
            line.minimums.push(MinimumFinding::of(&rule.rule, minimum));
        }
    }
}

impl HoursOfYear {
    fn empty(year: u16) -> Self {
        let none = HoursByKind::default();
        Self { year, own: none, recognised: none, conditional: none, minimums: Vec::new() }
    }
}

impl MinimumFinding {
    fn of(rule: &str, minimum: HoursMinimum) -> Self {
        Self {
            rule: rule.to_owned(),
            minimum,
            standing: MinimumStanding::Short,
            missing: HoursByKind::default(),
            missing_total_tenths: 0,
        }
    }

    fn measure(&mut self, sure: HoursByKind, open: HoursByKind) {
        let least = HoursByKind {
            general_tenths: self.minimum.general_tenths.into(),
            professional_tenths: self.minimum.professional_tenths.into(),
        };
        let total = u64::from(self.minimum.total_tenths);
        let reached = |sum: HoursByKind| {
            least.beyond(sum) == HoursByKind::default() && sum.total_tenths() >= total
        };
        self.missing = least.beyond(sure);
        self.missing_total_tenths = total.saturating_sub(sure.total_tenths());
        self.standing = match (reached(sure), reached(sure.plus(open))) {
            (true, _) => MinimumStanding::Reached,
            (false, true) => MinimumStanding::Open,
            (false, false) => MinimumStanding::Short,
        };
    }
}
