"""An OpenID provider on loopback, made of Authlib and Flask, which others wrote.

It writes its port on a line of its own, signs everybody in as one person, and demands PKCE of
every client. There is a client for each algorithm and way to show a secret, such as
"muster-es256-basic". It ends when it is told to, and after two minutes at the latest.
"""

import logging
import os
import secrets
import threading
import time

from authlib.integrations.flask_oauth2 import AuthorizationServer, ResourceProtector, current_token
from authlib.oauth2.rfc6749 import AuthorizationCodeMixin, ClientMixin
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from authlib.oauth2.rfc6750 import BearerTokenValidator
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oauth2.rfc9207 import IssuerParameter
from authlib.oidc.core.grants import OpenIDCode
from flask import Flask, jsonify, request
from joserfc.jwk import ECKey, KeySet, RSAKey
from werkzeug.serving import make_server

LONGEST_LIFE = 120
REDIRECT = "http://127.0.0.1:8441/sign-in/callback"
# Every character that an escape could get wrong.
SECRET = "s3cr&t: +%/~"
METHODS = {"none": "none", "basic": "client_secret_basic", "post": "client_secret_post"}

PERSON = {
    "sub": "248289761001",
    "email": "ana@dept.example",
    "email_verified": True,
    "name": "Ana Müller",
    "groups": ["all-staff", "ops"],
}

app = Flask(__name__)
issuer = ""
keys = {}
codes = {}
tokens = {}


def make_keys():
    name = secrets.token_hex(4)
    keys["RS256"] = RSAKey.generate_key(2048, {"kid": f"rsa-{name}", "use": "sig"})
    keys["ES256"] = ECKey.generate_key("P-256", {"kid": f"ec-{name}", "alg": "ES256"})


class Client(ClientMixin):
    def __init__(self, name):
        self.name = name
        _, algorithm, way = name.split("-")
        self.id_token_signed_response_alg = algorithm.upper()
        self.method = METHODS[way]

    def get_client_id(self):
        return self.name

    def get_default_redirect_uri(self):
        return REDIRECT

    def get_allowed_scope(self, scope):
        return scope

    def check_redirect_uri(self, redirect_uri):
        return redirect_uri == REDIRECT

    def check_client_secret(self, client_secret):
        return client_secret == SECRET

    def check_endpoint_auth_method(self, method, endpoint):
        return method == self.method

    def check_response_type(self, response_type):
        return response_type == "code"

    def check_grant_type(self, grant_type):
        return grant_type == "authorization_code"


CLIENTS = {
    name: Client(name)
    for name in (f"muster-{alg}-{way}" for alg in ("rs256", "es256") for way in METHODS)
}


class Person:
    def get_user_id(self):
        return PERSON["sub"]


class Code(AuthorizationCodeMixin):
    def __init__(self, code, payload):
        data = payload.data
        self.code = code
        self.client = payload.client_id
        self.redirect = payload.redirect_uri
        self.scope = payload.scope
        self.nonce = data.get("nonce")
        self.code_challenge = data.get("code_challenge")
        self.code_challenge_method = data.get("code_challenge_method")
        self.at = int(time.time())

    def get_redirect_uri(self):
        return self.redirect

    def get_scope(self):
        return self.scope

    def get_nonce(self):
        return self.nonce

    def get_auth_time(self):
        return self.at

    def get_acr(self):
        return None

    def get_amr(self):
        return None


class Grant(AuthorizationCodeGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = list(METHODS.values())

    def save_authorization_code(self, code, request):
        codes[code] = Code(code, request.payload)

    def query_authorization_code(self, code, client):
        found = codes.get(code)
        return found if found and found.client == client.get_client_id() else None

    def delete_authorization_code(self, authorization_code):
        del codes[authorization_code.code]

    def authenticate_user(self, authorization_code):
        return Person()


class Challenge(CodeChallenge):
    SUPPORTED_CODE_CHALLENGE_METHOD = ["S256"]


class IDToken(OpenIDCode):
    def exists_nonce(self, nonce, request):
        return any(code.nonce == nonce for code in codes.values())

    def resolve_client_private_key(self, client):
        return keys[client.id_token_signed_response_alg]

    def get_encode_header(self, client):
        algorithm = client.id_token_signed_response_alg
        return {"alg": algorithm, "kid": keys[algorithm].kid, "typ": "JWT"}

    def get_client_claims(self, client):
        return {"iss": issuer, "aud": [client.get_client_id()]}

    def generate_user_info(self, user, scope):
        # As the specification has it: with the code flow, the rest is at the userinfo endpoint.
        return {name: PERSON[name] for name in ("sub", "groups")}


class Issuer(IssuerParameter):
    def get_issuer(self):
        return issuer


class Bearer(BearerTokenValidator):
    def authenticate_token(self, token_string):
        return tokens.get(token_string)


class Token:
    def is_expired(self):
        return False

    def is_revoked(self):
        return False

    def get_scope(self):
        return "openid profile email"


def save_token(token, request):
    tokens[token["access_token"]] = Token()


authorization = AuthorizationServer()
authorization.init_app(app, query_client=CLIENTS.get, save_token=save_token)
authorization.register_grant(Grant, [Challenge(required=True), IDToken(require_nonce=True)])
authorization.register_extension(Issuer())
protector = ResourceProtector()
protector.register_token_validator(Bearer())


@app.get("/.well-known/openid-configuration")
def metadata():
    return jsonify({
        "issuer": issuer,
        "authorization_endpoint": f"{issuer}/authorize",
        "token_endpoint": f"{issuer}/token",
        "userinfo_endpoint": f"{issuer}/me",
        "jwks_uri": f"{issuer}/keys",
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256", "ES256"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": list(METHODS.values()),
        "authorization_response_iss_parameter_supported": True,
    })


@app.get("/keys")
def key_set():
    return jsonify(KeySet(list(keys.values())).as_dict(private=False))


@app.get("/authorize")
def authorize():
    grant = authorization.get_consent_grant(end_user=Person())
    person = None if request.args.get("refuse") else Person()
    return authorization.create_authorization_response(grant_user=person, grant=grant)


@app.post("/token")
def token():
    return authorization.create_token_response()


@app.get("/me")
@protector("profile")
def me():
    assert current_token
    return jsonify({name: PERSON[name] for name in PERSON if name != "groups"})


@app.get("/rotate")
def rotate():
    make_keys()
    return jsonify({})


@app.get("/stop")
def stop():
    threading.Timer(0.05, os._exit, [0]).start()
    return jsonify({})


if __name__ == "__main__":
    os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    threading.Timer(LONGEST_LIFE, os._exit, [1]).start()
    make_keys()
    server = make_server("127.0.0.1", 0, app, threaded=True)
    issuer = f"http://127.0.0.1:{server.server_port}"
    print(server.server_port, flush=True)
    server.serve_forever()
