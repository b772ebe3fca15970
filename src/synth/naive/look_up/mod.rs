//! What a look-up must come to, worked out a second time and in another way: from the plain messages and
//! the measures of standards.md §1 as they are written there. No rule, no catalogue and no function of
//! recognition is asked. A little longer than other files: what papers come to stands in one place.

mod copies;
mod files;
mod hours;
mod measure;
mod prelude;

use serde_json::Value;

use self::copies::said;
use self::files::{Filed, Files, is_checked, lies_in, office, place, seat};
use self::hours::Column;
use self::measure::{Case, Speaks, speaks};
use super::super::act::Act;
use super::super::look_up::{Answered, Entitled, OfRecord, Recognised};
use super::said::{placed, text};
use crate::domain::recognition::{Effect, Outcome};
use crate::domain::registry::MessageType;

/// What is asked.
#[derive(Debug)]
struct Asked {
    at: String,
    purpose: String,
    service: Option<String>,
    day: String,
    about: Value,
}

/// What comes of one paper.
struct Judged<'a> {
    paper: &'a Filed,
    body: &'a Value,
    outcome: Outcome,
    speaks: Vec<Speaks>,
    own: bool,
    /// Left to a person because copies say different classes.
    differs: bool,
    /// Not valid by an objection alone, which will be decided.
    passing: bool,
}

/// What the last of `acts`, a look-up, must come to after the others; `None` where something occurs in
/// them that this derivation does not speak of.
pub fn derive_look_up(acts: &[Act]) -> Option<Answered> {
    let (last, before) = acts.split_last()?;
    let body = placed(last);
    let member = |name: &str| body[name].as_str().map(str::to_owned);
    let purpose = match last.message {
        MessageType::RecognitionQuery => member("for_purpose")?,
        MessageType::EntitlementQuery => "service".to_owned(),
        _ => return None,
    };
    let (at, service, day) = (member("at")?, member("service"), member("valid_at")?);
    let asked = Asked { at, purpose, service, day, about: body["about"].clone() };
    let all = Files::of(before)?.about(&text(&body["subject"])?);
    let papers = all.iter().filter(|f| f.is_paper() && asked.is_about(f));
    let judged: Vec<Judged<'_>> = papers.map(|paper| judge(&asked, &all, paper)).collect();
    match asked.service {
        Some(_) => Some(Answered::Entitlement(entitled(&judged))),
        None => recognised(judged).map(Answered::Recognition),
    }
}

impl Asked {
    fn is_about(&self, paper: &Filed) -> bool {
        let body = paper.on(&self.day).body;
        let same =
            |name: &str, value: &Value| self.about[name].is_null() || self.about[name] == *value;
        same("object", &paper.object().into())
            && same("scheme", &body["scheme"])
            && same("class", &body["class"])
    }
}

fn judge<'a>(asked: &Asked, all: &'a [Filed], paper: &'a Filed) -> Judged<'a> {
    let on_day = paper.on(&asked.day);
    let body = on_day.body;
    let speaks = speaks(&Case { asked, all, paper, body });
    let said = said(paper, all, &asked.day);
    // Decided here, or by the city or province around: no recognition is needed.
    let here = place(&asked.at);
    let scheme = body["scheme"].as_str().unwrap_or_default();
    let own = lies_in(office(body), here) && seat(scheme).is_none_or(|seat| lies_in(seat, here));
    let invalid = !on_day.stands || paper.objected || said.ended;
    let outcome = match () {
        () if invalid => Outcome::NotValid,
        () if said.differs => Outcome::NoRule,
        () => together(&speaks),
    };
    let passing = on_day.stands && on_day.active && said.only_objected;
    Judged { paper, body, outcome, speaks, own, differs: said.differs, passing }
}

/// What one that speaks comes to.
fn alone(one: &Speaks) -> Outcome {
    match (one.effect, one.proven) {
        (Effect::NotRecognised, Some(true)) => Outcome::NotRecognised,
        (_, Some(true)) => Outcome::Recognised,
        _ => Outcome::Conditional,
    }
}

/// What those that speak come to: a refuted one does not where another one does; two cases of one open
/// question wait for it.
fn together(all: &[Speaks]) -> Outcome {
    let speak: Vec<&Speaks> = all.iter().filter(|s| s.proven != Some(false)).collect();
    match (all, speak.as_slice()) {
        ([], _) => Outcome::NoRule,
        ([one, ..], _) if one.example => Outcome::NoRule,
        (_, []) => Outcome::Conditional,
        (_, [one]) => alone(one),
        (_, [..]) if speak.iter().all(|s| s.either_or) => Outcome::Conditional,
        _ => Outcome::NoRule,
    }
}

impl Judged<'_> {
    /// Those whose word counts.
    fn speaking(&self) -> Vec<&Speaks> {
        let given = [Outcome::Recognised, Outcome::Conditional, Outcome::NotRecognised];
        let speak = |s: &&Speaks| s.proven != Some(false) && !s.example;
        let all = if given.contains(&self.outcome) { self.speaks.as_slice() } else { &[] };
        all.iter().filter(speak).collect()
    }

    fn effect(&self) -> Option<Effect> {
        let speaking = self.speaking();
        let effect = speaking.first()?.effect;
        let alike = speaking.iter().all(|s| s.effect == effect);
        (alike && self.outcome != Outcome::NotRecognised).then_some(effect)
    }

    fn record(&self) -> (String, OfRecord) {
        let speaking = self.speaking();
        let rules = speaking.iter().map(|s| (s.rule.clone(), alone(s))).collect();
        let of = OfRecord { outcome: self.outcome, effect: self.effect(), rules };
        (self.paper.id.clone(), of)
    }

    fn column(&self) -> Option<Column> {
        let counts = self.effect() == Some(Effect::HoursAccumulate);
        match self.outcome {
            Outcome::Recognised if counts => Some(Column::Recognised),
            Outcome::Conditional if counts => Some(Column::Conditional),
            Outcome::NoRule if self.own && is_checked(self.body) => Some(Column::Own),
            Outcome::NoRule if self.own => Some(Column::Conditional),
            _ => None,
        }
    }

    fn is_example(&self) -> bool {
        self.outcome == Outcome::NoRule && self.speaks.first().is_some_and(|s| s.example)
    }

    fn is_own(&self) -> bool {
        self.outcome == Outcome::NoRule && self.own && self.speaks.is_empty()
    }

    fn is_refuted(&self) -> bool {
        self.outcome == Outcome::Conditional && self.speaks.iter().all(|s| s.proven == Some(false))
    }

    /// Could it still come to a yes?
    fn is_open(&self) -> bool {
        match self.outcome {
            Outcome::Conditional => true,
            Outcome::NoRule => self.differs || self.is_own() || self.is_example(),
            Outcome::NotValid => {
                let yes = |s: &Speaks| s.effect != Effect::NotRecognised || s.proven != Some(true);
                self.passing && self.speaks.iter().any(yes)
            }
            Outcome::Recognised | Outcome::NotRecognised | Outcome::NoRecord => false,
        }
    }
}

fn recognised(mut judged: Vec<Judged<'_>>) -> Option<Recognised> {
    let hours = (0..judged.len()).filter(|n| judged[*n].paper.object() == "education-hours");
    let (places, counted): (Vec<_>, Vec<_>) =
        hours.filter_map(|n| Some((n, (judged[n].body, judged[n].column()?)))).unzip();
    let sums = hours::sums(&counted)?;
    for n in sums.contradicted.iter().filter_map(|n| places.get(*n)) {
        if let Some(open) = judged.get_mut(*n).filter(|j| j.outcome == Outcome::Recognised) {
            open.outcome = Outcome::Conditional;
        }
    }
    Some(Recognised {
        outcome: judged.iter().map(|j| j.outcome).min().unwrap_or(Outcome::NoRecord),
        records: judged.iter().map(Judged::record).collect(),
        hours: sums.years,
    })
}

/// Yes or no, and as which classes.
fn entitled(judged: &[Judged<'_>]) -> Entitled {
    let yes: Vec<_> = judged.iter().filter(|j| j.outcome == Outcome::Recognised).collect();
    let class = |j: &Judged<'_>, s: &Speaks| {
        let own = |name: &str| j.body[name].as_str().unwrap_or_default();
        let (scheme, class) = s.local.unwrap_or_else(|| (own("scheme"), own("class")));
        (scheme.to_owned(), class.to_owned())
    };
    let classes = yes.iter().flat_map(|j| j.speaking().into_iter().map(|s| class(j, s)));
    let open: Vec<_> = judged.iter().filter(|j| j.is_open()).collect();
    let entitled = !yes.is_empty();
    Entitled {
        entitled,
        person_decides: !entitled && !open.is_empty(),
        own_record: judged.iter().any(Judged::is_own),
        refuted: !entitled
            && judged.iter().any(Judged::is_refuted)
            && !open.iter().any(|j| !j.is_refuted() && !j.is_example()),
        classes: classes.collect(),
    }
}
