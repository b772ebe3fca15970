//! What follows of a finding: what the officer does next.

use crate::domain::funding::finding::{Finding, Label, Reason, Verdict};
use crate::domain::text::Text;

/// The next step.
pub fn sentence(finding: &Finding) -> Text {
    let (zh, en) = match finding.outcome {
        Verdict::Clear => clear(finding),
        Verdict::ClearCond => (
            "请核对所述条件，满足后可以办理。",
            "Check the condition; where it holds, it may proceed.",
        ),
        Verdict::Capped => {
            ("请只办理上限内的部分，其余不予办理。", "Only the part under the cap may be granted.")
        }
        Verdict::Refer => refer(finding),
        Verdict::OneOnly => one_only(finding),
        Verdict::Lapsed => {
            ("原登记已失效，须重新登记。", "The registration has ended; register anew.")
        }
        Verdict::Ineligible if finding.is_ruled() => {
            ("按裁定不予办理。", "By the ruling it is not granted.")
        }
        Verdict::Ineligible if finding.reason == Reason::PointsOtherTier => (
            "不按所申请的档次办理；可改按入选的该档申请，对入选档次有异议的，请核对所据记录。",
            "It is not granted in this tier; the applicant may apply in the tier of the selection. If that is disputed, look at the records named.",
        ),
        Verdict::Ineligible => (
            "不符合文件所列条件，不予办理；申请人对事实有异议的，请核对所据记录。",
            "A written condition is not met; if the applicant disputes the fact, look at the records named.",
        ),
        Verdict::Barred => (
            "限制期内不得申报，不予受理；限制解除后可以重新申报。",
            "No application is taken in this period; it may be made again when the period is over.",
        ),
    };
    Text::new(zh, en)
}

/// Is it for somebody to decide what no document says, rather than to look a fact up?
pub const fn is_unwritten(finding: &Finding) -> bool {
    matches!(finding.reason, Reason::PaidAboveDue)
        || (compare(finding.reason).is_none() && !matches!(finding.reason, Reason::ClassOther))
}

type Words = (&'static str, &'static str);

const fn clear(finding: &Finding) -> Words {
    match finding.reason {
        Reason::SameObject | Reason::SameObjectElsewhere => (
            "本项只作提示，不据此拒绝；核对无误后办理。",
            "This is a notice and no ground for refusal; it may proceed once compared.",
        ),
        _ => ("不影响办理。", "It does not stand against the application."),
    }
}

fn refer(finding: &Finding) -> Words {
    if let Some(words) = compare(finding.reason) {
        return words;
    }
    match finding.reason {
        Reason::ClassOther if finding.questions.is_empty() => (
            "请核对是否应按现等级申请；等级有变化的，请先办理认定并报送记录。",
            "Compare whether to apply under the class held; if the class has changed, have it certified and send the record.",
        ),
        _ => (
            "文件未作规定，请由主管部门判断；判断前，所涉部分不要发放。",
            "The text does not decide; a person must, before this part is paid.",
        ),
    }
}

/// Where no question of the text is open but a fact: what is compared before anything follows.
const fn compare(reason: Reason) -> Option<Words> {
    Some(match reason {
        Reason::PointsMiscounted | Reason::PointsSelectedBelowMinimum => (
            "请先核对并更正积分登记，再重新核查。",
            "The registration is compared and put right first; then check again.",
        ),
        Reason::SuspectRecord | Reason::UnderObjection => {
            ("请待该记录核实或办结后重新核查。", "Check again when the record has been settled.")
        }
        Reason::QuotaUsedUp => (
            "请本区先核对额度台账；额度确已用完或不足的，由本区主管部门决定是否调整额度，调整前不要发放。",
            "The district compares its own account of the quota first; where it is used up, its authority says whether it is raised, and nothing is paid before.",
        ),
        Reason::Clawback => (
            "请先查本区的返还和入账凭证；返还已到账的补记后重新核查，未返还的先处理返还，再决定本次申请。",
            "Look up the district's own vouchers of what came back first: record what has arrived and check again; what has not come back is dealt with before this application.",
        ),
        Reason::TaxInTwoPlaces => ("请先更正记录再办理。", "The records are put right first."),
        Reason::PaidAboveDue => (
            "请核对发放记录；多发部分由主管部门决定追回或从后续发放中扣除，决定前不要继续发放。",
            "Compare the payments: the authority decides whether the surplus is recovered or taken off what follows; until then nothing more is paid.",
        ),
        Reason::CoFundingUnproven => {
            ("请申请人补交共担协议后重新核查。", "Ask for the agreement and check again.")
        }
        Reason::CoFundingAboveCost => {
            ("请各出资方先核对分担比例和金额。", "The funders compare their shares and sums first.")
        }
        Reason::RepeatedGrant => (
            "请先核对是否为同一事项；是同一事项的，不再发放。",
            "Compare first whether it is the same matter; if it is, it is not paid again.",
        ),
        Reason::ClassSuspended => (
            "请待认定恢复或撤销后重新核查。",
            "Check again when the certification is reinstated or revoked.",
        ),
        Reason::NotTeamLeader => (
            "请核对申请所列人员，或者改以带头人申请后重新核查。",
            "Compare whom the application names, or apply through the leader and check again.",
        ),
        Reason::NumberPerhapsSame | Reason::PlanUnnamed => (
            "请先核对是否为同一计划或项目，再按核对结果办理；核对前，所涉部分不要发放。",
            "Compare first whether it is one plan or project, then proceed by that; until then this part is not paid.",
        ),
        Reason::SamePassport => (
            "请两区先核对护照原件；核对前，所涉部分不要发放。是同一人的，提交同一人关联后重新核查；不是的，登记为不同人。",
            "The two districts compare the passports first, and until then this part is not paid. One person: send the link and check again; two: link them as different.",
        ),
        Reason::DebarredWhenGranted => (
            "请先在本区申报材料中查明该资助的申请日；在限制期内提出的，按违规申报处理，其余不受影响。",
            "Look up the day of that application in the district's own file first: one made in the period was made against the debarment, any other is untouched.",
        ),
        Reason::HighLevelStandard => (
            "所据记录与“暂不符合高层次人才标准”的说明不一致，请先核对；符合标准的，改按高层次人才申请。",
            "The records and the statement that the standard is not met disagree: compare them first; who meets the standard applies under it.",
        ),
        Reason::EmployerBenefitPublic => (
            "请先查明返补的资金、金额和月份，作为资助记录后重新核查。",
            "Find out first which public money reimburses it, how much and for which months; record it as a grant and check again.",
        ),
        _ => return None,
    })
}

/// What becomes of the two: which is the higher, whether they have months, and what was paid already.
fn one_only(finding: &Finding) -> Words {
    let paid = finding.step(Label::PaidFen).is_some();
    match (finding.months.is_some(), asked_is_higher(finding)) {
        _ if finding.reason == Reason::SamePolicy => (
            "重叠月份只发放一项；接着享受原资助的，请改按续发申请，要调整金额的，请先处理原资助。",
            "One of the two is paid in these months: to go on with the grant held, ask for a continuation; to change its sum, deal with that grant first.",
        ),
        _ if !finding.readings.is_empty() => (
            "两项不能同时享受；哪一项较高取决于如何比较，文件没有写明，请主管部门先定如何比较，再由申请人保留较高的一项；此前所涉部分不要发放。",
            "Both may not be held, and which is the higher turns on how they are compared, which is not written: the authority says it first; until then this part is not paid.",
        ),
        (true, Higher::Neither) => (
            "两项不能同时享受，金额相同，请申请人选择保留一项；重叠月份只发放一项，已经发放的月份不再发放另一项。",
            "Both may not be held and neither is higher: the applicant keeps one; of the months of both one is paid, and what was paid already is not paid again.",
        ),
        (false, Higher::Neither) => (
            "两项不能同时享受，金额相同，请申请人选择保留一项；已经发放一项的，另一项不再发放。",
            "Both may not be held and neither is higher: the applicant keeps one; where one was paid, the other is not.",
        ),
        (true, Higher::Asked) if paid => (
            "两项不能同时享受，本次申请较高：请申请人确认改为享受本次申请，已有资助在重叠月份停发，其中已经发放的从本次扣除。",
            "Both may not be held, and what is asked for is higher: if the applicant takes it, the grant held stops for the months of both, and what was paid of them is taken off.",
        ),
        (true, Higher::Asked) => (
            "两项不能同时享受，本次申请较高：请申请人确认改为享受本次申请，已有资助在重叠月份停发。",
            "Both may not be held, and what is asked for is higher: if the applicant takes it, the grant held stops for the months of both.",
        ),
        (false, Higher::Asked) => (
            "两项不能同时享受，本次申请较高：请申请人确认改为享受本次申请，已有资助不再发放；已经发放的，先核对是否抵扣。",
            "Both may not be held, and what is asked for is higher: if the applicant takes it, the grant held is not paid any more; where it was paid, compare first what is set off.",
        ),
        (true, Higher::Held) => (
            "两项不能同时享受，已有资助较高：保留已有资助，本次申请在重叠月份不发放。",
            "Both may not be held, and the grant held is higher: it stays, and nothing is paid on this application for the months of both.",
        ),
        (false, Higher::Held) => (
            "两项不能同时享受，已有资助较高：保留已有资助，本次申请不予发放。",
            "Both may not be held, and the grant held is higher: it stays, and nothing is paid on this application.",
        ),
        (_, Higher::Unknown) => (
            "两项不能同时享受，请申请人确认保留较高的一项，另一项不发放。",
            "Both may not be held: the higher one stays, the other is not paid.",
        ),
    }
}

enum Higher {
    Asked,
    Held,
    Neither,
    Unknown,
}

/// Which of the two is worth more: as the finding says, else in all, else by the month.
fn asked_is_higher(finding: &Finding) -> Higher {
    let pair = |asked, held| Some((finding.step(asked)?, finding.step(held)?));
    let (asked, held) = finding.weighed();
    let totals = asked.zip(held);
    let monthly = pair(Label::AskedMonthlyFen, Label::HeldMonthlyFen);
    let differ = |(asked, held): &(u64, u64)| asked != held;
    match (totals.filter(differ), monthly.filter(differ), finding.step(Label::HigherFen)) {
        (Some((asked, _)), _, Some(higher)) if asked == higher => Higher::Asked,
        (Some(_), _, Some(_)) => Higher::Held,
        (Some((asked, held)), ..) | (None, Some((asked, held)), _) if asked > held => Higher::Asked,
        (Some(_), ..) | (None, Some(_), _) => Higher::Held,
        (None, None, _) if totals.is_some() => Higher::Neither,
        _ => Higher::Unknown,
    }
}
