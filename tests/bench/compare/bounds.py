"""Servers that keep nothing: what delivering alone costs."""
from server import Server, free_port

MOSQUITTO = """
per_listener_settings false
allow_anonymous true
persistence false
log_type error
max_inflight_messages 0
max_queued_messages 0
# Without a listener of its own kind it gives up.
listener {inner_port} 127.0.0.1
listener {port} 127.0.0.1
socket_domain ipv4
protocol websockets
cafile {ca}
certfile {cert}
keyfile {key}
tls_version tlsv1.3
"""

NATS = """
host: 127.0.0.1
port: {inner_port}
websocket {{
  host: 127.0.0.1
  port: {port}
  tls {{ cert_file: "{cert}", key_file: "{key}" }}
}}
"""


class Mosquitto(Server):
    name, kind, package = "mosquitto QoS 1", "mosquitto", "mosquitto"
    scenarios = ("s1", "s1-open", "s1-idle", "s2", "s3")

    def set_up(self, accounts):
        (self.folder / "mosquitto.conf").write_text(MOSQUITTO.format(
            inner_port=free_port(), port=self.port, ca=self.cert.ca, cert=self.cert.chain,
            key=self.cert.key), encoding="utf-8")

    def command(self):
        return ["/usr/sbin/mosquitto", "-c", self.folder / "mosquitto.conf"]


class Nats(Server):
    name, kind, package = "nats core", "nats", "nats-server"
    scenarios = ("s1", "s1-open", "s1-idle", "s2", "s3")

    def set_up(self, accounts):
        (self.folder / "nats.conf").write_text(NATS.format(
            inner_port=free_port(), port=self.port, cert=self.cert.chain, key=self.cert.key),
            encoding="utf-8")

    def command(self):
        return ["nats-server", "-c", self.folder / "nats.conf"]
