mod asking;
mod bad_input;
mod charging;
mod charging_faults;
mod following;
mod misfortune;
mod providers_faults;
