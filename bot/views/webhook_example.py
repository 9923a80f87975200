"""How a lead is posted by hand, to be pasted into a terminal as it stands."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicAddress:
    """Where other systems reach us, without a slash at the end; `is_local`: this machine, for want of a better one."""

    url: str
    is_local: bool


SECRET_TO_PUT_IN = "whsec_PUT-THE-SECRET-HERE"  # noqa: S105 - stands where a secret goes


def webhook_url(address: PublicAddress, key: str) -> str:
    """Where the source posts."""
    return f"{address.url}/webhooks/leads/{key}"


def curl_example(url: str, secret: str) -> str:
    """A signed `lead.ready` by curl and openssl; both are free of quotes. The same lines stand in docs/webhook.md."""
    lead = r"{\"external_id\":\"1\",\"name\":\"Ada Lovelace\"}"
    body = r"{\"type\":\"lead.ready\",\"timestamp\":\"$(date -u +%Y-%m-%dT%H:%M:%SZ)\",\"data\":" + lead + "}"
    return "\n".join(
        (
            f"SECRET='{secret}'",
            f"URL='{url}'",
            f'BODY="{body}"',
            'ID="msg_$(openssl rand -hex 12)"',
            "TIMESTAMP=$(date +%s)",
            "KEY=$(printf %s \"${SECRET#whsec_}\" | base64 -d | od -An -v -tx1 | tr -d ' \\n')",
            'SIGNATURE=$(printf %s "$ID.$TIMESTAMP.$BODY" | openssl dgst -sha256 -mac HMAC -macopt "hexkey:$KEY"'
            " -binary | base64)",
            'curl -i "$URL" -H \'Content-Type: application/json\' -H "webhook-id: $ID"'
            ' -H "webhook-timestamp: $TIMESTAMP" \\',
            '  -H "webhook-signature: v1,$SIGNATURE" --data-binary "$BODY"',
        )
    )
