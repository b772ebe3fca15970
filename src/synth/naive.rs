//! What a check must find, worked out a second time and in another way: from the plain messages, with
//! months as numbers in sets, days as text and persons as text, from a short table of what the documents
//! say of a few benefits. Nothing of the engine is asked: no rule, no catalogue, no case.
//!
//! It speaks of rent of class D, of points rent and of the purchase subsidy of class C in Qingpu and returns nothing where a story holds
//! something that is not written down here. Combined stories are labelled by it; the truths that the
//! writers of other stories state are compared with it (`tests/synth.rs`). Longer than other files: it is all
//! of the documents that it knows, to be read in one go.

mod look_up;
mod purchase;
mod said;

use std::collections::BTreeSet;

use serde_json::Value;

pub use self::look_up::derive_look_up;
use self::said::{Benefit, Held, Months, Said, benefit, months_of, placed, text};
use super::act::{Act, Truth};
use crate::domain::funding::finding::Verdict;
use crate::domain::registry::MessageType;

/// 附件4 一（三）, 二（二）: five years.
const CAP_MONTHS: usize = 60;
const CAP_YEARS: usize = 5;
/// 附件4 四（三）: in force from June 2020 on.
const BEGAN: i32 = 2020 * 12 + 5;
/// 附件4 二（一）: standard points.
const POINTS: u64 = 45;
/// What ties employer and person to Qingpu (附件4 四（一）).
const TIES: [&str; 5] = [
    "employer-registered-in-district",
    "employer-pays-tax-in-district",
    "income-tax-in-district",
    "employer-not-civil-service-like",
    "social-insurance-in-shanghai",
];

/// Other facts of a case that are spoken of.
const FACTS: [&str; 4] = [
    "family-owns-no-home-in-district",
    "self-renting-in-district",
    "below-high-level-standard",
    "newly-introduced",
];

/// What the last of `acts`, a check, must find after the others; `None` where something occurs in
/// them that this derivation does not speak of.
pub fn derive(acts: &[Act]) -> Option<Truth> {
    let (check, before) = acts.split_last()?;
    if check.message != MessageType::FundingQuery {
        return None;
    }
    let said = Said::of(before)?;
    let check = placed(check);
    let application = &check["application"];
    if let Some(truth) = purchase::derive(application, &said) {
        return Some(truth);
    }
    let asked = Asked::of(application, &said)?;
    let truth = Truth::clear();
    let truth = asked.elsewhere(truth);
    let truth = asked.same_district(truth)?;
    let truth = asked.months_left(truth)?;
    let truth = asked.spouse(truth);
    let truth = asked.sanctions(truth)?;
    let truth = asked.leases(truth);
    let truth = asked.paid(truth);
    match asked.benefit {
        Benefit::ClassD => asked.class(truth),
        _ => asked.points(truth),
    }
}

/// An application beside what was said.
struct Asked<'a> {
    said: &'a Said,
    application: &'a Value,
    benefit: Benefit,
    /// The applicant under every document that is linked and confirmed.
    person: BTreeSet<String>,
    months: Months,
    monthly: u64,
    day: &'a str,
}

impl<'a> Asked<'a> {
    fn of(application: &'a Value, said: &'a Said) -> Option<Self> {
        let benefit = benefit(application["policy"]["id"].as_str()?)?;
        let known = matches!(benefit, Benefit::ClassD | Benefit::Points)
            && application["kind"] == "grant"
            && application["beneficiary"] == "person"
            && ["class", "case_by_case", "parent_plan", "co_funding", "project"]
                .iter()
                .all(|member| application[*member].is_null());
        let monthly = application["amount"]["monthly"].as_u64()?;
        let person = said.same_as(&text(&application["subject"])?);
        let (months, day) = (months_of(&application["months"])?, application["date"].as_str()?);
        let asked = Self { said, application, benefit, person, months, monthly, day };
        let tied = TIES.iter().all(|fact| asked.fact(fact) == Some(true));
        let mut facts = application["case_facts"].as_array()?.iter();
        let spoken = facts.all(|f| {
            let code = f["code"].as_str().unwrap_or_default();
            TIES.contains(&code) || FACTS.contains(&code)
        });
        (known && tied && spoken).then_some(asked)
    }

    fn fact(&self, code: &str) -> Option<bool> {
        let facts = self.application["case_facts"].as_array()?;
        let fact = facts.iter().find(|f| f["code"] == code)?;
        Some(fact["value"]["answer"] == "yes")
    }

    fn own(&self) -> impl Iterator<Item = &Held> {
        self.said.held.iter().filter(|h| self.person.contains(&h.person))
    }

    fn meets(&self, held: &Held) -> bool {
        !held.months.is_disjoint(&self.months)
    }

    /// R05, R06: rent in another district for the same months; of one who may be the same person, for
    /// information, or to be compared where it is one passport.
    fn elsewhere(&self, mut truth: Truth) -> Truth {
        let rent = |h: &&Held| h.benefit.is_rent() && self.meets(h);
        if self.own().filter(rent).any(|h| h.benefit == Benefit::Neighbour) {
            truth = truth.and(5, Verdict::Refer, &[1]).lacking();
        }
        let passport = self.said.of_one_passport(&self.person);
        let suspected = self.said.suspected(&self.person);
        let suspected: BTreeSet<String> = suspected.difference(&passport).cloned().collect();
        let of = |who: &BTreeSet<String>| {
            self.said.held.iter().filter(rent).any(|h| who.contains(&h.person))
        };
        if of(&suspected) {
            truth = truth.and(6, Verdict::Clear, &[]);
        }
        // Nobody has compared the passport yet.
        if of(&passport) {
            truth = truth.and(6, Verdict::Refer, &[]).lacking();
        }
        truth
    }

    /// R01: 同类就高不重复 between Annex 2 and Annex 4. Benefits of one annex beside each other are not
    /// spoken of here.
    fn same_district(&self, mut truth: Truth) -> Option<Truth> {
        let count = u64::try_from(self.months.len()).ok()?;
        for held in self.own().filter(|h| self.meets(h)) {
            match held.benefit {
                Benefit::ClassD | Benefit::Points => return None,
                Benefit::Annex2 => {}
                Benefit::Neighbour | Benefit::Other => continue,
            }
            let theirs = held.monthly * u64::try_from(held.months.len()).ok()?;
            let ours = self.monthly * count;
            let by_month = self.monthly.cmp(&held.monthly);
            let unlike = by_month.is_ne() && ours != theirs && by_month != ours.cmp(&theirs);
            truth = truth.and(1, Verdict::OneOnly, if unlike { &[12] } else { &[] });
            // What was paid for months of both is taken off; on what was paid for others nothing is written.
            let both: Months = held.months.intersection(&self.months).copied().collect();
            if ours > theirs && held.payments.iter().any(|paid| !paid.is_within(held, &both)) {
                truth = truth.and(1, Verdict::Refer, &[14]);
            }
        }
        Some(truth)
    }

    /// R13, R14: sixty months, or five running years (Q03), or five yearly awards (Q04), each with the months
    /// before June 2020 and without them (Q27). A month that is held already is not counted twice.
    fn months_left(&self, truth: Truth) -> Option<Truth> {
        if self.months.first().is_none_or(|first| *first < BEGAN) {
            return None;
        }
        let ours = |h: &&Held| match self.benefit {
            Benefit::ClassD => matches!(h.benefit, Benefit::ClassD | Benefit::Annex2),
            _ => h.benefit == Benefit::Points,
        };
        let drawn: Months =
            self.own().filter(ours).flat_map(|h| h.months.iter().copied()).collect();
        let since: Months = drawn.iter().copied().filter(|m| *m >= BEGAN).collect();
        let (rule, question) = if self.benefit == Benefit::ClassD { (13, 3) } else { (14, 4) };
        let each = [&drawn, &since].map(|used| (self.beyond_sixty(used), self.beyond_years(used)));
        let [(a, b), (c, d)] = &each;
        let all = |m: &&i32| [b, c, d].iter().all(|over| over.contains(m));
        let some: Months = [a, b, c, d].into_iter().flatten().copied().collect();
        let both = a.iter().filter(all).count();
        let truth = if both > 0 { truth.and(rule, Verdict::Capped, &[]) } else { truth };
        if some.len() == both {
            return Some(truth);
        }
        let turns = [(question, a != b || c != d), (27, a != c || b != d)];
        let turns: Vec<u8> = turns.iter().filter(|(_, turns)| *turns).map(|(q, _)| *q).collect();
        Some(truth.and(rule, Verdict::Refer, &turns))
    }

    /// Months asked for beyond sixty paid ones.
    fn beyond_sixty(&self, used: &Months) -> Months {
        let fresh = self.months.difference(used);
        fresh.skip(CAP_MONTHS.saturating_sub(used.len())).copied().collect()
    }

    /// Months asked for beyond five running years, of points rent beyond five awards.
    fn beyond_years(&self, used: &Months) -> Months {
        let Some(first) = used.first() else { return self.beyond_sixty(used) };
        if self.benefit == Benefit::ClassD {
            let first = *self.months.first().unwrap_or(first).min(first);
            let over = |m: &&i32| **m >= first + i32::try_from(CAP_MONTHS).unwrap_or(0);
            return self.months.iter().filter(over).copied().collect();
        }
        let year = |m: &i32| m.div_euclid(12);
        let taken: BTreeSet<i32> = used.iter().map(year).collect();
        let new = self.months.iter().map(year).filter(|y| !taken.contains(y));
        let new: BTreeSet<i32> = new.collect();
        let left = CAP_YEARS.saturating_sub(taken.len());
        let over: BTreeSet<i32> = new.into_iter().skip(left).collect();
        self.months.iter().filter(|m| over.contains(&year(m))).copied().collect()
    }

    /// R11: 夫妻双方不重复享受, year by year where both draw points rent; how far it reaches beyond points is
    /// Q06.
    fn spouse(&self, mut truth: Truth) -> Truth {
        for (spouse, married) in self.said.spouses(&self.person) {
            for held in self.said.held.iter().filter(|h| h.person == spouse) {
                let shared: Months = held.months.intersection(&self.months).copied().collect();
                let points = [self.benefit, held.benefit].map(|b| b == Benefit::Points);
                match points {
                    [true, true] => {
                        let year = |m: &i32| m.div_euclid(12);
                        let theirs: BTreeSet<i32> = held.months.iter().map(year).collect();
                        let ours: BTreeSet<i32> = self.months.iter().map(year).collect();
                        for one in ours.intersection(&theirs) {
                            let months = one * 12..one * 12 + 12;
                            let wed = months.filter(|m| married.contains(m)).count();
                            let asked = self.months.iter().filter(|m| year(m) == *one).count();
                            let both = shared.iter().filter(|m| year(m) == *one).count();
                            if wed == 12 && both > 0 {
                                truth = truth.and(11, Verdict::Ineligible, &[]);
                            }
                            if (1..12).contains(&wed) || (wed == 12 && both < asked) {
                                truth = truth.and(11, Verdict::Refer, &[6]);
                            }
                        }
                    }
                    [false, false] => {}
                    _ if held.benefit.is_rent() && shared.iter().any(|m| married.contains(m)) => {
                        truth = truth.and(11, Verdict::Refer, &[6]);
                    }
                    _ => {}
                }
            }
        }
        truth
    }

    /// R22 to R24, R35.
    fn sanctions(&self, mut truth: Truth) -> Option<Truth> {
        let employer = text(&self.application["employer"])?;
        for sanction in &self.said.sanctions {
            let ours = self.person.contains(&sanction.subject) || sanction.subject == employer;
            if !ours || *sanction.start > *self.day {
                continue;
            }
            let debarred = sanction.kind == "person-debarred";
            if debarred && sanction.here {
                if !sanction.of_annex4 {
                    return None;
                }
                let owed = self.own().filter(|h| h.here && h.paid > 0);
                for held in owed.filter(|h| h.decided <= sanction.start) {
                    let scope: &[u8] = if held.benefit == Benefit::Annex2 { &[10] } else { &[] };
                    truth = truth.and(23, Verdict::Refer, scope);
                }
            }
            if sanction.last.as_deref().is_some_and(|last| last < self.day) {
                continue;
            }
            let anniversary = sanction.anniversary && sanction.last.as_deref() == Some(self.day);
            truth = match (sanction.kind.as_str(), sanction.here) {
                ("person-debarred" | "employer-barred", false) => {
                    let rule = if debarred { 22 } else { 24 };
                    truth.and(rule, Verdict::Refer, &[10])
                }
                ("person-debarred", true) if anniversary => truth.and(22, Verdict::Refer, &[8]),
                ("person-debarred", true) => truth.and(22, Verdict::Barred, &[]),
                ("employer-barred", true) if !anniversary && sanction.of_annex4 => {
                    truth.and(24, Verdict::Ineligible, &[])
                }
                ("person-recorded" | "employer-recorded", _) => truth.and(35, Verdict::Clear, &[]),
                _ => return None,
            };
        }
        Some(truth)
    }

    /// R06: the lease of this application under a grant of somebody else, or of another district.
    fn leases(&self, truth: Truth) -> Truth {
        let ours: Vec<String> = said::leases(self.application);
        let met = self.said.held.iter().filter(|h| self.meets(h)).any(|h| {
            let apart = !self.person.contains(&h.person) || !h.here;
            apart && h.leases.iter().any(|lease| ours.contains(lease))
        });
        if met { truth.and(6, Verdict::Clear, &[]) } else { truth }
    }

    /// R29: above the highest sum; R33: paid in these months for others.
    fn paid(&self, truth: Truth) -> Truth {
        let cap = if self.benefit == Benefit::ClassD { 400_000 } else { 100_000 };
        let truth = if self.monthly > cap { truth.and(29, Verdict::Capped, &[]) } else { truth };
        let later = self.own().filter(|h| h.benefit.is_rent() && !self.meets(h));
        let mut paid = later.flat_map(|h| &h.paid_in);
        if paid.any(|month| self.months.contains(month)) {
            return truth.and(33, Verdict::Clear, &[]);
        }
        truth
    }

    /// R30: class D certified, in the months asked for; one that ran out may have been renewed. R12: whether
    /// a home of the family stands against it is Q07.
    fn class(&self, truth: Truth) -> Option<Truth> {
        let truth = match self.fact("family-owns-no-home-in-district") {
            Some(false) => truth.and(12, Verdict::Refer, &[7]),
            _ => truth,
        };
        let own = self.said.classes.iter().filter(|c| self.person.contains(&c.person));
        let of_scheme: Vec<_> = own.filter(|c| c.scheme == "qingpu-housing").collect();
        if of_scheme.iter().any(|c| c.letter != "D") {
            return None;
        }
        let covered = |month: &i32| of_scheme.iter().any(|c| c.holds_in(*month));
        Some(if self.months.iter().all(covered) {
            truth
        } else if of_scheme.iter().any(|c| c.suspended) {
            truth.and(30, Verdict::Refer, &[])
        } else if of_scheme.iter().any(|c| c.revoked) {
            truth.and(30, Verdict::Ineligible, &[])
        } else {
            truth.lacking()
        })
    }

    /// R12, R18 to R21: what points rent asks for.
    fn points(&self, mut truth: Truth) -> Option<Truth> {
        let year = self.months.first()?.div_euclid(12);
        let own = self.said.points.iter().filter(|p| self.person.contains(&p.person));
        let points = own.max_by(|a, b| a.from.cmp(&b.from))?;
        if points.general < POINTS || !points.selected.contains(&year) || !points.plain {
            return None;
        }
        if self.fact("below-high-level-standard") != Some(true)
            || self.fact("self-renting-in-district") != Some(true)
        {
            return None;
        }
        match self.fact("family-owns-no-home-in-district") {
            Some(true) => {}
            Some(false) => truth = truth.and(12, Verdict::Ineligible, &[]),
            None => return None,
        }
        if points.veto {
            truth = truth.and(19, Verdict::Refer, &[31]);
        }
        let high = |c: &&said::Class| c.scheme == "qingpu-housing" && c.holds(self.day);
        if self.said.classes.iter().filter(high).any(|c| self.person.contains(&c.person)) {
            truth = truth.and(21, Verdict::Ineligible, &[]);
        }
        let work = self.said.work.iter().filter(|w| self.person.contains(&w.person));
        let ended = work.filter(|w| w.from <= points.from).filter_map(|w| {
            let until = w.until.as_deref().filter(|day| *day <= self.day)?;
            (until >= points.from.as_str()).then_some((until, w.dissolved))
        });
        match ended.min() {
            None => Some(truth),
            Some((_, Some(true))) => Some(truth.and(20, Verdict::Lapsed, &[])),
            Some(_) => Some(truth.and(20, Verdict::Refer, &[23])),
        }
    }
}
