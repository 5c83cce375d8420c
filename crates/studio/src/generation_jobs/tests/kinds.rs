use kernel::{AccountStatus, Actor, GenerationId, Role, UserActor};
use serde_json::Value;

use crate::generation_jobs::submit::{GenerationRequest, Submitted, submit};
use crate::generations::model::Generation;
use crate::generations::queries;
use crate::generations::spec::{EditSpec, EditType, GenerationSpec, InputAsset, PageSectionSpec};
use crate::models::choose::ModelSelector;
use crate::output_size::OutputSize;
use crate::tests::{Fixture, text};

/// Hana requests this, and it is made.
async fn make(fixture: &Fixture, spec: GenerationSpec) -> Result<Generation, &'static str> {
    let actor = UserActor {
        user_id: fixture.hana.id,
        session_id: fixture.app.ctx().new_id(),
        role: Role::User,
        status: AccountStatus::Active,
        display_name: String::new(),
    };
    let mut ctx = fixture.app.ctx();
    ctx.actor = Actor::User(actor.clone());
    let model = ModelSelector::default();
    let request = GenerationRequest { spec, model, again: false, seed: None, price_id: None };
    let submitted = submit(&fixture.studio, &ctx, &actor, &request).await.map_err(|problem| problem.code())?;
    let (Submitted::Cached(asked) | Submitted::Running(asked)) = submitted;
    fixture.app.drain().await;
    let mut tx = fixture.app.tx().await;
    Ok(queries::find(&mut tx, fixture.hana.id, asked.id).await.unwrap().unwrap())
}

fn section(width_px: u32, height_px: u32, references: Vec<InputAsset>) -> GenerationSpec {
    let prompt = "パーソナルジムの入会促進バナー".to_owned();
    GenerationSpec::PageSection(PageSectionSpec { prompt, width_px, height_px, references })
}

fn id_of(asked: &Value) -> GenerationId {
    text(&asked["id"]).parse().unwrap()
}

#[tokio::test]
async fn a_page_section_has_exact_pixels_from_the_nearest_ratio_and_a_prefix_of_its_own() {
    let fixture = Fixture::new().await;
    let made = make(&fixture, section(750, 400, Vec::new())).await.unwrap();
    assert_eq!((made.width, made.height, made.failure_code), (Some(750), Some(400), None));
    assert!(made.storage_key.unwrap().as_str().starts_with(&format!("images/{}/", fixture.hana.id)));
    let sent = fixture.gemini.requests().pop().unwrap().body;
    assert_eq!(sent["generationConfig"]["imageConfig"]["aspectRatio"], "16:9");
    let outputs = "select count(*) from generation_outputs where image_id is not null and position = 0";
    assert_eq!(fixture.app.value::<i64>(outputs).await, 1);
}

#[tokio::test]
async fn pictures_to_go_by_are_the_accounts_own_and_are_recorded() {
    let fixture = Fixture::new().await;
    let asked = fixture.make("reference").await;
    let reference = InputAsset::Generation(id_of(&asked));
    let made = make(&fixture, section(1200, 628, vec![reference])).await.unwrap();
    assert_eq!((made.width, made.height, made.failure_code), (Some(1200), Some(628), None));
    let parts = fixture.gemini.requests().pop().unwrap().body["contents"][0]["parts"].clone();
    assert_eq!(parts.as_array().unwrap().len(), 2, "the text and the picture");
    let inputs = "select role || ' ' || (source_generation_id is not null)::text from generation_inputs";
    assert_eq!(fixture.app.value::<String>(inputs).await, "reference true");

    let foreign: Value =
        fixture.sora.client.post(crate::tests::GENERATE, &crate::tests::request_body("x")).await.json();
    fixture.app.drain().await;
    for stranger in [id_of(&foreign), fixture.app.ctx().new_id()] {
        let spec = section(800, 400, vec![InputAsset::Generation(stranger)]);
        assert_eq!(make(&fixture, spec).await.unwrap_err(), "invalid_input");
    }
}

#[tokio::test]
async fn an_edit_behind_a_mask_leaves_the_rest_as_it_was_and_descends_from_its_source() {
    let fixture = Fixture::new().await;
    let source = id_of(&fixture.make("source").await);
    let mask = id_of(&fixture.make("mask").await);
    let size = OutputSize::Ratio(crate::aspect_ratio::AspectRatio::ThreeToFour);
    let edit = EditSpec {
        source,
        edit_type: EditType::ColorAdjust,
        instruction: "make the collar white".to_owned(),
        mask: Some(InputAsset::Generation(mask)),
        references: Vec::new(),
        size,
    };
    let made = make(&fixture, GenerationSpec::Edit(edit)).await.unwrap();
    assert_eq!(made.failure_code, None);
    let source_size: Vec<i32> =
        fixture.app.value(&format!("select array[width, height] from generations where id = '{source}'")).await;
    assert_eq!((made.width, made.height), (Some(source_size[0]), Some(source_size[1])));
    assert!(made.storage_key.unwrap().as_str().starts_with("edits/"));
    let parent = format!("select parent_id = '{source}' from generations where kind = 'edit'");
    assert!(fixture.app.value::<bool>(&parent).await);
    let text = fixture.gemini.requests().pop().unwrap().body["contents"][0]["parts"][0]["text"].clone();
    assert!(text.as_str().unwrap().contains("mask of the first one"), "{text}");
}
