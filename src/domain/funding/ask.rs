//! What a missing fact is called and what the officer asks for: a code alone tells nobody what to do.
//! The one source of these words, for answers in JSON as for the slip.

use crate::domain::text::Text;

/// Names of a missing fact and what to ask for.
pub struct Ask {
    /// Code in `missing`.
    code: &'static str,
    /// Its name.
    pub zh: &'static str,
    /// Its name.
    pub en: &'static str,
    /// What to ask for, and of whom.
    pub next_zh: &'static str,
    /// What to ask for, and of whom.
    pub next_en: &'static str,
}

/// The name of the fact with this code, unless several share it: each day of an age fact is a fact of
/// its own, though all four are asked for at once.
pub fn own_name(code: &str) -> Option<(&'static str, &'static str)> {
    ask(code).filter(|a| a.code == code).map(|a| (a.zh, a.en))
}

/// What to ask for when the fact with this code is missing; age facts share one entry.
pub fn ask(code: &str) -> Option<&'static Ask> {
    let code = if code.starts_with(AGE) { AGE } else { code };
    ASKS.iter().find(|a| a.code == code)
}

/// The fact with this code in words, with what to ask for; `None` where the table lacks it: a district's
/// own fact.
pub fn words(code: &str) -> Option<Text> {
    ask(code).map(|ask| with(code, &Text::new(ask.next_zh, ask.next_en)))
}

/// The fact with this code in words, with something else to do about it than the table says.
pub fn with(code: &str, todo: &Text) -> Text {
    let (zh, en) = ask(code).map_or((code, code), |ask| (ask.zh, ask.en));
    Text::new(format!("{zh}。{}。", todo.zh), format!("{en} – {}", todo.en))
}

/// The fact with this code in words: why it is not known, and then what the table says to do.
pub fn since(code: &str, why: &Text) -> Text {
    let (zh, en) = ask(code).map_or(("请核实", "verify it"), |ask| (ask.next_zh, ask.next_en));
    with(code, &Text::new(format!("{}。{zh}", why.zh), format!("{}: {en}", why.en)))
}

/// Another version of the policy is in force on the day of the application. Which one is in the answer.
pub const POLICY_VERSION: &str = "policy-version";

const AGE: &str = "age-at-most-35-on-";

macro_rules! asks {
    ($($code:literal $zh:literal $en:literal: $next_zh:literal $next_en:literal;)*) => {
        const ASKS: &[Ask] = &[$(Ask {
            code: $code, zh: $zh, en: $en, next_zh: $next_zh, next_en: $next_en,
        }),*];
    };
}

asks! {
    "employer-registered-in-district" "用人单位是否在本区注册" "is the employer registered in the district":
        "请用人单位提供营业执照，或向市场监管部门核实" "the business licence, from the employer or the market regulator";
    "employer-pays-tax-in-district" "用人单位是否在本区纳税" "does the employer pay tax in the district":
        "请用人单位提供完税证明，或向税务部门核实" "the tax certificate, from the employer or the tax office";
    "employer-not-civil-service-like" "用人单位是否不属于参公管理单位" "is the employer no civil-service-like institution":
        "请用人单位的主管部门或机构编制部门说明单位性质" "the kind of institution, from its supervising office";
    "income-tax-in-district" "申请人个人所得税是否在本区缴纳" "is the applicant's income tax paid in the district":
        "请申请人提供个人所得税纳税记录，或向税务部门核实" "the record of income tax, from the applicant or the tax office";
    "social-insurance-in-shanghai" "申请人是否参加上海社会保险" "is the applicant insured in Shanghai":
        "请申请人提供社会保险参保缴费记录，或向社保经办机构核实" "the insurance record, from the applicant or the insurance office";
    "general-points" "人才积分通用指标得分" "general points":
        "请查积分登记，未登记的先办理登记" "look up the registration of points; without one, register first";
    "points-selected-this-year" "是否列入该年度积分奖励人员" "selected for that year's points award":
        "请查区人才办公布的该年度奖励名单，名单未定的待公布后再办" "the year's list of the Talent Office; where it is not out yet, wait for it";
    "points-without-veto" "是否未触及一票否决指标" "is no veto indicator met":
        "请向积分审核部门核实" "ask the office that reviews points";
    "family-owns-no-home-in-district" "家庭在本区是否无产权住房" "does the family own no home in the district":
        "请查不动产登记信息（本人、配偶及未成年子女）" "the property register, for the applicant, spouse and minor children";
    "self-renting-in-district" "是否在本区自行租房" "does the applicant rent in the district":
        "请申请人提供租赁合同和备案证明" "the lease and its filing, from the applicant";
    "below-high-level-standard" "是否暂不符合高层次人才标准" "is the applicant below the high-level standard":
        "请先核对学历、职称和人才认定，符合的改按高层次人才申请" "compare education, title and certification; who meets the standard applies under it";
    "employer-help-is-own-money" "用人单位住房帮助的资金来源" "where the employer's housing help comes from":
        "请用人单位说明资金来源，是否由财政返补" "ask the employer whether public money reimburses it";
    "apartment-shortage" "人才公寓房源是否不足" "are apartments short":
        "请向人才公寓管理单位核实" "ask the manager of the apartments";
    "home-in-yangtze-delta" "挂职的派出地是否在长三角地区" "is the applicant seconded from the Yangtze Delta":
        "请核对派出单位所在地，或派出期间个人所得税、社会保险的缴纳地（上海、江苏、浙江、安徽）" "the place of the sending employer, or of tax and insurance meanwhile (Shanghai, Jiangsu, Zhejiang, Anhui)";
    "parent-plan-awarded" "是否已入选所配套的国家或市级计划" "was the national or city plan awarded":
        "请申请人提供入选文件或立项通知" "the letter of award or the notice of the project";
    "leads-certified-team" "是否为认定团队的带头人" "does the applicant lead the certified team":
        "请核对团队认定中的成员名单" "compare the members in the team's certification";
    "newly-introduced" "是否为新引进人才" "is the applicant newly introduced":
        "请核对来本区工作的起始日期；期限未规定的，请区人才办认定" "the first day of work here; the Talent Office says whether that is new";
    "works-in-district-at-most-one-year" "在本区工作是否不超过一年" "has the applicant worked here at most one year":
        "请核对劳动合同和参保起始日期" "the contract and the first day of insurance";
    "registered-capital-fen" "企业注册资本" "registered capital":
        "请企业提供营业执照或章程" "the licence or articles, from the enterprise";
    "annual-output-fen" "企业年产值" "annual output":
        "请企业提供经审计的年度报表" "audited accounts, from the enterprise";
    "team-share-permille" "团队持股比例" "share held by the team":
        "请企业提供股权证明；按‰填写，零数进一（50.05%填501）" "proof of shares, from the enterprise; in permille, a part of one rounded up (50.05 % is 501)";
    "age-at-most-35-on-" "是否35周岁（含）以下" "is the applicant at most 35":
        "请在申请日、受理日、认定日和年末分别核对，只填是否，不填出生日期" "say yes or no for each of the four days, never the date of birth";
    "annual-salary-fen" "年薪" "annual salary":
        "请用人单位提供工资证明，并与纳税记录核对" "proof of salary from the employer, compared with the tax record";
    "key-industry-field" "是否属于重点支持产业领域" "is it a key industry field":
        "请区产业主管部门确认" "ask the office for industry";
    "shanghai-talent-plan" "是否入选上海市级人才计划" "is the applicant on a Shanghai talent plan":
        "请报送该项认定记录，或请申请人提供入选文件或证书" "send the certification, or ask the applicant for the letter or certificate";
    "held-chief-post-in-top-500" "是否曾任500强企业所列职务" "did the applicant hold a listed post in a top-500 company":
        "请申请人提供任职证明" "proof of the post, from the applicant";
    "paid-in-cash-fen" "企业实际到位的货币出资" "cash paid into the enterprise":
        "请企业提供验资报告或出资证明" "the capital verification report, from the enterprise";
    "team-members" "团队成员人数" "members of the team":
        "请企业提供团队名单，不计顾问、理事" "the list of the team, advisers and directors not counted";
    "legal-representative" "是否为企业法定代表人" "is the applicant the legal representative":
        "请企业提供营业执照" "the business licence, from the enterprise";
    "largest-shareholder" "是否为第一大股东" "is the applicant the largest shareholder":
        "请企业提供股权证明" "proof of shares, from the enterprise";
    "main-founder" "是否为企业主要创办人" "is the applicant the main founder":
        "请企业提供章程或出资协议" "the articles or the founders' agreement, from the enterprise";
    "agri-team-member" "是否为农业创业团队成员" "is the applicant a member of an agricultural team":
        "请核对团队认定名单" "the list of the certified team";
    "enterprise-on-city-list" "企业是否列入市级名录" "is the enterprise on a list of the city":
        "请核对战略性新兴产业、高新技术、科技小巨人企业名录" "the city's lists of emerging, high-tech and small-giant enterprises";
    "competition-placed" "是否在大赛中获得名次" "was the applicant placed in a competition":
        "请申请人提供获奖证书" "the prize certificate, from the applicant";
    "prize-project-landed-within-two-years" "获奖项目是否两年内在本区落地" "did the prize project land within two years":
        "请申请人提供项目落地证明" "proof that the project landed here, from the applicant";
    "hired-by-practice-base" "是否由硕博士创新实践基地录用" "was the applicant hired by a practice base":
        "请基地提供录用证明" "proof of the hiring, from the base";
    "hired-by-internship-base" "是否由紧缺人才实习基地录用" "was the applicant hired by an internship base":
        "请基地提供录用证明" "proof of the hiring, from the base";
    "postdoc-station-recognised" "博士后工作站是否经区人才办认定" "has the Talent Office recognised the postdoc station":
        "请查区人才办的认定" "look up the decision of the Talent Office";
    "postdoc-station-approved" "博士后工作站是否经国家博士后管理部门批准" "has the state approved the postdoc station":
        "请单位提供批准文件" "the approval, from the employer";
    "postdoc-in-station" "是否为本区在站博士后" "is the applicant a postdoc in a station of the district":
        "请设站单位提供进站证明" "proof of entry, from the station";
    "postdoc-left-station" "是否为出站博士后" "has the applicant left a postdoc station":
        "请单位提供博士后证书或出站证明" "the postdoc certificate, from the employer";
    "project-implemented-in-district" "项目是否在本区实施" "is the project implemented in the district":
        "请申请人提供项目实施地证明" "proof of where the project is carried out, from the applicant";
    "expert-studio-assessed" "专家工作站是否评估合格" "was the expert studio assessed as good":
        "请查专家工作站的年度评估结果" "the year's assessment of the studio";
    "residence-permit" "是否持有《上海市居住证》" "does the applicant hold the residence permit":
        "请申请人提供居住证" "the permit, from the applicant";
    "residence-permit-promised" "单位是否承诺限期办理居住证" "does the employer promise the residence permit":
        "请优先供应单位出具承诺" "the promise of the employer";
    "residence-points-at-least-120" "居住证积分或模拟打分是否达到120分" "are there 120 residence points":
        "请申请人提供积分通知或模拟打分结果" "the notice of points or the simulation, from the applicant";
    "residence-points-as-required" "居住证积分是否达到规定分值" "are the residence points as required":
        "分值文件没有写明，请主管部门确认" "the number is not written; the office says it";
    "city-hukou" "是否具有本市常住户口" "is the applicant a registered resident of the city":
        "请申请人提供户口簿" "the household register, from the applicant";
    "points-tier" "入选的奖励档次" "tier of the points award":
        "请查区人才办公布的该年度奖励名单和档次" "the year's list and tiers of the Talent Office";
    "points-registration" "有效的积分登记" "a registration of points in force":
        "请查积分登记是否延续，未延续的重新登记" "ask whether the registration goes on; else register anew";
    "points-employer" "积分登记时的用人单位" "the employer of the registration":
        "请查积分登记的申请单位" "look up which employer applied for the registration";
    "title-recognised" "外省市职称是否已获认可" "is the title of another province recognised":
        "请先办理职称互认核验" "have the title recognised first";
    "education-record" "学历" "education":
        "请申请人提供学历证书，或在学信网核验" "the diploma, from the applicant or the national register";
    "title-record" "专业技术职称" "professional title":
        "请申请人提供职称证书" "the certificate of title, from the applicant";
    "engagement-in-district" "在本区聘用关系" "engagement in the district":
        "请用人单位提供劳动合同或聘用合同" "the contract, from the employer";
    "certification" "人才认定" "certification":
        "请先办理本政策所要求的人才认定，到期的办理续期，已有认定的请把认定记录报送后重新核查" "have the class certified or renewed first, or send the certification that exists";
    "topped-up" "所补差的原资助" "grant that is topped up":
        "请写明本区同类、同一受益人的原资助编号；没有的按较高档全额申请，勿按补差申请" "name the grant of this district, of the same kind and for the same beneficiary; where there is none, apply for the full sum of the higher class instead of a difference";
    "parent-plan" "所配套的计划" "plan that is matched":
        "请申请人提供国家或市级计划的批准机关和编号" "authority and number of the national or city plan, from the applicant";
    "tax-and-insurance-place" "在重叠月份的纳税地和参保地记录" "places of tax and insurance in the months that meet":
        "请两区经办人互相核对纳税和参保记录" "the officers of the two districts compare tax and insurance records";
    "same-passport" "同一护照信息的两区记录是否为同一人" "are the two districts' records of one passport of one person":
        "请两区经办人核对护照原件；属同一人的提交同一人关联，不是的登记为不同人" "the officers of the two districts compare the passport, and link the two as the same person or as different";
    "coverage" "有无同类资助的数据" "data of this district":
        "请电话或发函向该区核实，待其数据接入后重新核查" "ask the district by telephone or letter, and check again when its data are in";
    "benefit-months" "已有资助的受益月份" "benefit months of the grant held":
        "请该区写明该项资助的受益起止月份；一次性的，写明所对应的期间" "ask the district for the first and the last benefit month; of a single payment, for the time that it is for";
    "months" "申请的受益月份" "the benefit months asked for":
        "请在申请中写明受益的起止月份" "name the first and the last benefit month in the application";
    "amount" "申请（拟核定）的金额" "the sum asked for":
        "本政策的金额有上限，请在申请中写明按月金额或总额，再核对上限" "the policy caps the sum: name it by the month or in all in the application, and check again";
    "co-funding-own-share" "本区在共担协议中的份额" "the district's share under the co-funding agreement":
        "请在共担协议的出资方中写明本区（用区名）及其分担比例" "name the district, by its name, and its share among the funders of the agreement";
    "policy-version" "所适用的政策版本" "the version of the policy that applies":
        "请按申请日施行的版本重新申请" "apply under the version in force on the day of the application";
    "policy" "政策目录" "policy catalogue":
        "请核对政策编号和版本，或请目录管理员补录" "compare the policy id and version, or have the catalogue completed";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::funding::carriers::{Carrier, FACTS};

    #[test]
    fn every_case_fact_that_a_rule_may_ask_for_says_what_to_do() {
        // Facts that only switch a rule on are never missing.
        let never = [
            "employer-pays-housing-help",
            "self-renting-nearby-for-work",
            "points-direct-group",
            "points-registered-on",
        ];
        let codes = FACTS.iter().filter_map(|f| match f.carrier {
            Carrier::Case(code) => Some(code),
            _ => f.stand_in,
        });
        for code in codes.filter(|c| !never.contains(c)) {
            assert!(ask(code).is_some(), "{code}");
        }
        assert!(ask("unheard-of").is_none());
    }
}
