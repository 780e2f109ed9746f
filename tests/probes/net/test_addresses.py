"""The deny table, its exceptions, and the messages that a wrong base URL earns."""

import pytest

from probes.net.addresses import (
    AddressRefused,
    BaseUrlRefused,
    ExceptionRefused,
    check_base_url,
    check_exception,
    vet,
)

NONE: frozenset[str] = frozenset()
METADATA = [
    "169.254.169.254", "169.254.0.23", "169.254.170.2", "100.100.100.200", "192.0.0.192", "168.63.129.16",
    "fd00:ec2::254", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "64:ff9b:1::a9fe:a9fe",
    "2002:a9fe:a9fe::1", "::ffff:0:a9fe:a9fe", "100.96.0.96", "169.254.42.42", "fd00:42::42",
    "::169.254.169.254", "::ffff:100.100.100.200", "64:ff9b::168.63.129.16",
]  # fmt: skip


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("127.0.0.1", "address.loopback"),
        ("127.255.255.254", "address.loopback"),
        ("::1", "address.loopback"),
        ("10.0.0.1", "address.private"),
        ("172.16.0.1", "address.private"),
        ("172.31.255.255", "address.private"),
        ("192.168.1.1", "address.private"),
        ("100.64.0.1", "address.private"),
        ("100.127.255.255", "address.private"),
        ("fc00::1", "address.private"),
        ("fdff::1", "address.private"),
        ("fec0::1", "address.private"),
        ("169.254.1.1", "address.link_local"),
        ("fe80::1", "address.link_local"),
        ("fe80::1%eth0", "address.link_local"),
        ("224.0.0.1", "address.multicast"),
        ("239.255.255.255", "address.multicast"),
        ("ff02::1", "address.multicast"),
        ("0.0.0.0", "address.reserved"),
        ("0.1.2.3", "address.reserved"),
        ("192.0.0.8", "address.reserved"),
        ("192.0.2.1", "address.reserved"),
        ("192.31.196.1", "address.reserved"),
        ("192.52.193.1", "address.reserved"),
        ("192.88.99.1", "address.reserved"),
        ("192.175.48.1", "address.reserved"),
        ("198.18.0.1", "address.reserved"),
        ("198.19.255.255", "address.reserved"),
        ("198.51.100.1", "address.reserved"),
        ("203.0.113.1", "address.reserved"),
        ("240.0.0.1", "address.reserved"),
        ("255.255.255.255", "address.reserved"),
        ("::", "address.reserved"),
        ("100::1", "address.reserved"),
        ("2001:db8::1", "address.reserved"),
        ("2001:2::1", "address.reserved"),
        ("3fff::1", "address.reserved"),
        ("5f00::1", "address.reserved"),
        ("1fff::1", "address.reserved"),
        ("4000::1", "address.reserved"),
        ("fbff::1", "address.reserved"),
        ("::ffff:0:127.0.0.1", "address.embedded"),
        ("::ffff:127.0.0.1", "address.embedded"),
        ("::ffff:8.8.8.8", "address.embedded"),
        ("::127.0.0.1", "address.embedded"),
        ("64:ff9b::7f00:1", "address.embedded"),
        ("64:ff9b:1::7f00:1", "address.embedded"),
        ("2002:7f00:1::", "address.embedded"),
        ("2001:0:7f00:1::", "address.embedded"),
        ("not an address", "address.unreadable"),
        ("", "address.unreadable"),
        *((address, "address.metadata") for address in METADATA),
    ],
)
def test_an_address_of_the_deny_table_is_refused_with_its_reason(address, code):
    with pytest.raises(AddressRefused) as refused:
        vet(address, 443, exceptions=NONE)

    assert refused.value.reason == code


@pytest.mark.parametrize(
    "address",
    [
        "1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255",
        "128.0.0.1", "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "192.0.1.0",
        "192.167.0.1", "192.169.0.1", "198.17.255.255", "198.20.0.0", "223.255.255.255", "2606:4700::1111",
        "2400:3200::1", "2001:200::1", "2000::1", "2003::1", "2a00:1450::1", "3ffe:ffff::1",
    ],
)  # fmt: skip
def test_the_neighbours_of_the_deny_table_pass(address):
    vet(address, 443, exceptions=NONE)


@pytest.mark.parametrize(
    ("address", "port", "entry"),
    [
        ("127.0.0.1", 8801, "127.0.0.1:8801"),
        ("::1", 8801, "[::1]:8801"),
        ("0:0:0:0:0:0:0:1", 8801, "[::1]:8801"),
        ("10.1.2.3", 443, "10.1.2.3:443"),
    ],
)
def test_an_exception_opens_exactly_its_host_and_port(address, port, entry):
    vet(address, port, exceptions=frozenset({entry}))
    for neighbour, other_port in [(address, port + 1), ("127.0.0.2", port), ("fd00::2", port)]:
        with pytest.raises(AddressRefused):
            vet(neighbour, other_port, exceptions=frozenset({entry}))


def test_an_exception_by_name_opens_what_that_name_resolved_to_and_nothing_else():
    exceptions = frozenset({"localhost:8801"})

    vet("127.0.0.1", 8801, exceptions=exceptions, name="localhost")
    with pytest.raises(AddressRefused):
        vet("127.0.0.1", 8801, exceptions=exceptions, name="other.example")
    with pytest.raises(AddressRefused):
        vet("127.0.0.1", 8801, exceptions=exceptions)


@pytest.mark.parametrize("address", METADATA)
def test_no_exception_opens_a_metadata_address(address):
    exceptions = frozenset({f"{address}:80", f"[{address}]:80", "metadata.example:80"})

    with pytest.raises(AddressRefused) as refused:
        vet(address, 80, exceptions=exceptions, name="metadata.example")

    assert refused.value.reason == "address.metadata"


def test_no_exception_opens_a_service_of_the_desk_itself():
    entry = frozenset({"127.0.0.1:6379"})

    for address in ("127.0.0.1", "::ffff:127.0.0.1"):
        with pytest.raises(AddressRefused) as refused:
            vet(address, 6379, exceptions=entry | {"[::ffff:7f00:1]:6379"}, never=entry)
        assert refused.value.reason == "address.own_service"


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        ("https://api.example.com", "https://api.example.com"),
        ("  HTTPS://API.Example.com:443/v1/  ", "https://api.example.com/v1"),
        ("https://api.example.com.:8443/v1//", "https://api.example.com:8443/v1"),
        ("https://例子.中国/v1", "https://xn--fsqu00a.xn--fiqs8s/v1"),
        ("https://my_gateway.example.com/a/b", "https://my_gateway.example.com/a/b"),
        ("https://1.1.1.1/v1", "https://1.1.1.1/v1"),
        ("https://[2606:4700:0::1111]/v1", "https://[2606:4700::1111]/v1"),
    ],
)
def test_a_base_url_gets_one_canonical_form(typed, canonical):
    assert check_base_url(typed, allow_http=False, exceptions=NONE) == canonical
    assert check_base_url(canonical, allow_http=False, exceptions=NONE) == canonical


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("", "url.empty"),
        ("   ", "url.empty"),
        ("api.example.com/v1", "url.scheme"),
        ("ftp://api.example.com", "url.scheme"),
        ("javascript:alert(1)", "url.scheme"),
        ("http://api.example.com", "url.http"),
        ("https://user:word@api.example.com", "url.userinfo"),
        ("https://@api.example.com", "url.userinfo"),
        ("https://api.example.com/v1?key=x", "url.query"),
        ("https://api.example.com/?", "url.query"),
        ("https://api.example.com/#", "url.fragment"),
        ("https:///v1", "url.host_missing"),
        ("https://api.example.com:8080", "url.port"),
        ("https://api.example.com:80", "url.port"),
        ("https://api.example.com:0", "url.port_range"),
        ("https://api.example.com:99999", "url.port_range"),
        ("https://api.example.com:abc", "url.malformed"),
        ("https://[::1", "url.malformed"),
        ("https://①②⑦.⓪.⓪.①", "url.malformed"),
        ("https://api..example.com", "url.host"),
        ("https://exa%6dple.com", "url.host"),
        ("https://[fe80::1%25eth0]", "url.host"),
        ("https://api.example.com/v 1", "url.characters"),
        ("https://evil.example\\@127.0.0.1/", "url.characters"),
        ("https://api.example.com/\nv1", "url.characters"),
        ("https://127.1", "url.host_numeric"),
        ("https://2130706433", "url.host_numeric"),
        ("https://0x7f000001", "url.host_numeric"),
        ("https://017700000001", "url.host_numeric"),
        ("https://1.2.3.4.5", "url.host_numeric"),
        ("https://127.0.0.1", "address.loopback"),
        ("https://localhost", "address.loopback"),
        ("https://a.localhost", "address.loopback"),
        ("https://127。0。0。1", "address.loopback"),
        ("https://[::ffff:10.0.0.1]", "address.embedded"),
        ("https://169.254.169.254", "address.metadata"),
    ],
)
def test_each_fault_of_a_base_url_has_its_own_code_and_words(url, code):
    with pytest.raises(BaseUrlRefused) as refused:
        check_base_url(url, allow_http=False, exceptions=NONE)

    assert refused.value.code == code
    assert str(refused.value) == refused.value.message % refused.value.params
    assert "word" not in str(refused.value).replace("password", "")


def test_http_needs_the_lab_flag_or_an_exception():
    assert check_base_url("http://lab.example", allow_http=True, exceptions=NONE) == "http://lab.example"
    excepted = frozenset({"localhost:8801"})
    url = "http://localhost:8801/v1"
    assert check_base_url(url, allow_http=False, exceptions=excepted) == url
    with pytest.raises(BaseUrlRefused):
        check_base_url("http://localhost:8802/v1", allow_http=True, exceptions=excepted)


def test_the_words_name_the_exception_that_would_help():
    with pytest.raises(BaseUrlRefused, match=r"admin add \[::1\]:8801 as an exception"):
        check_base_url("https://[::1]:8801/v1", allow_http=False, exceptions=frozenset({"[::1]:9"}))


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        (" 127.0.0.1:8801 ", "127.0.0.1:8801"),
        ("[0:0::1]:8801", "[::1]:8801"),
        ("LocalHost:8801", "localhost:8801"),
        ("api.example.com:443", "api.example.com:443"),
    ],
)
def test_an_exception_gets_one_canonical_form(typed, canonical):
    assert check_exception(typed) == canonical


@pytest.mark.parametrize(
    "typed",
    [
        "", "localhost", "[::1]", "::1:80", "127.0.0.1:8801/", "http://127.0.0.1:8801", "a b:1", "a:0",
        "a:70000", "u@a:1", "127.1:80", "*:80", "10.0.0.0/8:80",
    ],
)  # fmt: skip
def test_what_is_no_host_and_port_is_no_exception(typed):
    with pytest.raises(ExceptionRefused) as refused:
        check_exception(typed)

    assert refused.value.code == "exception.malformed"


@pytest.mark.parametrize("typed", ["169.254.169.254:80", "[64:ff9b::a9fe:a9fe]:443", "[fd00:ec2::254]:80"])
def test_an_exception_for_a_metadata_address_cannot_be_registered(typed):
    with pytest.raises(ExceptionRefused) as refused:
        check_exception(typed)

    assert refused.value.code == "address.metadata"
