//! The arithmetic of a finding in words.

use crate::domain::funding::finding::{Finding, Label, Reason};
use crate::domain::money::Fen;
use crate::domain::text::Language;

/// The steps, in their order.
pub fn sentence(finding: &Finding, language: Language) -> Option<String> {
    // A strict bound is told as it is written, not by the next whole number.
    let strict = finding.step(Label::ValueAbove).is_some();
    let told = finding
        .arithmetic
        .iter()
        .filter(|s| !(strict && s.label == Label::ValueNeeded))
        // What does not divide is told where something is left.
        .filter(|s| !(s.label == Label::RemainderFen && s.value == 0))
        .filter(|s| !is_told_elsewhere(finding, s.label));
    let steps: Vec<String> = told
        .map(|s| {
            let before = finding.arithmetic.iter().take_while(|other| !std::ptr::eq(*other, s));
            let nth = before.filter(|other| other.label == s.label).count();
            step((s.label, nth, s.value), finding, language)
        })
        .collect();
    (!steps.is_empty()).then(|| match language {
        Language::Zh => format!("计算：{}。", steps.join("，")),
        Language::En => format!("Numbers: {}.", steps.join(", ")),
    })
}

/// All of it, in permille.
const WHOLE: u64 = 1_000;

/// Is the number told otherwise? One that holds under one of the readings alone stands with that reading.
fn is_told_elsewhere(finding: &Finding, label: Label) -> bool {
    let counts_differ = finding.step(Label::MonthsUsedMost).is_some();
    match label {
        Label::PayableFen | Label::LastMonthFen | Label::LeftFen => {
            finding.reason == Reason::SecondTime
        }
        // Told as the sum of a month.
        Label::AskedFen => finding.is_by_the_month(),
        Label::MonthsLeft => counts_differ || finding.reason == Reason::CapMonthsOpen,
        // What is used is told once, from the least to the most.
        Label::MonthsUsed => counts_differ,
        _ => false,
    }
}

fn step((label, nth, value): (Label, usize, u64), finding: &Finding, language: Language) -> String {
    let (zh, en, unit) = name((label, nth, value), finding);
    let unit = if matches!(unit, Unit::OfTheFact) { of_the_fact(finding) } else { unit };
    let least = finding.step(Label::MonthsUsed).filter(|_| label == Label::MonthsUsedMost);
    let shown = match unit {
        _ if least.is_some() => match language {
            Language::Zh => format!("{} 至 {value}", least.unwrap_or_default()),
            Language::En => format!("{} to {value}", least.unwrap_or_default()),
        },
        Unit::Fen => Fen::new(value).unwrap_or(Fen::MAX).to_string(),
        _ => value.to_string(),
    };
    // Each funder of the agreement, in its order.
    let of_funder = label == Label::SharePermille && finding.reason == Reason::CoFunding;
    let (zh, en) = if of_funder {
        (format!("第 {} 方{zh}", nth + 1), format!("{en} of funder {}", nth + 1))
    } else {
        (zh.to_owned(), en.to_owned())
    };
    let (unit_zh, unit_en) = match unit {
        Unit::Fen => ("元", "yuan"),
        Unit::Months => ("个月", "months"),
        Unit::Points => ("分", "points"),
        Unit::Plain | Unit::OfTheFact => ("", ""),
        Unit::Percent => ("%", "%"),
        Unit::Permille => ("‰", "‰"),
        Unit::Times => ("期", "instalments"),
        Unit::Tier => ("档", ""),
        Unit::Persons => ("人", "persons"),
    };
    match language {
        Language::Zh => format!("{zh} {shown} {unit_zh}").trim_end().to_owned(),
        Language::En => format!("{en} {shown} {unit_en}").trim_end().to_owned(),
    }
}

/// What the number is called in this finding.
fn name(
    (label, nth, value): (Label, usize, u64),
    finding: &Finding,
) -> (&'static str, &'static str, Unit) {
    // What was compared is what may be granted, where more was asked for (R29).
    let is_cut = finding.step(Label::HigherFen).is_some() && finding.step(Label::CapFen).is_some();
    match label {
        Label::AskedFen if is_cut => {
            ("本次申请金额（按上限计）", "asked, under the cap", Unit::Fen)
        }
        Label::AskedMonthlyFen if is_cut => {
            ("申请每月（按上限计）", "asked a month, under the cap", Unit::Fen)
        }
        Label::CapFen if finding.is_by_the_month() => ("每月上限", "cap a month", Unit::Fen),
        Label::PayableFen if finding.is_by_the_month() => {
            ("每月可发放", "payable a month", Unit::Fen)
        }
        // In a comparison: paid on the lower one for the months of both.
        Label::PaidFen if finding.step(Label::HigherFen).is_some() => {
            ("其中重叠月份已发放", "paid for the months of both", Unit::Fen)
        }
        Label::DifferenceFen if finding.reason == Reason::PaidAboveDue => {
            ("多发", "surplus", Unit::Fen)
        }
        Label::LeftFen if finding.takes_over() => ("各项上限内", "left under all caps", Unit::Fen),
        Label::LeftFen if matches!(finding.reason, Reason::Clawback | Reason::ClawbackScope) => {
            ("尚未返还", "not returned", Unit::Fen)
        }
        // The total comes first, and the general points where these differ too.
        Label::PointsHeld if is_recount(finding) && nth == 0 => {
            ("登记总积分", "total registered", Unit::Points)
        }
        Label::PointsHeld if is_recount(finding) => {
            ("登记通用积分", "general points registered", Unit::Points)
        }
        Label::PointsCounted if nth == 0 => {
            ("按项目重算总积分", "total counted from the items", Unit::Points)
        }
        Label::PointsCounted => {
            ("按项目重算通用积分", "general points counted from the items", Unit::Points)
        }
        Label::SharePermille if value > WHOLE => {
            ("各方分担比例合计", "all shares together", Unit::Permille)
        }
        Label::CapFen
            if matches!(finding.reason, Reason::CoFunding | Reason::CoFundingAboveCost) =>
        {
            ("协议载明的费用", "cost by the agreement", Unit::Fen)
        }
        label => words(label),
    }
}

fn is_recount(finding: &Finding) -> bool {
    matches!(finding.reason, Reason::PointsCounted | Reason::PointsMiscounted)
}

#[derive(Clone, Copy)]
enum Unit {
    Fen,
    Months,
    Points,
    Plain,
    Percent,
    Permille,
    Times,
    Persons,
    Tier,
    /// What the fact is counted in that the finding rests on.
    OfTheFact,
}

/// The code of a case fact ends with its unit.
fn of_the_fact(finding: &Finding) -> Unit {
    let ends = |unit: &str| finding.evidence.iter().any(|e| e.id.ends_with(unit));
    match () {
        () if ends("-fen") => Unit::Fen,
        () if ends("-permille") => Unit::Permille,
        () if ends("-points") => Unit::Points,
        () if ends("-months") => Unit::Months,
        () if ends("-members") => Unit::Persons,
        () => Unit::Plain,
    }
}

const fn words(label: Label) -> (&'static str, &'static str, Unit) {
    match label {
        Label::MonthsUsed | Label::MonthsUsedMost => ("已用", "used", Unit::Months),
        Label::MonthsCap => ("上限", "cap", Unit::Months),
        Label::MonthsLeft => ("剩余", "left", Unit::Months),
        Label::MonthsAsked => ("申请", "asked", Unit::Months),
        Label::MonthsOverlap => ("重叠", "overlap", Unit::Months),
        Label::HeldFen => ("已有资助总额", "held in all", Unit::Fen),
        Label::AskedFen => ("本次申请金额", "asked", Unit::Fen),
        Label::HeldWeighedFen => ("比较所用的已有资助金额", "held, as compared", Unit::Fen),
        Label::AskedWeighedFen => ("比较所用的申请金额", "asked, as compared", Unit::Fen),
        Label::HigherFen => ("较高者", "the higher", Unit::Fen),
        Label::HeldMonthlyFen => ("已有每月", "held a month", Unit::Fen),
        Label::AskedMonthlyFen => ("申请每月", "asked a month", Unit::Fen),
        Label::DifferenceFen => ("差额", "difference", Unit::Fen),
        Label::TopUpFen => ("如按提档补差申请，最多", "at most, if asked as a top-up", Unit::Fen),
        Label::PaidFen => ("已发放", "paid", Unit::Fen),
        Label::CapFen => ("金额上限", "cap", Unit::Fen),
        Label::ReturnedFen => ("其中已返还", "returned of it", Unit::Fen),
        Label::ShareFen => ("本方份额", "own share", Unit::Fen),
        Label::TierSelected => ("入选的是第", "selected for tier", Unit::Tier),
        Label::LeftFen => ("余额", "left", Unit::Fen),
        Label::PayableFen => ("可发放", "payable", Unit::Fen),
        Label::LastMonthFen => ("末月发放", "in the last month", Unit::Fen),
        Label::Instalments => ("分", "paid in", Unit::Times),
        Label::InstalmentFen => ("每期", "each", Unit::Fen),
        Label::RemainderFen => ("尾数", "remainder", Unit::Fen),
        Label::PointsNeeded => ("须达到", "needed", Unit::Points),
        Label::PointsHeld => ("实际", "held", Unit::Points),
        Label::PointsCounted => ("按项目重算", "counted from the items", Unit::Points),
        Label::QuotaLimit => ("单位额度", "quota", Unit::Persons),
        Label::QuotaUsed => ("已用额度", "used", Unit::Persons),
        Label::QuotaLeft => ("剩余额度", "left", Unit::Persons),
        Label::QuotaLimitFen => ("单位额度", "quota", Unit::Fen),
        Label::QuotaUsedFen => ("已用额度", "used", Unit::Fen),
        Label::QuotaLeftFen => ("剩余额度", "left", Unit::Fen),
        Label::ValueNeeded => ("须达到", "needed", Unit::OfTheFact),
        Label::ValueAbove => ("须超过", "to be exceeded", Unit::OfTheFact),
        Label::ValueHeld => ("实际", "held", Unit::OfTheFact),
        Label::DiscountPercent => ("租金优惠", "discount", Unit::Percent),
        Label::SharePermille => ("分担比例", "share", Unit::Permille),
    }
}
