//! What the messages say, as plain text and numbers. Longer than other files because each message type
//! is read here by hand: the types of the engine are not used.

use std::collections::BTreeSet;

use serde_json::Value;

use super::super::act::Act;
use super::super::plain::District;
use crate::domain::registry::MessageType;

/// Months as numbers: twelve times the year and the month from nought.
pub(super) type Months = BTreeSet<i32>;

/// Longest span that is written out; all that lies further is not spoken of.
const LONGEST: i32 = 1_200;
/// As far as an open end reaches.
const OPEN: i32 = 2_100 * 12;

/// The benefits that are spoken of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Benefit {
    /// Rent under Annex 4, class D.
    ClassD,
    /// Rent under Annex 2, class D.
    Annex2,
    /// Points rent under Annex 4.
    Points,
    /// A rent subsidy of Wujiang or Jiashan.
    Neighbour,
    /// Something that is no rent.
    Other,
}

impl Benefit {
    pub(super) fn is_rent(self) -> bool {
        self != Self::Other
    }
}

/// Which benefit a policy gives; `None` for one that is not spoken of.
pub(super) fn benefit(policy: &str) -> Option<Benefit> {
    match policy {
        "qingpu/housing-rent/D" => Some(Benefit::ClassD),
        "qingpu/industry-rent/D" => Some(Benefit::Annex2),
        "qingpu/points-rent/tier-1" => Some(Benefit::Points),
        "wujiang/example-rent" | "jiashan/example-rent" => Some(Benefit::Neighbour),
        "wujiang/example-purchase" | "yangpu/exam-fee-reimbursement" => Some(Benefit::Other),
        _ => None,
    }
}

/// A grant.
#[derive(Debug)]
pub(super) struct Held {
    id: String,
    pub(super) person: String,
    pub(super) benefit: Benefit,
    /// By Qingpu?
    pub(super) here: bool,
    pub(super) months: Months,
    /// Fen.
    pub(super) monthly: u64,
    pub(super) decided: String,
    /// Fen.
    pub(super) paid: u64,
    pub(super) paid_in: Vec<i32>,
    pub(super) payments: Vec<Payment>,
    /// Months before it was stopped, if it was.
    approved: Months,
    pub(super) leases: Vec<String>,
}

/// What a payment is for; none where it names no months.
#[derive(Debug)]
pub(super) struct Payment(Option<Months>);

impl Payment {
    /// Is it certainly for these months alone?
    pub(super) fn is_within(&self, of: &Held, months: &Months) -> bool {
        self.0.as_ref().unwrap_or(&of.approved).is_subset(months)
    }
}

/// A sanction.
#[derive(Debug)]
pub(super) struct Sanctioned {
    pub(super) kind: String,
    pub(super) subject: String,
    pub(super) here: bool,
    /// Under the clauses of Annex 4 for its kind?
    pub(super) of_annex4: bool,
    pub(super) start: String,
    /// The last day, barred or open; none without end.
    pub(super) last: Option<String>,
    /// Is the last day the anniversary, which is open?
    pub(super) anniversary: bool,
}

/// A certification as it stands.
#[derive(Debug)]
pub(super) struct Class {
    record: String,
    pub(super) person: String,
    pub(super) scheme: String,
    pub(super) letter: String,
    from: String,
    until: Option<String>,
    pub(super) suspended: bool,
    pub(super) revoked: bool,
}

impl Class {
    pub(super) fn holds(&self, day: &str) -> bool {
        let begun = self.from.as_str() <= day;
        self.is_active() && begun && self.until.as_deref().is_none_or(|until| day <= until)
    }

    /// Does it hold through a month? Stories end certifications with a month.
    pub(super) fn holds_in(&self, of: i32) -> bool {
        let from = month(&self.from).map(|m| if self.from.ends_with("-01") { m } else { m + 1 });
        let until = self.until.as_deref().map_or(Some(OPEN), month);
        let within = from.zip(until).is_some_and(|(from, until)| from <= of && of <= until);
        self.is_active() && within
    }

    fn is_active(&self) -> bool {
        !self.suspended && !self.revoked
    }
}

/// A registration of points.
#[derive(Debug)]
pub(super) struct Registered {
    pub(super) person: String,
    pub(super) from: String,
    pub(super) general: u64,
    pub(super) veto: bool,
    pub(super) selected: Vec<i32>,
    /// Without items, groups or a lapse of its own.
    pub(super) plain: bool,
}

/// An employment.
#[derive(Debug)]
pub(super) struct Work {
    pub(super) person: String,
    pub(super) from: String,
    pub(super) until: Option<String>,
    pub(super) dissolved: Option<bool>,
}

#[derive(Debug)]
struct Link {
    id: String,
    same: bool,
    pair: [String; 2],
    months: Months,
    confirmed: bool,
}

/// Everything that was said.
#[derive(Debug, Default)]
pub(super) struct Said {
    pub(super) held: Vec<Held>,
    pub(super) sanctions: Vec<Sanctioned>,
    pub(super) classes: Vec<Class>,
    pub(super) points: Vec<Registered>,
    pub(super) work: Vec<Work>,
    links: Vec<Link>,
}

impl Said {
    pub(super) fn of(acts: &[Act]) -> Option<Self> {
        let mut said = Self::default();
        for act in acts {
            said.take(act)?;
        }
        Some(said)
    }

    /// A person under all documents that confirmed links join.
    pub(super) fn same_as(&self, person: &str) -> BTreeSet<String> {
        let mut all = BTreeSet::from([person.to_owned()]);
        loop {
            let before = all.len();
            for link in self.links.iter().filter(|l| l.same && l.confirmed) {
                if link.pair.iter().any(|p| all.contains(p)) {
                    all.extend(link.pair.iter().cloned());
                }
            }
            if all.len() == before {
                return all;
            }
        }
    }

    /// Who may be this person.
    pub(super) fn suspected(&self, person: &BTreeSet<String>) -> BTreeSet<String> {
        let open = self.links.iter().filter(|l| l.same && !l.confirmed);
        let of = open.filter(|l| l.pair.iter().any(|p| person.contains(p)));
        of.flat_map(|l| l.pair.iter().cloned()).filter(|p| !person.contains(p)).collect()
    }

    /// Spouses with the months of the marriage.
    pub(super) fn spouses(&self, person: &BTreeSet<String>) -> Vec<(String, &Months)> {
        let links = self.links.iter().filter(|l| !l.same);
        let mut spouses = Vec::new();
        for link in links.filter(|l| l.pair.iter().any(|p| person.contains(p))) {
            let other = link.pair.iter().find(|p| !person.contains(*p));
            spouses.extend(other.map(|other| (other.clone(), &link.months)));
        }
        spouses
    }

    /// Whom another district knows under a passport of this person.
    pub(super) fn of_one_passport(&self, person: &BTreeSet<String>) -> BTreeSet<String> {
        let passport = |p: &str| p.split_once(AT).map(|(data, _)| data.to_owned());
        let shown: BTreeSet<String> = person.iter().filter_map(|p| passport(p)).collect();
        let holders = self.held.iter().map(|held| &held.person).filter(|p| !person.contains(*p));
        holders.filter(|p| passport(p).is_some_and(|p| shown.contains(&p))).cloned().collect()
    }

    fn take(&mut self, act: &Act) -> Option<()> {
        let (body, here) = (&placed(act), act.district == District::Qingpu);
        match act.message {
            MessageType::FundingGrant => self.held.push(grant(body, here)?),
            MessageType::FundingPayment => {
                let held = self.held.iter_mut().find(|h| body["grant"] == h.id.as_str())?;
                held.paid += body["amount"].as_u64()?;
                held.paid_in.push(month(body["paid_on"].as_str()?)?);
                held.payments.push(Payment(months_of(&body["months"])));
            }
            MessageType::FundingStop => {
                let held = self.held.iter_mut().find(|h| body["grant"] == h.id.as_str())?;
                let last = month(body["last_month"].as_str()?)?;
                held.months.retain(|m| *m <= last);
            }
            MessageType::Sanction => self.sanctions.push(sanction(body, here)?),
            MessageType::Certification => {
                let class = certification(body)?;
                self.classes.retain(|c| c.record != class.record);
                self.classes.push(class);
            }
            MessageType::Points => self.points.push(registered(body)?),
            MessageType::Affiliation if body["mode"] == "employment" => {
                let (from, until) = span(body)?;
                let (person, dissolved) = (text(&body["subject"])?, body["dissolved"].as_bool());
                self.work.push(Work { person, from, until, dissolved });
            }
            MessageType::Link => self.link(body)?,
            MessageType::Consent => self.links.iter_mut().for_each(|l| l.confirmed = true),
            MessageType::Occupancy if body["kind"] == "youth-station" => {}
            MessageType::FundingQuery => {}
            _ => return None,
        }
        Some(())
    }

    fn link(&mut self, body: &Value) -> Option<()> {
        let id = body["link"].as_str()?.to_owned();
        self.links.retain(|l| l.id != id);
        if body["withdrawn"] == true {
            return Some(());
        }
        let same = match body["kind"].as_str()? {
            "same" => true,
            "spouse" => false,
            _ => return None,
        };
        let (from, until) = span(body)?;
        let last = until.map_or(Some(OPEN), |until| month(&until))?;
        let pair = [text(&body["subjects"][0])?, text(&body["subjects"][1])?];
        let months = (month(&from)?..=last).collect();
        self.links.push(Link { id, same, pair, months, confirmed: !same });
        Some(())
    }
}

fn grant(body: &Value, here: bool) -> Option<Held> {
    let benefit = benefit(body["policy"]["id"].as_str()?)?;
    let own = matches!(benefit, Benefit::Other) || body["beneficiary"] == "person";
    if !own || body["payers"][0]["tier"] != "district" {
        return None;
    }
    let monthly = match benefit {
        Benefit::Other => 0,
        _ => body["approved"]["monthly"].as_u64()?,
    };
    Some(Held {
        id: body["grant"].as_str()?.to_owned(),
        person: text(&body["subject"])?,
        benefit,
        here,
        months: months_of(&body["months"])?,
        approved: months_of(&body["months"])?,
        payments: Vec::new(),
        monthly,
        decided: body["decided_on"].as_str()?.to_owned(),
        paid: 0,
        paid_in: Vec::new(),
        leases: leases(body),
    })
}

fn sanction(body: &Value, here: bool) -> Option<Sanctioned> {
    let kind = body["kind"].as_str()?.to_owned();
    let article = match kind.as_str() {
        "person-debarred" => "附件4 四（二）4",
        _ => "附件4 四（二）5",
    };
    let of_annex4 =
        body["basis"]["document"] == "qingpu-2020-88" && body["basis"]["article"] == article;
    let start = body["start"].as_str()?.to_owned();
    let end = &body["end"];
    let years = end["years"].as_u64();
    let last = match (end["last-day"].as_str(), years) {
        (Some(day), _) => Some(day.to_owned()),
        (None, Some(years)) => {
            let (year, day) = start.split_once('-')?;
            Some(format!("{:04}-{day}", year.parse::<u64>().ok()? + years))
        }
        (None, None) if end == "open" => None,
        (None, None) => return None,
    };
    let (subject, anniversary) = (text(&body["subject"])?, years.is_some());
    Some(Sanctioned { kind, subject, here, of_annex4, start, last, anniversary })
}

fn certification(body: &Value) -> Option<Class> {
    let (from, until) = span(body)?;
    let owned = |name: &str| Some(body[name].as_str()?.to_owned());
    Some(Class {
        record: owned("record")?,
        person: text(&body["subject"])?,
        scheme: owned("scheme")?,
        letter: owned("class")?,
        from,
        until,
        suspended: body["action"] == "suspend",
        revoked: body["action"] == "revoke",
    })
}

fn registered(body: &Value) -> Option<Registered> {
    let years = body["years"].as_array()?.iter();
    let selected = years.filter(|y| y["selected"] == true);
    let selected = selected.map(|y| i32::try_from(y["year"].as_i64()?).ok());
    let absent = |name: &str| body[name].is_null();
    Some(Registered {
        person: text(&body["subject"])?,
        from: span(body)?.0,
        general: body["scores"]["general"].as_u64()?,
        veto: body["veto"] == true,
        selected: selected.collect::<Option<_>>()?,
        plain: absent("entries") && absent("direct_group") && absent("lapsed_on"),
    })
}

fn span(body: &Value) -> Option<(String, Option<String>)> {
    let day = |name: &str| body["validity"][name].as_str().map(str::to_owned);
    Some((day("from")?, day("until")))
}

/// Leases that a grant or an application names.
pub(super) fn leases(body: &Value) -> Vec<String> {
    let objects = body["objects"].as_array().into_iter().flatten();
    objects.filter_map(|o| o["object"]["lease"].as_str().map(str::to_owned)).collect()
}

/// Stands between the data of a passport and the district that knows it.
const AT: char = '@';
/// Member that says whose records a passport stands in.
const RECORDS_OF: &str = "records-of";

/// What an act says, with each passport in the records that it stands in: no number of its own stays
/// with its holder, so that it is somebody in one district only.
pub(super) fn placed(act: &Act) -> Value {
    fn place(value: &mut Value, district: &str) {
        match value {
            Value::Object(members) if members.contains_key("latin_name") => {
                members.entry(RECORDS_OF).or_insert_with(|| district.into());
            }
            Value::Object(members) => members.values_mut().for_each(|v| place(v, district)),
            Value::Array(items) => items.iter_mut().for_each(|v| place(v, district)),
            _ => {}
        }
    }
    let mut body = act.body.clone();
    if let Some(holder) = act.body["holder"].as_str() {
        place(&mut body["subjects"][1], holder);
    }
    place(&mut body, act.district.id());
    body
}

/// Who or what is meant, as one text: a person by what stays when a document is issued again, an
/// employer by its code. A number of 15 digits is that of 18 without century and check digit, in full-width
/// characters it is the same number.
pub(super) fn text(who: &Value) -> Option<String> {
    if let Some(code) = who["uscc"].as_str() {
        return Some(code.to_owned());
    }
    let number = half_width(who["number"].as_str()?.trim()).to_uppercase();
    match who["document_type"].as_str()? {
        "111" if number.len() == 18 => Some(format!("111/{}", number.get(..17)?)),
        "111" if number.len() == 15 => {
            Some(format!("111/{}19{}", number.get(..6)?, number.get(6..)?))
        }
        "516" => Some(format!("516/{}", number.get(..9)?)),
        "414" => {
            let name = who["latin_name"].as_str()?.to_uppercase();
            let name: String = name.chars().filter(char::is_ascii_uppercase).collect();
            let (nation, birth) = (who["nationality"].as_str()?, who["birth"].as_str()?);
            let district = who[RECORDS_OF].as_str()?;
            Some(format!("414/{nation}/{number}/{birth}/{name}{AT}{district}"))
        }
        other @ ("114" | "511" | "553") => Some(format!("{other}/{number}")),
        _ => None,
    }
}

fn half_width(text: &str) -> String {
    let narrow = |c: char| match u32::from(c) {
        code @ 0xFF01..=0xFF5E => char::from_u32(code - 0xFEE0).unwrap_or(c),
        _ => c,
    };
    text.chars().map(narrow).collect()
}

/// The months from the first to the last.
pub(super) fn months_of(span: &Value) -> Option<Months> {
    let (first, last) = (month(span["first"].as_str()?)?, month(span["last"].as_str()?)?);
    (last - first < LONGEST).then(|| (first..=last).collect())
}

/// `2023-01` or `2023-01-31` as a number.
pub(super) fn month(text: &str) -> Option<i32> {
    let (year, month) = (text.get(..4)?.parse::<i32>().ok()?, text.get(5..7)?.parse::<i32>().ok()?);
    Some(year * 12 + month - 1)
}
