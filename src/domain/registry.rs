//! One entry per message type: its name, what class of message it is, who may sign it and how long
//! it may be under way. A new type is added here, in `schemas/`, in its own file of `domain` and in
//! the fold; nowhere else.

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::code::{Code, Refusal};
use super::context::QueryContext;
use super::directory::{AgreementBody, ConsentBody, KeyBody, ParticipantBody};
use super::enquiry::{EnquiryBody, EnquiryReply};
use super::funding::message::{
    FindingOutcome, FundingQuery, Grant, Hold, JointRule, Payment, Policy, Recovery, Release,
    Ruling, Sanction, Stop,
};
use super::link::LinkBody;
use super::matter::WorklistQuery;
use super::objection::{ObjectionBody, ObjectionOutcome};
use super::query::{AccessQuery, RecordsQuery, TokenEvaluate};
use super::recognition::{EntitlementQuery, RecognitionQuery, RecognitionRule};
use super::reconcile::{ClockBody, ReconcileBody};
use super::record::affiliation::Affiliation;
use super::record::certification::Certification;
use super::record::fact::Fact;
use super::record::occupancy::Occupancy;
use super::record::points::Points;
use super::record::qualification::Qualification;
use super::record::quota::Quota;
use super::record::{BULK_ITEMS_MAX, Record};
use super::review::AnswerReview;
use super::subject::{Ref, TokenRef};
use super::time::reversed_period;

/// What happens to a message of a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Changes the directory.
    Directory,
    /// A record: takes the bulk form and a longer delivery time.
    Record,
    /// Changes the funding ledger, a rule or a link, or consents to a change.
    Act,
    /// Answered at once with a signed answer.
    Query,
    /// Evaluated by the tokeniser; the gateway refuses it.
    Tokeniser,
    /// Made by the gateway itself.
    Internal,
}

macro_rules! registry {
    ($($variant:ident($body:ty) $mt:literal $class:ident;)*) => {
        /// A message type of this release (`mt`).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum MessageType { $(#[doc = concat!("`", $mt, "`")] $variant,)* }

        impl MessageType {
            /// Every type, in the order of the registry.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The type as `mt` carries it: name and major version.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $mt,)* }
            }

            /// What happens to it.
            pub const fn class(self) -> Class {
                match self { $(Self::$variant => Class::$class,)* }
            }
        }

        /// A typed message body.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Body { $(#[doc = concat!("`", $mt, "`")] $variant($body),)* }

        impl Body {
            /// Reads the body of a message of type `mt`. `check` is asked first, about the body or,
            /// in the bulk form, about each item: the schema, or nothing when the log is read again.
            pub fn parse(
                mt: MessageType,
                body: &Value,
                check: &dyn Fn(&Value) -> Result<(), Refusal>,
            ) -> Result<Self, Refusal> {
                Ok(match mt {
                    $(MessageType::$variant => Self::$variant(FromBody::from_body(body, check)?),)*
                })
            }
        }
    };
}

registry! {
    Participant(ParticipantBody) "participant/1" Directory;
    Key(KeyBody) "key/1" Directory;
    Agreement(AgreementBody) "agreement/1" Directory;
    Consent(ConsentBody) "consent/1" Act;
    Certification(Items<Certification>) "certification/1" Record;
    Qualification(Items<Qualification>) "qualification/1" Record;
    Affiliation(Items<Affiliation>) "affiliation/1" Record;
    Occupancy(Items<Occupancy>) "occupancy/1" Record;
    Points(Items<Points>) "points/1" Record;
    Quota(Items<Quota>) "quota/1" Record;
    Fact(Items<Fact>) "fact/1" Record;
    Link(LinkBody) "subject.link/1" Act;
    Reconcile(ReconcileBody) "reconcile/1" Act;
    Clock(ClockBody) "clock/1" Internal;
    RecognitionRule(RecognitionRule) "recognition.rule/1" Act;
    FundingPolicy(Policy) "funding.policy/1" Act;
    FundingHold(Hold) "funding.hold/1" Act;
    FundingGrant(Grant) "funding.grant/1" Act;
    FundingPayment(Payment) "funding.payment/1" Act;
    FundingStop(Stop) "funding.stop/1" Act;
    FundingRecovery(Recovery) "funding.recovery/1" Act;
    FundingRelease(Release) "funding.release/1" Act;
    FindingOutcome(FindingOutcome) "finding.outcome/1" Act;
    FundingRuling(Ruling) "funding.ruling/1" Act;
    FundingJointRule(JointRule) "funding.joint-rule/1" Act;
    Sanction(Sanction) "integrity.sanction/1" Act;
    Objection(ObjectionBody) "objection/1" Act;
    ObjectionOutcome(ObjectionOutcome) "objection.outcome/1" Act;
    Enquiry(EnquiryBody) "enquiry/1" Act;
    EnquiryReply(EnquiryReply) "enquiry.reply/1" Act;
    AnswerReview(AnswerReview) "answer.review/1" Internal;
    WorklistQuery(WorklistQuery) "query.worklist/1" Query;
    RecognitionQuery(RecognitionQuery) "query.recognition/1" Query;
    EntitlementQuery(EntitlementQuery) "query.entitlement/1" Query;
    FundingQuery(FundingQuery) "query.funding/1" Query;
    RecordsQuery(RecordsQuery) "query.records/1" Query;
    AccessQuery(AccessQuery) "query.access/1" Query;
    TokenEvaluate(TokenEvaluate) "token.evaluate/1" Tokeniser;
}

/// Longest `exp − iat` of a message that is sent online, in seconds (`formats.md` §1.4).
pub const LIFETIME_ONLINE_SECONDS_MAX: i64 = 15 * 60;
/// Longest `exp − iat` of a record message, which an outbox may carry over a long outage.
pub const LIFETIME_RECORD_SECONDS_MAX: i64 = 24 * 3600;

impl MessageType {
    /// The type that `mt` names.
    pub fn parse(mt: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|t| t.as_str() == mt)
    }

    /// The type's name without its version: the record kind of agreements and reconciliations.
    pub fn name(self) -> &'static str {
        self.as_str().split('/').next().unwrap_or_default()
    }

    /// Longest time between `iat` and `exp`, in seconds.
    pub const fn lifetime_seconds_max(self) -> i64 {
        match self.class() {
            Class::Record => LIFETIME_RECORD_SECONDS_MAX,
            _ => LIFETIME_ONLINE_SECONDS_MAX,
        }
    }
}

/// A record message: one record, or several under one signature. An item whose values are
/// impossible is refused alone, so each stands as a result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Items<T> {
    /// Is it the bulk form?
    pub bulk: bool,
    /// The records in order; one in the single form.
    pub items: Vec<Result<T, Refusal>>,
}

/// The items of a bulk body; `None` for the single form.
pub fn bulk_items(body: &Value) -> Option<Result<&[Value], Refusal>> {
    let items = body.as_object()?.get("items")?;
    let ok = items.as_array().filter(|a| (1..=BULK_ITEMS_MAX).contains(&a.len()));
    let closed = body.as_object().is_some_and(|o| o.len() == 1);
    Some(match ok {
        Some(items) if closed => Ok(items),
        _ => Err(Refusal::new(Code::SchemaViolation)
            .at("/body/items", "1 to 1000 items and nothing else")),
    })
}

impl Body {
    /// Whom a query or a hold tells about and why; `None` for any other body.
    pub fn about(&self) -> Option<(Ref<TokenRef>, QueryContext)> {
        let talent = |subject: TokenRef, context: &QueryContext| {
            Some((Ref::Talent(subject), context.clone()))
        };
        match self {
            Self::RecordsQuery(q) => Some((q.subject(), q.context.clone())),
            Self::AccessQuery(q) => talent(q.subject, &q.context),
            Self::RecognitionQuery(q) => talent(q.subject, &q.context),
            Self::EntitlementQuery(q) => talent(q.subject, &q.context),
            Self::FundingQuery(q) => talent(q.application.terms.subject, &q.context),
            Self::FundingHold(h) => talent(h.application.terms.subject, &h.context),
            _ => None,
        }
    }

    /// Size of the log that a question is put to; `None` where it is the newest.
    pub fn known_at(&self) -> Option<u64> {
        match self {
            Self::RecordsQuery(q) => q.known_at,
            Self::RecognitionQuery(q) => q.known_at,
            Self::EntitlementQuery(q) => q.known_at,
            Self::FundingQuery(q) => q.known_at,
            _ => None,
        }
    }

    /// Is it the bulk form of a record message?
    pub fn is_bulk(&self) -> bool {
        match self {
            Self::Certification(items) => items.bulk,
            Self::Qualification(items) => items.bulk,
            Self::Affiliation(items) => items.bulk,
            Self::Occupancy(items) => items.bulk,
            Self::Points(items) => items.bulk,
            Self::Quota(items) => items.bulk,
            Self::Fact(items) => items.bulk,
            _ => false,
        }
    }

    /// Number of things that a receipt gives an outcome to.
    pub fn item_count(&self) -> usize {
        match self {
            Self::Certification(items) => items.items.len(),
            Self::Qualification(items) => items.items.len(),
            Self::Affiliation(items) => items.items.len(),
            Self::Occupancy(items) => items.items.len(),
            Self::Points(items) => items.items.len(),
            Self::Quota(items) => items.items.len(),
            Self::Fact(items) => items.items.len(),
            Self::Reconcile(body) => body.kinds.len(),
            _ => 0,
        }
    }

    /// The records of a record message, owned; `Err` gives any other body back.
    pub fn into_records(self) -> Result<Vec<Result<Record, Refusal>>, Box<Self>> {
        fn all<T>(items: Items<T>, make: fn(T) -> Record) -> Vec<Result<Record, Refusal>> {
            items.items.into_iter().map(|item| item.map(make)).collect()
        }
        Ok(match self {
            Self::Certification(items) => all(items, Record::Certification),
            Self::Qualification(items) => all(items, Record::Qualification),
            Self::Affiliation(items) => all(items, Record::Affiliation),
            Self::Occupancy(items) => all(items, Record::Occupancy),
            Self::Points(items) => all(items, Record::Points),
            Self::Quota(items) => all(items, Record::Quota),
            Self::Fact(items) => all(items, Record::Fact),
            other => return Err(Box::new(other)),
        })
    }
}

type Check<'a> = &'a dyn Fn(&Value) -> Result<(), Refusal>;

/// Reads one body shape.
trait FromBody: Sized {
    fn from_body(body: &Value, check: Check<'_>) -> Result<Self, Refusal>;
}

impl<T: DeserializeOwned> FromBody for Items<T> {
    fn from_body(body: &Value, check: Check<'_>) -> Result<Self, Refusal> {
        Ok(match bulk_items(body) {
            Some(items) => {
                Self { bulk: true, items: items?.iter().map(|item| typed(item, check)).collect() }
            }
            None => Self { bulk: false, items: vec![Ok(typed(body, check)?)] },
        })
    }
}

macro_rules! plain_bodies {
    ($($t:ty),* $(,)?) => { $(impl FromBody for $t {
        fn from_body(body: &Value, check: Check<'_>) -> Result<Self, Refusal> {
            typed(body, check)
        }
    })* };
}

plain_bodies!(
    ParticipantBody,
    KeyBody,
    AgreementBody,
    ConsentBody,
    LinkBody,
    ReconcileBody,
    ClockBody,
    RecordsQuery,
    AccessQuery,
    TokenEvaluate,
    RecognitionRule,
    Policy,
    Hold,
    Grant,
    Payment,
    Stop,
    Recovery,
    Release,
    FindingOutcome,
    Ruling,
    JointRule,
    Sanction,
    ObjectionBody,
    ObjectionOutcome,
    EnquiryBody,
    EnquiryReply,
    AnswerReview,
    WorklistQuery,
    RecognitionQuery,
    EntitlementQuery,
    FundingQuery,
);

fn typed<T: DeserializeOwned>(body: &Value, check: Check<'_>) -> Result<T, Refusal> {
    check(body)?;
    // The library's text may hold a value of the message, so it is not passed on.
    T::deserialize(body).map_err(|_| {
        if let Some(place) = reversed_period(body) {
            return Refusal::new(Code::DateImpossible)
                .at(format!("/body{place}"), "a period that ends no earlier than it begins");
        }
        Refusal::new(Code::SchemaViolation).at("/body", "a body that fits its message type").detail(
            "内容通过了模式检查，但含有不可能的值（例如不存在的日期）",
            "the body fits its schema but holds an impossible value, such as a date that does not exist",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_is_found_by_its_name() {
        for ty in MessageType::ALL {
            assert_eq!(MessageType::parse(ty.as_str()), Some(*ty));
            assert!(ty.as_str().ends_with("/1"), "{}", ty.as_str());
        }
        assert_eq!(MessageType::parse("certification/2"), None);
    }

    #[test]
    fn bulk_is_bounded_and_closed() {
        let many = |n: usize| serde_json::json!({ "items": vec![0; n] });
        assert!(bulk_items(&many(0)).unwrap().is_err());
        assert_eq!(bulk_items(&many(1000)).unwrap().unwrap().len(), 1000);
        assert!(bulk_items(&many(1001)).unwrap().is_err());
        assert!(bulk_items(&serde_json::json!({"items": [1], "more": 1})).unwrap().is_err());
        assert!(bulk_items(&serde_json::json!({"record": "x"})).is_none());
    }
}
