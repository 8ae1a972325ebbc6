"""prosody, its archives on: in its own files, which it never syncs, and in SQLite."""
import os

from server import Server

PASSWORD = "a rose by any other name"

CONFIG = """
run_as_root = {is_root}
pidfile = "{folder}/prosody.pid"
data_path = "{folder}/data"
log = {{ warn = "*console" }}
interfaces = {{ "127.0.0.1" }}
c2s_ports = {{}} c2s_direct_tls_ports = {{}} s2s_ports = {{}} s2s_direct_tls_ports = {{}}
component_ports = {{}} http_ports = {{}} https_ports = {{ {port} }}
ssl = {{ certificate = "{cert}"; key = "{key}"; protocol = "tlsv1_3" }}
modules_enabled = {{ "roster"; "saslauth"; "disco"; "websocket"; "smacks"; "mam" }}
authentication = "internal_plain"
default_archive_policy = true
archive_expires_after = "never"
default_storage = "internal"
{storage}
VirtualHost "localhost"
Component "conference.localhost" "muc"
  modules_enabled = {{ "muc_mam" }}
  muc_room_locking = false
  muc_log_by_default = true
  muc_log_presences = false
  muc_log_expires_after = "never"
"""

SQLITE = """
storage = { archive = "sql"; muc_log = "sql" }
sql = { driver = "SQLite3"; database = "archive.sqlite" }
"""


class Prosody(Server):
    name, kind, package = "prosody files", "prosody", "prosody"
    scenarios = ("s1", "s1-open", "s1-idle", "s2", "s3", "s4", "s5", "s6")
    storage = ""

    def set_up(self, accounts):
        (self.folder / "prosody.cfg.lua").write_text(CONFIG.format(
            is_root="true" if os.getuid() == 0 else "false", folder=self.folder, port=self.port,
            cert=self.cert.chain, key=self.cert.key, storage=self.storage), encoding="utf-8")
        users = self.folder / "data" / "localhost" / "accounts"
        users.mkdir(parents=True)
        for number in range(accounts):
            (users / f"u{number}.dat").write_text(f'return {{ ["password"] = "{PASSWORD}"; }};\n',
                                                  encoding="utf-8")

    def command(self):
        return ["prosody", "--config", self.folder / "prosody.cfg.lua", "-F"]


class ProsodySqlite(Prosody):
    name, storage = "prosody SQLite", SQLITE
    # The others have nothing to do with the archive.
    scenarios = ("s1", "s1-open", "s2", "s4", "s5")
