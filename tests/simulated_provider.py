"""A provider of OpenID Connect on this machine, in a thread of the test: Authlib's own server, on Flask.

It is a simulation: it shows that our questions are well formed, that PKCE, nonce and code are used as the
specifications have them, and what we make of answers that are wrong on purpose. It asks nobody for a password, and it
does not show that a provider of another make is understood: our client has the same makers.
"""

import json
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import parse_qs, urlsplit

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import AuthorizationCodeMixin, ClientMixin, grants
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oauth2.rfc9207 import IssuerParameter
from authlib.oidc.core import OpenIDCode
from flask import Flask, request
from joserfc import jws
from joserfc.jwk import Key, RSAKey
from werkzeug.serving import make_server

CLIENT, SECRET = "newsroom", "a/secret:of+signs%"


@dataclass
class Person:
    """Who is logged in there, and what an ID token says of them besides."""

    sub: str = "248289761001"
    facts: dict[str, Any] = field(default_factory=lambda: {"preferred_username": "r.diaz", "email": "rosa@example.org"})

    def get_user_id(self) -> str:
        return self.sub


@dataclass
class Code(AuthorizationCodeMixin):
    client: str
    redirect_uri: str
    scope: str
    nonce: str
    code_challenge: str
    code_challenge_method: str
    person: Person

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return self.scope

    def get_nonce(self) -> str:
        return self.nonce

    def get_auth_time(self) -> int:
        return int(time.time())

    def get_acr(self) -> None: ...

    def get_amr(self) -> None: ...


class Client(ClientMixin):
    """The newsroom, as it is registered: by one address, one secret, one kind of answer."""

    client_id = CLIENT
    id_token_signed_response_alg = "RS256"

    def __init__(self, provider: "Provider") -> None:
        self.provider = provider

    def get_client_id(self) -> str:
        return CLIENT

    def get_default_redirect_uri(self) -> str:
        return self.provider.back

    def get_allowed_scope(self, scope: str) -> str:
        return " ".join(each for each in scope.split() if each in ("openid", "profile"))

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri == self.provider.back

    def check_client_secret(self, client_secret: str) -> bool:
        return client_secret == SECRET

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method == self.provider.way

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


class Provider:
    """What it is and says can be changed at any time, to what no good one would say."""

    def __init__(self, back: str) -> None:
        self.back, self.way = back, "client_secret_basic"
        self.person: Person | None = Person()
        self.key = _key("first")
        self.published = [self.key]
        self.codes: dict[str, Code] = {}
        self.asked: list[str] = []
        self.told: dict[str, Any] = {}
        # Wrong on purpose: what stands in metadata, what becomes of claims, who signs, what a path answers.
        self.metadata: dict[str, Any] = {}
        self.claims: Callable[[dict[str, Any]], dict[str, Any]] = lambda claims: claims
        self.signs: Callable[[dict[str, Any]], str] = self.sign
        self.instead: dict[str, Callable[[], Any]] = {}
        self.server = make_server("127.0.0.1", 0, _app(self), threaded=True)
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"

    def __enter__(self) -> "Provider":
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_fault: object) -> None:
        self.server.shutdown()
        self.server.server_close()

    def sign(self, claims: dict[str, Any]) -> str:
        return signed(claims, self.key, kid=self.key.kid)

    def turns_keys(self) -> None:
        self.key = _key("second")
        self.published = [self.key]


@cache
def _key(name: str) -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": name, "use": "sig"})


def _app(provider: Provider) -> Flask:
    app = Flask(__name__)
    server = _server(app, provider)

    @app.before_request
    def instead():
        provider.asked.append(request.path)
        return provider.instead[request.path]() if request.path in provider.instead else None

    @app.get("/.well-known/openid-configuration")
    def configuration():
        return {
            "issuer": provider.issuer,
            "authorization_endpoint": f"{provider.issuer}/authorize",
            "token_endpoint": f"{provider.issuer}/token",
            "jwks_uri": f"{provider.issuer}/keys",
            "userinfo_endpoint": f"{provider.issuer}/userinfo",
            "token_endpoint_auth_methods_supported": [provider.way],
            "authorization_response_iss_parameter_supported": True,
        } | provider.metadata

    @app.get("/keys")
    def keys():
        return {"keys": [key.as_dict(private=False) for key in provider.published]}

    @app.get("/userinfo")
    def userinfo():
        return provider.told

    @app.get("/authorize")
    def authorize():
        grant = server.get_consent_grant(end_user=provider.person)
        return server.create_authorization_response(grant_user=provider.person, grant=grant)

    @app.post("/token")
    def token():
        return server.create_token_response()

    return app


def _server(app: Flask, provider: Provider) -> AuthorizationServer:
    class ByCode(grants.AuthorizationCodeGrant):
        TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_basic", "client_secret_post"]

        def save_authorization_code(self, code, request):
            asked = request.payload
            words = {name: asked.data[name] for name in ("nonce", "code_challenge", "code_challenge_method")}
            provider.codes[code] = Code(CLIENT, asked.redirect_uri, asked.scope, person=request.user, **words)

        def query_authorization_code(self, code, client):
            return provider.codes.get(code)

        def delete_authorization_code(self, authorization_code):
            provider.codes = {code: kept for code, kept in provider.codes.items() if kept is not authorization_code}

        def authenticate_user(self, authorization_code):
            return authorization_code.person

    class Tokens(OpenIDCode):
        def exists_nonce(self, nonce, request):
            return any(code.nonce == nonce for code in provider.codes.values())

        def encode_id_token(self, token, request):
            now, code = int(time.time()), request.authorization_code
            claims = {"iss": provider.issuer, "sub": code.person.sub, "aud": CLIENT, "iat": now, "exp": now + 300}
            return provider.signs(provider.claims(claims | {"nonce": code.nonce} | code.person.facts))

    class Named(IssuerParameter):
        def get_issuer(self):
            return provider.issuer

    server = AuthorizationServer(app, lambda name: Client(provider) if name == CLIENT else None, lambda *_: None)
    server.register_grant(ByCode, [Tokens(require_nonce=True), CodeChallenge(required=True)])
    server.register_extension(Named())
    return server


def signed(body: object, key: Key, *, alg: str = "RS256", **header: Any) -> str:
    """``body`` as a token, whatever it is."""
    return jws.serialize_compact({"alg": alg} | header, json.dumps(body), key)


def sent_back(url: str) -> dict[str, str]:
    """What stands in the query of ``url``."""
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def shown_as_json(value: object) -> Callable[[], Any]:
    """An answer that is ``value``, whatever was asked."""
    return lambda: (json.dumps(value), 200, {"Content-Type": "application/json"})
