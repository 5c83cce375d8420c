//! Credits for test users: a new account has three image credits, and most tests need more.

use super::people::TestUser;
use super::test_app::TestApp;

impl TestApp {
    /// Grants image credits and tokens (in thousandths) that never expire; zero gives nothing.
    ///
    /// # Panics
    /// When the database does not answer.
    pub async fn give_credits(&self, user: &TestUser, image_credits: i64, tokens_milli: i64) {
        for (unit, amount) in [("image", image_credits), ("token", tokens_milli)] {
            if amount > 0 {
                let (id, lot, now) = (user.id, self.state.random.uuid_v4(), self.state.clock.now());
                self.execute(&format!(
                    "select app.credits_grant('{lot}', '{id}', '{unit}', {amount}, 'admin_adjustment', 'test:{lot}', 0,
                       null, null, '{{}}', '{now}')"
                ))
                .await;
            }
        }
    }

    /// Empties a wallet, as if everything had been spent.
    ///
    /// # Panics
    /// When the database does not answer.
    pub async fn impoverish(&self, user: &TestUser) {
        let (id, now) = (user.id, self.state.clock.now());
        self.execute(&format!(
            "select app.credits_withdraw('{id}', 'image', images_available, 'test:poor:image:{id}', '{{}}', '{now}')
               from public.wallets where user_id = '{id}' and images_available > 0;
             select app.credits_withdraw('{id}', 'token', tokens_available, 'test:poor:token:{id}', '{{}}', '{now}')
               from public.wallets where user_id = '{id}' and tokens_available > 0;"
        ))
        .await;
    }
}
