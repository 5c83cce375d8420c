mod asking;
mod bad_input;
mod following;
mod misfortune;
mod paying;
mod paying_faults;
mod providers_faults;
