"""Settings come from the environment and the command line, and a wrong one is told, not guessed."""

from pathlib import Path

import pytest

from app.settings import Settings, SettingsError, read_settings, require_emergency_number
from app.settings_shown import masked
from policies.levels import Level
from policies.roles import Role


def test_a_fresh_machine_needs_no_setting() -> None:
    settings = read_settings({})
    assert settings == Settings()
    assert settings.address == "http://127.0.0.1:8080"
    assert settings.key_file == Path("data/master.key")


def test_the_environment_is_read_by_its_prefix_only() -> None:
    settings = read_settings({"PREVISIT_PORT": "9000", "PREVISIT_MODEL": "no", "PORT": "1", "HOME": "/root"})
    assert settings.port == 9000
    assert settings.model is False


def test_an_option_overrides_the_environment_and_none_means_not_given() -> None:
    settings = read_settings({"PREVISIT_PORT": "9000", "PREVISIT_HOST": "::1"}, port=0, host=None)
    assert settings.port == 0
    assert settings.host == "::1"


def test_a_misspelt_setting_is_told_with_all_there_are() -> None:
    with pytest.raises(SettingsError, match=r"PREVISIT_EMERGENCY_NUMBR.*PREVISIT_EMERGENCY_NUMBER"):
        read_settings({"PREVISIT_EMERGENCY_NUMBR": "911"})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "70000"),
        ("PORT", "eighty"),
        ("MODEL_URL", "tgi.clinic.example"),
        ("PAGE_REPEAT_SECONDS", "0"),
        ("RETENTION_DAYS", "-1"),
        ("EMERGENCY_NUMBER", ""),
        ("SERVICE_MINUTES", "URGENT=1"),
        ("SERVICE_MINUTES", "HIGH=soon"),
        ("SERVICE_MINUTES", "HIGH=0"),
        ("PAGE_MAIL", "Kim Lee"),
    ],
)
def test_a_wrong_value_is_told_by_name(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"^PREVISIT_{name}: (?!Value error)"):
        read_settings({f"PREVISIT_{name}": value})


def test_service_clocks_are_the_clinic_s_own_where_it_says_so() -> None:
    settings = read_settings({"PREVISIT_SERVICE_MINUTES": "EMERGENCY=1.5, HIGH=20"})
    assert settings.service_minutes == {Level.EMERGENCY: 1.5, Level.HIGH: 20.0}
    assert masked(settings)["service_minutes"] == "EMERGENCY=1.5, HIGH=20"
    assert read_settings({"PREVISIT_SERVICE_MINUTES": ""}).service_minutes == {}


def test_who_is_paged_is_read_with_where_each_is_reached() -> None:
    settings = read_settings({"PREVISIT_PAGE_TEXT": "Kim Lee=+15551234567, Ana Ruiz=+15557654321"})
    assert settings.page_text == (("Kim Lee", "+15551234567"), ("Ana Ruiz", "+15557654321"))
    assert masked(settings)["page_text"] == "Kim Lee=+15551234567, Ana Ruiz=+15557654321"


def test_a_wrong_secret_is_never_repeated() -> None:
    with pytest.raises(SettingsError) as told:
        read_settings({"PREVISIT_REDIS_URL": "redis://:hunter2@store", "PREVISIT_PORT": "hunter2"})
    assert "hunter2" not in str(told.value)


def test_a_webhook_without_its_secret_is_refused() -> None:
    with pytest.raises(SettingsError, match="PREVISIT_WEBHOOK_SECRET is missing"):
        read_settings({"PREVISIT_WEBHOOK_URL": "https://pager.example/page"})


def test_secrets_are_masked_and_everything_else_is_shown() -> None:
    environment = {
        "PREVISIT_REDIS_URL": "redis://:hunter2@store:6379/0",
        "PREVISIT_WEBHOOK_URL": "https://pager.example/page",
        "PREVISIT_WEBHOOK_SECRET": "hunter2",
        "PREVISIT_CLINIC_ORIGINS": "https://a.example, https://b.example/",
    }
    shown = masked(read_settings(environment))
    assert shown["redis_url"] == shown["webhook_secret"] == "••••"
    assert shown["model_token"] == ""
    assert shown["clinic_origins"] == "https://a.example, https://b.example"
    assert shown.keys() == Settings.model_fields.keys()
    assert "hunter2" not in repr(read_settings(environment))


def test_an_unset_emergency_number_is_known_to_be_unset() -> None:
    assert not read_settings({}).knows_emergency_number
    assert read_settings({}, emergency_number="112").knows_emergency_number


def test_only_a_trial_on_this_machine_may_do_without_the_emergency_number() -> None:
    assert require_emergency_number(read_settings({}))
    for reached in ({"host": "0.0.0.0"}, {"public_url": "https://chat.clinic.example"}):
        with pytest.raises(SettingsError, match="--emergency-number 911"):
            require_emergency_number(read_settings({}, **reached))


@pytest.mark.parametrize(
    ("host", "public_url", "address"),
    [
        ("0.0.0.0", "", "http://127.0.0.1:80"),
        ("10.0.0.7", "", "http://10.0.0.7:80"),
        ("::1", "", "http://[::1]:80"),
        ("::", "", "http://127.0.0.1:80"),
        ("0.0.0.0", "https://chat.clinic.example/", "https://chat.clinic.example"),
    ],
)
def test_the_address_is_the_public_one_or_else_the_servers_own(host: str, public_url: str, address: str) -> None:
    assert read_settings({}, host=host, port=80, public_url=public_url).address == address


def test_whose_roles_are_whose_at_the_identity_provider_is_read_in_order() -> None:
    given = {"PREVISIT_OIDC_ISSUER": "https://id.example/", "PREVISIT_OIDC_CLIENT_ID": "previsit"}
    settings = read_settings({**given, "PREVISIT_OIDC_ROLES": "doctor=clinic doctors, nurse=nurses"})
    assert settings.oidc_issuer == "https://id.example/", "its very name: the slash is part of it"
    assert settings.oidc_roles == ((Role.DOCTOR, "clinic doctors"), (Role.NURSE, "nurses"))
    assert masked(settings)["oidc_roles"] == "doctor=clinic doctors, nurse=nurses"


@pytest.mark.parametrize(
    ("roles", "told"), [("", "OIDC_ROLES"), ("surgeon=x", "nurse, doctor"), ("nurse", "OURS=THEIRS")]
)
def test_an_identity_provider_without_roles_of_ours_is_refused_with_what_to_write(roles: str, told: str) -> None:
    given = {"PREVISIT_OIDC_ISSUER": "https://id.example", "PREVISIT_OIDC_CLIENT_ID": "previsit"}
    with pytest.raises(SettingsError, match=told):
        read_settings({**given, "PREVISIT_OIDC_ROLES": roles})


def test_appointments_are_signed_or_not_asked_for() -> None:
    with pytest.raises(SettingsError, match="WEBHOOK_SECRET is missing"):
        read_settings({"PREVISIT_BOOKING_URL": "https://book.example"})


SIGNED_IN = {"PREVISIT_FHIR_URL": "https://records", "PREVISIT_FHIR_CLIENT_ID": "p", "PREVISIT_FHIR_KEY_FILE": "/key"}


@pytest.mark.parametrize("missing", list(SIGNED_IN))
def test_a_fhir_client_needs_all_of_its_settings(missing: str) -> None:
    assert read_settings(SIGNED_IN).fhir_client_id == "p"
    given = {name: value for name, value in SIGNED_IN.items() if name != missing}
    with pytest.raises(SettingsError, match="PREVISIT_FHIR_CLIENT_ID"):
        read_settings(given)


def test_closed_cases_go_to_one_place_and_never_unencrypted_over_a_network() -> None:
    assert read_settings({"PREVISIT_FHIR_URL": "http://127.0.0.1:8080/fhir/"}).fhir_url == "http://127.0.0.1:8080/fhir"
    with pytest.raises(SettingsError, match="https://"):
        read_settings({"PREVISIT_FHIR_URL": "http://records.clinic.example/fhir"})
    with pytest.raises(SettingsError, match="one place"):
        read_settings({"PREVISIT_FHIR_URL": "https://records", "PREVISIT_FHIR_FOLDER": "/records"})
