"""What a request passes before it is routed: whose page sent it, who may ask, how much; and what a reply carries."""

from __future__ import annotations

import hmac
import logging
import platform

import pytest
from in_process import HERE, Site

from friendshore.errors import ArgumentError
from friendshore.web import admission
from friendshore.web.hosts import is_loopback, known_hosts, named
from friendshore.web.records import Reply
from friendshore.web.safety import HEADERS, POLICY
from friendshore.web.settings import Settings

TOKEN = "a-token-of-the-room-0123456789"
PAGE = {"accept": "text/html"}
ROOM = "http://10.0.0.5:8765"


def answering(asked, desk):
    """Say what was asked; some names fail, some are files."""
    if asked.name == "boom":
        raise ValueError("what somebody asked in secret")
    if asked.name == "refused":
        raise ArgumentError("No.", code="no")
    if asked.kind == "file":
        return Reply(b"<script>1</script>", headers={"content-disposition": 'attachment; filename="a.html"'})
    return Reply(f"{asked.kind} {asked.name} {asked.lang} {asked.query}".encode(), lasting=True)


@pytest.fixture
def site():
    found = Site(answering=answering)
    yield found
    found.close()


@pytest.fixture
def room():
    found = Site(Settings(host="0.0.0.0", token=TOKEN), answering=answering)
    yield found
    found.close()


def host(text):
    return [(b"host", text.encode("latin-1"))]


@pytest.mark.parametrize(
    "told",
    [
        "127.0.0.1:8765",
        "localhost:8765",
        "LOCALHOST:8765",
        "localhost.:8765",
        "[::1]:8765",
        "[0:0:0:0:0:0:0:1]:8765",
    ],
)
def test_the_desk_answers_to_its_own_names(site, told):
    assert site.raw(b"/exposure", headers=host(told)).status == 200


@pytest.mark.parametrize(
    "told",
    [
        "evil.example:8765",
        "evil.example",
        "127.0.0.1",
        "localhost:80",
        "127.0.0.1:8765.evil.example",
        "localhost.evil.example:8765",
        "user@localhost:8765",
        "localhost:8765@evil.example",
        "localhost:8765/",
        "localhost:8765,evil.example",
        "[::1",
        "::1:8765",
        "[::2]:8765",
        "[::ffff:127.0.0.1]:8765",
        "0x7f000001:8765",
        "2130706433:8765",
        "127.1:8765",
        "0.0.0.0:8765",
        "10.0.0.5:8765",
        "localhost:08765x",
        "localhost:-1",
        "localhost:99999",
        "",
        " ",
        "local\thost:8765",
        "l\xf6calhost:8765",
        "localhost..:8765",
    ],
)
def test_no_other_name_can_be_pointed_at_it(site, told):
    heard = site.raw(b"/exposure", headers=host(told))
    assert heard.status == 421
    assert b'"wrong_host"' in heard.body


def test_the_name_has_to_be_said_once(site):
    assert site.raw(b"/exposure", headers=[]).status == 421
    twice = host("127.0.0.1:8765") + host("evil.example:8765")
    assert site.raw(b"/exposure", headers=twice).status == 421
    assert site.raw(b"/exposure", headers=host("127.0.0.1:8765") * 2).status == 421


def test_where_others_reach_it_addresses_and_its_own_name_are_known(room):
    own = platform.node().lower()
    known = {"authorization": f"Bearer {TOKEN}"}
    for base in (
        ROOM,
        "http://192.168.1.9:8765",
        "http://[fe80::1]:8765",
        "http://localhost:8765",
        f"http://{own}:8765",
    ):
        assert room.get("/exposure", base=base, headers=known).status_code == 200, base
    for base in (
        "http://evil.example:8765",
        f"http://{own}.evil.example:8765",
        "http://10.0.0.5:9000",
        "http://10.0.0.5",
    ):
        assert room.get("/exposure", base=base, headers=known).status_code == 421, base


def test_a_port_that_a_browser_leaves_out_is_the_usual_one():
    site = Site(Settings(port=80), answering=answering)
    assert site.raw(b"/exposure", headers=host("localhost")).status == 200
    assert site.raw(b"/exposure", headers=host("localhost:80")).status == 200
    assert site.raw(b"/exposure", headers=host("localhost:8765")).status == 421
    site.close()


def test_machines_are_named_in_one_way():
    assert named("LocalHost.:80", "http") == named("localhost", "http")
    assert named("[::0001]", "https") == named("[::1]:443", "https")
    assert named("::1", "http") is None
    assert is_loopback("127.0.0.1")
    assert is_loopback("::1")
    assert is_loopback("localhost")
    assert not is_loopback("0.0.0.0")
    assert not is_loopback("::")
    assert not is_loopback("localhost.example")
    assert "0.0.0.0" not in known_hosts("127.0.0.1")


@pytest.mark.parametrize(
    "origin",
    [
        "null",
        "http://evil.example",
        "https://127.0.0.1:8765",
        "http://127.0.0.1",
        "http://127.0.0.1:9000",
        "http://localhost:8765",
        "http://127.0.0.1:8765.evil.example",
        "http://evil@127.0.0.1:8765",
        "",
        "127.0.0.1:8765",
        "http://127.0.0.1:8765/",
        "chrome-extension://abc",
        "file://",
    ],
)
@pytest.mark.parametrize("method", ["POST", "DELETE", "GET"])
def test_what_another_page_sends_is_refused(site, origin, method):
    found = site.ask(method, "/api/jobs", headers={"origin": origin})
    assert (found.status_code, found.json()["error"]["code"]) == (403, "wrong_origin")


def test_our_own_page_may_send(site):
    assert site.post("/scenarios/save", data={"name": "x"}).status_code == 200
    same = {"sec-fetch-site": "same-origin", "content-type": "application/x-www-form-urlencoded"}
    assert site.ask("POST", "/scenarios/save", headers=same, content="name=x").status_code == 200
    two = [(b"host", b"127.0.0.1:8765"), (b"origin", HERE.encode()), (b"origin", b"http://evil.example")]
    assert site.raw(b"/scenarios/save", method="POST", headers=two).status == 403


@pytest.mark.parametrize("where", ["cross-site", "same-site", "nonsense", ""])
@pytest.mark.parametrize("method", ["POST", "GET"])
def test_a_browser_that_says_another_site_asks_is_believed(site, where, method):
    found = site.ask(method, "/exposure", headers={"sec-fetch-site": where})
    assert (found.status_code, found.json()["error"]["code"]) == (403, "wrong_site")


def test_a_link_on_another_site_leads_to_a_page_and_nowhere_else(site):
    followed = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
    assert site.get("/exposure", headers=followed).status_code == 200
    for name, value in (
        ("sec-fetch-dest", "iframe"),
        ("sec-fetch-dest", "image"),
        ("sec-fetch-mode", "no-cors"),
    ):
        assert site.get("/exposure", headers={**followed, name: value}).status_code == 403
    assert site.ask("POST", "/read", headers=followed).status_code == 403


@pytest.mark.parametrize(
    "kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "TEXT/plain"]
)
def test_a_form_has_to_say_from_which_page_it_comes(site, kind):
    found = site.ask("POST", "/read", headers={"content-type": kind}, content=b"text=x")
    assert (found.status_code, found.json()["error"]["code"]) == (403, "wrong_unstated")


def test_a_program_may_send_what_no_form_can(site):
    told = site.ask("POST", "/api/jobs", headers={"content-type": "application/json"}, content=b"{}")
    assert told.status_code != 403


def everything(site):
    """Every kind of reply: pages, files, refusals by the framework, by the checks, by us, and a fault."""
    yield site.get("/exposure")
    yield site.get("/")
    yield site.get("/healthz")
    yield site.get("/openapi.json")
    yield site.get("/api/exposure")
    yield site.get("/chart/exposure/a.svg")
    yield site.get("/file/exposure.html")
    yield site.get("/static/x/desk.css")
    yield site.get("/static/x/secret")
    yield site.get("/no/such/address")
    yield site.get("/no/such/address", headers=PAGE)
    yield site.ask("POST", "/exposure")
    yield site.ask("PUT", "/exposure")
    yield site.ask("OPTIONS", "/exposure", headers={"origin": HERE})
    yield site.get("/boom")
    yield site.get("/refused")
    yield site.get("/exposure", headers={"host": "evil.example"})
    yield site.get("/exposure", headers={"origin": "null"})
    yield site.get("/" + "a" * 2000)
    yield site.get("/api/jobs/x")
    yield site.post("/read", data={})
    yield site.post("/api/read", content=b"x" * 10_000_001)
    yield site.ask("HEAD", "/exposure")


def test_every_reply_carries_the_headers_of_safety(site):
    statuses = set()
    for found in everything(site):
        told = found.headers
        statuses.add(found.status_code)
        for name, value in HEADERS.items():
            assert told.get_list(name) == [value], (found.url, name)
        assert "cache-control" in told, found.url
        assert not [name for name in told if name.startswith("access-control-")]
        assert "server" not in told
        assert "x-powered-by" not in told
        attached = told.get("content-disposition", "").startswith("attachment")
        policies = told.get_list("content-security-policy")
        assert len(policies) == 1
        assert policies[0].startswith("sandbox; default-src 'none'") if attached else policies[0] == POLICY
        assert "unsafe-eval" not in policies[0]
        assert "*" not in policies[0]
        if not attached:
            assert "unsafe-inline" not in policies[0]
    assert {200, 403, 404, 405, 413, 414, 421, 422, 500} <= statuses


def test_what_others_may_not_keep_is_said(site):
    assert "no-store" in site.get("/boom").headers["cache-control"]
    assert site.get("/exposure").headers["cache-control"].startswith("private")
    assert site.get("/healthz").headers["cache-control"] == "private, no-store"
    assert "immutable" in site.get("/static/x/desk.css").headers["cache-control"]


def test_a_fault_tells_nothing_of_what_was_asked(site, caplog):
    with caplog.at_level(logging.DEBUG, logger="friendshore"):
        found = site.get("/boom?importer=SECRET", headers=PAGE)
    caplog.handler.records[:] = [one for one in caplog.records if one.name.startswith("friendshore")]
    assert found.status_code == 500
    assert found.headers["content-type"].startswith("text/html")
    logged = "".join(one.getMessage() for one in caplog.records)
    for text in (found.text, logged):
        assert "ValueError" in text
        assert "secret" not in text.lower()


def test_failures_are_pages_to_people_and_envelopes_to_programs(site):
    for address in ("/no/such/address", "/boom", "/exposure?x=%00"):
        assert site.get(address, headers=PAGE).text.startswith("<!doctype html>")
        assert site.get(address).json()["ok"] is False
    assert site.get("/api/no/such/thing", headers=PAGE).json()["error"]["code"] == "unknown_page"


@pytest.mark.parametrize(
    "path",
    [
        b"/../etc/passwd",
        b"/api/../../etc/passwd",
        b"/%2e%2e/etc/passwd",
        b"/api/%2E%2e",
        b"/file/..%2fetc%2fpasswd.csv",
        b"/file/..%5cetc.csv",
        b"/a\\b",
        b"/%00",
        b"/a%00.csv",
        b"//evil.example/x",
        b"/api//exposure",
        b"/%c0%ae%c0%ae/x",
        b"/%ff",
        b"/%ed%a0%80",
        b"/.",
        b"/./x",
        b"/%0d%0aset-cookie:x",
        b"/%7f",
        b"exposure",
        b"*",
        b"http://evil.example/",
    ],
)
def test_no_address_leads_out_of_the_desk(site, path):
    heard = site.raw(path)
    assert heard.status == 404
    assert b'"bad_address"' in heard.body
    assert not site.workers.asked


def test_addresses_have_limits(site):
    assert site.get("/exposure?importer=" + "a" * 16_000).status_code == 200
    assert site.get("/exposure?importer=" + "a" * 16_400).status_code == 414
    assert site.get("/exposure?importer=%00").status_code == 400
    assert site.get("/exposure?importer=%ff").status_code == 400
    for method in ("PUT", "PATCH", "TRACE", "CONNECT", "OPTIONS", "get"):
        assert site.raw(b"/exposure", method=method).status == 405


def test_head_is_answered_as_get_is(site):
    assert site.ask("HEAD", "/exposure").status_code == 200
    assert site.ask("HEAD", "/nothing/here").status_code == 404
    assert site.ask("HEAD", f"/api/jobs/{'0' * 24}/events").status_code == 405


LOCAL = [
    (b"host", b"127.0.0.1:8765"),
    (b"origin", HERE.encode()),
    (b"content-type", b"application/x-www-form-urlencoded"),
]


def test_a_body_that_says_it_is_too_large_is_not_received(site):
    heard = site.raw(b"/scenarios/save", method="POST", headers=[*LOCAL, (b"content-length", b"300001")])
    assert (heard.status, b'"body_too_large"' in heard.body) == (413, True)
    assert not site.workers.asked
    for length in (b"-1", b"1e3", b"x", b"99999999999999999999", b""):
        status = site.raw(
            b"/scenarios/save", method="POST", headers=[*LOCAL, (b"content-length", length)]
        ).status
        assert status in (400, 413), length


def test_a_body_is_counted_whatever_it_says(site):
    parts = [b"text=" + b"x" * 100_000] * 4
    for headers in (LOCAL, [*LOCAL, (b"content-length", b"10")]):
        heard = site.raw(b"/scenarios/save", method="POST", headers=headers, body=parts)
        assert (heard.status, b'"body_too_large"' in heard.body) == (413, True)
        assert heard.headers["connection"] == "close"
    assert not site.workers.asked


def test_a_body_that_trickles_is_not_waited_for(monkeypatch):
    monkeypatch.setattr("friendshore.web.safety.FORM_SECONDS", 0.2)
    site = Site(Settings(upload_seconds=0.2), answering=answering)
    for path, kind in (
        (b"/scenarios/save", LOCAL[2]),
        (b"/read", LOCAL[2]),
        (b"/api/read", (b"content-type", b"application/pdf")),
    ):
        heard = site.raw(path, method="POST", headers=[*LOCAL[:2], kind], body=[b"text=x"] * 50, pause=0.05)
        assert (heard.status, b'"body_too_slow"' in heard.body) == (408, True), path
    site.close()


def test_only_documents_may_be_large(site):
    large = b"x" * 400_000
    assert (
        site.post("/api/jobs", content=large, headers={"content-type": "application/json"}).status_code == 413
    )
    taken = site.post("/api/read", content=large, headers={"content-type": "text/markdown"})
    assert taken.status_code == 200


def test_a_web_socket_is_closed_at_once(site):
    sent = []

    async def told(message):
        sent.append(message)

    site.runner.run(site.app({"type": "websocket", "path": "/", "headers": []}, None, told))
    assert sent == [{"type": "websocket.close", "code": 1008}]


def test_the_language_that_was_chosen_is_remembered(site):
    told = site.get("/exposure?lang=ja").headers["set-cookie"]
    assert told == "friendshore-lang=ja; Path=/; SameSite=Lax; Max-Age=31536000"
    for address in (
        "/exposure",
        "/exposure?lang=fr",
        "/exposure?lang=en%0d%0aX:%201",
        "/file/exposure.html?lang=ja",
        "/healthz?lang=ja",
    ):
        assert "set-cookie" not in site.get(address).headers
    assert " ja " in site.get("/exposure", headers={"cookie": "a=b; friendshore-lang=ja"}).text


# --- the token ---


def test_without_the_token_nothing_is_told(room):
    for address in (
        "/",
        "/exposure",
        "/api/exposure",
        "/file/exposure.csv",
        "/openapi.json",
        "/api/jobs",
        "/nothing/here",
        "/read",
    ):
        found = room.get(address, base=ROOM)
        assert (found.status_code, found.json()["error"]["code"]) == (401, "no_token"), address
        assert found.headers["www-authenticate"].startswith("Bearer")
    for method in ("POST", "DELETE"):
        assert room.ask(method, "/api/jobs", base=ROOM).status_code == 401
    assert not room.workers.asked


def test_the_sign_of_life_tells_nothing_more_to_a_stranger(room):
    found = room.get("/healthz", base=ROOM)
    assert found.status_code == 200
    assert found.json() == {"ok": True}
    assert set(room.get("/healthz", base=ROOM, headers={"authorization": f"Bearer {TOKEN}"}).json()) > {"ok"}


def test_the_token_is_asked_for_on_a_page_in_both_languages(room):
    for lang, word in (("en", "This desk asks for its token"), ("ja", "トークン")):
        found = room.get("/exposure?importer=JPN", base=ROOM, headers={**PAGE, "accept-language": lang})
        assert found.status_code == 401
        assert word in found.text
        assert 'type="password"' in found.text
        assert 'href="/exposure?importer=JPN"' in found.text
        assert TOKEN not in found.text


def test_a_program_brings_the_token_with_each_request(room):
    for scheme in ("Bearer", "bearer"):
        assert (
            room.get("/exposure", base=ROOM, headers={"authorization": f"{scheme} {TOKEN}"}).status_code
            == 200
        )
    for told in (f"Basic {TOKEN}", f"Bearer {TOKEN}x", "Bearer ", "Bearer", TOKEN, f"Bearer {TOKEN.upper()}"):
        assert room.get("/exposure", base=ROOM, headers={"authorization": told}).status_code == 401, told


def test_the_token_in_an_address_becomes_a_cookie_and_leaves_the_address(room):
    found = room.get(f"/exposure?importer=JPN&token={TOKEN}&year=2024", base=ROOM)
    assert found.status_code == 303
    assert found.headers["location"] == "/exposure?importer=JPN&year=2024"
    cookie = found.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert "Path=/" in cookie
    assert TOKEN not in cookie + found.text + found.headers["location"]
    held = {"cookie": "other=1; " + cookie.partition(";")[0]}
    again = room.get("/exposure?importer=JPN", base=ROOM, headers=held)
    assert again.status_code == 200
    assert TOKEN not in again.text
    # Given again, it leaves the address again.
    assert room.get(f"/?token={TOKEN}", base=ROOM, headers=held).headers["location"] == "/"
    assert room.get("/?token=wrong", base=ROOM, headers=held).headers["location"] == "/"
    assert (
        room.get("/exposure", base=ROOM, headers={"cookie": f"friendshore-admitted-8765={TOKEN}"}).status_code
        == 401
    )
    assert (
        room.get("/exposure", base=ROOM, headers={"cookie": cookie.partition(";")[0][:-1]}).status_code == 401
    )


def test_the_token_leads_to_no_other_site(room):
    for path in (b"//evil.example", b"/\\evil.example", b"/%2f%2fevil.example", b"//evil.example/%2e%2e"):
        heard = room.raw(path, query=f"token={TOKEN}".encode(), headers=host("10.0.0.5:8765"))
        assert heard.status == 404
        assert "location" not in heard.headers


def test_a_link_of_another_site_with_the_token_is_led_on_by_a_page_of_ours(room):
    followed = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
    found = room.get(f"/exposure?a=%22%3E%3Cscript%3E&token={TOKEN}", base=ROOM, headers=followed)
    assert found.status_code == 200
    assert "set-cookie" in found.headers
    assert "url=/exposure?a=%22%3E%3Cscript%3E" in found.text
    assert TOKEN not in found.text


def test_a_form_does_not_carry_the_token_in_its_address(room):
    found = room.post(f"/scenarios/save?token={TOKEN}", base=ROOM, origin=ROOM, data={"name": "x"})
    assert (found.status_code, found.json()["error"]["code"]) == (400, "token_in_address")


def test_tokens_are_compared_in_constant_time(room, monkeypatch):
    compared, digest = [], hmac.compare_digest

    def compare(one, two):
        compared.append((one, two))
        return digest(one, two)

    monkeypatch.setattr(admission.hmac, "compare_digest", compare)
    room.get("/exposure", base=ROOM, headers={"authorization": "Bearer wrong"})
    room.get("/exposure", base=ROOM, headers={"cookie": "friendshore-admitted-8765=wrong"})
    room.get("/exposure?token=%E3%81%82", base=ROOM)
    assert [one for one, _ in compared] == [b"wrong", b"wrong", "あ".encode()]


def test_guesses_run_out(room):
    wrong = {"authorization": "Bearer wrong"}
    held = room.get(f"/?token={TOKEN}", base=ROOM).headers["set-cookie"].partition(";")[0]
    statuses = [
        room.get("/exposure", base=ROOM, headers=wrong).status_code for _ in range(admission.MOST_GUESSES)
    ]
    assert set(statuses) == {401}
    refused = room.get("/exposure", base=ROOM, headers={"authorization": f"Bearer {TOKEN}"})
    assert refused.status_code == 429
    assert 0 < int(refused.headers["retry-after"]) <= admission.GUESS_SECONDS + 1
    # Who was let in before is not locked out by what others guess, and neither is anybody else.
    assert room.get("/exposure", base=ROOM, headers={"cookie": held}).status_code == 200
    told = [(b"host", b"10.0.0.5:8765"), (b"authorization", f"Bearer {TOKEN}".encode())]
    assert room.raw(b"/exposure", headers=told, client=("10.0.0.77", 1)).status == 200


def test_guesses_are_forgotten_after_a_while_and_never_fill_the_memory():
    now = [0.0]
    door = admission.Door(TOKEN, 8765, now=lambda: now[0])
    for _ in range(admission.MOST_GUESSES):
        assert not door.tries("a", "wrong")
    assert door.waits("a") > 0
    assert door.waits("b") == 0
    now[0] = admission.GUESS_SECONDS + 1
    assert door.waits("a") == 0
    for n in range(admission.MOST_VISITORS + 50):
        door.tries(str(n), "wrong")
    assert len(door.guesses) <= admission.MOST_VISITORS


def test_a_network_of_long_addresses_is_one_visitor():
    assert admission.visitor_of(("2001:db8:1:2:3:4:5:6", 1)) == admission.visitor_of(
        ("2001:db8:1:2:ffff::1", 1)
    )
    assert admission.visitor_of(("2001:db8:1:3::1", 1)) != admission.visitor_of(("2001:db8:1:2::1", 1))
    assert admission.visitor_of(("10.0.0.1", 1)) != admission.visitor_of(("10.0.0.2", 1))
    assert admission.visitor_of(None) == ""


def test_the_cookie_is_sent_over_encrypted_lines_alone_where_there_are_some():
    door = admission.Door(TOKEN, 8765)
    assert "; Secure" in door.set_cookie(secure=True)
    assert "; Secure" not in door.set_cookie(secure=False)
