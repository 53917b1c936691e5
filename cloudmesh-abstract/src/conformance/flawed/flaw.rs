//! The faults, one for each check.

use strum::{Display, EnumString, IntoStaticStr, VariantArray};

macro_rules! flaws {
    ($($(#[doc = $about:literal])+ $flaw:ident => $check:ident,)+) => {
        /// A fault to plant in a provider. Exactly one check must find it.
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, Hash, Display, EnumString, IntoStaticStr, VariantArray,
        )]
        #[strum(serialize_all = "snake_case")]
        #[non_exhaustive]
        pub enum Flaw {
            $($(#[doc = $about])+ $flaw,)+
        }

        impl Flaw {
            /// The name of the check that must find it.
            pub fn check(self) -> &'static str {
                match self {
                    $(Self::$flaw => stringify!($check),)+
                }
            }
        }
    };
}

flaws! {
    /// A hard reboot is refused.
    RefusesHardReboots => a_node_lives_and_dies,
    /// The group that was asked for is not written on the node.
    ForgetsTheGroup => a_node_is_as_it_was_asked_for,
    /// Starting a running node is a conflict.
    RefusesToStartWhatRuns => starting_a_running_node_succeeds,
    /// Stopping a stopped node is a conflict.
    RefusesToStopWhatIsStopped => stopping_a_stopped_node_succeeds,
    /// Deleting what is gone is an error.
    RefusesToDeleteWhatIsGone => deleting_a_missing_node_succeeds,
    /// Deleting a node deletes all nodes of its group.
    DeletesTheWholeGroup => deleting_touches_nothing_else,
    /// A repeated create is sent with a new token.
    TakesARepeatForANewOrder => a_create_repeated_with_its_token_makes_one_node,
    /// The last page of a listing is left out.
    LosesTheLastPage => a_listing_has_every_page,
    /// A listing is fetched twice.
    FetchesPagesTwice => each_page_is_fetched_once,
    /// Nodes without our marks are not listed.
    HidesForeignNodes => foreign_nodes_are_listed,
    /// Nodes without a name are not listed.
    HidesNamelessNodes => nameless_nodes_are_listed,
    /// Deleted nodes stay in listings.
    ListsGhosts => deleted_nodes_are_not_listed,
    /// The vendor's records are always kept.
    KeepsEveryRecord => the_record_of_a_node_is_kept_only_when_asked_for,
    /// A name finds all nodes whose names begin with it.
    FindsByPrefix => find_is_exact,
    /// Of several nodes of a name one is found.
    FindsOnlyOne => find_gives_every_node_of_the_name,
    /// Every node that is found is looked at again.
    LooksAgainAtWhatItFound => find_is_one_request,
    /// A node that is missing is called something else when it is asked for again.
    TiresOfMissingNodes => info_of_a_missing_node_is_not_found,
    /// Starting a missing node succeeds.
    StartsWhatIsMissing => changing_a_missing_node_is_not_found,
    /// A conflict is told as bad input.
    TakesConflictsForBadInput => rebooting_a_stopped_node_is_a_conflict,
    /// An unknown image is told as a missing node would be.
    TakesABadImageForMissing => a_bad_image_is_invalid_input,
    /// An unknown flavor is told as a missing node would be.
    TakesABadFlavorForMissing => a_bad_flavor_is_invalid_input,
    /// An image for other processors gets another flavor.
    SwapsTheFlavor => an_image_for_other_processors_is_invalid_input,
    /// A name that is too long is cut.
    CutsLongNames => a_bad_name_is_invalid_input,
    /// An unknown key is left out.
    IgnoresUnknownKeys => a_bad_key_group_or_network_is_invalid_input,
    /// The type of disk that is asked for is left out.
    IgnoresTheTypeOfDisk => a_bad_type_of_disk_is_refused,
    /// Of all images the account's own ones are left out.
    LosesTheUsualImages => all_images_are_the_usual_ones_and_more,
    /// The last page of images is left out.
    LosesAnImage => a_listing_of_images_has_every_page,
    /// The name of images that is asked for is ignored.
    IgnoresTheNameOfImages => images_can_be_chosen_by_name,
    /// An image cannot be asked for by id.
    KnowsNoIdsOfImages => an_image_is_described_by_name_and_by_id,
    /// A missing image is made up.
    MakesUpImages => a_missing_image_is_not_found,
    /// The last page of flavors is left out.
    LosesAFlavor => a_listing_of_flavors_has_every_page,
    /// The size of flavors that is asked for is ignored.
    IgnoresTheSizeOfFlavors => flavors_can_be_chosen_by_size,
    /// A flavor cannot be asked for by id.
    KnowsNoIdsOfFlavors => a_flavor_is_described_by_name_and_by_id,
    /// A missing flavor is made up.
    MakesUpFlavors => a_missing_flavor_is_not_found,
    /// A refusal for too many requests is not repeated.
    GivesUpWhenThrottled => throttled_requests_are_repeated,
    /// A listing begins anew when one of its pages is throttled.
    BeginsAnewWhenThrottled => a_throttled_page_is_not_fetched_twice,
    /// A cloud that asks to wait is asked again at once.
    DoesNotWaitWhenAsked => the_time_that_a_cloud_asks_for_is_waited,
    /// A fault of the cloud is final.
    GivesUpOnFaults => a_read_survives_a_fault_of_the_cloud,
    /// A cut connection is final.
    GivesUpOnCuts => a_read_survives_a_cut_connection,
    /// A page of HTML is taken for an empty listing.
    TakesHtmlForNothing => a_page_of_html_is_an_error,
    /// An answer of the wrong shape is taken for an empty listing.
    TakesGarbageForNothing => a_garbled_answer_is_an_error,
    /// An empty answer is taken for an empty listing.
    TakesSilenceForNothing => an_empty_answer_is_an_error,
    /// A quota that is used up is told as bad input.
    TakesAQuotaForBadInput => a_quota_that_is_used_up_is_told,
    /// Why a node is broken is left out.
    LosesFaults => a_node_that_breaks_says_why,
    /// A create whose answer is lost is repeated with a new token.
    RepeatsWithANewToken => a_create_whose_answer_is_lost_makes_one_node,
    /// A create whose answer is lost is looked for, and never repeated.
    GivesUpLostCreates => a_create_that_is_lost_on_its_way_makes_one_node,
    /// A new node that is not known yet is called deleted.
    TakesTheUnknownForDeleted => a_node_that_is_not_known_yet_is_pending,
    /// A new node is described from memory, as if the cloud knew it.
    RemembersNewNodes => a_node_that_is_not_known_yet_can_be_deleted,
    /// An attempt has all the time of the world.
    WaitsForever => a_silent_cloud_ends_in_a_timeout,
    /// Waiting blocks the thread.
    BlocksTheThread => a_deadline_ends_an_operation,
    /// An operation that is dropped spoils the next one.
    BreaksWhenDropped => a_dropped_operation_leaves_the_provider_usable,
    /// Wrong credentials are tried again.
    TriesAgainWhenRefused => wrong_credentials_are_told_at_once,
    /// A token that has ended is not renewed.
    DoesNotRenew => an_expired_token_is_renewed_once,
    /// Every operation signs in.
    SignsInEachTime => one_sign_in_serves_many_requests,
    /// The account is not told.
    HidesTheAccount => whoami_says_who_we_are,
    /// Errors name another place.
    MisplacesErrors => errors_say_where_they_happened,
    /// Errors lose the vendor's code.
    LosesCodes => errors_carry_the_vendors_code,
    /// Errors lose the request id.
    LosesRequestIds => errors_carry_the_request_id,
    /// `Debug` shows the settings.
    ShowsItsSettings => debug_shows_no_secret,
    /// Errors tell the password.
    TellsThePasswordInErrors => no_error_shows_a_secret,
    /// The trace tells the password.
    TellsThePasswordInTheTrace => the_trace_shows_no_secret,
    /// The vendor's record keeps user data.
    KeepsUserData => user_data_is_not_shown,
    /// Looking up a flavor changes something.
    ChangesWhenItLooks => a_dry_run_changes_nothing,
    /// Answers to look-ups at the same time are mixed up.
    MixesUpAnswers => a_dry_run_says_what_would_be_done,
    /// A change that is rehearsed is sent as a look.
    TakesAChangeForALook => a_rehearsed_change_sends_nothing_and_shows_its_request,
    /// A name finds the image that it begins with.
    FindsImagesByPrefix => a_dry_run_refuses_what_could_not_be_done,
    /// Every raw call is sent as a change.
    TakesALookForAChange => a_raw_look_is_answered_in_a_dry_run,
    /// What is lacking is lacking without a reason.
    GivesNoReason => what_is_lacking_is_unsupported,
    /// A capability is claimed, and not there.
    ClaimsWhatItLacks => what_is_claimed_is_supported,
    /// A suspended node is started instead of resumed.
    ResumesByStarting => a_node_is_suspended_and_resumed,
    /// Suspending a suspended node is a conflict.
    RefusesToSuspendTwice => suspending_and_resuming_twice_succeeds,
    /// Suspending a stopped node seems to succeed.
    SuspendsWhatIsStopped => suspending_a_stopped_node_is_a_conflict,
    /// Resuming a stopped node seems to succeed.
    ResumesWhatIsStopped => resuming_a_stopped_node_is_a_conflict,
    /// Starting a suspended node is told as bad input.
    TakesASuspendedNodeForBadInput => a_suspended_node_is_not_started_afresh,
    /// A node that was not made to be suspended is stopped instead.
    StopsInsteadOfSuspending => what_cannot_be_suspended_goes_on,
    /// A node that never ran is taken for missing when its log is read.
    TakesABrokenNodeForMissing => the_log_of_a_new_node_is_empty_or_a_conflict,
    /// Renaming does nothing.
    ForgetsToRename => a_node_gets_another_name,
    /// Renaming takes metadata away.
    LosesMetadataWhenRenaming => renaming_changes_nothing_but_the_name,
    /// A bad new name is ignored.
    IgnoresBadNames => a_bad_new_name_is_invalid_input,
    /// Resizing does nothing.
    ForgetsToResize => a_node_gets_another_size,
    /// A stopped node cannot be resized.
    ResizesOnlyWhatRuns => a_stopped_node_gets_another_size,
    /// Resizing takes metadata away.
    LosesMetadataWhenResizing => resizing_changes_nothing_but_the_size,
    /// Resizing a missing node seems to succeed.
    ResizesWhatIsMissing => resizing_a_missing_node_is_not_found,
    /// A bad new flavor is ignored.
    IgnoresBadSizes => a_bad_new_size_is_invalid_input,
    /// New metadata replaces the old.
    ReplacesAllMetadata => metadata_is_added_and_replaced,
    /// Removing a missing key of the metadata is an error.
    RefusesToRemoveMissingKeys => metadata_is_removed,
    /// Metadata that is too long is cut.
    CutsLongMetadata => metadata_that_is_too_long_is_invalid_input,
    /// A missing node seems to have no metadata.
    MakesUpMetadata => metadata_of_a_missing_node_is_not_found,
    /// The console is empty.
    ShowsAnEmptyConsole => a_console_shows_text,
    /// A node with a public address gets another one that is never removed.
    LeavesAddressesBehind => a_dead_node_leaves_nothing_behind,
    /// Removing a leftover that is gone is an error.
    RefusesToRemoveTwice => leftovers_are_removed,
    /// What is in use by now is taken away and removed.
    RemovesWhatIsInUse => what_is_in_use_again_is_no_leftover,
    /// Groups that nobody wears are taken for leftovers.
    TakesGroupsForLeftovers => groups_and_keys_are_no_leftovers,
    /// A refusal of a raw call is swallowed.
    SwallowsRawErrors => a_raw_call_is_answered,
    /// Deleting a key does nothing.
    ForgetsToDeleteKeys => keys_are_uploaded_listed_and_deleted,
    /// Deleting a missing key is an error.
    RefusesToDeleteMissingKeys => deleting_a_missing_key_succeeds,
    /// A taken name of a key is told as a conflict.
    TakesATakenKeyForAConflict => a_key_of_a_taken_name_exists_already,
    /// A name in use is given to another key.
    ReplacesKeys => a_taken_name_keeps_its_key,
    /// RSA keys are refused.
    TakesNoRsaKeys => rsa_keys_are_taken,
    /// A carriage return is taken for damage.
    StumblesOverLineEnds => a_key_with_windows_line_ends_is_taken,
    /// What is no key is repeated in the message.
    RepeatsWhatIsNoKey => a_private_key_is_neither_sent_nor_repeated,
    /// What is no key is taken for one.
    TakesAnythingForAKey => what_is_no_key_is_invalid_input,
    /// Giving an address back does nothing.
    KeepsAddresses => addresses_come_and_go,
    /// An address that is taken off a node is given back.
    LosesDetachedAddresses => an_address_leads_to_a_node,
    /// An address is taken away from another node.
    StealsAddresses => an_address_in_use_is_a_conflict,
    /// Attaching an address that leads to the node is a conflict.
    RefusesToAttachTwice => attaching_twice_succeeds,
    /// Detaching an address that leads nowhere is an error.
    RefusesToDetachTwice => detaching_an_address_that_leads_nowhere_succeeds,
    /// An address is detached from whatever node it leads to.
    DetachesFromAnyNode => an_address_is_detached_from_its_own_node_only,
    /// An address of the user's is given back with the node.
    ReleasesAddressesOfTheUsers => an_address_of_the_users_outlives_the_node,
    /// The pool is left out.
    IgnoresThePool => an_unknown_pool_is_invalid_input,
    /// That a node is to be public is left out.
    ForgetsPublicAddresses => a_node_shows_the_public_address_it_was_made_with,
    /// Every node is public.
    MakesEveryNodePublic => a_node_gets_no_public_address_unasked,
    /// A repeated create allocates another address.
    AllocatesWhenRepeated => a_create_repeated_with_its_token_allocates_one_address,
    /// The address of a deleted node stays in the account.
    ListsReleasedAddresses => the_address_of_a_dead_node_is_given_back,
    /// Giving back an address that is not held succeeds.
    GivesBackWhatItHasNot => a_missing_address_is_not_found,
    /// The description of a group is left out.
    ForgetsDescriptions => security_groups_come_and_go,
    /// A new group lets everybody sign in.
    OpensNewGroups => a_new_group_lets_nothing_in,
    /// Deleting a missing group is an error.
    RefusesToDeleteMissingGroups => deleting_a_missing_group_succeeds,
    /// A taken name of a group is told as a conflict.
    TakesATakenGroupForAConflict => a_group_of_a_taken_name_exists_already,
    /// Deleting a group that is worn seems to succeed.
    HidesThatAGroupIsWorn => a_group_in_use_is_a_conflict,
    /// The network of some rules is left out, so that they admit everybody.
    WidensRules => rules_are_exactly_as_asked,
    /// Adding a rule that is there is an error.
    RefusesARuleThatIsThere => adding_a_rule_twice_succeeds,
    /// Removing a rule removes all for the same ports.
    RemovesSimilarRules => exactly_one_rule_is_removed,
    /// A bad rule is left out.
    SkipsBadRules => a_bad_rule_is_invalid_input,
    /// The good ones among bad rules are added.
    AddsWhatIsGood => a_bad_rule_among_good_ones_adds_none,
    /// A range of ports of TCP becomes all ports.
    WidensRanges => a_range_of_ports_is_kept,
    /// Type and code of ICMP are left out.
    WidensIcmp => type_and_code_of_icmp_are_kept,
    /// A rule for every protocol is one for TCP.
    NarrowsRules => a_rule_for_all_of_a_protocol_is_kept,
    /// A rule for another protocol is one for all protocols.
    WidensOtherProtocols => another_protocol_is_kept_or_refused,
    /// Of rules that differ in their direction the second is left out.
    OverlooksDirections => the_same_rule_in_the_other_direction_is_another_rule,
    /// The other group is left out, so that everybody is let in.
    ForgetsTheOtherGroup => a_rule_about_a_group_is_about_that_group,
    /// What a new group lets out is never removed.
    KeepsWhatGoesOut => what_a_group_lets_out_at_first_can_be_removed,
    /// A missing group seems to have no rules.
    ListsNoRulesOfMissingGroups => rules_of_a_missing_group_are_not_found,
    /// Of several groups a node wears the first.
    WearsOneGroup => a_node_wears_every_group_it_was_made_with,
    /// Of several networks a node is on the first.
    JoinsOneNetwork => a_node_is_on_every_network_it_was_made_with,
    /// When a quota is used up, what was made is removed.
    RemovesAllAtAQuota => a_quota_in_the_middle_of_many_leaves_the_others_usable,
}
