//! Who decides an open question, and what its readings are called.

use crate::domain::funding::id::QuestionId;
use crate::domain::text::Text;

/// Who decides `question`. `catalogue/questions.json` says the same; a test compares them.
pub fn authority(question: QuestionId) -> Text {
    let (zh, en) = match question.number() {
        1 => ("各区领导小组或联合规则", "district leading groups / a joint rule"),
        10 => ("青浦区法制部门及各区", "Qingpu legal office; other districts each"),
        13 => ("各区（种类表）", "each district (kind table)"),
        20 => ("长宁区人才办", "Changning Talent Office"),
        21 => ("长宁区人社局", "Changning HR bureau"),
        28 => ("青浦会同嘉善、吴江", "Qingpu with Jiashan, Wujiang"),
        29 => ("青浦区人才办、农业农村委", "Qingpu Talent Office, Agriculture commission"),
        32 => ("杨浦区及联盟成员", "Yangpu and members"),
        35 => ("青浦区商务委、经委、财政局", "Qingpu commerce, economy and finance bureaus"),
        8 | 9 => ("青浦区法制部门", "Qingpu legal office"),
        22 | 24 => ("青浦区财政部门", "Qingpu finance"),
        12 | 25 | 27 | 34 => ("各区", "each district"),
        _ => ("青浦区人才办", "Qingpu Talent Office"),
    };
    Text::new(zh, en)
}

/// What the reading with this code is called.
pub fn reading(code: &str) -> Text {
    let known = READINGS.iter().find(|(c, _, _)| *c == code);
    known.map_or_else(|| Text::new(code, code), |(_, zh, en)| Text::new(*zh, *en))
}

const READINGS: &[(&str, &str, &str)] = &[
    ("one-award", "视为同一项", "one award"),
    ("two-awards", "视为两项", "two awards"),
    ("no-set-off", "不抵扣", "no set-off"),
    ("set-off", "抵扣已发部分", "set off what was paid"),
    ("covered", "例外包括积分租房补贴", "the exception covers points rent"),
    ("not-covered", "例外不包括积分租房补贴", "the exception does not cover points rent"),
    ("exclusive", "只能选一项", "one of the two"),
    ("inclusive", "可以兼得", "both"),
    ("barred", "期满当日仍受限", "the last day is still barred"),
    ("free", "期满当日不受限", "the last day is free"),
    ("whole-year", "按年度计", "by the award year"),
    ("by-month", "按月计", "by the month"),
    ("points-only", "仅限双方积分补贴", "points against points only"),
    ("any-housing", "包括其他住房补贴", "any housing subsidy"),
    ("separate", "分别计算", "a cap each"),
    ("shared", "共用上限", "one shared cap"),
    ("paid-months", "累计发放月份", "paid months"),
    ("running-years", "自首月起连续计算", "running from the first month"),
    ("not-counted", "不计入", "not counted"),
    ("counted", "计入", "counted"),
    ("months", "按 60 个月", "60 months"),
    ("met", "符合", "met"),
    ("not-met", "不符合", "not met"),
    ("yearly-awards", "按五个年度", "five yearly awards"),
];
