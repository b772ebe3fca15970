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
