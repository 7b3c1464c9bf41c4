"""An authenticator in software: a real key pair that answers as a telephone would, and lies where a test asks it to."""

import hashlib
import json
import secrets
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

PRESENT_AND_VERIFIED = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV


class SoftKey:
    """One credential. ``counts`` is False for keys that lie in a cloud, whose counter always says 0."""

    def __init__(self, *, counts: bool = True):
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = secrets.token_bytes(32)
        self.counts, self.count, self.handle = counts, 0, b""

    def make(self, options: dict[str, Any], origin: str) -> str:
        """The answer to PublicKeyCredentialCreationOptions."""
        self.handle = websafe_decode(options["user"]["id"])
        held = AttestedCredentialData.create(Aaguid.NONE, self.id, ES256.from_cryptography_key(self.key.public_key()))
        flags = PRESENT_AND_VERIFIED | AuthenticatorData.FLAG.AT
        data = AuthenticatorData.create(_hash(options["rp"]["id"]), flags, self._counted(), held)
        said = CollectedClientData.create(CollectedClientData.TYPE.CREATE, options["challenge"], origin)
        made = AttestationObject.create("none", data, {})
        return self._sent(clientDataJSON=websafe_encode(said), attestationObject=websafe_encode(made))

    def show(self, options: dict[str, Any], origin: str, *, flags: Any = PRESENT_AND_VERIFIED) -> str:
        """The answer to PublicKeyCredentialRequestOptions."""
        data = AuthenticatorData.create(_hash(options["rpId"]), flags, self._counted())
        said = CollectedClientData.create(CollectedClientData.TYPE.GET, options["challenge"], origin)
        signature = self.key.sign(data + said.hash, ec.ECDSA(hashes.SHA256()))
        return self._sent(
            clientDataJSON=websafe_encode(said),
            authenticatorData=websafe_encode(data),
            signature=websafe_encode(signature),
            userHandle=websafe_encode(self.handle),
        )

    def _counted(self) -> int:
        self.count += self.counts
        return self.count

    def _sent(self, **response: str) -> str:
        key = websafe_encode(self.id)
        return json.dumps(
            {"id": key, "rawId": key, "type": "public-key", "response": response, "clientExtensionResults": {}}
        )


def _hash(host: str) -> bytes:
    return hashlib.sha256(host.encode()).digest()
