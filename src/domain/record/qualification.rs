//! 职业资格 / 职称 / 技能等级 / 继续教育学时 / 工作许可 / 学历: qualifications and their evidence.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::life_cycle::RecordHead;
use crate::domain::code::{Code, Refusal};
use crate::domain::partial_date::PartialDate;
use crate::domain::subject::{Ref, TokenRef};

/// What kind of object a qualification is; effects of recognition differ by it (`standards.md` §1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum QualificationObject {
    /// 职业资格
    Occupational,
    /// 职称
    Title,
    /// 职业技能等级
    Skill,
    /// 继续教育学时
    EducationHours,
    /// 外国人工作许可
    WorkPermit,
    /// 学历学位: level, full-time, completion; no school
    Education,
}

/// One revision of a qualification (`qualification/1`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Qualification<S = TokenRef> {
    /// Shared members.
    #[serde(flatten)]
    pub head: RecordHead<S>,
    /// Kind of object.
    pub object: QualificationObject,
    /// Scheme or series: `zhejiang-title`, `national-occupational` …
    pub scheme: String,
    /// Class or level inside the scheme, as a code of its list: `412` (副高级, GB/T 12407) …
    pub class: String,
    /// Speciality code of the scheme, where it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub speciality: Option<String>,
    /// Date of issue (发证日期) as the certificate gives it: day, month or year.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issued_on: Option<PartialDate>,
    /// Certificate number, tokenised under the domain `object`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certificate: Option<S>,
    /// Has the certificate been registered (注册) in the issuing place?
    #[serde(skip_serializing_if = "Option::is_none")]
    pub registered: Option<bool>,
    /// Full-time study (全日制); only for education.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub full_time: Option<bool>,
    /// Hours, only for continuing education.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hours: Option<EducationHours>,
}

/// 继续教育学时 of one year, in tenths of an hour (integers only on the wire).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EducationHours {
    /// Calendar year.
    pub year: u16,
    /// 公需科目, tenths of an hour.
    pub general_tenths: u32,
    /// 专业科目, tenths of an hour.
    pub professional_tenths: u32,
}

impl EducationHours {
    /// More than these are in no year, in tenths of an hour: 366 days.
    pub const TENTHS_MAX: u32 = 366 * 24 * 10;

    /// Hours are of a year that has begun when they were seen, and of that year's length at most.
    ///
    /// # Errors
    /// [`Code::DateImpossible`] for a later year than `seen`'s, [`Code::AmountAbsurd`] for a longer sum.
    pub fn check(&self, seen: Date) -> Result<(), Refusal> {
        if i32::from(self.year) > i32::from(seen.year()) {
            return Err(Refusal::new(Code::DateImpossible)
                .at("/body/hours/year", "not after the year of attestation/as_of"));
        }
        let sum = self.general_tenths.saturating_add(self.professional_tenths);
        if sum > Self::TENTHS_MAX {
            let most = Self::TENTHS_MAX;
            return Err(Refusal::new(Code::AmountAbsurd)
                .at("/body/hours", format!("at most {most} tenths of an hour together"))
                .detail(
                    "公需与专业学时之和超过一年的小时数，请核对单位（十分之一学时）",
                    "both kinds together are more hours than a year has; check the unit (tenths of an hour)",
                ));
        }
        Ok(())
    }
}

impl<S> Qualification<S> {
    /// The same record with every subject and object replaced.
    pub fn map<T, E>(
        self,
        f: &mut impl FnMut(Ref<S>) -> Result<T, E>,
    ) -> Result<Qualification<T>, E> {
        Ok(Qualification {
            head: self.head.map(f)?,
            object: self.object,
            scheme: self.scheme,
            class: self.class,
            speciality: self.speciality,
            issued_on: self.issued_on,
            certificate: self.certificate.map(|o| f(Ref::Object(o))).transpose()?,
            registered: self.registered,
            full_time: self.full_time,
            hours: self.hours,
        })
    }
}
