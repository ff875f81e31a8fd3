"""Each rule of `docs/edge-rules.md` is held by the tests that are named here."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "edge-rules.md"

HELD_BY = {
    "E1": "clients/test_admission::test_a_request_is_taken_in_canonical_form "
    "faults/test_poisoning::test_what_is_spelt_differently_is_another_page",
    "E2": "clients/test_admission::test_there_is_one_host "
    "test_hosts::test_which_host_rules_see test_hosts::test_a_host_is_one_of_the_site_or_none_at_all "
    "clients/test_admission::test_a_stranger_is_refused "
    "clients/test_admission::test_http_1_0_needs_no_host "
    "clients/test_admission::test_only_a_websocket_is_refused_of_all_upgrades "
    "clients/test_admission::test_dot_segments_are_refused "
    "clients/test_admission::test_no_header_holds_a_control_character "
    "clients/test_admission::test_a_body_has_one_length "
    "clients/test_protocol_limits::test_a_head_is_not_larger_than_allowed "
    "faults/test_smuggling::test_what_is_too_large_is_refused_before_it_has_come",
    "E3": "policy/test_forwarding::test_a_client_cannot_speak_for_the_edge "
    "policy/test_forwarding::test_a_name_that_gateways_read_as_another_ends_here "
    "faults/test_poisoning::test_headers_by_which_a_client_could_speak_for_the_edge "
    "faults/test_poisoning::test_what_the_origin_gets_instead "
    "engine/test_edge::test_a_header_that_connection_names_tells_no_variants_apart",
    "E4": "engine/test_edge::test_own_parameters_are_in_no_key_and_reach_no_origin "
    "faults/test_poisoning::test_own_parameters_reach_no_origin_and_no_key",
    "E5": "engine/test_request_requirements::test_what_makes_a_prefetch",
    "E6": "engine/test_prefetching::test_a_prefetch_is_answered_by_the_cache_alone "
    "engine/test_prefetching::test_a_prefetch_of_a_stale_copy_asks_no_origin "
    "engine/test_prefetching::test_a_prefetch_that_may_go_to_the_origin_begins_no_refresh "
    "faults/test_load::test_prefetches_of_uncached_urls_make_no_origin_requests",
    "E7": "features/test_caching_for_clients::test_what_the_service_worker_gets "
    "engine/test_deliver::test_a_412_is_never_stored_by_the_service_worker",
    "E8": "features/test_caching_keys::test_post_and_put_are_kept_each_by_its_body "
    "engine/test_body_key::test_bodies_that_mean_something_else_have_separate_responses "
    "engine/test_edge::test_head_is_answered_from_the_copy_of_the_get "
    "engine/test_request_requirements::test_a_head_without_a_copy_is_sent_on_and_keeps_nothing",
    "E9": "../http_cache/test_storage::test_which_requests_only_the_origin_can_judge "
    "engine/test_edge::test_requests_with_authorization_pass "
    "features/test_caching::test_a_visitor_may_ask_past_the_copy",
    "E10": "../http_cache/test_storage::test_what_is_not_a_whole_answer_is_never_kept "
    "../http_cache/test_storage::test_what_is_for_one_visitor_is_not_kept "
    "features/test_caching::test_what_the_origin_forbids_may_be_overruled",
    "E11": "../http_cache/test_storage::test_a_rules_time_goes_before_all_and_the_default_after_all "
    "../http_cache/test_storage::"
    "test_time_by_the_origin_counts_from_the_making_and_time_by_a_rule_from_the_arrival "
    "features/test_caching::test_the_time_of_a_copy_by_status",
    "E12": "engine/test_request_requirements::test_an_origin_that_wants_to_be_asked_each_time "
    "../http_cache/test_storage::test_old_style_pragma_counts_only_without_cache_control",
    "E13": "../http_cache/test_vary::test_requests_that_say_the_same_share_a_copy "
    "../http_cache/test_vary::test_requests_that_say_something_else_do_not "
    "engine/test_coalescing::test_followers_whose_variant_is_another_go_on_their_own",
    "E14": "engine/test_request_requirements::test_the_age_of_a_copy_and_its_date",
    "E15": "features/test_caching_stale::test_an_expired_copy_at_once_and_one_refresh "
    "engine/test_request_requirements::test_an_origin_that_forbids_expired_copies "
    "engine/test_request_requirements::test_a_head_begins_no_refresh",
    "E16": "engine/test_expired::test_an_expired_copy_is_checked_with_the_origin "
    "../http_cache/test_validation::test_a_304_takes_the_place_of",
    "E17": "features/test_caching_stale::test_an_expired_copy_when_the_origin_fails "
    "features/test_caching_stale::test_how_long_an_expired_copy_may_serve "
    "features/test_caching_stale::test_how_long_a_failed_origin_is_left_alone "
    "engine/test_request_requirements::test_an_origin_that_forbids_expired_copies",
    "E18": "features/test_caching_stale::test_a_copy_is_refreshed_before_its_end "
    "features/test_caching_stale::test_an_empty_copy_counts_as_expired",
    "E19": "engine/test_coalescing::test_many_misses_of_one_url_are_one_origin_request "
    "engine/test_coalescing::test_uncacheable_answers_are_not_waited_for_one_by_one "
    "engine/test_request_requirements::test_after_ten_seconds_they_wait_for_each_other_again",
    "E20": "faults/test_clients_gone::test_what_may_be_kept_is_fetched_to_its_end "
    "faults/test_clients_gone::test_what_may_not_be_kept_is_given_up",
    "E21": "engine/test_invalidation::test_a_post_is_sent_on_and_removes_the_copies_of_its_url "
    "engine/test_invalidation::test_a_failed_post_removes_nothing "
    "engine/test_invalidation::test_the_places_that_an_answer_names",
    "E22": "engine/test_edge::test_no_usable_copy_for_only_if_cached_is_504 "
    "engine/test_request_requirements::test_other_directives_of_a_request_change_nothing",
    "E23": "features/test_headers::test_response_headers_on_a_miss_on_a_hit_and_in_short "
    "features/test_headers::test_variables_of_request_and_response_for_each_client_of_one_copy "
    "features/test_headers::test_what_is_taken_from_an_answer_before_it_is_kept",
    "E24": "engine/test_edge::test_conditional_requests_and_ranges_are_answered_from_copies "
    "../http_cache/test_conditional::test_what_a_304_tells policy/test_ranges::test_if_range "
    "policy/test_ranges::test_several_ranges_come_in_the_order_asked",
    "E25": "features/test_response::test_bodies_are_sent_with_gzip_to_clients_that_take_it "
    "features/test_response::test_conditions_ranges_and_head_of_a_compressed_body "
    "policy/test_compression::test_small_and_large_bodies_are_left_alone",
    "E26": "engine/test_edge::test_no_answer_is_502_or_504",
    "E27": "engine/test_coalescing::test_a_body_that_breaks_off_is_not_kept "
    "faults/test_origin_bodies::test_a_body_that_breaks_off",
    "E28": "engine/test_edge::test_rules_answer_without_an_origin "
    "engine/test_deliver::test_a_refusal_that_hangs_on_the_response_shows_nothing_of_it "
    "features/test_response::test_a_body_in_place_of_the_origins",
    "E29": "engine/test_body_key::test_a_link_fills_only_what_a_request_of_its_type_gets "
    "engine/test_body_key::test_no_header_of_a_link_says_what_its_body_means "
    "engine/test_body_key::test_what_rules_deny_of_a_link_is_denied_whatever_it_stands_for "
    "engine/test_prefetched_post::test_a_prefetched_post_answers_the_post "
    "engine/test_prefetched_post::test_no_link_can_post_where_no_rule_enables_it",
    "E30": "engine/test_debug_headers::test_a_request_gets_the_headers_that_it_asks_for "
    "engine/test_debug_headers::test_no_one_gets_them_where_no_rule_says_so",
    "E31": "engine/test_followed_redirects::test_what_is_denied_is_not_served_by_another_address "
    "engine/test_followed_redirects::test_what_its_own_rules_do_not_store_is_stored_under_no_address "
    "engine/test_followed_redirects::test_the_shorter_time_counts "
    "engine/test_followed_redirects::test_a_prefetch_asks_no_origin_for_an_address_whose_rules_do_not_let_it",
    "E32": "../http_cache/test_prefetches::test_sec_purpose_is_an_item_with_parameters "
    "engine/test_foreign_prefetches::test_the_origin_gets_no_request_for_what_is_not_stored "
    "engine/test_foreign_prefetches::test_what_is_stored_answers_and_is_not_fetched_anew "
    "engine/test_foreign_prefetches::test_what_is_not_prefetchable_is_asked_for_as_ever "
    "engine/test_foreign_prefetches::test_the_site_can_allow_them",
    "E33": "engine/test_foreign_prefetches::test_rules_that_make_no_page_answer_no_prefetch "
    "engine/test_foreign_prefetches::test_stored_responses_without_a_page_answer_no_prefetch "
    "engine/test_foreign_prefetches::test_requests_for_a_part_and_validations_are_reported",
    "E34": "../http_cache/test_targeted::test_the_targeted_field_alone_counts "
    "../http_cache/test_targeted::test_an_invalid_or_empty_field_is_as_if_it_were_not_there "
    "../http_cache/test_targeted::test_rules_go_before_it_as_they_go_before_cache_control",
    "E35": "engine/test_dates::test_a_malformed_date_is_never_believed",
    "E36": "engine/test_cache_status::test_each_outcome_has_its_words "
    "engine/test_cache_status::test_key_and_rule_are_reported_only_when_asked_for "
    "engine/test_cache_status::test_what_the_origin_said_stays_in_front",
    "E37": "origins/test_bad_origins::test_an_origin_that_closes_within_the_head_is_asked_once "
    "origins/test_connection_pool::test_a_kept_connection_that_turns_out_closed_is_replaced_for_reading_only "
    "origins/test_connection_pool::test_a_request_is_repeated_on_a_new_connection "
    "origins/test_connection_pool::test_a_get_with_a_body_is_not_sent_twice "
    "origins/test_balancing::test_a_host_that_fails_is_replaced_and_rests "
    "origins/test_retrying::test_a_bad_answer_is_asked_for_again",
    "E38": "engine/test_purging::test_a_url_has_all_its_stored_responses_removed "
    "engine/test_purging::test_only_the_variants_with_a_tag_are_removed "
    "engine/test_purging::test_a_response_in_flight_is_sent_and_not_stored "
    "pages/test_purging::test_only_programs_on_this_machine_purge",
    "E39": "engine/test_browser_cache::test_the_lifetime_counts_from_the_prefetch "
    "engine/test_browser_cache::test_what_is_not_for_all_gets_no_lifetime",
}
"""The tests of each rule, as ``folder/file::name``."""


def _names_in(file: Path) -> set[str]:
    """Return the names of the tests that a file defines."""
    functions = ast.FunctionDef, ast.AsyncFunctionDef
    names = (node.name for node in ast.parse(file.read_text()).body if isinstance(node, functions))
    return {name for name in names if name.startswith("test_")}


def test_the_page_numbers_its_rules_from_one_on_and_each_is_here() -> None:
    numbered = re.findall(r"(?m)^- \*\*(E\d+)\.\*\*", PAGE.read_text())
    assert numbered == [f"E{number}" for number in range(1, len(numbered) + 1)] == list(HELD_BY)


@pytest.mark.parametrize("rule", HELD_BY)
def test_what_holds_a_rule_is_there(rule: str) -> None:
    for test in HELD_BY[rule].split():
        file, _, name = test.partition("::")
        assert name in _names_in(HERE / f"{file}.py"), test
