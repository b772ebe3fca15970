//! `synth write`: ready-to-push messages by district, and the truth beside them.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Args;
use serde_json::json;

use super::talents;
use crate::cli::failure::Outcome;
use crate::cli::output::{Form, progress};
use crate::synth::{self, District, Story};

/// Write ready-to-push messages and the truth
///
/// One file of JSON lines per district, for its connector: `seq` (order over all districts),
/// `path`, `body` with plain identifiers. prelude.jsonl holds the example policies, the joint
/// rule and the invented rules of recognition that some stories need; truth.jsonl what each check must
/// find and what each look-up must come to.
#[derive(Debug, Args)]
pub(super) struct Write {
    /// Number of generated talents
    #[arg(long, value_name = "N", default_value_t = 240, value_parser = talents())]
    talents: u32,
    /// Seed of the generator
    #[arg(long, value_name = "S", default_value_t = 2026)]
    seed: u64,
    /// Folder to write to; it is made, files in it are replaced
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

/// The files of a folder, each written line by line.
struct Files {
    districts: Vec<BufWriter<File>>,
    truth: BufWriter<File>,
    /// Order over all districts.
    seq: u64,
}

impl Write {
    pub(super) fn run(&self, form: Form) -> Outcome {
        std::fs::create_dir_all(&self.out).with_context(|| self.out.display().to_string())?;
        let open = |name: &str| file(&self.out, name);
        let districts = District::ALL.iter().map(|d| open(d.id())).collect::<Result<_, _>>()?;
        let mut files = Files { districts, truth: open("truth")?, seq: 0 };
        prelude(&mut open("prelude")?)?;
        let bar = progress(u64::from(self.talents), "writing");
        let count = usize::try_from(self.talents).unwrap_or(usize::MAX);
        for story in synth::stories(self.seed, 0..count) {
            files.write(&story)?;
            bar.inc(1);
        }
        bar.finish_and_clear();
        for file in files.districts.iter_mut().chain([&mut files.truth]) {
            file.flush().map_err(anyhow::Error::from)?;
        }
        let done = json!({ "talents": self.talents, "seed": self.seed, "messages": files.seq });
        form.print(&done, |_| format!("{} messages of {} talents", files.seq, self.talents))
    }
}

impl Files {
    fn write(&mut self, story: &Story) -> anyhow::Result<()> {
        let matching = synth::kinds().find(|k| k.name == story.kind).and_then(|k| k.matching);
        for act in &story.acts {
            let head = json!({ "seq": self.seq, "story": story.index, "kind": story.kind });
            self.seq += 1;
            let mut line = head.clone();
            line["path"] = json!(act.path());
            line["body"] = act.body.clone();
            if let Some(file) = self.districts.get_mut(act.district as usize) {
                writeln!(file, "{line}")?;
            }
            if let Some(truth) = &act.look_up {
                let mut line = head;
                line["papers"] = json!(story.papers);
                line["look_up"] = json!(truth.expected);
                writeln!(self.truth, "{line}")?;
                continue;
            }
            let Some(truth) = &act.truth else { continue };
            let mut line = head;
            line["verdict"] = json!(truth.verdict());
            line["lacks"] = json!(truth.lacks);
            line["findings"] = json!(truth.findings);
            line["near"] = json!(truth.near);
            line["matching"] = json!(matching);
            writeln!(self.truth, "{line}")?;
        }
        Ok(())
    }
}

fn prelude(out: &mut BufWriter<File>) -> anyhow::Result<()> {
    let mut line = |mt: &str, (district, body): (District, serde_json::Value)| {
        let path = format!("/local/v1/messages/{mt}");
        writeln!(out, "{}", json!({ "district": district.id(), "path": path, "body": body }))
    };
    for policy in synth::prelude::policies() {
        line("funding.policy/1", policy)?;
    }
    line("funding.joint-rule/1", synth::prelude::joint_rule())?;
    for rule in synth::prelude::recognition_rules() {
        line("recognition.rule/1", rule)?;
    }
    Ok(out.flush()?)
}

fn file(folder: &Path, name: &str) -> anyhow::Result<BufWriter<File>> {
    let path = folder.join(format!("{name}.jsonl"));
    let file = File::create(&path).with_context(|| path.display().to_string())?;
    Ok(BufWriter::new(file))
}
