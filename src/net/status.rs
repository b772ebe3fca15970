//! Which HTTP status each problem code becomes (RFC 9110 §15).

use http::StatusCode;

use crate::domain::code::Code;

/// A status that says something went wrong: a success cannot be named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorStatus {
    /// 400: the message cannot be read, or contradicts itself.
    BadRequest,
    /// 401: an operator token is missing or wrong.
    Unauthorized,
    /// 403: readable, but the sender or its key may not do this.
    Forbidden,
    /// 404: no such address or record.
    NotFound,
    /// 405: the address takes another method.
    MethodNotAllowed,
    /// 408: the body did not arrive in time.
    RequestTimeout,
    /// 409: the state of what is there does not allow this.
    Conflict,
    /// 413: the body is larger than the bound.
    ContentTooLarge,
    /// 415: another content type is expected.
    UnsupportedMediaType,
    /// 422: readable and allowed, but schema or business rules say no.
    UnprocessableContent,
    /// 429: rate or quota.
    TooManyRequests,
    /// 500: our fault.
    InternalServerError,
    /// 503: not now.
    ServiceUnavailable,
}

impl From<ErrorStatus> for StatusCode {
    fn from(status: ErrorStatus) -> Self {
        match status {
            ErrorStatus::BadRequest => Self::BAD_REQUEST,
            ErrorStatus::Unauthorized => Self::UNAUTHORIZED,
            ErrorStatus::Forbidden => Self::FORBIDDEN,
            ErrorStatus::NotFound => Self::NOT_FOUND,
            ErrorStatus::MethodNotAllowed => Self::METHOD_NOT_ALLOWED,
            ErrorStatus::RequestTimeout => Self::REQUEST_TIMEOUT,
            ErrorStatus::Conflict => Self::CONFLICT,
            ErrorStatus::ContentTooLarge => Self::PAYLOAD_TOO_LARGE,
            ErrorStatus::UnsupportedMediaType => Self::UNSUPPORTED_MEDIA_TYPE,
            ErrorStatus::UnprocessableContent => Self::UNPROCESSABLE_ENTITY,
            ErrorStatus::TooManyRequests => Self::TOO_MANY_REQUESTS,
            ErrorStatus::InternalServerError => Self::INTERNAL_SERVER_ERROR,
            ErrorStatus::ServiceUnavailable => Self::SERVICE_UNAVAILABLE,
        }
    }
}

/// The status of a code. No catch-all arm: a new code does not compile until it has one.
#[rustfmt::skip]
pub const fn status_of(code: Code) -> ErrorStatus {
    use Code as C;
    match code {
        C::NotFound => ErrorStatus::NotFound,
        C::MethodNotAllowed => ErrorStatus::MethodNotAllowed,
        C::UnsupportedMediaType => ErrorStatus::UnsupportedMediaType,
        C::BodyTooLarge => ErrorStatus::ContentTooLarge,
        C::RequestTimeout => ErrorStatus::RequestTimeout,
        C::TooManyRequests | C::TooManyRefusals | C::QuotaExceeded => ErrorStatus::TooManyRequests,
        C::Overloaded => ErrorStatus::ServiceUnavailable,
        C::Internal => ErrorStatus::InternalServerError,
        C::Unauthorized => ErrorStatus::Unauthorized,

        C::BadRequest
        | C::JwsMalformed | C::JwsHeader | C::JwsType
        | C::JsonMalformed | C::JsonDuplicateKey | C::JsonTooDeep | C::JsonNumber
        | C::JsonText | C::JsonTooLarge
        | C::ClaimsInvalid | C::AudienceMismatch | C::Expired | C::NotYetValid
        | C::LifetimeTooLong
        | C::MessageTypeUnknown | C::SchemaUnknown
        | C::TileMalformed | C::ElementMalformed => ErrorStatus::BadRequest,

        C::PeerUnknown | C::PeerSuspended | C::PeerMismatch | C::IssuerMismatch
        | C::KeyUnknown | C::KeyUse | C::KeyRevoked | C::KeyNotValid
        | C::AlgorithmNotAllowed | C::SignatureInvalid
        | C::NotPermitted | C::PurposeNotAllowed | C::BasisMissing
        | C::NotOwner | C::QuestionNotOwned => ErrorStatus::Forbidden,

        C::KeyTaken | C::Equivocation
        | C::NotRecomputable | C::RevisionStale | C::RevisionGap
        | C::RecordClosed | C::RecordState | C::RecordTaken
        | C::LinkConflict | C::ConsentNotDue | C::HoldState | C::GrantState
        | C::ObjectionState | C::ObjectionPending | C::EnquiryState | C::OverrideRequired
            => ErrorStatus::Conflict,

        C::KeyWeak | C::KeyNotCanonical | C::KeyProof
        | C::SchemaViolation
        | C::RecordUnknown | C::SubjectMismatch | C::EpochUnknown | C::DateImpossible
        | C::SubjectUnknown | C::TwoOperators | C::LinkLimit | C::TargetUnknown
        | C::SchemeUnknown | C::ClassUnknown | C::KindUnknown | C::PolicyUnknown | C::RuleUnknown
        | C::RecognitionUnfit | C::AllianceUnknown | C::ClassForeign | C::IssuerUnfit
        | C::SchemeNotInForce | C::FactUnknown | C::FactValue | C::ReadingUnknown
        | C::ServiceUnknown | C::RecordContradiction | C::BeneficiaryUnfit
        | C::HoldUnknown | C::HoldLimit | C::GrantUnknown
        | C::AmountAbsurd | C::PaymentAboveGrant | C::MonthsOutsideGrant
        | C::RecoveryAbovePaid | C::FindingUnknown
        | C::ObjectionUnknown | C::EnquiryUnknown | C::AnswersIncomplete | C::AddresseeMissing
        | C::OpenLimit
        | C::OprfProof | C::IdentifierInvalid => ErrorStatus::UnprocessableContent,
    }
}
