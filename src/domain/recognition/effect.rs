//! What is recognised, for what, and with which legal effect (`standards.md` §1).

use serde::{Deserialize, Serialize};

use crate::domain::record::qualification::QualificationObject;

/// What kind of thing is to be recognised; legal effects differ by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Object {
    /// 人才认定
    Certification,
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
    /// 学历学位
    Education,
}

impl From<QualificationObject> for Object {
    fn from(object: QualificationObject) -> Self {
        match object {
            QualificationObject::Occupational => Self::Occupational,
            QualificationObject::Title => Self::Title,
            QualificationObject::Skill => Self::Skill,
            QualificationObject::EducationHours => Self::EducationHours,
            QualificationObject::WorkPermit => Self::WorkPermit,
            QualificationObject::Education => Self::Education,
        }
    }
}

/// What the recognition is for. A rule made for one purpose says nothing about another. Not to be
/// confused with the purpose of a query (`context::Purpose`), which says why data may be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RecognitionPurpose {
    /// 执业注册
    Registration,
    /// 执业
    Practice,
    /// 岗位聘任
    Appointment,
    /// 职称评审, the application for the next level included
    TitleReview,
    /// 考核评价
    Evaluation,
    /// 培养选拔
    Selection,
    /// 外国人在华工作
    Work,
    /// 外国人变更用人单位, inside the zone and without leaving China
    EmployerChange,
    /// 人才安居: apartments and other housing
    Housing,
    /// 人才积分
    Points,
    /// 人才服务
    Service,
    /// 资助分类: the class that a funding policy reads
    Funding,
}

impl RecognitionPurpose {
    /// Every purpose.
    pub const ALL: [Self; 12] = [
        Self::Registration,
        Self::Practice,
        Self::Appointment,
        Self::TitleReview,
        Self::Evaluation,
        Self::Selection,
        Self::Work,
        Self::EmployerChange,
        Self::Housing,
        Self::Points,
        Self::Service,
        Self::Funding,
    ];
}

impl Object {
    /// The purposes that such a thing is used for, by which the rules' coverage is reported. A rule
    /// may name others.
    pub const fn purposes(self) -> &'static [RecognitionPurpose] {
        use RecognitionPurpose as P;
        match self {
            Self::Certification => &[P::Housing, P::Points, P::Service, P::Funding],
            Self::Occupational => &[P::Registration, P::Practice, P::Appointment],
            Self::Title | Self::Skill => &[P::Appointment, P::TitleReview],
            Self::EducationHours => {
                &[P::Registration, P::Appointment, P::TitleReview, P::Evaluation, P::Selection]
            }
            Self::WorkPermit => &[P::Work, P::EmployerChange],
            Self::Education => &[P::Points, P::Funding],
        }
    }
}

/// The legal effect that a rule gives (`standards.md` §1, record design).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// 直接认可; with a local meaning: treated as that local class for the purpose asked
    ValidDirectly,
    /// 备案后执业
    ValidAfterFiling,
    /// 免复审可聘任: appointable without 复审, 复评 or 确认
    AppointableWithoutReview,
    /// 学时累计
    HoursAccumulate,
    /// 许可互认
    PermitValid,
    /// 不予认可: the rule says no
    NotRecognised,
}

impl Effect {
    /// The effects that say yes.
    const GRANTING: [Self; 5] = [
        Self::ValidDirectly,
        Self::ValidAfterFiling,
        Self::AppointableWithoutReview,
        Self::HoursAccumulate,
        Self::PermitValid,
    ];

    /// Can this effect come about for such a thing and such a purpose? The one table of what the
    /// measures of `standards.md` §1 give: 备案 bears on practising alone, 免复审 on appointment and
    /// on the next review, hours and permits on what they are counted and issued for. What is used
    /// as evidence of a class – housing, points, services, funding – is 直接认可. A no fits wherever
    /// a yes would.
    pub fn fits(self, object: Object, purpose: RecognitionPurpose) -> bool {
        use Object as O;
        use RecognitionPurpose as P;
        let benefit = matches!(purpose, P::Housing | P::Points | P::Service | P::Funding);
        match self {
            Self::ValidDirectly => match object {
                O::Certification | O::Title | O::Skill | O::Education => benefit,
                O::Occupational => {
                    benefit || matches!(purpose, P::Registration | P::Practice | P::Appointment)
                }
                O::EducationHours | O::WorkPermit => false,
            },
            Self::ValidAfterFiling => object == O::Occupational && purpose == P::Practice,
            Self::AppointableWithoutReview => {
                matches!(object, O::Title | O::Skill | O::Occupational)
                    && matches!(purpose, P::Appointment | P::TitleReview)
            }
            Self::HoursAccumulate => {
                object == O::EducationHours && object.purposes().contains(&purpose)
            }
            Self::PermitValid => object == O::WorkPermit && object.purposes().contains(&purpose),
            Self::NotRecognised => Self::GRANTING.iter().any(|e| e.fits(object, purpose)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OBJECTS: [Object; 7] = [
        Object::Certification,
        Object::Occupational,
        Object::Title,
        Object::Skill,
        Object::EducationHours,
        Object::WorkPermit,
        Object::Education,
    ];

    #[test]
    fn the_table_is_that_of_the_measures() {
        use Effect as E;
        use Object as O;
        use RecognitionPurpose as P;
        for (effect, object, purpose, fits) in [
            (E::ValidDirectly, O::Certification, P::Housing, true),
            (E::ValidDirectly, O::Certification, P::Practice, false),
            (E::ValidDirectly, O::Occupational, P::Registration, true),
            (E::ValidDirectly, O::EducationHours, P::Evaluation, false),
            (E::ValidDirectly, O::WorkPermit, P::Work, false),
            (E::ValidAfterFiling, O::Occupational, P::Practice, true),
            (E::ValidAfterFiling, O::Occupational, P::Appointment, false),
            (E::ValidAfterFiling, O::Title, P::Housing, false),
            (E::AppointableWithoutReview, O::Title, P::TitleReview, true),
            (E::AppointableWithoutReview, O::Title, P::Points, false),
            (E::HoursAccumulate, O::EducationHours, P::Selection, true),
            (E::HoursAccumulate, O::EducationHours, P::Housing, false),
            (E::PermitValid, O::WorkPermit, P::EmployerChange, true),
            (E::PermitValid, O::WorkPermit, P::Service, false),
            (E::NotRecognised, O::Certification, P::Funding, true),
            (E::NotRecognised, O::EducationHours, P::EmployerChange, false),
        ] {
            assert_eq!(effect.fits(object, purpose), fits, "{effect:?} {object:?} {purpose:?}");
        }
    }

    #[test]
    fn whatever_the_report_asks_about_can_be_answered() {
        for object in OBJECTS {
            for purpose in object.purposes() {
                assert!(Effect::NotRecognised.fits(object, *purpose), "{object:?} {purpose:?}");
            }
        }
    }
}
