//! Types of documents (GA/T 517-2004; holder types of GB/T 36903). The type is a mandatory field and
//! is never inferred from the shape of a number: one valid ID number in 31 also passes the check of
//! the credit code.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::domain::text::Text;

macro_rules! types {
    ($($variant:ident $code:literal $zh:literal $en:literal;)*) => {
        /// The type of a document that names a person or an entity.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum DocumentType { $(#[doc = $zh] $variant,)* }

        impl DocumentType {
            /// Every type, by code.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The three-digit code.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// The name in both languages.
            pub fn name(self) -> Text {
                match self { $(Self::$variant => Text::new($zh, $en),)* }
            }

            /// The type with this code.
            pub fn parse(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)* _ => None }
            }
        }
    };
}

types! {
    CreditCode "001" "统一社会信用代码" "unified social credit code";
    OtherEntity "099" "其他法人或组织证件" "other document of an entity";
    ResidentId "111" "居民身份证" "resident identity card";
    OfficerCard "114" "军官证" "military officer card";
    Passport "414" "普通护照" "ordinary passport";
    TaiwanPermit "511" "台湾居民来往大陆通行证" "mainland travel permit for Taiwan residents";
    HongKongMacaoPermit "516" "港澳居民来往内地通行证" "mainland travel permit for Hong Kong and Macao residents";
    PermanentResident "553" "外国人永久居留证" "foreign permanent resident card";
    OtherPerson "999" "其他个人证件" "other document of a person";
}

impl DocumentType {
    /// Does the document name a person (and not an entity)?
    pub const fn is_person(self) -> bool {
        !matches!(self, Self::CreditCode | Self::OtherEntity)
    }
}

impl fmt::Display for DocumentType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl Serialize for DocumentType {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for DocumentType {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let s = <std::borrow::Cow<'de, str>>::deserialize(d)?;
        Self::parse(&s).ok_or_else(|| serde::de::Error::custom("unknown document type"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_read_back() {
        for t in DocumentType::ALL {
            assert_eq!(DocumentType::parse(t.code()), Some(*t));
        }
        for bad in ["", "11", "1111", "112", "１１１"] {
            assert_eq!(DocumentType::parse(bad), None);
        }
    }
}
