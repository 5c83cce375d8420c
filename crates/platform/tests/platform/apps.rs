//! Houses for tests that need more than `testkit::TestApp`: several on one database, with the machine's clock.

use std::collections::BTreeMap;
use std::path::Path;

use kernel::{AccountStatus, Actor, Clock, Random, Role, UserActor, UserId};
use platform::config::Config;
use platform::db::DatabaseAddresses;
use platform::i18n::Languages;
use platform::jobs::ProgressFeed;
use platform::storage::{LinkSigner, Storage};
use platform::tasks::Tasks;
use platform::{App, AppParts, Database};
use uuid::Uuid;

/// An installation that lives in the machine's time.
pub(crate) fn app(web_url: &str, service_url: &str, folder: &Path) -> App {
    let addresses =
        DatabaseAddresses { web_url: web_url.to_owned(), service_url: service_url.to_owned(), pool_size: 12 };
    let signer = LinkSigner::new(b"a secret of the tests, long enough for anybody");
    App::new(AppParts {
        config: Config::from_sources("", &BTreeMap::new()).unwrap(),
        db: Database::open(&addresses).unwrap(),
        storage: Storage::folder(&folder.join("files"), signer).unwrap(),
        clock: Clock::System,
        random: Random::system(),
        languages: Languages::empty(),
        tasks: Tasks::default(),
        progress: ProgressFeed::default(),
        http: platform::provider_client().unwrap(),
    })
}

/// Somebody, without an account behind it: row level security needs none.
pub(crate) fn person(number: u128) -> Actor {
    Actor::User(UserActor {
        user_id: UserId::from(Uuid::from_u128(number)),
        session_id: Uuid::from_u128(1).into(),
        role: Role::User,
        status: AccountStatus::Active,
        display_name: "花".to_owned(),
    })
}

/// Where effects of jobs are counted; like every table of the platform, without a row for anybody else.
pub(crate) const EFFECTS: &str =
    "create table public.effects (at bigint generated always as identity, who text not null);
    grant select, insert on public.effects to service_role;";
