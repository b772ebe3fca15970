//! The table of facts, two lines a fact, and so longer than other files.

use super::{Carrier, FactUse};

macro_rules! facts {
    ($($fact:literal $zh:literal $en:literal $kind:ident($($of:literal),*)
        $(or $stand_in:literal)? [$($rule:literal)*];)*) => {
        /// Every fact that a rule needs.
        pub const FACTS: &[FactUse] = &[$(FactUse {
            fact: $fact,
            zh: $zh,
            en: $en,
            carrier: Carrier::$kind($($of),*),
            stand_in: facts!(@stand_in $($stand_in)?),
            rules: &[$($rule),*],
        },)*];
    };
    (@stand_in) => { None };
    (@stand_in $code:literal) => { Some($code) };
}

facts! {
    "policy-clauses" "适用条款" "clauses of the policy"
        Message("funding.policy/1", "clauses") [1 2 4 7 10 11 20 22 23 24 26 27 28];
    "policy-kinds" "资助种类" "kinds of the policy"
        Message("funding.policy/1", "kinds") [1 3 4 5 7 8 9 10 33 34];
    "policy-level" "政策层级" "level of the policy"
        Message("funding.policy/1", "level") [1 4 10];
    "policy-group" "同一办法分组" "group of mutually exclusive policies"
        Message("funding.policy/1", "exclusivity") [2 11];
    "policy-caps" "月数和金额上限" "caps on months and sums"
        Message("funding.policy/1", "caps") [13 14 15 16];
    "policy-amount" "金额上限" "cap on the amount"
        Message("funding.policy/1", "amount") [17 29];
    "policy-payout" "发放方式" "how it is paid"
        Message("funding.policy/1", "payout") [17 33];
    "policy-validity" "政策有效期" "validity of the policy"
        Message("funding.policy/1", "validity") [13 14 15 32];
    "policy-status" "政策状态" "may it be computed with"
        Message("funding.policy/1", "status") [32];
    "policy-class" "适用类别及自列条件" "classes and their own criteria"
        Message("funding.policy/1", "class") [30];
    "policy-target" "享受对象" "groups that the policy is for"
        Message("funding.policy/1", "target") [30];
    "policy-tier" "奖励档次" "tier of the award"
        Message("funding.policy/1", "tier") [18];
    "asked-months" "申请受益月份" "benefit months asked for"
        Message("query.funding/1", "application/months") [1 2 4 5 11 13 14 15 16 17 25 26 30 33];
    "asked-sum" "申请金额" "sum asked for"
        Message("query.funding/1", "application/amount") [1 2 4 5 16 17 28 29];
    "application-day" "申请日" "day of the application"
        Message("query.funding/1", "application/date") [20 22 24 30 32 35];
    "asked-objects" "合同、房屋、证书、企业" "lease, unit, certificate, enterprise"
        Message("query.funding/1", "application/objects") [6];
    "asked-employer" "申请单位" "applying employer"
        Message("query.funding/1", "application/employer") [1 4 5 6 24 27 28 35];
    "asked-discount" "所申请的租金优惠" "rent discount asked for"
        Message("query.funding/1", "application/discount_percent") [3];
    "asked-parent-plan" "所配套的计划" "plan that is matched"
        Message("query.funding/1", "application/parent_plan") [1 4 5 6 8 10];
    "asked-project" "所申请的项目" "project asked for"
        Message("query.funding/1", "application/project") [1 4 5 6];
    "parent-plan-awarded" "已入选所配套的计划" "the plan that is matched was awarded"
        Case("parent-plan-awarded") [8];
    "asked-co-funding" "共担协议" "co-funding agreement"
        Message("query.funding/1", "application/co_funding") [1 4 5 9];
    "topped-up" "提档补差的原资助" "grant that is topped up"
        Message("query.funding/1", "application/top_up_of") [1 2 4 29];
    "case-by-case" "一事一议依据" "case-by-case decision"
        Message("query.funding/1", "application/case_by_case") [29];
    "held-policy" "已有资助的政策" "policy of a grant held"
        Message("funding.grant/1", "policy") [1 2 4 5 7 10 11 13 14 15 16 17 27 29 33 34];
    "held-months" "已有资助的受益月份" "benefit months of a grant held"
        Message("funding.grant/1", "months") [1 2 4 5 7 10 11 13 14 15 16 17 29 33 34];
    "held-sum" "已有资助的批准金额" "approved sum of a grant held"
        Message("funding.grant/1", "approved") [1 2 4 5 9 16 17 29];
    "held-beneficiary" "已有资助的受益方" "beneficiary of a grant held"
        Message("funding.grant/1", "beneficiary") [1 4 5 6 29];
    "held-objects" "已有资助的合同、房屋、证书" "objects of a grant held"
        Message("funding.grant/1", "objects") [1 4 5 6];
    "held-employer" "已有资助的单位" "enterprise of a grant held"
        Message("funding.grant/1", "employer") [1 4 5 6 27];
    "held-project" "已有资助的项目" "project of a grant held"
        Message("funding.grant/1", "project") [1 4 5 6];
    "held-parent-plan" "已有资助所配套的计划" "plan that a grant held matches"
        Message("funding.grant/1", "parent_plan") [1 4 5 6 8 10];
    "held-co-funding" "已有资助的共担协议" "co-funding agreement of a grant held"
        Message("funding.grant/1", "co_funding") [1 4 5 9];
    "held-payers" "出资方层级" "levels of the payers"
        Message("funding.grant/1", "payers") [31];
    "held-decided-on" "资助决定日" "day of the decision"
        Message("funding.grant/1", "decided_on") [17 23];
    "stopped" "停发月份" "last benefit month of a stopped grant"
        Message("funding.stop/1", "last_month") [13 14 15 16 17 29];
    "paid-sum" "已发放金额" "sum paid"
        Message("funding.payment/1", "amount") [1 2 4 16 23 29];
    "paid-months" "已发放月份" "months paid"
        Message("funding.payment/1", "months") [1 2 4];
    "paid-on" "发放日" "day of payment"
        Message("funding.payment/1", "paid_on") [33];
    "returned-sum" "已返还金额" "sum returned"
        Message("funding.recovery/1", "amount") [1 2 4 16 23 29];
    "returned-months" "已返还月份" "months returned"
        Message("funding.recovery/1", "months") [1 2 4 13 14 15 23];
    "open-claim" "其他区有效预占" "live hold of another district"
        Message("funding.hold/1", "application") [5];
    "joint-rule" "联合规则" "joint rule"
        Message("funding.joint-rule/1", "effect") [5];
    "spouse" "夫妻关系及起止" "marriage and its dates"
        Message("subject.link/1", "kind") [11];
    "debarment" "不得申报的决定" "debarment of a person"
        Message("integrity.sanction/1", "start") [22 23];
    "sanction-end" "决定的期限" "end of a sanction"
        Message("integrity.sanction/1", "end") [22 24 35];
    "sanction-basis" "决定的依据" "clause of a sanction"
        Message("integrity.sanction/1", "basis") [22 23 24 35];
    "sanction-kind" "决定的种类" "kind of a sanction"
        Message("integrity.sanction/1", "kind") [22 24 35];
    "sanction-terms" "记录的原意" "issuer's own terms"
        Message("integrity.sanction/1", "terms") [35];
    "apartment-months" "公寓入住期间" "months in an apartment"
        Message("occupancy/1", "validity") [3 11 15 33 34];
    "apartment-kind" "公寓或驿站" "talent apartment or youth station"
        Message("occupancy/1", "kind") [3 11 15 34];
    "apartment-discount" "公寓租金优惠" "rent discount of an apartment"
        Message("occupancy/1", "discount_percent") [3 15];
    "class-held" "人才认定类别" "class certified"
        Message("certification/1", "class") [21 30];
    "role-in-team" "在认定团队中的角色" "role in a certified team"
        Message("certification/1", "members") or "leads-certified-team" [30];
    "education-record" "学历" "education"
        Message("qualification/1", "full_time") [30];
    "title-record" "职称" "title"
        Message("qualification/1", "class") [30];
    "engagement-in-district" "在本区聘任" "engaged in the district"
        Message("affiliation/1", "mode") [30];
    "employment-end" "劳动或聘用关系结束" "end of the employment or engagement"
        Message("affiliation/1", "dissolved") [20];
    "secondment" "柔性流动、挂职" "secondment"
        Message("affiliation/1", "validity") [26];
    "secondment-home" "挂职派出地在长三角地区" "seconded from the Yangtze Delta"
        Message("affiliation/1", "region") or "home-in-yangtze-delta" [26];
    "postdoc-in-station" "在本区博士后工作站在站" "postdoc in a station of the district"
        Message("affiliation/1", "mode") or "postdoc-in-station" [30];
    "postdoc-left-station" "博士后出站" "postdoc who has left the station"
        Message("affiliation/1", "validity") or "postdoc-left-station" [30];
    "work-in-district" "在本区工作起始" "start of work in the district"
        Message("affiliation/1", "validity") or "works-in-district-at-most-one-year" [30];
    "income-tax-place" "个人所得税缴纳地" "place of income tax"
        Message("affiliation/1", "region") or "income-tax-in-district" [25];
    "social-insurance-place" "社会保险参保地" "place of social insurance"
        Message("affiliation/1", "region") or "social-insurance-in-shanghai" [25];
    "general-points" "通用指标得分" "general points"
        Message("points/1", "scores/general") or "general-points" [18];
    "points-scores" "各项指标得分" "scores of the indicators"
        Message("points/1", "scores") [19];
    "points-items" "得分项目" "items behind the scores"
        Message("points/1", "entries") [19];
    "points-veto" "一票否决" "veto indicator"
        Message("points/1", "veto") or "points-without-veto" [19];
    "points-group" "直接登记类别" "group given points directly"
        Message("points/1", "direct_group") or "points-direct-group" [18];
    "points-award" "年度最低分值和入选" "year's minimum and selection"
        Message("points/1", "years") or "points-selected-this-year" [18];
    "points-award-tier" "年度奖励档次" "tier of the year's award"
        Message("points/1", "years") or "points-tier" [18];
    "points-registered" "积分登记日" "day of registration"
        Message("points/1", "validity") or "points-registered-on" [20];
    "points-lapsed" "积分失效日" "day that the points lapsed"
        Message("points/1", "lapsed_on") [20];
    "employer-quota" "单位额度" "quota of the employer"
        Message("quota/1", "limit") [28];
    "employer-quota-used" "已用额度" "quota used"
        Message("quota/1", "used") [28];
    "employer-registered-in-district" "单位在本区注册" "employer registered in the district"
        Fact("employer-registered-in-district") or "employer-registered-in-district" [25 30];
    "employer-pays-tax-in-district" "单位在本区纳税" "employer pays tax in the district"
        Fact("employer-pays-tax-in-district") or "employer-pays-tax-in-district" [25];
    "employer-not-civil-service-like" "非参公单位" "employer not civil-service-like"
        Fact("employer-not-civil-service-like") or "employer-not-civil-service-like" [25];
    "family-owns-no-home-in-district" "家庭在本区无产权住房" "family owns no home in the district"
        Fact("family-owns-no-home-in-district") or "family-owns-no-home-in-district" [12];
    "apartment-shortage" "公寓房源不足" "no apartments left"
        Fact("apartment-shortage") or "apartment-shortage" [26];
    "title-recognised" "外省市职称已获认可" "title of another province recognised"
        Fact("title-recognised") or "title-recognised" [30];
    "self-renting-in-district" "本人在本区自行租房" "rents in the district by himself"
        Case("self-renting-in-district") [12];
    "self-renting-nearby-for-work" "因工作就近租房" "rents nearby for work"
        Case("self-renting-nearby-for-work") [12];
    "below-high-level-standard" "暂不符合高层次标准" "does not meet the high-level standard"
        Case("below-high-level-standard") [21];
    "newly-introduced" "新引进" "newly introduced"
        Case("newly-introduced") [30];
    "age-at-most-35-on-application" "申请日 35 周岁以下（含）" "at most 35 on the day of application"
        Case("age-at-most-35-on-application") [30];
    "age-at-most-35-on-acceptance" "受理日 35 周岁以下（含）" "at most 35 on the day of acceptance"
        Case("age-at-most-35-on-acceptance") [30];
    "age-at-most-35-on-recognition" "认定日 35 周岁以下（含）" "at most 35 on the day of recognition"
        Case("age-at-most-35-on-recognition") [30];
    "age-at-most-35-on-year-end" "年末 35 周岁以下（含）" "at most 35 at the end of the year"
        Case("age-at-most-35-on-year-end") [30];
    "annual-salary-fen" "年薪（分）" "annual salary, fen"
        Case("annual-salary-fen") [30];
    "key-industry-field" "重点支持产业领域" "key industry field"
        Case("key-industry-field") [30];
    "shanghai-talent-plan" "市级人才计划入选" "on a Shanghai talent plan"
        Certification("shanghai-plan") or "shanghai-talent-plan" [30];
    "held-chief-post-in-top-500" "曾任五百强高管" "held a chief post in a top-500 company"
        Case("held-chief-post-in-top-500") [30];
    "registered-capital-fen" "注册资本（分）" "registered capital, fen"
        Case("registered-capital-fen") [27];
    "annual-output-fen" "年产值（分）" "annual output, fen"
        Case("annual-output-fen") [27];
    "team-share-permille" "团队持股（‰，零数进一）" "share held by the team, permille, rounded up"
        Case("team-share-permille") [27];
    "paid-in-cash-fen" "实际到位货币出资（分）" "cash paid in, fen"
        Case("paid-in-cash-fen") [27];
    "team-members" "团队成员人数（不含顾问、理事）" "members of the team, advisers and directors not counted"
        Case("team-members") [27];
    "legal-representative" "本人为企业法定代表人" "legal representative of the enterprise"
        Case("legal-representative") [27];
    "largest-shareholder" "本人为第一大股东" "largest shareholder"
        Case("largest-shareholder") [27];
    "main-founder" "本人为主要创办人" "main founder of the enterprise"
        Case("main-founder") [27];
    "agri-team-member" "农业创业团队成员" "member of an agricultural team"
        Message("certification/1", "members") or "agri-team-member" [30];
    "enterprise-on-city-list" "企业列入市级名录" "enterprise on a list of the city"
        Case("enterprise-on-city-list") [30];
    "hired-by-practice-base" "由硕博士创新实践基地录用" "hired by a practice base for masters and doctors"
        Case("hired-by-practice-base") [30];
    "hired-by-internship-base" "由紧缺人才实习基地录用" "hired by an internship base"
        Case("hired-by-internship-base") [30];
    "postdoc-station-recognised" "博士后工作站经区人才办认定" "postdoc station recognised by the Talent Office"
        Case("postdoc-station-recognised") [30];
    "postdoc-station-approved" "博士后工作站经国家批准设立" "postdoc station approved by the state"
        Case("postdoc-station-approved") [30];
    "project-implemented-in-district" "项目在本区实施" "project implemented in the district"
        Case("project-implemented-in-district") [30];
    "expert-studio-assessed" "专家工作站评估合格" "expert studio assessed as good"
        Case("expert-studio-assessed") [30];
    "competition-placed" "大赛获得名次" "placed in a competition"
        Case("competition-placed") [30];
    "prize-project-landed-within-two-years" "获奖项目两年内落地" "prize project landed within two years"
        Case("prize-project-landed-within-two-years") [30];
    "residence-permit" "持有《上海市居住证》" "holds the residence permit of Shanghai"
        Case("residence-permit") [30];
    "residence-permit-promised" "单位承诺限期办理居住证" "employer promises the residence permit"
        Case("residence-permit-promised") [30];
    "residence-points-at-least-120" "居住证积分或模拟打分达到 120 分" "120 residence points, or by simulation"
        Case("residence-points-at-least-120") [30];
    "residence-points-as-required" "居住证积分达到一定分值" "residence points as required"
        Case("residence-points-as-required") [30];
    "city-hukou" "具有本市常住户口" "registered resident of the city"
        Case("city-hukou") [30];
    "employer-pays-housing-help" "单位提供住房帮助" "employer pays housing help"
        Case("employer-pays-housing-help") [31];
    "employer-help-is-own-money" "单位自有资金" "from the employer's own money"
        Case("employer-help-is-own-money") [31];
}
