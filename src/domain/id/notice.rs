//! What can be said about an identifier without repeating it.

use std::fmt;

use crate::domain::code::{Code, Refusal};
use crate::domain::text::Text;

/// How much a remark about an identifier weighs (`错误 / 异常 / 提示`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// 提示: good to know.
    Hint,
    /// 异常: a person should look; goes on with recorded evidence.
    Anomaly,
    /// 错误: cannot be an identifier of this kind.
    Error,
}

impl Severity {
    /// The stable word for programs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Hint => "hint",
            Self::Anomaly => "anomaly",
            Self::Error => "error",
        }
    }

    /// The word for people.
    pub fn text(self) -> Text {
        match self {
            Self::Hint => Text::new("提示", "hint"),
            Self::Anomaly => Text::new("异常", "anomaly"),
            Self::Error => Text::new("错误", "error"),
        }
    }
}

macro_rules! remarks {
    ($(#[$meta:meta])* $name:ident { $($variant:ident $severity:ident $zh:literal $en:literal;)* }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name { $(#[doc = $en] $variant,)* }

        impl $name {
            /// Every variant.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// How much it weighs.
            pub const fn severity(self) -> Severity {
                match self { $(Self::$variant => Severity::$severity,)* }
            }

            /// The sentence in both languages; never holds a part of the identifier.
            pub fn text(self) -> Text {
                match self { $(Self::$variant => Text::new($zh, $en),)* }
            }

            /// The variant's name, stable, for test vectors and logs.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => stringify!($variant),)* }
            }
        }
    };
}

remarks! {
    /// A remark about an identifier or a region code that was accepted.
    Notice {
        RegionUnknown Hint "地址码不在现有区划沿革表中，请核对" "the address code is not in the table of region codes held here";
        RegionAbolished Hint "地址码对应的行政区划已撤销或更名，号码仍有效" "the address code belongs to a division since abolished; the number stays valid";
        ProvinceUnknown Anomaly "地址码的省级代码不存在，请核对证件种类" "the address code names no province; check the document type";
        Upgraded15 Hint "15位旧号码已按规则升为18位，请在本单位档案中保留原号码" "a 15-digit number was extended to 18 digits; keep the original in your own files";
        CenturyOpen Hint "旧版证件出生年份只有两位，世纪无法确定" "the old card gives two digits of the birth year; the century is open";
        NoCheckDigit Hint "该证件号码没有校验位，请与证件核对" "the number has no check digit; compare it with the document";
        NotAKey Anomaly "该号码单独不能用于比对同一人" "the number alone must not be used to match persons";
        DivisionUnknown Anomaly "区划码不在现有区划沿革表中（也可能是统计用代码），请核对" "the region code is not in the table of GB/T 2260 held here, and may be one of a statistics bureau; check it";
        DivisionAbolished Hint "区划码所指的行政区划已撤销或更名，请核对是否为当时的区划" "the region code is of a division since abolished or renamed; check that it is meant for its time";
        CheckOverridden Anomaly "校验位异常，已凭核验来源采用" "a check digit does not hold; accepted on recorded verification";
    }
}

remarks! {
    /// Why an identifier was refused.
    Reason {
        Empty Error "未填写号码" "the number is empty";
        TooLong Error "号码过长" "the number is longer than any document's";
        InnerSpace Error "号码中间含有空格" "there is white space inside the number";
        Character Error "号码含有不允许的字符" "the number holds a character that is not allowed there";
        Length Error "号码位数与证件种类不符" "the number of characters does not fit the document type";
        Prefix Error "号码开头与证件种类不符" "the first characters do not fit the document type";
        Placeholder Error "号码为占位值（如各位数字相同），不是真实号码，请按证件填写" "a placeholder (the same digit throughout) and no number; enter what the document says";
        EntityDepartment Error "登记管理部门代码或机构类别代码不存在" "no such registering department or class of entity";
        EntityRegion Anomaly "登记管理机关行政区划码不存在，须凭核验来源采用" "the region of the credit code does not exist; go on only with recorded verification";
        CheckDigit Error "校验位不符" "the check digit does not hold";
        NoSuchDate Error "出生日期不存在" "the birth date does not exist in the calendar";
        DateTooEarly Error "出生日期早于1900年" "the birth date lies before 1900";
        DateInFuture Error "出生日期晚于今天" "the birth date lies in the future";
        DocumentType Error "证件种类代码未知或不适用" "the document type is unknown or does not apply here";
        CreditCodeCheck Anomaly "统一社会信用代码校验位异常，须凭核验来源采用" "the check digit (18th) of the credit code does not hold; go on only with recorded verification";
        EntityCodeCheck Anomaly "主体标识码（组织机构代码）校验位异常，须凭核验来源采用" "the check digit (17th) of the entity code does not hold; go on only with recorded verification";
        Nationality Error "国籍代码不存在" "the nationality is no code of ISO 3166-1";
        LatinName Error "拉丁字母姓名格式错误" "the Latin name holds something other than letters";
        Evidence Error "核验来源或经办人未填写或过长" "verification source or operator is missing or too long";
    }
}

/// An identifier was refused. Carries no part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("identifier refused: {}", reason.as_str())]
pub struct IdRefusal {
    /// Why.
    pub reason: Reason,
    /// Which character, counted from 1 in the text as given; `None` when no single one is wrong.
    pub position: Option<usize>,
}

impl IdRefusal {
    /// For a reason alone.
    pub(super) const fn new(reason: Reason) -> Self {
        Self { reason, position: None }
    }

    /// At a character, counted from 1.
    pub(super) const fn at(reason: Reason, position: usize) -> Self {
        Self { reason, position: Some(position) }
    }

    /// The same, with `skipped` characters before the text that was looked at.
    pub(super) fn shifted(self, skipped: usize) -> Self {
        Self { position: self.position.map(|n| n.saturating_add(skipped)), ..self }
    }

    /// The sentence in both languages, with the position.
    pub fn text(&self) -> Text {
        let Text { zh, en } = self.reason.text();
        match self.position {
            Some(n) => Text::new(format!("{zh}（第{n}个字符）"), format!("{en} (character {n})")),
            None => Text { zh, en },
        }
    }
}

impl From<Reason> for IdRefusal {
    fn from(reason: Reason) -> Self {
        Self::new(reason)
    }
}

impl From<IdRefusal> for Refusal {
    fn from(refusal: IdRefusal) -> Self {
        let text = refusal.text();
        Self::new(Code::IdentifierInvalid).detail(text.zh, text.en)
    }
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
