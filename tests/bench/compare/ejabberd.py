"""ejabberd, its archives on: in Mnesia, which delivers before it writes, and in SQLite.

Its own control script wants to be another user and to talk to a cluster; the program below it is
started here as the script does, without either.
"""
import http.client
import json
import sys

from prosody import PASSWORD
from server import Server, free_port


class Ejabberd(Server):
    name, kind, package = "ejabberd Mnesia", "ejabberd", "ejabberd"
    scenarios = ("s1", "s1-open", "s1-idle", "s2", "s3", "s4", "s5", "s6")
    archive = "mnesia"
    fill = 1000  # its archive slows down as it grows: 10,000 take longer than five minutes
    sql = {}

    def set_up(self, accounts):
        self.accounts, self.api_port = accounts, free_port()
        listener = {"ip": "127.0.0.1", "module": "ejabberd_http"}
        config = {
            "hosts": ["localhost"],
            "loglevel": "warning",
            "certfiles": [str(self.cert.chain), str(self.cert.key)],
            "ca_file": str(self.cert.ca),
            "listen": [
                {**listener, "port": self.port, "tls": True,
                 "protocol_options": ["no_sslv3", "no_tlsv1", "no_tlsv1_1", "no_tlsv1_2"],
                 "request_handlers": {"/ws": "ejabberd_http_ws"}},
                {**listener, "port": self.api_port, "request_handlers": {"/api": "mod_http_api"}}],
            "api_permissions": {"bench": {"who": {"ip": "127.0.0.1/8"}, "what": ["register"]}},
            "auth_password_format": "plain",
            "modules": {
                "mod_roster": {}, "mod_offline": {}, "mod_disco": {}, "mod_http_api": {},
                "mod_stream_mgmt": {},
                "mod_mam": {"default": "always", "db_type": self.archive},
                "mod_muc": {"default_room_options": {"mam": True, "persistent": True}}},
            **{key: value.format(folder=self.folder) for key, value in self.sql.items()},
        }
        # Its own format takes JSON.
        (self.folder / "ejabberd.yml").write_text(json.dumps(config), encoding="utf-8")

    def environment(self):
        return {"EJABBERD_CONFIG_PATH": str(self.folder / "ejabberd.yml"),
                "EJABBERD_LOG_PATH": str(self.folder / "ejabberd.log"),
                "ERL_LIBS": f"/usr/lib/{sys.implementation._multiarch}",
                "ERL_CRASH_DUMP": str(self.folder / "crash"), "HOME": str(self.folder)}

    def command(self):
        return ["erl", "+K", "true", "+P", "250000", "-noinput",
                "-mnesia", "dir", f'"{self.folder}/mnesia"', "-s", "ejabberd"]

    def log(self):
        own = self.folder / "ejabberd.log"
        return super().log() + (own.read_text(encoding="utf-8", errors="replace")[-2000:]
                                if own.exists() else "")

    def started(self):
        """Its accounts, through its API; they last through a restart."""
        connection = http.client.HTTPConnection("127.0.0.1", self.api_port, timeout=30)
        for number in range(self.accounts):
            connection.request("POST", "/api/register", json.dumps(
                {"user": f"u{number}", "host": "localhost", "password": PASSWORD}))
            answer = connection.getresponse()
            answer.read()
            assert answer.status == 200, f"ejabberd registers nobody: {answer.status}"
        connection.close()
        self.accounts = 0


class EjabberdSqlite(Ejabberd):
    name, archive, fill = "ejabberd SQLite", "sql", Server.fill
    # The others have nothing to do with the archive.
    scenarios = ("s1", "s1-open", "s2", "s4", "s5")
    sql = {"sql_type": "sqlite", "sql_database": "{folder}/archive.sqlite"}
