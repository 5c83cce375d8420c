//! Every column that a builder writes exists, and its checks hold.

use kernel::Role;
use sqlx::{Connection as _, PgConnection};
use time::Duration;

use super::{Accounts, OriginalFile, Pictures};
use crate::app::BEGINNING;
use crate::cluster::fresh_database;

#[tokio::test]
async fn accounts_and_pictures_are_built_one_or_many() {
    let database = fresh_database().await;
    let mut owner = PgConnection::connect(database.superuser_url()).await.unwrap();
    let people =
        Accounts::new(3).role(Role::Seller).created_at(BEGINNING, Duration::DAY).insert(&mut owner).await.unwrap();
    Accounts::one().named("花").banned().insert_one(&mut owner).await.unwrap();
    assert_eq!(people.len(), 3);
    let names: Vec<(String, bool)> =
        sqlx::query_as("select display_name, is_banned from public.user_profiles order by created_at, is_banned")
            .fetch_all(&mut owner)
            .await
            .unwrap();
    let is_hana = |(name, is_banned): &&(String, bool)| *is_banned && name == "花";
    assert_eq!((names.len(), names.iter().filter(is_hana).count()), (4, 1));

    let many = Pictures::new(people[0], 5).made_at(BEGINNING, Duration::MINUTE).kept_for(Duration::WEEK);
    let ids = many.with_missing_originals().insert(&mut owner).await.unwrap();
    let file = OriginalFile { key: format!("usergen/{}/x.png", people[0]), sha256: [7; 32], size_bytes: 9 };
    let child = Pictures::stored(people[0], file).child_of(ids[4]).size("1:1", 64, 64).prompt("a coat");
    child.insert_one(&mut owner).await.unwrap();
    let counts: (i64, i64, i64) = sqlx::query_as(
        "select (select count(*) from public.generations), (select count(*) from public.media_images),
                (select count(*) from public.generations where expires_at is not null)",
    )
    .fetch_one(&mut owner)
    .await
    .unwrap();
    assert_eq!(counts, (6, 6, 5));
}
