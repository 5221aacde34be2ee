"""Timestamps of an authority (RFC 3161): the time of a seal by somebody who has no part in it."""

from __future__ import annotations

import urllib.error
import urllib.request

from asn1crypto import tsp
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError

TIMEOUT_SECONDS = 10
MOST_BYTES = 64 * 1024


class Stamper(TimeStamper):
    """Asks an authority over HTTP. Its answer is signed, so that nothing depends on the way it took."""

    def __init__(self, url: str) -> None:
        """``url`` is the authority's address."""
        super().__init__()  # type: ignore[no-untyped-call]  # as the library has it
        self._url = url

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """Return the authority's answer. Raises TimestampRequestError when there is none, or it is for something else."""
        question = urllib.request.Request(  # noqa: S310 - the setting allows http and https only
            self._url,
            req.dump(),
            {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"},
        )
        try:
            with urllib.request.urlopen(question, timeout=TIMEOUT_SECONDS) as reply:  # noqa: S310 - as above
                content = reply.read(MOST_BYTES + 1)
        except urllib.error.HTTPError as error:
            error.close()
            raise TimestampRequestError(str(error)) from error
        except OSError as error:
            raise TimestampRequestError(str(error)) from error
        try:
            answer = tsp.TimeStampResp.load(content[:MOST_BYTES], strict=True)
            if answer["status"]["status"].native in {"granted", "granted_with_mods"}:
                stamp = answer["time_stamp_token"]["content"]["encap_content_info"]["content"].parsed
                if stamp["message_imprint"].dump() != req["message_imprint"].dump():
                    raise TimestampRequestError("it stamped something else")
        except (ValueError, TypeError, KeyError) as error:
            raise TimestampRequestError("its answer is malformed") from error
        return answer
