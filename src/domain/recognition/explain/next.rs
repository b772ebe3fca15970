//! What follows from the finding about a record, and whom to call.

use std::collections::BTreeSet;
use std::fmt::{self, Write as _};

use super::super::answer::{
    Flag, Outcome, PreconditionFinding, Proof, Recognition, RecordFinding, RuleFinding,
    SetAsideReason, Source,
};
use super::super::effect::{Effect, Object, RecognitionPurpose};
use super::super::rule::{LocalMeaning, Requirement};
use super::{Told, hours, pick};
use crate::domain::participant::ParticipantId;
use crate::domain::place;
use crate::domain::record::credence::{is_checked, is_of_the_district};
use crate::domain::text::Language;

/// What an officer does next about one record.
pub(super) fn write(
    out: &mut String,
    answer: &Recognition,
    record: &RecordFinding,
    told: Told<'_>,
    language: Language,
) -> fmt::Result {
    let step = pick(language, "下一步", "Next");
    let colon = pick(language, "：", ": ");
    for text in steps(answer, record, told, language) {
        writeln!(out, "  → {step}{colon}{text}")?;
    }
    let (who, about) = match record.outcome {
        _ if record.is_example() && !record.is_refuted() => {
            (office(&answer.at, told, language), None)
        }
        Outcome::Recognised | Outcome::NotRecognised => return Ok(()),
        Outcome::NoRule if record.is_own() => return Ok(()),
        // The receiving district decides what no rule does.
        Outcome::NoRule => (office(&answer.at, told, language), None),
        Outcome::Conditional | Outcome::NotValid | Outcome::NoRecord => (
            offices(answer, record, told, language),
            record.authority.as_ref().map(|authority| authority.name.as_str()),
        ),
    };
    let about = about.map(|name| match language {
        Language::Zh => format!("；作出机关{name}"),
        Language::En => format!(", or {name}, which decided"),
    });
    let about = about.unwrap_or_default();
    writeln!(out, "  ☎ {}{colon}{who}{about}", pick(language, "联系", "Call"))
}

/// What to do where nothing is recorded.
pub(super) fn write_no_record(
    out: &mut String,
    answer: &Recognition,
    told: Told<'_>,
    language: Language,
) -> fmt::Result {
    let who = office(&answer.at, told, language);
    match language {
        Language::Zh => writeln!(
            out,
            "  → 下一步：无记录不等于没有，先看覆盖情况；请当事人出示证书，并向发证地核实。\n  \
             ☎ 联系：{who}，或证书所载的发证机关"
        ),
        Language::En => writeln!(
            out,
            "  → Next: no record is not proof of none; look at the coverage, have the certificate \
             shown and ask where it was issued.\n  ☎ Call: {who}, or the authority that the \
             certificate names"
        ),
    }
}

pub(super) fn office(participant: &ParticipantId, told: Told<'_>, language: Language) -> String {
    place::office(participant, told.contact, language)
}

/// Who can clear it: the receiving district, where it alone may state what is not proven; of a copy that
/// follows its original, the office that sent that; the sender of the record; and who sent what was set aside.
fn offices(
    answer: &Recognition,
    record: &RecordFinding,
    told: Told<'_>,
    language: Language,
) -> String {
    let mut who = vec![&record.sender];
    if record.flags.contains(&Flag::ByOriginal) {
        // The copy rests on all that the authority's own record rests on.
        let is_original = |r: &&RecordFinding| {
            let rests = r.evidence.iter().all(|position| record.evidence.contains(position));
            rests && r.sender != record.sender && !r.flags.contains(&Flag::ByOriginal)
        };
        let originals = answer.records.iter().filter(is_original).map(|r| &r.sender);
        who = originals.chain(who).collect();
    }
    if record.outcome == Outcome::Conditional {
        let speak = record.rules.iter().filter(|r| r.is_refuted() == record.is_refuted());
        for p in speak.flat_map(|rule| &rule.preconditions).filter(|p| !p.is_proven()) {
            if matches!(&p.precondition.need, Requirement::Fact { name, .. } if is_of_the_district(name))
            {
                who.insert(0, &answer.at);
            }
            let aside = |s: &&Source| p.set_aside.iter().any(|a| a.position == s.position);
            who.extend(p.sources.iter().filter(aside).filter_map(|s| s.sender.as_ref()));
        }
    }
    let mut named = BTreeSet::new();
    who.retain(|participant| named.insert(*participant));
    let who: Vec<_> = who.into_iter().map(|p| office(p, told, language)).collect();
    who.join(pick(language, "；", "; "))
}

fn steps(
    answer: &Recognition,
    record: &RecordFinding,
    told: Told<'_>,
    language: Language,
) -> Vec<String> {
    let deciding = record.rules.first();
    match record.outcome {
        Outcome::Conditional if record.is_refuted() => refuted(record, language),
        _ if record.is_example() => vec![only_an_example(language).to_owned()],
        Outcome::Recognised => {
            let counted = hours::counted(record, language).map(str::to_owned);
            let follows = || deciding.map(|r| follows(r, answer, told, language));
            counted.or_else(follows).into_iter().collect()
        }
        Outcome::Conditional if !record.alternatives().is_empty() => {
            alternatives(&record.alternatives(), answer, told, language)
        }
        Outcome::Conditional => deciding.map_or_else(Vec::new, |rule| {
            let open = rule.preconditions.iter().filter(|p| !p.is_proven());
            if rule.effect == Effect::NotRecognised {
                return whether_refused(open, language);
            }
            let mut steps: Vec<_> = open.map(|p| missing(p, language)).collect();
            let then = pick(language, "条件证明后，", "once that is proven – ");
            let counted = hours::counted(record, language).map(str::to_owned);
            let follows = || format!("{then}{}", follows(rule, answer, told, language));
            steps.push(counted.unwrap_or_else(follows));
            steps
        }),
        Outcome::NotRecognised => {
            deciding.map(|r| follows(r, answer, told, language)).into_iter().collect()
        }
        Outcome::NoRule => {
            let mut steps = vec![no_rule(answer, record, language).to_owned()];
            steps.extend(hours::counted(record, language).map(str::to_owned));
            steps
        }
        Outcome::NotValid => record
            .flags
            .iter()
            .filter(|flag| flag.invalidates())
            .map(|flag| match flag {
                Flag::Expired => expired(answer, record, language),
                _ => invalid(*flag, language).to_owned(),
            })
            .collect(),
        Outcome::NoRecord => Vec::new(),
    }
}

fn no_rule(answer: &Recognition, record: &RecordFinding, language: Language) -> &'static str {
    if record.flags.contains(&Flag::RulesConflict) {
        pick(
            language,
            "规则结果不一，请所列各决定机关明确以何者为准，再人工办理",
            "the rules differ: ask the deciding bodies listed which of them holds, then decide",
        )
    } else if record.is_own() && record.attestation.is_some_and(|a| !is_checked(a.level)) {
        pick(
            language,
            "仅为个人申报：先与本地档案核对，再按本地规定使用",
            "only declared: check it against the local files, then use it by local rules",
        )
    } else if record.is_own() && record.sender != answer.at {
        pick(
            language,
            "由他处报送：先与本地档案核对，再按本地规定使用",
            "sent from elsewhere: check it against the local files, then use it by local rules",
        )
    } else if record.is_own() {
        pick(language, "按本地规定直接使用该记录", "use the record by local rules")
    } else {
        pick(
            language,
            "由接收地主管部门人工判断",
            "the office in charge at the receiving district decides",
        )
    }
}

/// No action follows from an example.
const fn only_an_example(language: Language) -> &'static str {
    pick(
        language,
        "只有示例提到此项，没有现行规则；由接收地主管部门人工判断",
        "only an example speaks of it, no rule in force does: the office in charge at the receiving \
         district decides",
    )
}

/// What data say against each rule; nothing follows from the rules until a person has decided.
fn refuted(record: &RecordFinding, language: Language) -> Vec<String> {
    let preconditions = record.rules.iter().flat_map(|rule| &rule.preconditions);
    let against = preconditions.filter(|p| p.proof == Proof::Refuted);
    let mut steps = Vec::new();
    for step in against.map(|p| missing(p, language)) {
        if !steps.contains(&step) {
            steps.push(step);
        }
    }
    steps
}

/// A "no" that depends on something: an office finds out, as nobody has to prove what tells against
/// them.
fn whether_refused<'a>(
    open: impl Iterator<Item = &'a PreconditionFinding>,
    language: Language,
) -> Vec<String> {
    let find = pick(
        language,
        "由经办人向掌握该事实的单位核实是否属实（不要求当事人举证）",
        "ask the office that holds the fact whether it is so; the talent need not prove it",
    );
    let colon = pick(language, "：", ": ");
    let mut steps: Vec<_> =
        open.map(|p| format!("{find}{colon}{}", p.precondition.text.get(language))).collect();
    let then = pick(
        language,
        "如属实，不能据此办理，当事人可按本地规定另行申请；如不属实，该规则不适用，由接收地人工判断",
        "if so, it cannot be relied on and the talent may apply under local rules; if not, the rule does \
         not apply and the receiving district decides",
    );
    steps.push(then.to_owned());
    steps
}

/// Which of several cases it is has to be found out first; then what follows in each.
fn alternatives(
    rules: &[&RuleFinding],
    answer: &Recognition,
    told: Told<'_>,
    language: Language,
) -> Vec<String> {
    let and = pick(language, "；", "; ");
    let open = |rule: &RuleFinding| {
        let open = rule.preconditions.iter().filter(|p| !p.is_proven());
        open.map(|p| p.precondition.text.get(language)).collect::<Vec<_>>().join(and)
    };
    let cases: Vec<String> = rules.iter().map(|rule| open(rule)).collect();
    let or = pick(language, "，还是", ", or ");
    let find = pick(language, "查明是哪一种情形：", "find out which it is: ");
    let mut steps = vec![format!("{find}{}", cases.join(or))];
    for (rule, case) in rules.iter().zip(&cases) {
        steps.push(match language {
            Language::Zh => format!("如{case}，{}", follows(rule, answer, told, language)),
            Language::En => format!("if {case} – {}", follows(rule, answer, told, language)),
        });
    }
    steps
}

fn missing(p: &PreconditionFinding, language: Language) -> String {
    let text = p.precondition.text.get(language);
    let attested = matches!(p.precondition.need, Requirement::Attestation { .. });
    let contradicted =
        p.set_aside.iter().any(|a| a.reasons.contains(&SetAsideReason::Contradicting));
    let mut reasons = p.set_aside.iter().flat_map(|aside| &aside.reasons);
    let standing = reasons.find_map(|reason| stands_not(*reason, language));
    let open = matches!(p.proof, Proof::ToBeUploaded | Proof::Unknown);
    if let Some(verb) = standing.filter(|_| open) {
        return format!("{verb}{}{text}", pick(language, "：", ": "));
    }
    let verb = match p.proof {
        Proof::Proven => return text.to_owned(),
        Proof::ToBeUploaded | Proof::Unknown if contradicted => pick(
            language,
            "各方数据相互矛盾，先向报送各方核实",
            "the data contradict each other: ask those who sent them first",
        ),
        Proof::ToBeUploaded if attested => {
            pick(language, "请当事人出示证书供验看", "have the certificate shown")
        }
        Proof::Unknown if attested => pick(
            language,
            "请报送方进一步核验该记录并重新报送",
            "have the sender check the record further and send it again",
        ),
        Proof::ToBeUploaded => pick(language, "请当事人上传材料证明", "have a document uploaded"),
        Proof::Unknown => {
            pick(language, "向掌握该事实的单位核实", "ask the office that holds the fact")
        }
        Proof::Refuted => pick(
            language,
            "数据与条件不符，核对所据记录后由人判断",
            "data say otherwise: check the records named, a person decides",
        ),
    };
    if attested && p.proof != Proof::Refuted {
        return verb.to_owned();
    }
    format!("{verb}{}{text}", pick(language, "：", ": "))
}

/// What to do about a record that a rule asks for, and that is there but does not hold.
fn stands_not(reason: SetAsideReason, language: Language) -> Option<&'static str> {
    Some(match reason {
        SetAsideReason::Suspended => pick(
            language,
            "所要求的记录已暂停，恢复之前不能证明此条件，证书原件也不能；向作出暂停的机关核实",
            "the record asked for is suspended: until it is reinstated neither it nor its paper proves \
             this; ask who suspended it",
        ),
        SetAsideReason::Revoked => pick(
            language,
            "所要求的记录已撤销，不能证明此条件，证书原件也不能；如有疑问向作出撤销的机关核实",
            "the record asked for was revoked: neither it nor its paper proves this; in doubt ask who \
             revoked it",
        ),
        SetAsideReason::Expired => pick(
            language,
            "所要求的记录已过期；如已延续或换证，请出示新证书",
            "the record asked for has expired: if it was renewed, have the new certificate shown",
        ),
        SetAsideReason::NotYetValid => pick(
            language,
            "所要求的记录尚未生效，待其生效后再办理",
            "the record asked for is not valid yet: wait until it is",
        ),
        SetAsideReason::CopiesDiffer => pick(
            language,
            "所要求的记录与其原始记录不一致，先向报送各方核实",
            "the record asked for and its original differ: ask those who sent them first",
        ),
        SetAsideReason::ObjectionPending
        | SetAsideReason::Suspect
        | SetAsideReason::Declared
        | SetAsideReason::OtherDistrict
        | SetAsideReason::SenderUnknown
        | SetAsideReason::Contradicting => return None,
    })
}

/// The record that took the place of one that ran out: later under one scheme, and valid on the day or
/// not yet.
fn successor<'a>(answer: &'a Recognition, record: &RecordFinding) -> Option<&'a RecordFinding> {
    let ran_out = record.validity?;
    let stands = |flag: &&Flag| flag.invalidates() && **flag != Flag::NotYetValid;
    let follows = |r: &&RecordFinding| {
        let later = r.validity.is_some_and(|v| {
            let longer = v.until.zip(ran_out.until).is_none_or(|(new, old)| new > old);
            v.from > ran_out.from && longer
        });
        later
            && r.object == record.object
            && r.scheme == record.scheme
            && r.object != Object::EducationHours
            && !r.flags.iter().any(|flag| stands(&flag))
    };
    answer.records.iter().filter(follows).min_by_key(|r| r.validity.map(|v| v.from))
}

/// What to do about a record that ran out: it may have been renewed already.
fn expired(answer: &Recognition, record: &RecordFinding, language: Language) -> String {
    let next = successor(answer, record).and_then(|next| Some((next, next.validity?.from)));
    let Some((next, from)) = next else { return invalid(Flag::Expired, language).to_owned() };
    let sender = place::name(next.sender.as_str(), language);
    let ended = record.validity.and_then(|validity| validity.until);
    let gapless = ended.and_then(|day| day.tomorrow().ok()).is_some_and(|day| from <= day);
    match language {
        Language::Zh => {
            let link = if gapless { "，与本条之间没有间断" } else { "" };
            format!(
                "不必再办延续：已有后续记录 {}（{sender}报送，{from} 起{link}），按该记录办理",
                next.record
            )
        }
        Language::En => {
            let link = if gapless { ", without a gap" } else { "" };
            format!(
                "no renewal is needed: record {} follows it (sent by {sender}, from {from} on{link}), \
                 go by that one",
                next.record
            )
        }
    }
}

fn invalid(flag: Flag, language: Language) -> &'static str {
    match flag {
        Flag::Expired => {
            pick(language, "请当事人先办理延续或换证", "have the record renewed first")
        }
        Flag::NotYetValid => pick(language, "待记录生效后再办理", "wait until the record holds"),
        Flag::ObjectionPending => {
            pick(language, "等待异议结论后再办理", "wait for the outcome of the objection")
        }
        Flag::Suspect => pick(
            language,
            "请报送方用新密钥确认该记录",
            "have the sender confirm the record with its new key",
        ),
        Flag::Suspended | Flag::Revoked => pick(
            language,
            "不能据此办理；如有疑问向认定机关核实",
            "it cannot be relied on; in doubt ask the authority that decided",
        ),
        _ => pick(language, "人工核实", "a person checks"),
    }
}

/// What the effect of a rule lets an officer do.
fn follows(rule: &RuleFinding, answer: &Recognition, told: Told<'_>, language: Language) -> String {
    let text = match rule.effect {
        Effect::ValidDirectly => match &rule.local {
            Some(LocalMeaning::Class { class }) => {
                let class = told.class(&class.scheme, &class.class, language);
                return match language {
                    Language::Zh => format!("仅就此用途按本地{class}办理，不推及其他用途"),
                    Language::En => {
                        format!("treat as local {class} for this purpose and no other")
                    }
                };
            }
            _ => pick(language, "可直接作为依据办理", "rely on it directly"),
        },
        Effect::ValidAfterFiling => pick(
            language,
            "先由用人单位在接收地备案，备案后方可执业",
            "the enterprise files it (备案) at the receiving district first, then practice begins",
        ),
        Effect::AppointableWithoutReview => pick(
            language,
            "不需复审、复评或确认，由用人单位聘任；可凭原证书申报高一级",
            "no 复审, 复评 or 确认: the employer appoints, and the next level may be applied for on the \
             old certificate",
        ),
        Effect::HoursAccumulate => pick(
            language,
            "学时计入所载年度，见下面的年度合计",
            "the hours count in their year, see the sums below",
        ),
        Effect::PermitValid if answer.for_purpose == RecognitionPurpose::EmployerChange => pick(
            language,
            "许可在接收地有效；办理变更用人单位，免交证明材料",
            "the permit is valid here; a change of employer is applied for without supporting material",
        ),
        Effect::PermitValid => pick(
            language,
            "许可在接收地有效，不需重新申请",
            "the permit is valid here, no new application",
        ),
        Effect::NotRecognised => pick(
            language,
            "不能据此办理；当事人可按本地规定另行申请",
            "it cannot be relied on; the talent may apply under local rules",
        ),
    };
    text.to_owned()
}
