//! What was found, in one sentence.

use crate::domain::funding::ask;
use crate::domain::funding::finding::{Finding, FindingClass, Label, Reason, Verdict};
use crate::domain::funding::rules::{INCOME_TAX, SOCIAL_INSURANCE};
use crate::domain::text::{Language, Text};

/// The sentence for what was found. An employer barred under another rule or elsewhere is not barred here.
pub fn sentence(finding: &Finding) -> Text {
    let (zh, en) = undated(finding)
        .or_else(|| of_place(finding))
        .or_else(|| of_outcome(finding))
        .unwrap_or_else(|| words(finding.reason));
    let told = |text: &str, end: char, language| match tested(finding, language) {
        Some(facts) => format!("{}{facts}{end}", text.trim_end_matches(end)),
        None => text.to_owned(),
    };
    Text::new(told(zh, '。', Language::Zh), told(en, '.', Language::En))
}

/// The facts that were tested, where the sentence speaks of any condition.
fn tested(finding: &Finding, language: Language) -> Option<String> {
    if !matches!(finding.reason, Reason::EntryCondition | Reason::EmployerNotTied) {
        return None;
    }
    // What counts is told with the arithmetic.
    let number =
        finding.step(Label::ValueHeld).is_some() || finding.step(Label::PointsHeld).is_some();
    let facts = finding.about.iter().filter_map(|code| ask::ask(code));
    let each: Vec<_> = facts
        .map(|fact| match (language, number) {
            (Language::Zh, false) => format!("{}：否", fact.zh),
            (Language::Zh, true) => fact.zh.to_owned(),
            (Language::En, false) => format!("{}: no", fact.en),
            (Language::En, true) => fact.en.to_owned(),
        })
        .collect();
    (!each.is_empty()).then(|| match language {
        Language::Zh => format!("（{}）", each.join("；")),
        Language::En => format!(" ({})", each.join("; ")),
    })
}

type Words = (&'static str, &'static str);

/// Where one of the two has no months, nothing says that they meet.
fn undated(finding: &Finding) -> Option<Words> {
    if finding.months.is_some() {
        return None;
    }
    let monthly = |label| finding.step(label).is_some();
    let (held, asked) = (monthly(Label::HeldMonthlyFen), monthly(Label::AskedMonthlyFen));
    Some(match finding.reason {
        Reason::CrossDistrict if finding.is_ruled() => (
            "另一区有同类资助；两项中至少一项没有受益月份。",
            "Another district pays the same kind; at least one of the two has no benefit months.",
        ),
        Reason::CrossDistrict if held && asked => (
            "另一区有同类资助；两项中至少一项没有写明受益月份，是否同期无法核对。没有条款禁止，请两区经办人先补明受益期间，再核对期间内的实际工作、居住和停发情况。",
            "Another district pays the same kind; at least one of the two names no benefit months, so whether they meet is not known. No clause forbids it; the two offices first say for which time each is paid, then compare where the applicant worked and lived and when each benefit stopped.",
        ),
        Reason::CrossDistrict if held || asked => (
            "另一区有同类资助；一项按月发放，另一项没有写明受益月份，是否同期无法核对。没有条款禁止，请两区经办人核对没有月份的一项是为何事、哪一期间发放，再核对该期间内的实际工作、居住和停发情况。",
            "Another district pays the same kind; one of the two is paid by the month and the other names no benefit months, so whether they meet is not known. No clause forbids it; the two offices compare what the one without months was paid for and for which time, then where the applicant worked and lived in that time and when each benefit stopped.",
        ),
        Reason::CrossDistrict => (
            "另一区有同类资助；两项都没有写明受益月份，不是按月发放，无从按月份核对。没有条款禁止，请两区经办人核对两项各为何事、何时发放，是否就同一事项重复。",
            "Another district pays the same kind; neither of the two names benefit months or is paid by the month, so no months can be compared. No clause forbids it; the two offices compare what each was paid for and when, and whether it is one matter.",
        ),
        Reason::OpenHold => (
            "另一区有一项尚未批准的同类申请（预占）；两项中至少一项没有写明受益月份，是否同期无法核对。没有条款禁止，请两区经办人联系。",
            "Another district holds an unapproved claim of the same kind; at least one of the two names no benefit months, so whether they meet is not known. No clause forbids it; the two offices should talk.",
        ),
        Reason::PolicyNotInForce => (
            "申请日不在政策文件写明的施行期内，政策当日是否适用需要确认。",
            "The day of the application is outside the time for which the document is in force; whether it applies on that day has to be confirmed.",
        ),
        _ => return None,
    })
}

/// Tax or insurance: two findings that read the same otherwise.
fn of_place(finding: &Finding) -> Option<Words> {
    let about = |code: &str| finding.about.iter().any(|fact| fact == code);
    let (tax, insurance) = (about(INCOME_TAX), about(SOCIAL_INSURANCE));
    Some(match finding.reason {
        Reason::PersonNotTied if tax => (
            "申请人个人所得税没有在本区缴纳，不符合要求。",
            "The applicant's income tax is not paid in the district, as the text needs.",
        ),
        Reason::PersonNotTied if insurance => (
            "申请人没有参加上海社会保险，不符合要求。",
            "The applicant is not insured in Shanghai, as the text needs.",
        ),
        Reason::TaxInTwoPlaces if tax => (
            "同一月份的个人所得税记录在两地，两者不能同时成立，请两区核对。",
            "Income tax is attested in two places for the same months; both cannot be true.",
        ),
        Reason::TaxInTwoPlaces if insurance => (
            "同一月份的社会保险记录在两地，两者不能同时成立，请两区核对。",
            "Social insurance is attested in two places for the same months; both cannot be true.",
        ),
        Reason::MovedWithinMonth if tax => (
            "个人所得税缴纳地在该月内变更，只有部分日子在本区；不足一个月是否按一个月计，文件没有写明。",
            "The place of income tax changed within the month; whether a part of a month counts as one is not written.",
        ),
        Reason::MovedWithinMonth if insurance => (
            "社会保险参保地在该月内变更，只有部分日子在上海；不足一个月是否按一个月计，文件没有写明。",
            "The place of social insurance changed within the month; whether a part of a month counts as one is not written.",
        ),
        _ => return None,
    })
}

/// One reason that reads otherwise by what came out.
fn of_outcome(finding: &Finding) -> Option<Words> {
    Some(match (finding.reason, finding.outcome) {
        // What is of this district is a question of the text; what is of another is its notice.
        (Reason::DebarredElsewhere, Verdict::Refer)
            if finding.class == FindingClass::OpenQuestion =>
        {
            (
                "申请人在本区有不得申报的决定，依据的不是本政策所列条款；效力是否及于本次申请，文件没有写明。",
                "The applicant is debarred in this district, by another clause than the policy's own; whether that reaches this application is not written.",
            )
        }
        (Reason::DebarredElsewhere, Verdict::Refer) => (
            "申请人在其他区有不得申报的决定；效力是否及于本区，文件没有写明。",
            "The applicant is debarred in another district; whether that reaches this one is not written.",
        ),
        (Reason::EmployerBarred, Verdict::Refer) if finding.class == FindingClass::OpenQuestion => {
            (
                "用人单位在本区依其他条款被取消申请资格，效力是否及于本次申请，文件没有写明。",
                "The employer lost the right to apply in this district, by another clause; how far that reaches is not written.",
            )
        }
        (Reason::EmployerBarred, Verdict::Refer) => (
            "用人单位在其他办法或其他区被取消申请资格，效力是否及于本次申请，文件没有写明。",
            "The employer lost the right to apply under another rule or district; how far that reaches is not written.",
        ),
        (Reason::RentsNearby, Verdict::ClearCond) => (
            "在青浦周边就近租房，限确因工作需要；请核对工作需要的证明，并向租住地的区核实没有就同一租房享受补贴。",
            "The applicant rents near Qingpu, which only the needs of work allow: compare their proof, and ask the district of the lease whether it pays a subsidy for it.",
        ),
        (Reason::ClassRevoked, Verdict::Refer) => (
            "本政策所要求的人才认定后来已撤销；撤销是否及于此前的月份，文件没有写明。",
            "The certification that the policy needs was revoked later; whether that reaches back to these months is not written.",
        ),
        (Reason::NotTeamLeader, Verdict::Refer) => (
            "申请所列人员在认定的团队中不是带头人，而法定代表人、第一大股东等条件写的是带头人。",
            "The person named is not the leader in the team's certification, and the conditions on the legal representative and the largest shareholder are the leader's.",
        ),
        (Reason::CapMonths, Verdict::Clear) => (
            "按累计上限核算受益月份，没有超过上限。",
            "Benefit months were counted against the cap, which is not exceeded.",
        ),
        (Reason::CapMonths, Verdict::Capped) => (
            "按累计上限核算受益月份，所列月份超过上限。",
            "Benefit months were counted against the cap, and those named exceed it.",
        ),
        (Reason::CapTotal, Verdict::Clear) => (
            "按月数和金额两项上限核算，没有超过上限。",
            "Months and sum were counted against both limits, and exceed neither.",
        ),
        (Reason::CapTotal, Verdict::Capped) => (
            "按月数和金额两项上限核算，申请超过上限。",
            "Months and sum were counted against both limits, and exceed them.",
        ),
        // Settled: nobody is asked to compare any more.
        (Reason::CrossDistrict, _) if finding.is_ruled() => (
            "另一区有同类资助，月份重叠。",
            "Another district pays the same kind for the same months.",
        ),
        (Reason::ClassNotHeld, _) if finding.evidence.is_empty() => (
            "申请所填等级不是本政策的等级；其他体系的同名等级不能替代。",
            "The application names another class than the policy is for; the same letter of another scheme does not count.",
        ),
        (Reason::ClassNotHeld, _) => (
            "所据记录表明不符合政策自身所列条件，不属于本政策的等级。",
            "By the records named the policy's own criteria are not met, so the applicant is not of its class.",
        ),
        _ => return None,
    })
}

#[expect(clippy::too_many_lines, reason = "one line for each reason; the table is the function")]
const fn words(reason: Reason) -> (&'static str, &'static str) {
    match reason {
        Reason::SameKind => (
            "本区已有同类资助，只能就高享受一项。",
            "The applicant holds a grant of the same kind in this district; only the higher one stays.",
        ),
        Reason::DoubtfulKind => (
            "与已有资助是否同类，文件没有写明。",
            "Whether the grant already held is of the same kind is not written.",
        ),
        Reason::MainTextAwards => (
            "已有正文所列的另一项同类奖励；就高不重复是否适用于正文所列奖励，文件没有写明。",
            "Another award of the same kind, also of the main text, is held; whether higher-only binds these awards is not written.",
        ),
        Reason::SameGroup => (
            "已享受同一办法内的另一项政策，只能就高享受一项。",
            "Another policy of the same set of rules is drawn; only the higher one stays.",
        ),
        Reason::SamePolicy => (
            "申请人按同一项政策已有资助，与所申请的月份重叠；同一项政策不能重复享受。",
            "A grant of the very same policy is held for these months; it is not enjoyed twice.",
        ),
        Reason::SetOff => (
            "改按较高的一项享受时，已发部分是否抵扣，文件没有写明。",
            "Whether what was paid is set off when the higher benefit takes over is not written.",
        ),
        Reason::ApartmentWithoutDiscount => (
            "享受购房、租房补贴期间可以入住本区人才公寓，但不得享受租金优惠。",
            "With a purchase or rent subsidy a talent apartment is allowed only without rent discount.",
        ),
        Reason::ApartmentAndPoints => (
            "公寓例外是否包括积分租房补贴，文件没有写明。",
            "Whether the apartment exception covers the points rent subsidy is not written.",
        ),
        Reason::CrossDistrict => (
            "另一区有同类资助，月份重叠。没有条款禁止，请两区经办人核对重叠月份内的实际工作、居住和停发情况。",
            "Another district pays the same kind for the same months. No clause forbids it; the two offices compare where the applicant worked and lived in these months and when each benefit stopped.",
        ),
        Reason::JointRule => (
            "两区的联合规则对此有规定。",
            "A joint rule of the two districts governs this overlap.",
        ),
        Reason::SameObject => (
            "同一租赁地址、房屋或证书另有人享受资助；请核对是合租、转租，还是重复申报。",
            "Somebody else is funded for the same lease, unit or certificate: compare whether it is shared, sublet or asked for twice.",
        ),
        Reason::SameObjectElsewhere => (
            "申请人就同一租赁地址、房屋或证书在另一区享受资助；请两区核对是否为同一事项。",
            "Another district funds the applicant for the same lease, unit or certificate: the two offices compare whether it is one matter.",
        ),
        Reason::SameProject => (
            "同一项目另以他人或其他受益主体的名义获得资助，供参考。",
            "The same project is funded through another person or another kind of beneficiary too; shown for information.",
        ),
        Reason::RepeatedGrant => (
            "同一人、单位、团队、项目或证书已按本政策或同类政策得到资助，是否为同一事项须核对。",
            "The same person, enterprise, team, project or certificate was funded under this policy or one of its kind before; whether it is the same matter must be compared.",
        ),
        Reason::NumberPerhapsSame => (
            "编号相同、发布机关写法不同，请核对是否同一计划或项目。",
            "The numbers agree and the authorities are written differently: compare whether it is one plan or project.",
        ),
        Reason::PlanUnnamed => (
            "两项都是配套资助，有一项没有写明所配套的计划，请核对是否同一计划。",
            "Both are matching funds and one names no plan: compare whether it is one plan.",
        ),
        Reason::OtherBeneficiary => (
            "同一人另以其他受益主体（个人、团队、企业、项目）的名义得到同类资助；是否属于交叉资助，文件没有定义。",
            "The same person is funded for the same kind as another beneficiary too (person, team, enterprise, project); whether that is cross funding (交叉资助) is not defined.",
        ),
        Reason::CrossFunding => (
            "申请人所在企业也获得资助，供参考。",
            "The applicant's enterprise is funded too; shown for information.",
        ),
        Reason::SuspectedPerson => (
            "疑似同一人另行登记（或持另一证件），享受资助或已预占；该关联尚未经各方确认，不作依据，由提交和待确认该关联的各方核对后确认或撤回。",
            "Somebody who may be the same person, registered apart or under another document, is funded or has reserved. The link is not confirmed and decides nothing; those who stated it or are to confirm it compare, then confirm or withdraw it.",
        ),
        Reason::SamePassport => (
            "他区以同一护照信息（国籍、号码、出生日期、拉丁字母姓名均相同）登记的人享受资助或已预占；护照号码不是终身号码，是否同一人须核对原件后确认。",
            "Somebody is funded, or has reserved, in another district under the same passport data (nationality, number, birth date and Latin name). A passport number is no lifelong number: compare the papers to say whether it is one person.",
        ),
        Reason::Additive => (
            "与已有资助种类不同，可以同时享受。",
            "The grant held is of a different kind; both may be held.",
        ),
        Reason::Matching => (
            "本项为配套资助，与所配套的计划叠加不属重复。",
            "These are matching funds; adding them to the plan they match is no duplication.",
        ),
        Reason::CoFunding => (
            "本项按共担协议由各方分担，不属重复。",
            "The cost is shared under an agreement; this is no duplication.",
        ),
        Reason::CoFundingAboveCost => (
            "各方份额或金额合计超过共担协议载明的费用，或者申请额超过本方份额。",
            "The shares or sums together exceed the cost that the agreement states, or the sum asked for exceeds the own share.",
        ),
        Reason::CoFundingUnproven => (
            "没有引用共担协议，无法确认分担安排。",
            "No co-funding agreement is referenced, so the shares cannot be confirmed.",
        ),
        Reason::Spouses => (
            "配偶在同一时期享受积分租房补贴，夫妻双方不重复享受。",
            "The spouse enjoys the points rent subsidy in the same period; spouses may not both enjoy it.",
        ),
        Reason::SpousesOpen => (
            "夫妻不重复享受的规定是否适用于此，文件没有写明。",
            "Whether the household rule reaches this case is not written.",
        ),
        Reason::SpousesSameYear => (
            "配偶在同一奖励年度的其他月份享受积分租房补贴，这些月份没有重叠；补贴按年度发放，不重复按年度还是按月计，文件没有写明。",
            "The spouse draws points rent in other months of the same award year and in none of these. It is paid by the year; whether “not both” counts by the year or by the month is not written.",
        ),
        Reason::FamilyHome => ("家庭在本区有产权住房。", "The family owns a home in the district."),
        Reason::NotSelfRenting => (
            "申请人没有在本区自行租房。",
            "The applicant does not rent a home in the district by himself.",
        ),
        Reason::RentsNearby => (
            "在青浦周边就近租房，租住地的区同期发放租房补贴；两项能否同时享受，文件没有写明。",
            "The applicant rents near Qingpu, and the district of the lease pays rent for the same months; whether both may be held is not written.",
        ),
        Reason::CapMonths => {
            ("按累计上限核算受益月份。", "Benefit months were counted against the cap.")
        }
        Reason::CapMonthsOpen => (
            "上限如何计算有不同理解，结果不同。",
            "The readings of how to count the cap leave different months.",
        ),
        Reason::CapTotal => {
            ("按月数和金额两项上限核算。", "Months and sum were counted against both limits.")
        }
        Reason::SecondTime => (
            "申请人此前已享受过本项补贴，余下部分能否再次申请，文件没有写明。",
            "The applicant drew this subsidy before; whether the rest may be asked for again is not written.",
        ),
        Reason::Instalments => (
            "购房补贴分期按月发放，按持续享受的待遇核对。",
            "The purchase subsidy is paid in monthly instalments and is compared as a running benefit.",
        ),
        Reason::InstalmentsPart => (
            "购房补贴分期按月发放；申请只写明其中部分月份，本单只核对这些月份，其余各期未核对。",
            "The purchase subsidy is paid in monthly instalments; the application names some of the months, and only these were checked.",
        ),
        Reason::InstalmentsFaster => (
            "购房补贴总额分期按月发放，所申请月份的金额超过这些月份的分期额，超出部分不能提前发放。",
            "The purchase subsidy is paid in monthly instalments; more is asked for these months than their instalments come to, and what is above is not paid ahead.",
        ),
        Reason::InstalmentsOver => (
            "购房补贴自首月起按期数发完；这些月份在末期之后，没有可发放的金额。",
            "The instalments run from the first month and then are over: these months come after the last one, and nothing is due in them.",
        ),
        Reason::PointsBelow => (
            "通用指标积分未达到登记标准。",
            "The general points are below the threshold of registration.",
        ),
        Reason::PointsDirect => (
            "属于直接给予 45 分的人员。",
            "The applicant belongs to a group that is given 45 points directly.",
        ),
        Reason::PointsNotSelected => {
            ("未列入该年度奖励人员。", "The applicant was not selected for that year.")
        }
        Reason::PointsBelowMinimum => (
            "总积分未达到该年度公布的最低奖励分值。",
            "The total of points is below the minimum published for that year.",
        ),
        Reason::PointsSelectedBelowMinimum => (
            "列为该年度入选，但登记的总积分低于该年度最低奖励分值，两者不能同时成立；入选以后减分的，请核对入选时的积分。",
            "Selected for that year, but the registered total is below its minimum; both cannot be. Where points were deducted later, compare those of the selection.",
        ),
        Reason::PointsOtherTier => (
            "入选的奖励档次与所申请的档次不同。",
            "The applicant was selected for another tier than the one asked for.",
        ),
        Reason::PointsBeforeRegistration => (
            "所申请的部分月份在积分登记之前，是否发放文件没有写明。",
            "Some of the months asked for lie before the registration; whether they are paid is not written.",
        ),
        Reason::PointsLapsed => (
            "登记后与用人单位的关系已结束，积分登记受影响。",
            "The relation with the registered employer has ended, which bears on the points.",
        ),
        Reason::PointsContractRemade => (
            "登记后合同曾解除，但与同一用人单位的关系没有间断；积分是否失效，文件没有写明。",
            "A contract was dissolved after the registration, but the relation with the same employer went on without a break; whether the points lapsed is not written.",
        ),
        Reason::PointsPartYear => (
            "失效当年、失效之前的月份是否发放，文件没有写明。",
            "Whether the months before the lapse, in the year of it, are paid is not written.",
        ),
        Reason::HighLevelStandard => (
            "已符合高层次人才购房、租房补贴标准，应按该标准申请。",
            "The applicant meets the high-level standard and should apply under it.",
        ),
        Reason::HighLevelAtTimes => (
            "申请日与这些受益月份是否达到高层次人才标准不一致；以受益月份还是申请日为准，文件没有写明。",
            "Whether the high-level standard is met differs between the day of the application and these months; which of them counts is not written.",
        ),
        Reason::Debarred => {
            ("申请人在不得申报的期限内。", "The applicant is debarred on this day.")
        }
        Reason::DebarmentLastDay => (
            "申请日恰为期满之日，是否仍受限文件没有写明。",
            "The day is the anniversary; whether it is still barred is not written.",
        ),
        Reason::DebarredElsewhere => (
            "申请人有不得申报的决定，依据的不是本政策所列条款，或由其他区作出；效力是否及于本次申请，文件没有写明。",
            "The applicant is debarred by another clause than the policy's own, or by another district; whether that reaches this application is not written.",
        ),
        Reason::EmployerDebarred => (
            "用人单位有不得申报的决定；“申请人”是否包括用人单位、通过该单位的申请是否受限，文件没有写明。",
            "The employer is debarred; whether 申请人 means the employer too, so that nobody may apply through it, is not written.",
        ),
        Reason::DebarredSince => (
            "已有不得申报的决定；所限制的是再次申报，此前批准的资助不因此不符合条件，是否返还另行核查。",
            "There is a debarment. It bars new applications and makes no grant of before ineligible; what is to be returned is looked at apart.",
        ),
        Reason::DebarredWhenGranted => (
            "资助决定作出时在不得申报的期限内；申请日没有记录，请核对申请是否在期限内提出。",
            "The grant was decided while the applicant was debarred. The day of its application is not on record: compare whether it was filed in that time.",
        ),
        Reason::EmployerBarred => (
            "用人单位已被取消申请资格，不能通过该单位申请；申请人本人不受限。",
            "The employer has lost the right to apply; the applicant cannot apply through it but is not barred himself.",
        ),
        Reason::EmployerBarredLater => (
            "用人单位已被取消申请资格；此前批准、正在发放的补贴是否停发，文件没有写明。",
            "The employer has lost the right to apply; whether a grant that was approved before goes on is not written.",
        ),
        Reason::EmployerNotTied => (
            "用人单位不符合注册、纳税或单位性质的要求。",
            "The employer does not meet the conditions on registration, tax or kind.",
        ),
        Reason::PersonNotTied => (
            "个人所得税或社会保险缴纳地不符合要求。",
            "The place of income tax or social insurance does not meet the condition.",
        ),
        Reason::TaxInTwoPlaces => (
            "同一月份的个人所得税或社会保险记录在两地，两者不能同时成立，请两区核对。",
            "Tax or insurance is attested in two places for the same months; both cannot be true.",
        ),
        Reason::MovedWithinMonth => (
            "缴纳地在该月内变更，只有部分日子在本地；不足一个月是否按一个月计，文件没有写明。",
            "The place changed within the month; whether a part of a month counts as one is not written.",
        ),
        Reason::FlexibleTalent => (
            "属于柔性流动人才，凭挂职等证明可同等享受。",
            "A flexible talent; the benefit is open on proof of the secondment.",
        ),
        Reason::SecondedFromOutside => (
            "挂职的派出地不在长三角地区（上海、江苏、浙江、安徽），不属于正文四（一）所指的柔性流动人才，按一般条件核查。",
            "The secondment comes from outside the Yangtze Delta (Shanghai, Jiangsu, Zhejiang, Anhui), so the applicant is no flexible talent and the ordinary conditions bind.",
        ),
        Reason::FounderTaken => {
            ("该企业已申报过一名创业人才。", "The enterprise has put forward a founder already.")
        }
        Reason::LeaderAndFounder => (
            "团队奖励与个人创业奖励落到同一企业和同一人，算一项还是两项文件没有写明。",
            "A team award and a founder award reach one enterprise and one person; one award or two is not written.",
        ),
        Reason::TeamAndFounder => (
            "同一企业的农业创业团队奖励和创业人才奖励分属两人，算一项还是两项文件没有写明。",
            "One enterprise has a team award and a founder award through two persons; one award or two is not written.",
        ),
        Reason::SpouseInApartment => (
            "配偶正住人才公寓；夫妻不重复享受的规定是否及于公寓，文件没有写明。",
            "The spouse lives in a talent apartment. Whether the household rule reaches that is not written.",
        ),
        Reason::CaseByCase => (
            "申请金额高于政策上限，依据所列一事一议决定；请核对该决定。",
            "The sum asked for is above the cap by the case-by-case decision named; compare that decision.",
        ),
        Reason::NotTeamLeader => (
            "该补贴给予团队带头人，申请人在认定的团队中不是带头人。",
            "The subsidy is for the leader of the team; the applicant is not the leader in its certification.",
        ),
        Reason::AboveCap => {
            ("申请金额高于政策上限。", "The sum asked for is above the policy's cap.")
        }
        Reason::PaidAboveDue => (
            "本项资助已发放的金额超过上限内应发的金额；多发部分如何处理，文件没有写明。",
            "More was paid on this grant than the caps leave of it; what becomes of the surplus is not written.",
        ),
        Reason::ApartmentWithDiscount => (
            "这些月份已享受人才公寓租金优惠，例外“以不享受租金优惠为前提”不成立，两项就高享受一项。",
            "The rent discount of the apartment was taken in these months, so the exception (“without the rent discount”) does not hold, and only the higher of the two stays.",
        ),
        Reason::Returned => (
            "同类资助此前发放的金额已全部返还；返还后是否仍视为享受，文件没有写明。",
            "Everything that was paid on the grant held has come back; whether it is held all the same is not written.",
        ),
        Reason::RestOfGrant => (
            "续发的金额超过原批准的月额或余额，本次只能发放余下部分。",
            "The continuation asks for more than was approved by the month, or than is left of it; only the rest is paid.",
        ),
        Reason::CapDrawn => (
            "政策上限按受益人合计；此前按同一政策已享受的金额（扣除已返还）计入上限，本次只能享受余下部分。",
            "The policy's cap is for the beneficiary in all: what was drawn under the same policy, less what came back, counts toward it, and the rest is left.",
        ),
        Reason::ClassNotHeld => (
            "不属于本政策的等级：申请所填等级不是，或者不符合政策自身所列条件；其他体系的同名等级不能替代。",
            "Not a class that the policy is for: the application names another, or the policy's own criteria are not met. The same letter of another scheme does not count.",
        ),
        Reason::ClassRevoked => (
            "本政策所要求的人才认定已撤销。",
            "The certification that the policy needs has been revoked.",
        ),
        Reason::ClassSuspended => (
            "本政策所要求的人才认定处于暂停状态。",
            "The certification that the policy needs is suspended.",
        ),
        Reason::ClassOther => (
            "申请人在同一认定体系中另有等级，不是本政策的等级；各等级分别享受各自的待遇。",
            "The applicant holds another class of the same scheme than the policy is for; each class has its own benefits.",
        ),
        Reason::ClassPartMonth => (
            "人才认定只覆盖该月的部分日子；不足一个月是否按一个月计，文件没有写明。另有衔接的认定的，报送后该月即为整月。",
            "The certification covers some days of the month only; whether a part of a month counts as one is not written. With a certification that follows on, the month is whole.",
        ),
        Reason::ClassEnds => (
            "人才认定在这些月份之前或之中终止；此后分期补贴是否继续发放，文件没有写明。",
            "The certification ends before or within these months; whether instalments go on after it is not written.",
        ),
        Reason::GroupsJoined => (
            "只符合“以及”所连两类条件中的一类；是两类任选还是须同时符合，文件没有写明。",
            "One of the two groups joined by 以及 is met; whether one is enough is not written.",
        ),
        Reason::EntryCondition => ("不符合政策所列条件。", "A condition of the policy is not met."),
        Reason::PolicyDraft => (
            "政策尚为草案，不能据以核算。",
            "The policy is a draft, and nothing is computed by it.",
        ),
        Reason::PolicyNotInForce => (
            "这些月份不在政策文件写明的施行期内，政策当时是否适用需要确认。",
            "These months are outside the time for which the document is in force; whether it applies to them has to be confirmed.",
        ),
        Reason::Alternatives => (
            "文件以“或”列出两项待遇，是否只能选一项没有写明。",
            "The text lists two benefits joined by “or”; whether only one may be chosen is not written.",
        ),
        Reason::UnmappedKind => (
            "资助种类未列入共享种类表，无法比较。",
            "The kind is not on the shared list and cannot be compared.",
        ),
        Reason::OpenHold => (
            "另一区有一项尚未批准的同类申请（预占），月份重叠。没有条款禁止，请两区经办人联系。",
            "Another district holds an unapproved claim of the same kind for the same months. No clause forbids it; the two offices should talk.",
        ),
        Reason::HigherLevelPrevails => (
            "申请人另有国家或本市同类资助；区政策与国家、本市规定相抵触的，以国家、本市规定为准。",
            "A national or city grant of the same kind is held; where the district rule conflicts with it, the higher rule prevails.",
        ),
        Reason::PointsCounted => {
            ("按登记项目重算，积分一致。", "Counted again from the items, the points agree.")
        }
        Reason::PointsMiscounted => (
            "按登记项目重算，积分与登记不一致：同一项目只取最高分，三类岗位只取最高项，减分累计。",
            "Counted again from the items, the points differ from the registration: the highest of one item and of the three posts counts, deductions add up.",
        ),
        Reason::PointsVeto => (
            "登记涉及一票否决指标，其内容和后果文件没有写明。",
            "The veto indicator is met; what it holds and what follows is not written.",
        ),
        Reason::Clawback => (
            "依失信处理应当返还的资助尚未全部返还。",
            "A grant that was ordered back has not been returned in full.",
        ),
        Reason::ClawbackScope => (
            "依其他办法发放的资助是否也须返还，文件没有写明。",
            "Whether a grant under another rule is to be returned too is not written.",
        ),
        Reason::QuotaLeft => {
            ("用人单位在本区的额度尚有余量。", "The employer's quota in the district leaves room.")
        }
        Reason::QuotaUsedUp => (
            "用人单位在本区的额度已满或不足，由本区主管部门处理。",
            "The employer's quota in the district does not suffice; this is for the district itself.",
        ),
        Reason::ClassDerived => (
            "没有认定记录；按政策自身所列条件推定符合该类别（推定）。",
            "There is no certification; the class is derived from the policy's own criteria (derived).",
        ),
        Reason::ClassDerivedOpen => (
            "按政策自身所列条件推定类别时，结果取决于文件没有写明的问题（推定）。",
            "Whether the policy's own criteria are met turns on what is not written (derived).",
        ),
        Reason::EmployerBenefit => (
            "用人单位以自有资金提供的住房帮助，不属于财政资助。",
            "Housing help from the employer's own money is no public grant.",
        ),
        Reason::EmployerBenefitPublic => (
            "用人单位提供的住房帮助由财政资金返补，应按财政资助核对。",
            "The employer is reimbursed from public money, so its help has to be compared like a grant.",
        ),
        Reason::MonthsApart => (
            "已有资助在所申请的月份内发放，但受益月份不重叠；按受益月份核对，不按发放日。",
            "A grant was paid within the months asked for, but for other months; benefit months decide, not the day of payment.",
        ),
        Reason::IntegrityRecord => (
            "有诚信或退出记录，按出具机关的原意如实展示，对本申请没有效力。",
            "There is an integrity or exit record; it is shown in its issuer's terms and has no effect here.",
        ),
        Reason::SuspectRecord => (
            "所依据的记录出自可能泄露的密钥，待对方区确认。",
            "A record used was signed with a key that may have leaked; the district has to confirm it.",
        ),
        Reason::UnderObjection => (
            "所依据的记录正在异议处理中，办结前不作为定论。",
            "A record used is under objection; nothing rests on it until that is settled.",
        ),
    }
}
