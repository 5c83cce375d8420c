//! The demo: three people, twenty-four published designs and a catalogue, made by the same verbs that people use.
//!
//! What is there already is left alone, so that it can run again after it was interrupted.

mod designs;
mod plans;

use anyhow::{Result, anyhow, bail};
use catalog::publishing::{self, Offer, OfferInput};
use identity::passwords;
use identity::users::{self, NewAccount, SignUpError};
use kernel::{AccountStatus, Actor, Ctx, GenerationId, Locale, Role, SystemReason, UserActor, UserId};
use platform::jobs::Worker;
use platform::storage::{NewFile, StorageError, StorageKey};
use platform::{App, Problem};
use serde_json::json;
use studio::generation_jobs::{self, Submitted};

use crate::commands::output::say;
use crate::wiring::{self, Domains};
use designs::{DESIGNS, Design};

/// The password of everybody in the demo.
pub const PASSWORD: &str = "machiya-demo-2026";

/// Somebody in the demo.
#[derive(Clone, Copy, Debug)]
pub struct DemoPerson {
    /// What they do.
    pub part: &'static str,
    /// Their mail address.
    pub email: &'static str,
    /// Their name.
    pub name: &'static str,
    role: Role,
}

/// Everybody in the demo.
pub const PEOPLE: [DemoPerson; 3] = [
    DemoPerson { part: "creator", email: "creator@example.com", name: "町屋 花", role: Role::User },
    DemoPerson { part: "buyer", email: "buyer@example.com", name: "青木 蓮", role: Role::User },
    DemoPerson { part: "operator", email: "operator@example.com", name: "番頭", role: Role::Admin },
];

/// Makes what is missing of the demo.
///
/// # Errors
/// When the database or the storage does not answer.
pub async fn demo(app: &App, domains: &Domains) -> Result<()> {
    let mut people = Vec::new();
    for person in PEOPLE {
        people.push(account(app, person).await?);
    }
    let Some(creator) = people.first() else { bail!("the demo has no creator") };
    plans::give(app, creator.user_id).await?;
    let mut ctx = app.ctx(Actor::User(creator.clone()), Locale::Ja);
    ctx.locale = Locale::Ja;
    let published = published_titles(app, creator.user_id).await?;
    let missing: Vec<&Design> =
        DESIGNS.iter().filter(|design| !published.iter().any(|title| title == design.title)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    say(&format!("making the demo: {} designs to draw", missing.len()));
    let worker = Worker::new(app.clone(), wiring::work(app, domains)?, 2);
    // Two at a time: the cores of a small machine.
    for pair in missing.chunks(2) {
        let mut asked = Vec::with_capacity(pair.len());
        for design in pair {
            asked.push((*design, ask(domains, &ctx, creator, design).await?));
        }
        // Either may draw either picture; both are drawn when neither finds more to do.
        let (one, other) = futures::future::join(worker.drain(), worker.drain()).await;
        one?;
        other?;
        let publishing = asked.iter().map(|(design, id)| publish(domains, &ctx, creator, design, *id));
        for done in futures::future::join_all(publishing).await {
            done?;
        }
    }
    worker.drain().await?;
    Ok(())
}

async fn account(app: &App, person: DemoPerson) -> Result<UserActor> {
    let ctx = app.ctx(Actor::System(SystemReason::Seed), Locale::Ja);
    let new = NewAccount::check(person.email, PASSWORD, person.name).map_err(|problem| anyhow!("{problem:?}"))?;
    let mut tx = app.db.begin_system(SystemReason::Seed).await?;
    let existing = users::id_of_email(&mut tx, &new.email).await?;
    tx.commit().await?;
    let user_id = match existing {
        Some(id) => id,
        None => {
            let hash =
                passwords::hash_password(ctx.random(), PASSWORD).await.map_err(|problem| anyhow!("{problem:?}"))?;
            let mut tx = app.db.begin_system(SystemReason::Seed).await?;
            let id =
                users::sign_up(&ctx, &mut tx, &new, &hash).await.map_err(|fault: SignUpError| anyhow!("{fault}"))?;
            users::set_role(&mut tx, id, person.role, ctx.now()).await?;
            users::verify_email(&mut tx, id, new.email.as_str(), ctx.now()).await?;
            tx.commit().await?;
            id
        }
    };
    Ok(UserActor {
        user_id,
        session_id: ctx.new_id(),
        role: person.role,
        status: AccountStatus::Active,
        display_name: person.name.to_owned(),
    })
}

async fn published_titles(app: &App, seller_id: UserId) -> Result<Vec<String>> {
    let mut tx = app.db.begin_system(SystemReason::Seed).await?;
    let titles = catalog::products::titles_of(&mut tx, seller_id).await?;
    tx.commit().await?;
    Ok(titles)
}

fn error_of(design: &Design, problem: &Problem) -> anyhow::Error {
    anyhow!("{}: {} {:?}", design.title, problem.code(), problem.fields())
}

async fn ask(domains: &Domains, ctx: &Ctx, creator: &UserActor, design: &Design) -> Result<GenerationId> {
    let request = studio::wardrobe::read_request(&json!({
        "aspectRatio": design.ratio, "provider": "sketch",
        "answers": {"vibe": [design.vibe], "silhouette": [design.silhouette], "color": [design.colour],
                    "occasion": [design.occasion], "season": [design.season], "extra": design.extra},
    }))
    .map_err(|problem| error_of(design, &problem))?;
    let asked = generation_jobs::submit_unmetered(&domains.studio, ctx, creator, &request).await;
    let (Submitted::Cached(generation) | Submitted::Running(generation)) =
        asked.map_err(|problem| error_of(design, &problem))?;
    Ok(generation.id)
}

/// Puts a drawn design into the gallery and its preview into the catalogue of samples.
async fn publish(
    domains: &Domains,
    ctx: &Ctx,
    creator: &UserActor,
    design: &Design,
    generation_id: GenerationId,
) -> Result<()> {
    let input = OfferInput {
        title: design.title.to_owned(),
        description: design.description.to_owned(),
        price_yen: design.price_yen,
        license_type: design.license.to_owned(),
        max_sales: design.max_sales,
        tags: design.tags.iter().map(|tag| (*tag).to_owned()).collect(),
    };
    let offer = Offer::check(&input).map_err(|fields| error_of(design, &Problem::invalid(fields)))?;
    match publishing::publish(&domains.catalog, ctx, creator, generation_id, &offer).await {
        Ok(published) => into_catalogue(domains, design, &published.preview_url).await?,
        Err(problem) if problem.code() == "already_published" => {}
        Err(problem) => return Err(error_of(design, &problem)),
    }
    say(&format!("  {}", design.title));
    Ok(())
}

/// A sample is the watermarked preview under another name: an original is never public.
async fn into_catalogue(domains: &Domains, design: &Design, preview_url: &str) -> Result<()> {
    let storage = &domains.studio.app.storage;
    let Some((_, key)) = preview_url.split_once("/files/") else { return Ok(()) };
    let key = StorageKey::new(key)?;
    let sample = StorageKey::new(format!("catalog/{}-{}-{}.png", design.vibe, design.silhouette, design.colour))?;
    match storage.head(&sample).await {
        Err(StorageError::Missing(_)) => {
            let bytes = storage.get(&key).await?;
            Ok(storage.put(NewFile { key: sample, bytes, content_type: "image/png" }).await?)
        }
        Ok(_) => Ok(()),
        Err(fault) => Err(fault.into()),
    }
}
