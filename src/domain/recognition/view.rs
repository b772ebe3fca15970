//! What recognition may read: a snapshot of the log at one size, and an implementation in memory.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::alliance::{Alliances, NO_ALLIANCES};
use super::effect::{Object, RecognitionPurpose};
use super::places::Places;
use super::record::Credential;
use super::rule::{RecognitionRule, RuleStatus};
use crate::domain::id::RegionCode;
use crate::domain::participant::ParticipantId;
use crate::domain::record::affiliation::AffiliationMode;
use crate::domain::record::fact::Statement;
use crate::domain::record::life_cycle::{Attestation, AttestationLevel};
use crate::domain::time::Validity;

/// A rule revision and where it stands in the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LoggedRule {
    /// Position in the log.
    pub position: u64,
    /// The rule.
    pub rule: RecognitionRule,
}

/// An attested fact about the talent. Revoked and suspended facts are left out by whoever makes the
/// view; those in doubt are not: they prove nothing, and are shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenFact {
    /// Position in the log.
    pub position: u64,
    /// Name from the list of facts.
    pub name: String,
    /// Does it hold?
    pub value: bool,
    /// When.
    pub validity: Validity,
    /// Who says so and how surely.
    #[serde(flatten)]
    pub word: Word,
}

impl SeenFact {
    /// What it says; without a level it counts as issued.
    pub fn statement(&self) -> Statement<'_> {
        let level = self.word.attestation.map_or(AttestationLevel::Issued, |a| a.level);
        Statement { name: &self.name, value: self.value, level, validity: self.validity }
    }
}

/// Who sent a piece of evidence, how far it was checked, and whether it is in doubt.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Word {
    /// Who sent it; left out in case files only: what nobody is named for proves nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sender: Option<ParticipantId>,
    /// How far it was checked; left out in case files only: `issued`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attestation: Option<Attestation>,
    /// May it have been signed with a key that has leaked?
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub suspect: bool,
    /// Log positions of objections against it that are not decided (异议处理中).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub objections: Vec<u64>,
}

/// An affiliation of the talent; like [`SeenFact`], only what was not suspended or revoked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenAffiliation {
    /// Position in the log.
    pub position: u64,
    /// What ties.
    pub mode: AffiliationMode,
    /// GB/T 2260 code of the place.
    pub region: String,
    /// When.
    pub validity: Validity,
    /// Who says so and how surely.
    #[serde(flatten)]
    pub word: Word,
}

/// The question that a rule answers: the whole of it, so that a look-up finds a rule or none.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RuleKey {
    /// Kind of object.
    pub object: Object,
    /// Scheme of the record.
    pub scheme: String,
    /// Class of the record.
    pub class: String,
    /// Receiving district.
    pub at: ParticipantId,
    /// What for.
    pub purpose: RecognitionPurpose,
}

/// A snapshot of what the log knew at one size. `S` names the talent; links between tokens of one
/// person are closed before the view is asked.
pub trait RecognitionView<S> {
    /// Size of the log that the snapshot rests on: positions below it are known.
    fn known_at(&self) -> u64;

    /// Every certification and qualification of the talent, with the revisions known.
    fn credentials(&self, subject: &S) -> Vec<Credential>;

    /// Facts of that name about the talent.
    fn facts(&self, subject: &S, name: &str) -> Vec<SeenFact>;

    /// Affiliations of that mode of the talent.
    fn affiliations(&self, subject: &S, mode: AffiliationMode) -> Vec<SeenAffiliation>;

    /// Rules for `key` whose current revision on `day` still answers it. The cost depends on the
    /// rules under that key only.
    fn rules(&self, key: &RuleKey, day: Date) -> Vec<&LoggedRule>;

    /// Alliances and their members, which scopes of rules name.
    fn alliances(&self) -> &Alliances {
        &NO_ALLIANCES
    }

    /// Where a participant or the owner of a scheme lies, by its id.
    fn place(&self, id: &str) -> Option<RegionCode> {
        self.alliances().place(id)
    }
}

/// The revision of a rule that counts on `day` as the log knew it at `size`, if it answers `key`
/// and is not withdrawn. `chain` holds every revision of one rule in order.
fn current<'a>(
    chain: &'a [LoggedRule],
    key: &RuleKey,
    day: Date,
    size: u64,
) -> Option<&'a LoggedRule> {
    // The newest revision that has begun counts, even if it has ended: an older one that would
    // still run was replaced.
    // A draft replaces nothing: it is not applied, and what it would replace still is.
    let begun = |l: &&LoggedRule| {
        l.position < size && l.rule.status != RuleStatus::Draft && l.rule.validity.from <= day
    };
    let logged = chain.iter().rev().find(begun)?;
    let rule = &logged.rule;
    let answers = rule.object == key.object
        && rule.scheme == key.scheme
        && rule.recogniser == key.at
        && rule.classes.contains(&key.class)
        && rule.purposes.contains(&key.purpose);
    (answers && !rule.withdrawn && rule.validity.contains(day)).then_some(logged)
}

/// Rules by the question they answer. Built once, shared between views, and extended when a rule
/// is logged; a copy shares the rules themselves.
#[derive(Clone, Debug, Default)]
pub struct RuleIndex {
    /// The revisions of each rule in order.
    chains: Vec<Arc<Vec<LoggedRule>>>,
    by_id: HashMap<(ParticipantId, String), usize>,
    by_key: HashMap<RuleKey, Vec<usize>>,
}

impl RuleIndex {
    /// As [`RecognitionView::rules`], of what the log knew when it had `size` entries. The cost
    /// depends on the rules under that key only.
    pub fn find(&self, key: &RuleKey, day: Date, size: u64) -> Vec<&LoggedRule> {
        let chains = self.by_key.get(key).map(Vec::as_slice).unwrap_or_default();
        chains.iter().filter_map(|&at| current(self.chains.get(at)?, key, day, size)).collect()
    }

    /// Adds one revision of a rule.
    fn add(&mut self, logged: LoggedRule) {
        let id = (logged.rule.recogniser.clone(), logged.rule.rule.clone());
        let at = *self.by_id.entry(id).or_insert(self.chains.len());
        for key in keys(&logged.rule) {
            // Revisions of one rule often answer the same questions; each names its chain once.
            let chains = self.by_key.entry(key).or_default();
            if !chains.contains(&at) {
                chains.push(at);
            }
        }
        match self.chains.get_mut(at).map(Arc::make_mut) {
            Some(chain) => {
                let place = chain.partition_point(|l| l.rule.revision <= logged.rule.revision);
                chain.insert(place, logged);
            }
            None => self.chains.push(Arc::new(vec![logged])),
        }
    }
}

impl Extend<LoggedRule> for RuleIndex {
    fn extend<I: IntoIterator<Item = LoggedRule>>(&mut self, rules: I) {
        rules.into_iter().for_each(|logged| self.add(logged));
    }
}

impl FromIterator<LoggedRule> for RuleIndex {
    fn from_iter<I: IntoIterator<Item = LoggedRule>>(rules: I) -> Self {
        let mut index = Self::default();
        index.extend(rules);
        index
    }
}

fn keys(rule: &RecognitionRule) -> impl Iterator<Item = RuleKey> + '_ {
    rule.classes.iter().flat_map(move |class| {
        rule.purposes.iter().map(move |&purpose| RuleKey {
            object: rule.object,
            scheme: rule.scheme.clone(),
            class: class.clone(),
            at: rule.recogniser.clone(),
            purpose,
        })
    })
}

/// What is recorded of one talent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holdings {
    /// Certifications and qualifications.
    #[serde(default)]
    pub credentials: Vec<Credential>,
    /// Facts.
    #[serde(default)]
    pub facts: Vec<SeenFact>,
    /// Affiliations.
    #[serde(default)]
    pub affiliations: Vec<SeenAffiliation>,
}

impl Holdings {
    /// What of this was known when the log had `size` entries.
    #[must_use]
    pub fn known_at(&self, size: u64) -> Self {
        let mut credentials = self.credentials.clone();
        for credential in &mut credentials {
            credential.revisions.retain(|r| r.position < size);
            credential.objections.retain(|&position| position < size);
        }
        credentials.retain(|c| !c.revisions.is_empty());
        let mut facts = self.facts.clone();
        facts.retain(|f| f.position < size);
        let mut affiliations = self.affiliations.clone();
        affiliations.retain(|a| a.position < size);
        let facts_words = facts.iter_mut().map(|f| &mut f.word);
        for word in facts_words.chain(affiliations.iter_mut().map(|a| &mut a.word)) {
            word.objections.retain(|&position| position < size);
        }
        Self { credentials, facts, affiliations }
    }
}

/// A view in memory: of case files, tests, and of what a store has gathered for one question.
#[derive(Clone, Debug)]
pub struct MemoryView<S> {
    size: u64,
    holdings: HashMap<S, Holdings>,
    rules: Arc<RuleIndex>,
    alliances: Arc<Alliances>,
    places: Places,
}

impl<S: Eq + Hash> MemoryView<S> {
    /// The snapshot at log size `known_at`; anything at or beyond it is left out. Holdings that
    /// name one subject twice are joined.
    pub fn new(
        known_at: u64,
        holdings: impl IntoIterator<Item = (S, Holdings)>,
        rules: impl IntoIterator<Item = LoggedRule>,
    ) -> Self {
        Self::over(known_at, holdings, Arc::new(rules.into_iter().collect()))
    }

    /// The same over rules that are indexed already, whatever of them `known_at` hides.
    pub fn over(
        known_at: u64,
        holdings: impl IntoIterator<Item = (S, Holdings)>,
        rules: Arc<RuleIndex>,
    ) -> Self {
        let mut by_subject: HashMap<S, Holdings> = HashMap::new();
        for (subject, more) in holdings {
            let more = more.known_at(known_at);
            let all = by_subject.entry(subject).or_default();
            all.credentials.extend(more.credentials);
            all.facts.extend(more.facts);
            all.affiliations.extend(more.affiliations);
        }
        let (alliances, places) = (Arc::default(), Places::default());
        Self { size: known_at, holdings: by_subject, rules, alliances, places }
    }

    /// The same view with these alliances known.
    #[must_use]
    pub fn with_alliances(self, alliances: Arc<Alliances>) -> Self {
        Self { alliances, ..self }
    }

    /// The same view with the regions of these known.
    #[must_use]
    pub fn with_places(self, places: Places) -> Self {
        Self { places, ..self }
    }
}

impl<S: Eq + Hash> RecognitionView<S> for MemoryView<S> {
    fn known_at(&self) -> u64 {
        self.size
    }

    fn credentials(&self, subject: &S) -> Vec<Credential> {
        self.holdings.get(subject).map(|h| h.credentials.clone()).unwrap_or_default()
    }

    fn facts(&self, subject: &S, name: &str) -> Vec<SeenFact> {
        let all = self.holdings.get(subject).map(|h| h.facts.as_slice()).unwrap_or_default();
        all.iter().filter(|f| f.name == name).cloned().collect()
    }

    fn affiliations(&self, subject: &S, mode: AffiliationMode) -> Vec<SeenAffiliation> {
        let all = self.holdings.get(subject).map(|h| h.affiliations.as_slice()).unwrap_or_default();
        all.iter().filter(|a| a.mode == mode).cloned().collect()
    }

    fn rules(&self, key: &RuleKey, day: Date) -> Vec<&LoggedRule> {
        self.rules.find(key, day, self.size)
    }

    fn alliances(&self) -> &Alliances {
        &self.alliances
    }

    fn place(&self, id: &str) -> Option<RegionCode> {
        self.places.of(id).or_else(|| self.alliances.place(id))
    }
}
