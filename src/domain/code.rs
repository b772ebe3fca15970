//! The catalogue of problem codes: part of the contract, generated into the documentation.
//!
//! A code says what is wrong, who has to act and whether sending the same again can help. Which
//! HTTP status it becomes is the business of `net::problem` alone.

use serde::{Deserialize, Serialize};

use super::text::{Language, Text};

/// Who has to act on a problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Actor {
    /// The program that made the message.
    Integrator,
    /// A person at the sending district's office.
    Officer,
    /// The operator of the gateway.
    Operator,
    /// Nobody: wait and send the same bytes again.
    Nobody,
}

macro_rules! codes {
    ($($variant:ident $code:literal $actor:ident $retry:literal $zh:literal $en:literal;)*) => {
        /// A stable problem code.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Code { $(#[doc = $en] $variant,)* }

        impl Code {
            /// Every code, in the order of the catalogue.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The stable text of the code.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// Who has to act.
            pub const fn actor(self) -> Actor {
                match self { $(Self::$variant => Actor::$actor,)* }
            }

            /// Can the same bytes succeed later? Retryable refusals consume no `jti`.
            pub const fn retryable(self) -> bool {
                match self { $(Self::$variant => $retry,)* }
            }

            /// Title in one language.
            pub const fn title(self, language: Language) -> &'static str {
                match (self, language) {
                    $((Self::$variant, Language::Zh) => $zh,
                      (Self::$variant, Language::En) => $en,)*
                }
            }
        }
    };
}

codes! {
    // --- HTTP and limits
    NotFound "not-found" Integrator false "没有这个地址或记录" "no such address or record";
    MethodNotAllowed "method-not-allowed" Integrator false "此地址不支持该方法" "this address does not take that method";
    UnsupportedMediaType "unsupported-media-type" Integrator false "请求内容类型不受支持" "the content type of the request is not supported";
    BadRequest "bad-request" Integrator false "请求参数有误" "a parameter of the request is wrong";
    BodyTooLarge "body-too-large" Integrator false "请求体超过上限" "the body is larger than the bound";
    RequestTimeout "request-timeout" Nobody true "请求接收超时" "the request took too long to arrive";
    TooManyRequests "too-many-requests" Nobody true "请求过于频繁，请稍后重试" "too many requests, try again later";
    TooManyRefusals "too-many-refusals" Integrator true "被拒绝的消息过多，请先查明原因" "too many refused messages, find out why first";
    Overloaded "overloaded" Nobody true "系统繁忙，请稍后重试" "the service is busy, try again later";
    Internal "internal" Operator true "网关内部错误" "an internal error of the gateway";
    // --- peer
    PeerUnknown "peer-unknown" Operator false "客户端证书不属于任何参与方" "the client certificate names no participant";
    PeerSuspended "peer-suspended" Operator false "参与方已被暂停" "the participant is suspended";
    PeerMismatch "peer-mismatch" Integrator false "客户端证书与消息签发方不一致" "client certificate and message name different participants";
    // --- seal
    JwsMalformed "jws-malformed" Integrator false "不是合规的 JWS 紧凑格式" "not a JWS in compact form";
    JwsHeader "jws-header" Integrator false "JWS 头部含有不允许或缺失的成员" "the JWS header has a member that is not allowed or lacks one";
    JwsType "jws-type" Integrator false "typ 与此接口不符" "typ does not fit this endpoint";
    KeyUnknown "key-unknown" Operator false "未登记的密钥" "the key is not registered";
    KeyUse "key-use" Integrator false "密钥用途不符" "the key has another use";
    KeyRevoked "key-revoked" Officer false "密钥已吊销" "the key is revoked";
    KeyNotValid "key-not-valid" Integrator false "密钥不在有效期内" "the key is not valid at this time";
    KeyWeak "key-weak" Integrator false "公钥为弱密钥" "the public key is weak";
    KeyNotCanonical "key-not-canonical" Integrator false "公钥编码不规范" "the public key is not canonically encoded";
    KeyTaken "key-taken" Integrator false "公钥或 kid 已登记过" "the public key or key id was registered before";
    KeyProof "key-proof" Integrator false "持有证明无效" "the proof of possession does not hold";
    AlgorithmNotAllowed "algorithm-not-allowed" Integrator false "该密钥不允许此签名算法" "the key does not allow this algorithm";
    SignatureInvalid "signature-invalid" Integrator false "签名验证失败" "the signature does not verify";
    // --- JSON
    JsonMalformed "json-malformed" Integrator false "JSON 格式错误" "malformed JSON";
    JsonDuplicateKey "json-duplicate-key" Integrator false "JSON 成员名重复" "a JSON member name occurs twice";
    JsonTooDeep "json-too-deep" Integrator false "JSON 嵌套过深" "JSON is nested too deeply";
    JsonNumber "json-number" Integrator false "只允许 ±(2^53−1) 内的整数" "only integers within ±(2^53 − 1) are allowed";
    JsonText "json-text" Integrator false "文本含有不允许的字符" "text holds a character that is not allowed";
    JsonTooLarge "json-too-large" Integrator false "JSON 成员或元素过多" "too many JSON members or items";
    // --- claims
    ClaimsInvalid "claims-invalid" Integrator false "声明缺失或格式错误" "a claim is missing or malformed";
    IssuerMismatch "issuer-mismatch" Integrator false "iss 与 kid 不属于同一参与方" "iss and kid name different participants";
    AudienceMismatch "audience-mismatch" Integrator false "aud 不是本服务" "aud is not this service";
    Expired "expired" Integrator false "消息已过期" "the message has expired";
    NotYetValid "not-yet-valid" Integrator false "消息签发时间在未来" "the message is dated in the future";
    LifetimeTooLong "lifetime-too-long" Integrator false "有效时长超过上限" "exp − iat is longer than the bound";
    // --- type and schema
    MessageTypeUnknown "message-type-unknown" Integrator false "未知的消息类型" "unknown message type";
    SchemaUnknown "schema-unknown" Integrator false "未知的模式版本" "unknown schema or schema digest";
    SchemaViolation "schema-violation" Integrator false "内容不符合模式" "the content does not fit the schema";
    // --- authorisation
    NotPermitted "not-permitted" Operator false "该参与方无权发送此类消息" "the participant may not send this message";
    PurposeNotAllowed "purpose-not-allowed" Officer false "协议不允许该用途" "the agreement does not allow this purpose";
    BasisMissing "basis-missing" Officer false "缺少法定依据或同意编号" "legal basis or consent id is missing";
    QuotaExceeded "quota-exceeded" Officer true "查询额度已用完" "the quota is used up";
    // --- identity of messages and records
    Equivocation "equivocation" Integrator false "同一 jti 已用于其他内容" "the jti was used before for other bytes";
    RevisionStale "revision-stale" Integrator false "修订号已存在" "the revision exists already";
    RevisionGap "revision-gap" Integrator false "修订号不连续" "a revision before this one is missing";
    RecordUnknown "record-unknown" Integrator false "没有这条记录" "no such record";
    RecordClosed "record-closed" Officer false "记录已终止，不能再变更" "the record has ended and takes no more changes";
    RecordState "record-state" Officer false "记录当前状态不允许此操作" "the state of the record does not allow this";
    RecordTaken "record-taken" Integrator false "记录编号已被使用" "the record id is in use";
    RecordContradiction "record-contradiction" Officer false "记录内容自相矛盾" "the record contradicts itself";
    SubjectMismatch "subject-mismatch" Officer false "主体与原记录不一致" "the subject differs from that of the record";
    EpochUnknown "epoch-unknown" Integrator false "令牌周期未知或已停用" "the token epoch is unknown or cut off";
    DateImpossible "date-impossible" Officer false "日期不可能或前后矛盾" "a date is impossible or contradicts another";
    SubjectUnknown "subject-unknown" Officer false "主体不在发送方记录中" "the subject does not occur in the sender's records";
    LinkConflict "link-conflict" Officer false "关联会合并已确认不同的人" "the link would join persons certified as different";
    LinkLimit "link-limit" Officer false "关联后同一人的证件令牌数超过上限" "the link would give one person more subjects than the bound";
    TargetUnknown "target-unknown" Integrator false "目标消息不存在，或无须同意" "no such message, or none that awaits consents";
    ConsentNotDue "consent-not-due" Officer false "该事项不需要（或不再需要）本单位同意" "the act does not await this participant's consent, or no longer";
    TwoOperators "two-operators" Officer false "需要两名不同的经办人" "two distinct operators are required";
    // --- catalogue and ledger
    SchemeUnknown "scheme-unknown" Officer false "未知的认定体系或版本" "unknown scheme or version of a scheme";
    ClassUnknown "class-unknown" Officer false "等级不在体系或代码表中" "the class is not in its scheme or code list";
    KindUnknown "kind-unknown" Officer false "未知的资助种类" "unknown kind of funding";
    SchemeNotInForce "scheme-not-in-force" Officer false "认定体系的该版本在认定生效日尚未施行或已经终止" "the version of the scheme was not in force on the day of the certification";
    FactUnknown "fact-unknown" Officer false "未知的事实代码" "unknown code of a fact";
    FactValue "fact-value" Officer false "个案事实的取值与该事实不符" "the value of a case fact does not fit the fact";
    ReadingUnknown "reading-unknown" Officer false "该问题没有这种理解" "the question has no such reading";
    ServiceUnknown "service-unknown" Officer false "未知的共享服务" "unknown shared service";
    PolicyUnknown "policy-unknown" Officer false "未知的政策或版本" "unknown policy or version";
    BeneficiaryUnfit "beneficiary-unfit" Officer false "受益对象不在该政策的范围内" "the policy has no such beneficiary";
    RuleUnknown "rule-unknown" Officer false "未知的规则" "unknown rule";
    RecognitionUnfit "recognition-unfit" Officer false "互认规则的效力、对象、用途或条件互不相配" "effect, object, purposes or preconditions of the recognition rule do not go together";
    AllianceUnknown "alliance-unknown" Officer false "未知的联盟，或所列单位不是其成员" "unknown alliance, or one that has no such member";
    ClassForeign "class-foreign" Officer false "当地等级不属于接收地适用的认定体系" "the local class belongs to no scheme that applies in the recognising district";
    IssuerUnfit "issuer-unfit" Officer false "该机关不是这一体系的发证或认定机关" "the authority does not issue under this scheme";
    HoldUnknown "hold-unknown" Officer false "没有这个预占" "no such hold";
    HoldState "hold-state" Officer false "预占当前状态不允许此操作" "the state of the hold does not allow this";
    HoldLimit "hold-limit" Officer false "预占数量或期限超过上限" "too many holds, or a hold longer than the bound";
    GrantUnknown "grant-unknown" Officer false "没有这项资助" "no such grant";
    GrantState "grant-state" Officer false "资助当前状态不允许此操作" "the state of the grant does not allow this";
    OverrideRequired "override-required" Officer false "须说明理由并经第二人复核" "an override with reason and second operator is required";
    AmountAbsurd "amount-absurd" Officer false "金额不合理" "a sum is absurd";
    PaymentAboveGrant "payment-above-grant" Officer false "累计支付超过批准金额" "payments exceed the approved sum";
    MonthsOutsideGrant "months-outside-grant" Officer false "月份不在资助期内" "months lie outside the grant";
    RecoveryAbovePaid "recovery-above-paid" Officer false "追回金额超过已付金额" "recoveries exceed what was paid";
    FindingUnknown "finding-unknown" Officer false "没有这条核查结果" "no such finding";
    NotOwner "not-owner" Officer false "只有记录的所有方可以这样做" "only the owner of the record may do this";
    QuestionNotOwned "question-not-owned" Officer false "该机关无权就此问题作出裁定" "the authority does not own this question";
    NotRecomputable "not-recomputable" Operator false "无法重算当时的答复" "the answer of that time cannot be computed again";
    // --- objections and enquiries
    ObjectionUnknown "objection-unknown" Integrator false "没有这件异议" "no such objection";
    ObjectionState "objection-state" Officer false "异议当前状态不允许此操作" "the state of the objection does not allow this";
    ObjectionPending "objection-pending" Officer false "发送方对该记录的异议尚在处理中" "an objection of the sender to this record is pending";
    EnquiryUnknown "enquiry-unknown" Integrator false "没有这件协查" "no such enquiry";
    EnquiryState "enquiry-state" Officer false "协查已经答复" "the enquiry was answered before";
    AnswersIncomplete "answers-incomplete" Officer false "答复与所问的问题不一致" "the answers do not fit the questions asked";
    AddresseeMissing "addressee-missing" Integrator false "须由 to 指明被询问的另一区" "`to` must name another district";
    OpenLimit "open-limit" Officer false "未办结的异议或协查过多" "too many open objections or enquiries";
    // --- log and tokens
    TileMalformed "tile-malformed" Integrator false "瓦片路径不合规" "the tile path is malformed";
    ElementMalformed "element-malformed" Integrator false "盲化元素无效" "a blinded element is invalid";
    OprfProof "oprf-proof" Operator false "令牌服务的证明无效" "the tokeniser's proof does not hold";
    IdentifierInvalid "identifier-invalid" Officer false "证件号码或代码无效" "the identifier is invalid";
    Unauthorized "unauthorized" Officer false "缺少或无效的操作员令牌" "the operator token is missing or wrong";
}

impl Serialize for Code {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Code {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let s = <std::borrow::Cow<'de, str>>::deserialize(d)?;
        Self::ALL
            .iter()
            .copied()
            .find(|c| c.as_str() == s)
            .ok_or_else(|| serde::de::Error::custom("unknown problem code"))
    }
}

/// One place in a message, and what is wrong there. Never holds a value of the message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Violation {
    /// JSON Pointer (RFC 6901) into the payload.
    pub pointer: String,
    /// What the place should have been, e.g. the schema keyword: `maxLength`, `enum`, `required`.
    pub expected: String,
}

/// Why something was refused. Inner layers return it; `net::problem` makes a response of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{}", code.as_str())]
#[serde(deny_unknown_fields)]
pub struct Refusal {
    /// The stable code.
    pub code: Code,
    /// What exactly, in both languages; holds no value of the message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<Text>,
    /// Places in the message, at most 20.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub violations: Vec<Violation>,
}

impl Refusal {
    /// A refusal that the code alone explains.
    pub fn new(code: Code) -> Self {
        Self { code, detail: None, violations: Vec::new() }
    }

    /// With a sentence in both languages.
    #[must_use]
    pub fn detail(mut self, zh: impl Into<String>, en: impl Into<String>) -> Self {
        self.detail = Some(Text::new(zh, en));
        self
    }

    /// With a place.
    #[must_use]
    pub fn at(mut self, pointer: impl Into<String>, expected: impl Into<String>) -> Self {
        self.violations.push(Violation { pointer: pointer.into(), expected: expected.into() });
        self
    }

    /// The same with every pointer under `place`, for what was checked as a document of its own.
    #[must_use]
    pub fn under(mut self, place: &str) -> Self {
        for violation in &mut self.violations {
            violation.pointer.insert_str(0, place);
        }
        self
    }

    /// The same about a body that stands at another place: pointers under `/body` lead under `place`.
    #[must_use]
    pub fn moved(mut self, place: &str) -> Self {
        for violation in &mut self.violations {
            if let Some(rest) = violation.pointer.strip_prefix("/body") {
                violation.pointer = format!("{place}{rest}");
            }
        }
        self
    }
}

impl From<Code> for Refusal {
    fn from(code: Code) -> Self {
        Self::new(code)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn codes_are_unique_and_stable_in_shape() {
        let all: BTreeSet<_> = Code::ALL.iter().map(|c| c.as_str()).collect();
        assert_eq!(all.len(), Code::ALL.len());
        for code in all {
            assert!(code.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{code}");
        }
    }
}
