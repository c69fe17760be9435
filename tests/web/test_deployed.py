"""As the docs run it: behind nginx and Caddy with TLS, and in a container. Skipped only where the program itself is not on the machine."""

import json
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

from crm.settings import Environment
from crm.web import upload_owner
from tests.conftest import ROOT, Server, free_port, program, serving, wait_for

NAME = "crm.example.com"
HOW_TO = ROOT / "docs" / "how-to"
PASSWORD = "correct horse battery"


def certificate(folder: Path) -> None:
    """A certificate of our own for the name of the examples."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, NAME)])
    built = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
    built = built.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=9))
    built = built.add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
    (folder / "fullchain.pem").write_bytes(built.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM))
    (folder / "privkey.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A shop with the public address of the examples."""
    with serving(tmp_path / "shop", CRM_PASSWORD=PASSWORD, CRM_PUBLIC_URL=f"https://{NAME}", CRM_METRICS_TOKEN="t" * 40) as running:
        yield running


@contextmanager
def nginx(folder: Path, server: Server) -> Iterator[int]:
    """The example as it is, but for ports and the place of the certificate."""
    port, plain = free_port(), free_port()
    example = (HOW_TO / "nginx.conf").read_text()
    changes = {"listen 443 ssl": f"listen 127.0.0.1:{port} ssl", "listen 80": f"listen 127.0.0.1:{plain}"}
    for before, after in {**changes, "/etc/ssl/huitou": str(folder), "http://127.0.0.1:8501": server.url}.items():
        assert before in example
        example = example.replace(before, after)
    around = f"pid {folder}/pid; daemon off; error_log {folder}/error.log; events {{}} http {{ access_log off;\n"
    places = "".join(f"{name}_temp_path {folder}/{name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    (folder / "nginx.conf").write_text(f"{around}{places}{example}}}\n")
    command = [program("nginx"), "-p", str(folder), "-e", f"{folder}/error.log", "-c", f"{folder}/nginx.conf"]
    checked = subprocess.run([*command, "-t"], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stderr
    yield from _run(command, port)


@contextmanager
def caddy(folder: Path, server: Server) -> Iterator[int]:
    """The same; its certificate is made by Caddy itself, as for a machine that is not on the internet."""
    port = free_port()
    example = (HOW_TO / "Caddyfile").read_text()
    for before, after in {f"{NAME} {{": f"https://{NAME}:{port} {{\n\ttls internal", "127.0.0.1:8501": server.url}.items():
        assert before in example
        example = example.replace(before, after)
    options = ("admin off", "auto_https disable_redirects", "skip_install_trust", "default_bind 127.0.0.1", f"storage file_system {folder}")
    head = "".join(("{\n", *(f"\t{option}\n" for option in options), "}\n"))
    (folder / "Caddyfile").write_text(head + example)
    yield from _run([program("caddy"), "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")], port)


def _run(command: list[str], port: int) -> Iterator[int]:
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            wait_for(lambda: _answers(port), 30)
            yield port
        finally:
            process.terminate()
            process.wait(10)


def _answers(port: int) -> bool:
    try:
        return asked(port, "GET", "/healthz").status_code == 200
    except httpx.TransportError:
        return False


def asked(port: int, method: str, path: str, **more: object) -> httpx.Response:
    """A request as a browser makes it for that name."""
    with httpx.Client(verify=False, timeout=30) as client:  # noqa: S501 (our own certificate)
        headers = {"host": NAME, **more.pop("headers", {})}  # type: ignore[dict-item]
        sent = client.build_request(method, f"https://127.0.0.1:{port}{path}", headers=headers, **more)  # type: ignore[arg-type]
        sent.extensions["sni_hostname"] = NAME
        return client.send(sent)


def greeted(port: int, cookie: str) -> bool:
    """Whether the websocket of the pages opens for this cookie."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    headers = {"Cookie": cookie} if cookie else {}
    opened = socket.create_connection(("127.0.0.1", port), timeout=20)
    named = {"origin": f"https://{NAME}", "subprotocols": ["streamlit"], "additional_headers": headers}
    try:
        with connect(f"wss://{NAME}/_stcore/stream", sock=opened, ssl=context, **named) as heard:  # type: ignore[arg-type]
            return heard.ping().wait(20)
    except (WebSocketException, OSError):
        return False


@pytest.mark.parametrize("proxy", [nginx, caddy])
def test_the_example_of_a_proxy_serves_pages_websocket_uploads_and_hooks(tmp_path: Path, server: Server, proxy) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "proxy").mkdir()
    certificate(tmp_path / "proxy")
    with proxy(tmp_path / "proxy", server) as port:
        assert asked(port, "GET", "/").headers["location"].startswith("/login")
        entered = asked(port, "POST", "/login", data={"name": "owner", "password": PASSWORD})
        assert (entered.status_code, "Secure" in entered.headers["set-cookie"]) == (303, True)
        cookie = "; ".join(one.partition(";")[0] for one in entered.headers.get_list("set-cookie"))
        assert "Huitou" in asked(port, "GET", "/orders", headers={"cookie": cookie}).text
        assert (greeted(port, ""), greeted(port, cookie)) == (False, True)
        mark = upload_owner.new_mark()
        ticket = upload_owner.ticket(Environment(data=server.data, password=PASSWORD), mark)
        shown = {"cookie": cookie, upload_owner.HEADER: ticket, "sec-fetch-site": "same-origin"}
        sent = asked(port, "PUT", f"/upload/{'a1' * 12}/orders.csv", content=b"x" * 5_000_000, headers=shown)
        assert (sent.status_code, sent.json()["bytes"]) == (201, 5_000_000)
        assert asked(port, "POST", "/hooks/sendgrid", content=b"[]").status_code == 401
        assert "</html>" in asked(port, "GET", "/u/none").text
        assert [asked(port, "GET", path).status_code for path in ("/healthz", "/readyz", "/metrics")] == [200, 404, 404]
        told = {"x-forwarded-for": "127.0.0.1", "x-forwarded-host": "localhost"}
        assert asked(port, "GET", "/orders", headers=told).status_code == 303


@pytest.fixture(scope="module")
def image() -> str:
    """The image, built as the docs say."""
    docker = program("docker")
    if subprocess.run([docker, "info"], capture_output=True).returncode:
        pytest.skip("docker is not on this machine")
    built = subprocess.run(
        [docker, "build", "--network", "host", "-t", "huitou-test", "."], cwd=ROOT, capture_output=True, text=True, timeout=1800
    )
    assert built.returncode == 0, built.stdout[-3000:] + built.stderr[-3000:]
    return "huitou-test"


def docker(*words: str, check: bool = True) -> str:
    done = subprocess.run([program("docker"), *words], capture_output=True, text=True, timeout=120)
    assert not check or done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def test_in_a_container_it_runs_without_rights_and_keeps_its_shop(image: str) -> None:
    """As in compose.yaml: another user than root, nothing to write on but the volume; without a password it does not start."""
    closed = ["--read-only", "--tmpfs", "/tmp", "--cap-drop", "ALL", "--security-opt", "no-new-privileges"]  # noqa: S108
    assert "Set CRM_PASSWORD first" in docker("run", "--rm", *closed, image, check=False)
    volume, port = f"huitou-test-{time.monotonic_ns()}", free_port()
    words = [*closed, "-e", f"CRM_PASSWORD={PASSWORD}", "-v", f"{volume}:/data", "-p", f"127.0.0.1:{port}:8501"]
    running = docker("run", "-d", *words, image).strip().splitlines()[-1]
    try:
        wait_for(
            lambda: docker("exec", running, "crm", "doctor", "--json", check=False).find('"server"') > 0,
            60,
            lambda: docker("logs", running),
        )
        probe = "import urllib.request as web; print(web.urlopen('http://127.0.0.1:8501/readyz').read().decode())"
        assert docker("exec", running, "python", "-c", probe).strip() == "ready"
        health = json.loads(docker("inspect", image))[0]["Config"]["Healthcheck"]["Test"]
        assert docker("exec", running, *health[1:]) == ""
        assert docker("exec", running, "id", "-u").strip() == "10001"
        assert docker("exec", running, "sh", "-c", "stat -c %a /data /data/shop.duckdb").split() == ["700", "600"]
        assert httpx.get(f"http://127.0.0.1:{port}/healthz").text == "ok"
    finally:
        docker("rm", "-f", running, check=False)
        docker("volume", "rm", "-f", volume, check=False)


def test_the_compose_file_is_what_the_container_test_runs() -> None:
    text = (ROOT / "compose.yaml").read_text()
    for line in ("read_only: true", "- ALL", "- no-new-privileges:true", "env_file: secret.env", '"127.0.0.1:8501:8501"', "- shop:/data"):
        assert line in text
    assert "secret.env" in (ROOT / ".dockerignore").read_text().split() and "data/shop" in (ROOT / ".dockerignore").read_text().split()
    if shutil.which("docker-compose"):
        subprocess.run(["docker-compose", "config", "-q"], cwd=ROOT, check=True)
