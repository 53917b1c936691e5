//! How instances change: what may be asked of them in which state, and what ends by itself.

use std::time::Duration;

use jiff::Timestamp;

use super::instance::{Instance, Reason, State};
use super::{Land, ids};
use crate::aws::fault::Fault;

/// How long a terminated instance can still be seen.
const AFTERLIFE: Duration = Duration::from_hours(1);

impl Land {
    /// Lets an instance begin a state, and whatever that means for what it has.
    pub(super) fn turn(&mut self, id: &str, state: State) {
        let (now, pace) = (self.now, self.pace);
        let Some(one) = self.instances.get_mut(id) else { return };
        if let Some(until) = one.until.take() {
            self.due.remove(&(until, id.to_owned()));
        }
        one.state = state;
        let wait = if state == State::Terminated { Some(AFTERLIFE) } else { state.next().map(|_| pace) };
        one.until = wait.map(|wait| now.checked_add(wait).unwrap_or(now));
        if let Some(until) = one.until {
            self.due.insert((until, id.to_owned()));
        }
        match state {
            State::Running => {
                self.note_boot(id);
                self.publish(id);
            }
            State::Stopped => self.unpublish(id),
            State::Terminated => self.strip(id),
            State::Pending | State::Stopping | State::ShuttingDown => {}
        }
        self.prepared.forget();
    }

    fn note_boot(&mut self, id: &str) {
        let now = self.now;
        if let Some(one) = self.instances.get_mut(id) {
            one.booted = Some(now);
        }
    }

    /// Takes away what an instance has no more when it has ended.
    fn strip(&mut self, id: &str) {
        self.unplug(id);
        self.drop_volumes(id);
    }

    /// Ends all that is due.
    pub(super) fn settle(&mut self) {
        let now = self.now;
        while let Some((at, id)) = self.due.first().filter(|(until, _)| *until <= now).cloned() {
            self.due.pop_first();
            self.prepared.forget();
            let due = self.instances.get(&id).filter(|one| one.until == Some(at)).map(|one| one.state);
            // What follows begins when this has ended, however late anybody looks.
            self.now = at;
            match due.map(State::next) {
                Some(Some(next)) => self.turn(&id, next),
                Some(None) => self.forget(&id),
                None => {}
            }
        }
        self.now = now;
    }

    /// A terminated instance is seen no more.
    fn forget(&mut self, id: &str) {
        self.instances.remove(id);
        self.tags.forget(id);
    }

    /// Whether the same question has the same answer, as long as nothing is changed and nothing is due.
    pub(crate) fn is_settled(&self) -> bool {
        self.hidden == 0
    }

    /// Notes from when on an instance is known.
    pub(super) fn note_hidden(&mut self, id: &str, known: Timestamp) {
        if self.instances.get(id).is_some_and(|one| one.hidden > 0) {
            self.hidden += 1;
        }
        if known > self.now {
            self.due.insert((known, id.to_owned()));
        }
    }

    /// Whether lists have an instance already.
    pub(crate) fn is_known(&self, one: &Instance) -> bool {
        one.hidden == 0 && one.known <= self.now
    }

    /// The instances of these ids, each once, if all of them are known.
    pub(crate) fn known(&mut self, wanted: &[&str]) -> Result<Vec<String>, Fault> {
        if let Some(malformed) = wanted.iter().find(|id| !ids::INSTANCE.fits(id)) {
            return Err(Fault::new("InvalidInstanceID.Malformed", format!("Invalid id: \"{malformed}\"")));
        }
        let missing: Vec<&str> = wanted.iter().copied().filter(|id| !self.asked(id)).collect();
        match missing.as_slice() {
            [] => {
                let mut found: Vec<String> = Vec::with_capacity(wanted.len());
                for id in wanted {
                    if !found.iter().any(|one| one == id) {
                        found.push((*id).to_owned());
                    }
                }
                Ok(found)
            }
            [one] => Err(Fault::new("InvalidInstanceID.NotFound", format!("The instance ID '{one}' does not exist"))),
            many => {
                let told = format!("The instance IDs '{}' do not exist", many.join(", "));
                Err(Fault::new("InvalidInstanceID.NotFound", told))
            }
        }
    }

    /// The one instance of that id, if it is known.
    pub(crate) fn known_one(&mut self, id: &str) -> Result<&mut Instance, Fault> {
        self.known(&[id])?;
        self.instances.get_mut(id).ok_or_else(|| ids::INSTANCE.missing(id))
    }

    /// Whether a request about an instance finds it; it counts for one that is hidden from some requests.
    fn asked(&mut self, id: &str) -> bool {
        let now = self.now;
        let Some(one) = self.instances.get_mut(id) else { return false };
        if one.hidden > 0 {
            one.hidden -= 1;
            if one.hidden == 0 {
                self.hidden -= 1;
            }
            return false;
        }
        one.known <= now
    }

    /// Puts an instance back into the state that it had before.
    pub(crate) fn restore(&mut self, before: &Instance) {
        self.turn(&before.id, before.state);
        let Some(one) = self.instances.get_mut(&before.id) else { return };
        if let Some(until) = one.until.take() {
            self.due.remove(&(until, before.id.clone()));
        }
        *one = before.clone();
        if let Some(until) = one.until {
            self.due.insert((until, before.id.clone()));
        }
    }

    /// Whether what has booted then has been up for a while.
    pub(crate) fn is_up(&self, booted: Timestamp) -> bool {
        booted.checked_add(self.pace).unwrap_or(booted) <= self.now
    }

    /// Whether there is such an instance that everybody knows of and that has not ended.
    pub(crate) fn has_instance(&self, id: &str) -> bool {
        self.instances.get(id).is_some_and(|one| !one.is_gone() && self.is_known(one))
    }

    /// Whether an instance runs.
    pub(crate) fn is_running(&self, id: &str) -> bool {
        self.instances.get(id).is_some_and(|one| one.state == State::Running)
    }

    /// Lets instances start; those that run or begin to do so are left alone.
    pub(crate) fn start(&mut self, id: &str) -> Result<(), Fault> {
        let one = self.instances.get_mut(id).ok_or_else(|| ids::INSTANCE.missing(id))?;
        match one.state {
            State::Pending | State::Running => Ok(()),
            State::Stopped => {
                one.reason = None;
                one.launched = self.now;
                self.turn(id, State::Pending);
                Ok(())
            }
            _ => Err(not_from(id, "started")),
        }
    }

    /// Lets an instance stop; one that has stopped or begins to do so is left alone.
    pub(crate) fn stop(&mut self, id: &str, hibernates: bool) -> Result<(), Fault> {
        let one = self.instances.get_mut(id).ok_or_else(|| ids::INSTANCE.missing(id))?;
        let begins = match one.state {
            State::Stopping | State::Stopped => false,
            State::Running => true,
            _ => return Err(not_from(id, "stopped")),
        };
        if let Some(spot) = one.options.spot.as_ref().filter(|spot| !spot.persistent) {
            let told = format!(
                "You can't stop the Spot Instance '{id}' because it is associated with a one-time Spot Instance request \
                 ({}). You can only stop Spot Instances associated with persistent Spot Instance requests.",
                spot.request
            );
            return Err(Fault::new("UnsupportedOperation", told));
        }
        if one.options.stop_protected {
            return Err(protected(id, "stopped", "disableApiStop"));
        }
        if hibernates && !one.options.hibernates {
            let told = format!("The instance '{id}' can't be hibernated: it was not enabled for hibernation at launch");
            return Err(Fault::new("UnsupportedHibernationConfiguration", told));
        }
        if begins {
            one.reason = Some((if hibernates { Reason::Hibernation } else { Reason::Shutdown }, self.now));
            self.turn(id, State::Stopping);
        }
        Ok(())
    }

    /// Lets an instance end.
    pub(crate) fn terminate(&mut self, id: &str) -> Result<(), Fault> {
        let one = self.instances.get_mut(id).ok_or_else(|| ids::INSTANCE.missing(id))?;
        if one.state.is_ending() {
            return Ok(());
        }
        if one.options.protected {
            return Err(protected(id, "terminated", "disableApiTermination"));
        }
        one.reason = Some((Reason::Shutdown, self.now));
        self.turn(id, State::ShuttingDown);
        Ok(())
    }

    /// Lets an instance boot again.
    pub(crate) fn reboot(&mut self, id: &str) -> Result<(), Fault> {
        let one = self.instances.get(id).ok_or_else(|| ids::INSTANCE.missing(id))?;
        match one.state {
            State::Running | State::Pending => Ok(()),
            _ => Err(not_from(id, "rebooted")),
        }
    }
}

fn not_from(id: &str, what: &str) -> Fault {
    let told = format!("The instance '{id}' is not in a state from which it can be {what}.");
    Fault::new("IncorrectInstanceState", told)
}

fn protected(id: &str, what: &str, attribute: &str) -> Fault {
    let told =
        format!("The instance '{id}' may not be {what}. Modify its '{attribute}' instance attribute and try again.");
    Fault::new("OperationNotPermitted", told)
}
