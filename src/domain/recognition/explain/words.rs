//! Words for the closed lists of recognition, both languages side by side.

use super::super::answer::{Flag, MinimumStanding, Outcome, Proof, SetAsideReason};
use super::super::effect::{Effect, Object, RecognitionPurpose};
use super::pick;
use crate::domain::record::life_cycle::AttestationLevel;
use crate::domain::text::Language;

/// A value of a closed list in words.
pub(super) trait Words: Copy {
    /// The words for `language`.
    fn words(self, language: Language) -> &'static str;
}

macro_rules! words {
    ($($list:ident { $($variant:ident $zh:literal $en:literal;)* })*) => {
        $(impl Words for $list {
            fn words(self, language: Language) -> &'static str {
                match self { $(Self::$variant => pick(language, $zh, $en),)* }
            }
        })*
    };
}

words! {
    Outcome {
        Recognised "认可" "recognised";
        Conditional "有条件认可" "recognised under conditions";
        NotRecognised "不予认可（规则明示）" "not recognised (a rule says so)";
        NoRule "无对应规则，需人工" "no rule decides, a person must";
        NotValid "记录当日无效" "the record is not valid on the day";
        NoRecord "无记录" "no record";
    }
    Effect {
        ValidDirectly "直接认可" "valid directly";
        ValidAfterFiling "备案后执业" "practice after filing (备案)";
        AppointableWithoutReview "免复审可聘任" "appointable without re-review";
        HoursAccumulate "学时累计" "hours accumulate";
        PermitValid "许可互认" "permit valid";
        NotRecognised "不予认可" "not recognised";
    }
    Object {
        Certification "人才认定" "talent certification";
        Occupational "职业资格" "occupational qualification";
        Title "职称" "professional title";
        Skill "职业技能等级" "skill level";
        EducationHours "继续教育学时" "continuing-education hours";
        WorkPermit "外国人工作许可" "work permit";
        Education "学历学位" "education";
    }
    RecognitionPurpose {
        Registration "执业注册" "registration";
        Practice "执业" "practice";
        Appointment "岗位聘任" "appointment";
        TitleReview "职称评审" "title review";
        Evaluation "考核评价" "evaluation";
        Selection "培养选拔" "selection";
        Work "外国人在华工作" "work of foreigners";
        EmployerChange "外国人变更用人单位" "change of employer of foreigners";
        Housing "人才安居" "housing";
        Points "人才积分" "points";
        Service "人才服务" "services";
        Funding "资助分类" "funding class";
    }
    Flag {
        NotYetValid "未生效：业务日期早于记录生效日" "not valid yet on the day asked";
        Expired "已过期" "expired";
        Suspended "已暂停" "suspended";
        Revoked "已撤销" "revoked";
        ObjectionPending "异议处理中" "an objection is pending";
        Suspect "存疑：签名密钥可能泄露，尚未确认" "suspect: signed with a leaked key, not confirmed yet";
        EndsLater "业务日期之后该记录将暂停或撤销" "suspended or revoked after the day asked";
        RulesConflict "现行规则相互矛盾，须人工判断" "rules in force contradict each other, a person decides";
        ExampleRule "所依规则为示例，无法律效力" "rests on an example without legal effect";
        SourceUnchecked "所依规则的官方文本尚未核对" "the official text of the rule has not been checked";
        OwnRecord "由接收地或其上级机关作出，按本地规定使用，不需互认" "decided by an authority of the receiving district or above it: it needs no recognition there";
        CertificateCountedOnce "同一证书已按另一条记录计算，不重复累计" "a copy of a certificate that another record counts: not counted twice";
        CopiesDiffer "同一证书的记录内容不一致，须核实" "records of one certificate differ, to be cleared";
        ByOriginal "同一证书以认定机关自己的记录为准，副本随之" "of one certificate the authority's own record counts, and its copies follow it";
    }
    SetAsideReason {
        ObjectionPending "异议处理中" "an objection is pending";
        Suspect "存疑：签名密钥可能泄露，尚未确认" "suspect: signed with a leaked key, not confirmed yet";
        Declared "仅为个人申报，无人验看" "only declared, nobody saw a paper";
        OtherDistrict "他区所述；接收地的情况以接收地的记录为准" "stated by another district; of the receiving district its own record counts";
        SenderUnknown "未注明报送方" "nobody is named who says so";
        Contradicting "与另一条记录相互矛盾" "another record says the opposite";
        NotYetValid "尚未生效" "not valid yet";
        Expired "已过期" "expired";
        Suspended "已暂停" "suspended";
        Revoked "已撤销" "revoked";
        CopiesDiffer "同一证书的记录内容不一致，须核实" "records of one certificate differ, to be cleared";
    }
    AttestationLevel {
        Issued "作出机关的原始记录" "original record of the deciding authority";
        VerifiedAtSource "报送方已向来源核验" "verified at the source by the sender";
        CopySeen "报送方已验看材料" "copy seen by the sender";
        Declared "仅为个人申报，无人验看" "only declared, nobody saw a paper";
    }
    MinimumStanding {
        Reached "已达到" "reached";
        Open "待核实的学时计入后可达到" "reached if the hours to be cleared are";
        Short "不足" "not reached";
    }
    Proof {
        Proven "数据已证明" "proven by data";
        ToBeUploaded "须上传材料" "to be uploaded";
        Unknown "情况不明" "unknown";
        Refuted "数据不符" "data say the opposite";
    }
}
