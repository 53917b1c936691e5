//! The declaration of a configuration.

/// Declares a group of settings: a struct, the spellings it is read from, and its description.
///
/// Each field is documented; its first line is what people are told the key means. `as [..]` lists further accepted
/// spellings. `[flat]` says that the keys of the group inside may also stand one level higher. A field that is an
/// `Option` need not be given.
///
/// ```
/// use cloudmesh_abstract::{Describe, Secret, Settings, settings};
///
/// settings! {
///     /// Who we are to the cloud.
///     pub struct Credentials {
///         /// The user.
///         pub username as ["OS_USERNAME"]: String,
///         /// The password.
///         pub password as ["OS_PASSWORD"]: Option<Secret>,
///     }
/// }
///
/// let given = Settings::default().with("OS_USERNAME", "albert");
/// assert_eq!(given.parse::<Credentials>()?.username, "albert");
/// assert_eq!(Credentials::KEYS[1].meaning, "The password.");
/// # Ok::<(), cloudmesh_abstract::Error>(())
/// ```
#[macro_export]
macro_rules! settings {
    (
        $(#[doc = $about:literal])+
        $vis:vis struct $name:ident {
            $(
                #[doc = $meaning:literal] $(#[doc = $more:literal])*
                $field_vis:vis $field:ident $([$flat:ident])? $(as [$($spelling:literal),+ $(,)?])?: $type:ty
            ),* $(,)?
        }
    ) => {
        $(#[doc = $about])+
        #[derive(Debug, Clone, $crate::private::Deserialize)]
        #[serde(crate = "cloudmesh_abstract::private::serde")]
        $vis struct $name {
            $(#[doc = $meaning] $(#[doc = $more])* $field_vis $field: $type,)*
        }

        impl $crate::Describe for $name {
            const KEYS: &'static [$crate::Key] = &[$(
                $crate::Key::of::<$type>(
                    stringify!($field),
                    &[$($($spelling),+)?],
                    $meaning.trim_ascii(),
                    $crate::settings!(@flat $($flat)?),
                ),
            )*];
        }

        impl $crate::Setting for $name {
            const FORM: $crate::Form = $crate::Form::Group;
            const INNER: &'static [$crate::Key] = <Self as $crate::Describe>::KEYS;
        }
    };
    (@flat) => { false };
    (@flat flat) => { true };
}
