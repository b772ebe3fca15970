//! What holds whomever a query is about, decoded once: recognition rules by the question that they
//! answer, funding policies, rulings, joint rules in effect. A read-mostly snapshot like the
//! directory: a commit group that changed a rule publishes the next one.

use std::sync::Arc;

use arc_swap::ArcSwap;

use crate::catalogue::Catalogue;
use crate::domain::funding::facts::RuleFacts;
use crate::domain::funding::ledger::RulingFact;
use crate::domain::recognition::{LoggedRule, RuleIndex};
use crate::projection::{
    AsOf, CONSENTS, Change, JOINT_RULES, POLICIES, RECOGNITION_RULES, RULINGS, TableId, View,
    ViewError, joint_rules_in_effect,
};

/// Tables whose rows the funding half is made of.
const FUNDING: [TableId; 4] = [POLICIES.id(), RULINGS.id(), JOINT_RULES.id(), CONSENTS.id()];

/// The rules as of a size of the log.
#[derive(Clone, Debug, Default)]
pub struct Rulebook {
    /// Size of the log when it was made. Until the next one is made, no rule changes.
    as_of: u64,
    /// Every revision of every recognition rule; a view says up to which position it looks.
    pub recognition: Arc<RuleIndex>,
    /// What assessments need beside the facts of their subjects.
    pub funding: Arc<RuleFacts>,
}

impl Rulebook {
    /// Reads the rules from the tables of a state in which the log has `as_of` entries.
    ///
    /// # Errors
    /// [`ViewError`].
    pub fn load(view: &dyn View, catalogue: &Catalogue, as_of: u64) -> Result<Self, ViewError> {
        let rows = RECOGNITION_RULES.all(view)?.into_iter();
        let rules = rows.map(|row| LoggedRule { position: row.pos, rule: row.rule });
        Ok(Self {
            as_of,
            recognition: Arc::new(rules.collect()),
            funding: Arc::new(funding(view, catalogue)?),
        })
    }

    /// The rules when the log had `size` entries. Recognition rules are shared: whoever reads them
    /// says up to which position. Those of funding are read from `past`, the state of that size,
    /// if they are needed.
    ///
    /// # Errors
    /// [`ViewError`].
    pub fn as_of(
        &self,
        past: Option<&AsOf<'_>>,
        catalogue: &Catalogue,
        size: u64,
    ) -> Result<Self, ViewError> {
        let funding = past.map(|past| funding(past, catalogue)).transpose()?.unwrap_or_default();
        let recognition = Arc::clone(&self.recognition);
        Ok(Self { as_of: size, recognition, funding: Arc::new(funding) })
    }

    /// The rules of the state behind `view`, in which the log has `size` entries. Take the newest
    /// after the state was opened: rulebooks are published before their group becomes visible, so
    /// it is either that of the state or, for a moment, a later one.
    ///
    /// # Errors
    /// [`ViewError`].
    pub fn of(
        newest: &ArcSwap<Self>,
        view: &dyn View,
        catalogue: &Catalogue,
        size: u64,
    ) -> Result<Arc<Self>, ViewError> {
        let newest = newest.load_full();
        if newest.as_of <= size {
            return Ok(newest);
        }
        Self::load(view, catalogue, size).map(Arc::new)
    }
}

fn funding(view: &dyn View, catalogue: &Catalogue) -> Result<RuleFacts, ViewError> {
    let mut facts = RuleFacts::default();
    for kind in &catalogue.kinds {
        facts.add_kind(kind.clone());
    }
    for question in &catalogue.questions {
        facts.add_owners(question.id, question.owners.clone());
    }
    for row in POLICIES.all(view)? {
        facts.add_policy(row.policy);
    }
    for row in RULINGS.all(view)? {
        let position = Some(row.pos);
        facts.add_ruling(RulingFact { district: row.owner, ruling: row.ruling, position });
    }
    for rule in joint_rules_in_effect(view)? {
        facts.add_joint_rule(rule);
    }
    Ok(facts)
}

/// The rulebook inside an open group: what the group has changed so far is taken in when somebody
/// asks, and at its end.
#[derive(Debug)]
pub(super) struct Draft {
    book: Arc<Rulebook>,
    recognition: Vec<LoggedRule>,
    funding: bool,
}

impl Draft {
    /// Nothing has changed since `book`.
    pub fn new(book: Arc<Rulebook>) -> Self {
        Self { book, recognition: Vec::new(), funding: false }
    }

    /// Notes what changes rules among the changes of a message.
    ///
    /// # Errors
    /// [`ViewError::Inconsistent`] when a row does not read.
    pub fn note(&mut self, changes: &[Change]) -> Result<(), ViewError> {
        for change in changes {
            match change {
                Change::Put { table, value, .. } if *table == RECOGNITION_RULES.id() => {
                    let row = RECOGNITION_RULES.value(value)?;
                    self.recognition.push(LoggedRule { position: row.pos, rule: row.rule });
                }
                Change::Put { table, .. } | Change::Delete { table, .. } => {
                    self.funding |= FUNDING.contains(table);
                }
            }
        }
        Ok(())
    }

    /// The rulebook with everything that was noted; `view` is the state so far.
    ///
    /// # Errors
    /// [`ViewError`].
    pub fn current(
        &mut self,
        view: &dyn View,
        catalogue: &Catalogue,
        size: u64,
    ) -> Result<&Arc<Rulebook>, ViewError> {
        if self.funding || !self.recognition.is_empty() {
            let mut next = Rulebook { as_of: size, ..Rulebook::clone(&self.book) };
            if !self.recognition.is_empty() {
                // The rules themselves are shared; only their index is copied.
                Arc::make_mut(&mut next.recognition).extend(self.recognition.drain(..));
            }
            if self.funding {
                next.funding = Arc::new(funding(view, catalogue)?);
                self.funding = false;
            }
            self.book = Arc::new(next);
        }
        Ok(&self.book)
    }
}
