"""A certificate authority of the tests' own: issues good and bad certificates in a folder."""

import datetime as dt
import ipaddress
import ssl
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

NOW = dt.datetime.now(dt.UTC)
DAY = dt.timedelta(days=1)


class Authority:
    """`ca_file` is what a client must believe; `context` is what a server shows."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _name("Test authority")
        own = _builder(self._name, self._name, self._key.public_key(), NOW - DAY, NOW + DAY)
        own = own.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        self.ca_file = str(folder / "ca.pem")
        self._write(Path(self.ca_file), own.sign(self._key, hashes.SHA256()))

    def context(
        self, *names: str, valid_from: dt.datetime = NOW - DAY, valid_to: dt.datetime = NOW + DAY
    ) -> ssl.SSLContext:
        return _shows(self.pem(*names, valid_from=valid_from, valid_to=valid_to))

    def pem(
        self, *names: str, valid_from: dt.datetime = NOW - DAY, valid_to: dt.datetime = NOW + DAY
    ) -> Path:
        """A certificate with its key, for a server that is no Python."""
        key = ec.generate_private_key(ec.SECP256R1())
        builder = _builder(_name(names[0]), self._name, key.public_key(), valid_from, valid_to)
        builder = builder.add_extension(
            x509.SubjectAlternativeName(map(_general_name, names)), critical=False
        )
        pem = self._folder / f"{names[0]}-{valid_to:%Y%m%d}.pem"
        self._write(pem, builder.sign(self._key, hashes.SHA256()), key)
        return pem

    def self_signed(self, name: str) -> ssl.SSLContext:
        """A certificate that nobody but itself vouches for."""
        key = ec.generate_private_key(ec.SECP256R1())
        builder = _builder(_name(name), _name(name), key.public_key(), NOW - DAY, NOW + DAY)
        builder = builder.add_extension(x509.SubjectAlternativeName([_general_name(name)]), critical=False)
        pem = self._folder / f"{name}-self-signed.pem"
        self._write(pem, builder.sign(key, hashes.SHA256()), key)
        return _shows(pem)

    @staticmethod
    def _write(
        path: Path, certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey | None = None
    ) -> None:
        pem = certificate.public_bytes(serialization.Encoding.PEM)
        if key:
            pem += key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        path.write_bytes(pem)


def _shows(pem: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePublicKey,
    valid_from: dt.datetime,
    valid_to: dt.datetime,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(valid_from)
        .not_valid_after(valid_to)
    )
