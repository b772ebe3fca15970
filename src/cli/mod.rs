//! The command line: the same library for people, scripts and auditors. One file per command.
//!
//! Owns arguments, words and exit codes. Leaves everything that is decided to the modules below it.

mod bench;
mod catalogue;
mod completions;
mod demo;
mod directory;
mod evidence;
mod failure;
mod file;
mod funding;
mod import;
pub mod init;
mod key;
mod language;
mod log;
mod matter;
mod message;
mod output;
mod query;
mod rebuild;
mod recognise;
mod reconcile;
mod reference;
mod schema;
mod serve;
mod session;
mod synth;
mod token;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use self::failure::{EXIT_CODES, Exit, Failure, Outcome};
use self::output::Form;
pub use self::reference::reference;

/// 长三角人才互认网关: signed exchange of talent records between districts
///
/// One binary, several roles: `serve` is the gateway, `tokenise` the tokeniser, `connect` a
/// district's own node. The other commands write, send, show and check what passes between them.
#[derive(Debug, Parser)]
#[command(name = "talent-gateway", version, after_help = EXIT_CODES, max_term_width = 100)]
pub struct Cli {
    /// Print JSON instead of words and tables
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Demo(demo::Demo),
    Init(init::Init),
    Serve(serve::Serve),
    Tokenise(serve::Tokenise),
    Connect(serve::Connect),
    Import(import::Import),
    Reconcile(reconcile::Reconcile),
    Message(message::Messages),
    Records(query::Records),
    Feed(query::Feed),
    Subject(query::Subject),
    Objection(matter::Objections),
    Enquiry(matter::Enquiries),
    Precision(matter::Precision),
    Recognise(recognise::Recognise),
    Funding(funding::Funding),
    Schema(schema::Schemas),
    Directory(directory::Directories),
    Key(key::Keys),
    Evidence(evidence::EvidenceCommand),
    Log(log::LogCommand),
    Rebuild(rebuild::Rebuild),
    Catalogue(catalogue::CatalogueCommand),
    Synth(synth::Synth),
    Bench(bench::Bench),
    Completions(completions::Completions),
}

impl Cli {
    async fn run(self) -> Outcome {
        let form = if self.json { Form::Json } else { Form::Human };
        match self.command {
            Command::Demo(command) => command.run(form).await,
            Command::Init(command) => command.run(form).await,
            Command::Serve(command) => command.run(form).await,
            Command::Tokenise(command) => command.run(form).await,
            Command::Connect(command) => command.run(form).await,
            Command::Import(command) => command.run(form).await,
            Command::Reconcile(command) => command.run(form).await,
            Command::Message(command) => command.run(form).await,
            Command::Records(command) => command.run(form).await,
            Command::Feed(command) => command.run(form).await,
            Command::Subject(command) => command.run(form).await,
            Command::Objection(command) => command.run(form).await,
            Command::Enquiry(command) => command.run(form).await,
            Command::Precision(command) => command.run(form).await,
            Command::Recognise(command) => command.run(form).await,
            Command::Directory(command) => command.run(form).await,
            Command::Evidence(command) => command.run(form).await,
            Command::Log(command) => command.run(form).await,
            Command::Bench(command) => command.run(form).await,
            Command::Funding(command) => command.run(form).await,
            Command::Schema(command) => command.run(form),
            Command::Key(command) => command.run(form),
            Command::Rebuild(command) => command.run(form),
            Command::Catalogue(command) => command.run(form),
            Command::Synth(command) => command.run(form).await,
            Command::Completions(command) => command.run(),
        }
    }
}

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let json = cli.json;
    crate::net::tls::install_provider();
    let done = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime.block_on(cli.run()),
        Err(error) => Err(Failure::new(Exit::Failed, error)),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(json),
    }
}
