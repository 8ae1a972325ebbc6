"""A CA and a certificate of localhost and names below it that it signed."""
import dataclasses
import pathlib
import subprocess


@dataclasses.dataclass
class Certificate:
    ca: pathlib.Path
    chain: pathlib.Path
    key: pathlib.Path


def make(folder):
    def openssl(*words):
        subprocess.run(["openssl", *map(str, words)], cwd=folder, check=True, capture_output=True)

    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    openssl("req", "-x509", *key, "-days", "2", "-subj", "/CN=bench CA", "-keyout", "ca.key",
            "-out", "ca.pem")
    openssl("req", *key, "-subj", "/CN=localhost", "-keyout", "key.pem", "-out", "request.pem")
    names = ("localhost", "conference.localhost", "beside.localhost")
    (folder / "names").write_text(
        f"subjectAltName={','.join(f'DNS:{name}' for name in names)},IP:127.0.0.1\n",
        encoding="utf-8")
    openssl("x509", "-req", "-in", "request.pem", "-CA", "ca.pem", "-CAkey", "ca.key",
            "-set_serial", "1", "-days", "2", "-extfile", "names", "-out", "cert.pem")
    for name in ("key.pem", "cert.pem", "ca.pem"):
        (folder / name).chmod(0o644)  # servers that change their user read them too
    return Certificate(folder / "ca.pem", folder / "cert.pem", folder / "key.pem")
