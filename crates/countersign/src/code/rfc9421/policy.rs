//! What a signature must cover and say (section 3.2.1).

use crate::config_error::ConfigError;
use crate::procedure::Setup;
use crate::rejection::{HeaderRole, Rejection};
use crate::setting::Setting;

use super::component::Component;
use super::content_digest::{self, truth};
use super::input::Input;

/// The value of a setting that requires no component.
const NONE: &str = "danger-none";

/// What a signature must cover and say.
pub(super) struct Policy {
    /// What it must cover. `None`: what tells one endpoint's deliveries from another's, and the body.
    components: Option<Vec<Component>>,
    tag: Option<String>,
    /// Whether the digest of the body must be covered (`Some(true)`), is judged where it is (`None`), or
    /// is not looked at.
    digest: Option<bool>,
    created: bool,
}

impl Policy {
    pub(super) fn of(setup: &Setup) -> Result<Self, ConfigError> {
        let settings = &setup.settings;
        let wrong = |setting| Err(ConfigError::WrongSetting { setting });
        let names: Vec<_> = settings.all(Setting::RequiredComponent).collect();
        let components = match *names {
            [] => None,
            [NONE] => Some(Vec::new()),
            _ if names.contains(&NONE) => return wrong(Setting::RequiredComponent),
            _ => match names.into_iter().map(Component::configured).collect() {
                Some(components) => Some(components),
                None => return wrong(Setting::RequiredComponent),
            },
        };
        let digest = truth(settings, Setting::RequireDigest)?;
        // To require a digest and not to look at it contradict each other.
        if components.is_none() && digest == Some(false) {
            return wrong(Setting::RequireDigest);
        }
        let created = truth(settings, Setting::RequireCreated)?.unwrap_or(!setup.any_age);
        let tag = settings.get(Setting::RequiredTag).map(str::to_owned);
        Ok(Self { components, tag, digest, created })
    }

    /// Whether nothing was configured about what must be covered.
    pub(super) fn is_default(&self) -> bool {
        self.components.is_none()
    }

    /// Whether a signature covers and says what it must.
    pub(super) fn check(&self, input: &Input, has_body: bool) -> Result<(), Rejection> {
        if self.tag.is_some() && self.tag != input.tag {
            return Err(Rejection::WrongHeader(HeaderRole::Signature));
        }
        if self.created && input.created.is_none() {
            return Err(Rejection::MissingHeader(HeaderRole::Timestamp));
        }
        let has_required = match &self.components {
            None => ["@method", "@authority", "@path"].iter().all(|it| input.covers(it)),
            Some(required) => required.iter().all(|required| {
                input.components.iter().any(|it| it.is(required))
                    || (required.is_whole() && input.covers(&required.name))
            }),
        };
        let needs_digest = has_body && (self.is_default() || self.digest == Some(true));
        if has_required && (!needs_digest || input.covers(content_digest::NAME)) {
            Ok(())
        } else {
            Err(Rejection::NotCovered)
        }
    }

    /// Whether the digest of the body is covered, and must then be right.
    pub(super) fn judges_digest_of(&self, input: &Input) -> bool {
        self.digest != Some(false) && input.covers(content_digest::NAME)
    }
}
