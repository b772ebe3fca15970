//! What the lint finds, in words.

use super::lint::ProblemKind;

macro_rules! words {
    ($($kind:ident $zh:literal $en:literal;)*) => {
        impl ProblemKind {
            /// What is wrong, in Chinese and English.
            pub const fn words(self) -> (&'static str, &'static str) {
                match self { $(Self::$kind => ($zh, $en),)* }
            }
        }
    };
}

words! {
    UnknownKind "资助种类不在共用清单中" "the kind is not on the shared list";
    NoKind "政策没有资助种类" "the policy has no kind";
    CapWithoutUnit "有金额上限，却没有可以封顶的计量方式" "a sum without a unit that it can be a cap of";
    UnitWithoutCap "计量方式需要金额或百分比上限，却没有写" "the unit needs a sum or a percentage";
    NoArticle "条款出处没有文件或条目" "a clause or source without document or article";
    NoPhrase "没有引用条款原文的短语" "the phrase that it rests on is missing";
    UnknownClause "条款不在条款清单中" "the clause list has no such clause";
    ClauseDiffers "条款的出处或规则与条款清单不一致" "the clause differs from the clause list";
    UnknownFact "条件所指的事实没有载体" "a condition or criterion on a fact that nothing carries";
    TwoBounds "条件同时写了“至少”和“超过”" "a condition with two lower bounds";
    CapWithoutLimit "上限既没有月数也没有金额" "a cap with neither months nor a sum";
    EmptyScope "上限没有计数范围" "a cap without a key that it counts under";
    NoBeneficiary "政策没有受益对象" "a policy for nobody";
    UnknownRule "没有这条规则，或该规则不读取此项" "no such rule, or the rule does not read this";
    ForeignId "政策编号不以所属区开头" "the id does not begin with the district";
    Duplicate "同一编号和版本出现两次" "two entries with one id and version";
    ValidityOverlap "同一政策的两个版本有效期重叠" "two versions are in force on the same day";
    ValidityGap "同一政策的两个版本之间有空档" "days between two versions on which none is in force";
    ValidityEmpty "有效期止日早于起日" "the validity ends before it begins";
    NoSource "没有文号或出处" "a number or source is missing";
    HolidayDates "节假日日期有误" "a holiday that ends before it begins, is too long, or lies in another year";
    WorkdayDates "调休上班日有误" "a make-up working day that is no weekend day, or lies in a holiday or another year";
    CalendarGap "两个年度的放假通知之间有空档" "years that no notice speaks about";
    PrecisionThreshold "准确率门槛不起作用" "a threshold that no sample or every sample falls below";
    ClockDays "办理时限天数有误" "a clock without days, or a longest period that is not longer";
    UnknownClass "体系或等级不在体系目录中" "the scheme catalogue has no such scheme or class";
    RuleUnfit "互认规则自相矛盾，或所指的体系、等级、事实、联盟不存在" "a recognition rule that does not fit itself, or names what there is not";
    UnknownIssuer "发证机关或报送单位未知，或不在该机关辖区内" "an issuer or sender that is not known, or lies outside the region of the authority";
    UnknownAuthority "体系编号不以已知机关开头" "the id does not begin with a known authority";
    UnknownRegion "区划代码不存在" "no such region code";
    NoClass "体系既不开放，也没有等级" "a scheme that is neither open nor has a class";
    UnknownList "没有这个代码表、版本或列" "no such code list, version or column";
    UnknownCode "代码不在代码表中" "the code list has no such code";
    Empty "清单为空，或条目没有名称" "an empty list, or an entry without a name";
    NoReading "问题既没有列出理解，也没有说明为何不影响计算，或两者都有" "a question has neither readings nor a reason for none, or both";
    MappingIncomplete "对照表有遗漏" "a code of a mapped list has no row";
}
