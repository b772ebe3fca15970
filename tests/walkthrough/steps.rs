//! The chapters of the page, in the order of the day at the window.

use serde_json::{Value, json};

use crate::story::{Story, part, slip};

/// Plays the case and writes the page.
pub async fn tell() -> String {
    let mut s = Story::begin().await;
    s.page.write(include_str!("prose/opening.md"));
    before(&mut s).await;
    identity(&mut s).await;
    recognition(&mut s).await;
    spouse(&mut s).await;
    let (application, first) = hold(&mut s).await;
    overlap_ends(&mut s, &application).await;
    let second = hold_again(&mut s, &application).await;
    pay(&mut s, &application, &second).await;
    outcome(&mut s, &first).await;
    audit(&mut s, &first).await;
    s.page.write(include_str!("prose/closing.md"));
    s.end().await.finish()
}

/// Jiashan's records from before the move.
async fn before(s: &mut Story) {
    s.page.write(include_str!("prose/before.md"));
    let title = json!({
        "kind": "qualification",
        "person": s.applicant(),
        "certificate_number": "ZJ-ZC-2023-0420",
        "record": {
            "record": "JS-ZC-2023-0420", "revision": 1, "action": "issue",
            "authority": { "name": "浙江省人力资源和社会保障厅", "region": "330000" },
            "attestation": { "level": "verified-at-source", "as_of": "2026-11-20" },
            "validity": { "from": "2023-12-01" },
            "object": "title", "scheme": "zhejiang-title", "class": "420",
        },
    });
    s.page.hide("ZJ-ZC-2023-0420", "证书编号");
    s.page.json("嘉善业务系统交给本单位前置机的内容：", &title);
    let reply = s.done("jiashan", "records", &title).await;
    let sent = s.message("jiashan", &reply).await;
    s.page.write(
        "前置机据此发出的消息（声明全文；之后各步只列 `mt` 和 `body`）。证件号码和证书编号都已换成令牌：",
    );
    s.page.json("", &sent);
    s.page.write("网关签发的回执（节选）：");
    s.page.json("", &part(&reply, &["state", "jti", "receipt", "proof", "result"]));
    let grant = json!({
        "grant": "JS-ZF-2026-018",
        "policy": { "id": "jiashan/example-rent", "version": 1 },
        "subject": s.applicant(),
        "beneficiary": "person",
        "months": { "first": "2026-01", "last": "2026-12" },
        "approved": { "monthly": 200_000 },
        "schedule": "monthly",
        "decided_on": "2026-01-05",
        "payers": [{ "tier": "district", "payer": "县人才资金（示例）", "share": { "percent": 100 } }],
        "fiscal_source": "县人才资金（示例）",
        "override": { "reason": "接入网关前已作出的决定，补录" },
    });
    let reply = s.done("jiashan", "messages/funding.grant/1", &grant).await;
    let sent = s.message("jiashan", &reply).await;
    s.page.write(
        "嘉善 2026 年 1 月起每月发给申请人甲租房补贴 2,000 元，原定发到 12 月。这是接入网关之前的决定，\
         没有占位可用，补录时须写明理由，并由**两名**经办人确认：",
    );
    s.page.json("", &part(&sent, &["mt", "body"]));
    let body = s.reconcile().await;
    s.page.write(
        "各区每日对账：前置机按已有回执计数，申报每类记录的条数与摘要。数目相符，答复才会把该区列为“已覆盖”。嘉善这一天的对账：",
    );
    s.page.json(
        "",
        &json!({ "mt": "reconcile/1", "body": { "kinds": [body["kinds"][0].clone(), "……"] } }),
    );
}

/// What Qingpu knows of its own.
async fn identity(s: &mut Story) {
    s.page.write(include_str!("prose/identity.md"));
    let authority = json!({ "name": "青浦区人力资源和社会保障局", "region": "310118" });
    let attestation = json!({ "level": "issued", "as_of": "2026-11-23" });
    let class = json!({
        "kind": "certification",
        "person": s.applicant(),
        "certificate_number": "QP-RC-2026-1107",
        "record": {
            "record": "QP-RC-2026-D", "revision": 1, "action": "issue",
            "authority": authority, "attestation": attestation,
            "validity": { "from": "2026-11-16", "until": "2031-11-15" },
            "scheme": "qingpu-housing", "scheme_version": "2020", "class": "D",
            "basis": { "document": "qingpu-2020-88", "article": "附件4 一（一）4" },
        },
    });
    s.page.hide("QP-RC-2026-1107", "证书编号");
    s.page.json("窗口录入的人才认定：", &class);
    let reply = s.done("qingpu", "records", &class).await;
    let sent = s.message("qingpu", &reply).await;
    s.page.json("发出的消息：", &part(&sent, &["mt", "body"]));
    for (n, mode) in ["employment", "income-tax", "social-insurance"].into_iter().enumerate() {
        let mut record = json!({
            "record": format!("QP-GX-2026-{n}"), "revision": 1, "action": "issue",
            "authority": authority,
            "attestation": { "level": "verified-at-source", "as_of": "2026-11-23" },
            "validity": { "from": "2026-11-01" },
            "mode": mode, "region": "310118",
        });
        if mode == "employment" {
            record["dissolved"] = json!(false);
        }
        let mut body = json!({ "kind": "affiliation", "person": s.applicant(), "record": record });
        if mode == "employment" {
            body["employer_uscc"] = s.employer();
        }
        let reply = s.done("qingpu", "records", &body).await;
        if n == 0 {
            let sent = s.message("qingpu", &reply).await;
            s.page.write(
                "同样录入三条关系：劳动合同、个人所得税、社会保险，都自 2026 年 11 月起在青浦。其中劳动合同一条：",
            );
            s.page.json("", &part(&sent, &["mt", "body"]));
        }
    }
}

/// Does the Zhejiang title count?
async fn recognition(s: &mut Story) {
    s.page.write(include_str!("prose/recognition.md"));
    let question = |purpose: &str, person: Value| {
        json!({
            "person": person,
            "context": context(),
            "about": { "object": "title" },
            "at": "qingpu",
            "for_purpose": purpose,
            "valid_at": "2026-11-23",
        })
    };
    for (purpose, lead, read) in [
        ("appointment", "第一问：在青浦聘任，这份职称算不算？", "经办人读到："),
        ("housing", "第二问：能不能凭这份职称享受住房政策？", "经办人读到："),
    ] {
        let plain = question(purpose, s.applicant());
        let answer = s.ask("qingpu", "recognise", &plain).await;
        let sent = s.message("qingpu", &answer).await;
        s.page.json(lead, &part(&sent, &["mt", "body"]));
        s.page.write(read);
        let text = answer["result"]["text"]["zh"].as_str().unwrap();
        let lines: Vec<String> = text.lines().map(str::to_owned).collect();
        s.page.screen(&lines);
    }
    s.page.write(include_str!("prose/recognition-decision.md"));
}

/// Changning knows the spouse; Qingpu does not ask.
async fn spouse(s: &mut Story) {
    s.page.write(include_str!("prose/spouse.md"));
    let work = json!({
        "kind": "affiliation",
        "person": s.spouse(),
        "record": {
            "record": "CN-GX-2024-77", "revision": 1, "action": "issue",
            "authority": { "name": "长宁区人力资源和社会保障局", "region": "310105" },
            "attestation": { "level": "verified-at-source", "as_of": "2026-11-23" },
            "validity": { "from": "2024-07-01" },
            "mode": "social-insurance", "region": "310105",
        },
    });
    let reply = s.done("changning", "records", &work).await;
    let sent = s.message("changning", &reply).await;
    s.page.json("长宁早先推送的记录：", &part(&sent, &["mt", "body"]));
    s.page.write(include_str!("prose/spouse-decision.md"));
    s.reconcile().await;
}

/// The first hold: first in the race, and a finding.
async fn hold(s: &mut Story) -> (Value, Value) {
    s.page.write(include_str!("prose/hold.md"));
    let fact = |code: &str| {
        json!({
            "code": code, "value": { "answer": "yes" }, "as_of": "2026-11-23",
            "source": "register", "attestation": "verified-at-source",
        })
    };
    let plain = json!({
        "kind": "grant",
        "policy": { "id": "qingpu/housing-rent/D", "version": 1 },
        "subject": s.applicant(),
        "beneficiary": "person",
        "employer": { "uscc": s.employer() },
        "months": { "first": "2026-12", "last": "2027-11" },
        "date": "2026-11-23",
        "amount": { "monthly": 400_000 },
        "case_facts": [
            fact("employer-registered-in-district"),
            fact("employer-pays-tax-in-district"),
            fact("employer-not-civil-service-like"),
        ],
    });
    let reply = s.done("qingpu", "messages/funding.hold/1", &held("QP-ZW-1", &plain)).await;
    let sent = s.message("qingpu", &reply).await;
    s.page.json("发出的占位：", &part(&sent, &["mt", "body"]));
    let result = &reply["result"];
    s.page.json(
        "回执（节选）：`hold` 为 `first`，即此刻没有别的区先占；核查结果随回执一并给出：",
        &json!({
            "outcome": result["outcome"],
            "hold": result["hold"],
            "position": result["position"],
            "assessment": part(&result["assessment"], &["verdict", "segments", "missing", "against"]),
        }),
    );
    s.page.write(include_str!("prose/finding.md"));
    let lines = slip(&sent["body"]["application"], &result["assessment"]);
    s.page.screen(&lines);
    let findings = result["assessment"]["findings"].as_array().unwrap();
    let found = findings.iter().find(|f| f["rule"] == "R05").unwrap();
    let shown =
        part(found, &["id", "rule", "outcome", "questions", "months", "citations", "evidence"]);
    s.page.json("发现 R05 的数据（节选）：条款、依据和月份都在其中：", &shown);
    s.page.write(include_str!("prose/finding-decision.md"));
    let mut told = reply.clone();
    told["finding"] = found["id"].clone();
    (plain, told)
}

/// Jiashan ends its benefit; the same question has another answer.
async fn overlap_ends(s: &mut Story, application: &Value) {
    let stop =
        json!({ "grant": "JS-ZF-2026-018", "last_month": "2026-11", "reason": "人才已流动" });
    let reply = s.done("jiashan", "messages/funding.stop/1", &stop).await;
    let sent = s.message("jiashan", &reply).await;
    s.page.json("嘉善停发的消息：", &part(&sent, &["mt", "body"]));
    s.page.write("青浦再核查一次。核查不占位，可以随时问：");
    let question = json!({ "context": context(), "application": application });
    let answer = s.ask("qingpu", "check", &question).await;
    let sent = s.message("qingpu", &answer).await;
    let lines = slip(&sent["body"]["application"], &answer["result"]["assessment"]);
    s.page.screen(&lines);
    let coverage: Vec<Value> = answer["coverage"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|line| line["kind"] == "funding")
        .cloned()
        .collect();
    assert!(coverage.iter().all(|line| line["covered"] == true), "{coverage:#?}");
    s.page.json("答复写明依据了哪些区的数据、截至何时（资助一类）：", &json!(coverage));
}

/// A hold remembers what it was judged on, so the old one makes room for a new one.
async fn hold_again(s: &mut Story, application: &Value) -> Value {
    s.page.write(include_str!("prose/hold-again.md"));
    let release = json!({ "hold": "QP-ZW-1", "reason": "重叠已消除，重新占位" });
    let reply = s.done("qingpu", "messages/funding.release/1", &release).await;
    let sent = s.message("qingpu", &reply).await;
    s.page.json("释放：", &part(&sent, &["mt", "body"]));
    let reply = s.done("qingpu", "messages/funding.hold/1", &held("QP-ZW-2", application)).await;
    let result = &reply["result"];
    s.page.json(
        "新占位的回执（节选）：",
        &json!({
            "outcome": result["outcome"],
            "hold": result["hold"],
            "assessment": part(&result["assessment"], &["verdict", "segments", "missing"]),
        }),
    );
    assert_eq!(result["assessment"]["verdict"], "CLEAR");
    reply
}

/// Grant, a slip of the hand, and the first payment.
async fn pay(s: &mut Story, application: &Value, hold: &Value) {
    assert_eq!(hold["result"]["hold"], "first", "the officer need not override");
    s.page.write(include_str!("prose/grant.md"));
    let mut grant = part(application, &["policy", "subject", "beneficiary", "employer", "months"]);
    for (member, value) in [
        ("grant", json!("QP-ZF-2026-311")),
        ("hold", json!("QP-ZW-2")),
        ("class", json!({ "scheme": "qingpu-housing", "class": "D" })),
        ("approved", json!({ "monthly": 400_000 })),
        ("schedule", json!("monthly")),
        ("decided_on", json!("2026-11-23")),
        (
            "payers",
            json!([{ "tier": "district", "payer": "区人才发展资金", "share": { "percent": 100 } }]),
        ),
        ("fiscal_source", json!("区人才发展资金")),
    ] {
        grant[member] = value;
    }
    let reply = s.done("qingpu", "messages/funding.grant/1", &grant).await;
    let sent = s.message("qingpu", &reply).await;
    s.page.json("资助决定：", &part(&sent, &["mt", "body"]));
    s.payday();
    let payment = |voucher: &str, month: &str| {
        json!({
            "grant": "QP-ZF-2026-311", "voucher": voucher, "budget_year": 2026,
            "months": { "first": month, "last": month },
            "amount": 400_000, "tier": "district", "paid_on": "2026-12-10",
        })
    };
    let wrong = s.send("qingpu", "messages/funding.payment/1", &payment("PZ-1", "2026-11")).await;
    s.page.write(
        "12 月 10 日发放首月。经办人先把月份误写成 11 月，网关拒绝并说明原因；拒绝也有签名回执：",
    );
    s.page.json(
        "",
        &part(
            &wrong,
            &["http_status", "code", "title", "detail", "errors", "actor", "receipt", "proof"],
        ),
    );
    let reply = s.done("qingpu", "messages/funding.payment/1", &payment("PZ-2", "2026-12")).await;
    let sent = s.message("qingpu", &reply).await;
    s.page.json("改正后发出：", &part(&sent, &["mt", "body"]));
}

/// What came of the finding.
async fn outcome(s: &mut Story, first: &Value) {
    s.page.write(include_str!("prose/outcome.md"));
    let body = json!({
        "assessment": { "jti": first["jti"], "position": first["result"]["position"] },
        "finding": first["finding"],
        "outcome": "confirmed",
        "reason": "duplicate-confirmed",
    });
    let reply = s.done("qingpu", "messages/finding.outcome/1", &body).await;
    let sent = s.message("qingpu", &reply).await;
    s.page.json("结果登记：", &part(&sent, &["mt", "body"]));
}

/// What an auditor checks, and who looked.
async fn audit(s: &mut Story, first: &Value) {
    s.page.write(include_str!("prose/audit.md"));
    let lines = s.audit("qingpu", first).await;
    s.page.screen(&lines);
    s.page.write(include_str!("prose/access.md"));
    for (district, name) in [("qingpu", "申请人甲"), ("changning", "配偶乙")] {
        let person = if district == "qingpu" { s.applicant() } else { s.spouse() };
        let body = json!({
            "context": { "case": "XF-2026-9", "purpose": "subject-access", "consent": "TY-2026-9" },
            "subject": person,
        });
        let answer = s.ask(district, "messages/query.access/1", &body).await;
        let accesses = answer["result"]["accesses"].as_array().unwrap();
        let shown: Vec<Value> =
            accesses.iter().map(|a| part(a, &["by", "query", "at", "context"])).collect();
        s.page.json(&format!("{name}的查询记录："), &json!(shown));
        assert_eq!(shown.is_empty(), district == "changning");
    }
}

/// Why Qingpu asks.
fn context() -> Value {
    json!({
        "case": "QP-2026-1123",
        "legal_basis": { "document": "qingpu-2020-88", "article": "附件4 四（二）" },
    })
}

fn held(id: &str, application: &Value) -> Value {
    let mut context = context();
    context["purpose"] = json!("funding-check");
    json!({
        "hold": id,
        "application": application,
        // 2026-12-07, nine o'clock in Shanghai: a fortnight.
        "expires": 1_796_605_200,
        "context": context,
    })
}
